//! Answers that were kept for the next time: derived data, so anything wrong with a file means that there is none.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use crate::app::App;
use crate::base::{Result, disk};
use crate::model::Value;
use crate::provider::cache;
use crate::provider::cassette::Exchange;

#[derive(Debug)]
pub struct Answers {
    folder: PathBuf,
    lifetime: Duration,
}

/// What is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept {
    pub answers: usize,
    pub bytes: u64,
}

impl Answers {
    pub fn open(app: &App) -> Result<Answers> {
        let folder = app.kept_folder(app.workspace()?, "answers")?;
        Ok(Answers { folder, lifetime: app.settings()?.models.cache_ttl })
    }

    pub fn find(&self, key: &str, now: Timestamp) -> Option<Exchange> {
        let text = fs::read_to_string(self.path(key)).ok()?;
        let value: Value = serde_json::from_str(&text).ok()?;
        let at: Timestamp = value["at"].as_str()?.parse().ok()?;
        let age = Duration::try_from(now.duration_since(at)).unwrap_or_default();
        let exchange = value["exchange"].as_str().filter(|_| cache::is_fresh(age, self.lifetime))?;
        Exchange::parse(exchange).ok()
    }

    pub fn keep(&self, key: &str, exchange: &Exchange, now: Timestamp) -> Result<()> {
        let text = json!({"at": now.to_string(), "exchange": exchange.print()}).to_string();
        disk::write_derived(&self.path(key), text.as_bytes())
    }

    /// How much is kept.
    pub fn count(&self) -> Kept {
        let mut kept = Kept::default();
        for folder in entries(&self.folder) {
            for file in entries(&folder) {
                kept.answers += 1;
                kept.bytes += file.metadata().map_or(0, |it| it.len());
            }
        }
        kept
    }

    /// Forget all of them.
    pub fn clear(&self) -> Result<()> {
        disk::remove_tree(&self.folder)
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(&key[..2]).join(&key[2..])
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}
