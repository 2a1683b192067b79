//! What judging may ask of files, git and chance.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::base::clock::Clock;
use crate::check::Outside;
use crate::git;
use crate::repo::Source;

pub struct World<'a> {
    pub clock: &'a Clock,
    pub source: &'a Source<'a>,
    pub texts: &'a HashMap<String, String>,
    /// Opened when it is first asked for.
    pub head: Mutex<Option<git::Reader>>,
}

impl Outside for World<'_> {
    fn text(&self, path: &str) -> Option<String> {
        if let Some(text) = self.texts.get(path) {
            return Some(text.clone());
        }
        String::from_utf8(self.source.read(path).ok()??).ok()
    }

    fn committed(&self, path: &str) -> bool {
        let Some(git) = self.source.workspace().git().filter(|git| git.has_head()) else { return false };
        let mut head = self.head.lock().unwrap_or_else(PoisonError::into_inner);
        head.get_or_insert_with(|| git.reader()).read("HEAD", path).is_ok_and(|bytes| bytes.is_some())
    }

    fn fresh_id(&self) -> String {
        self.clock.id()
    }
}
