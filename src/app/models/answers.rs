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

/// How many files there are, and how large they are together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    pub answers: usize,
    pub bytes: u64,
}

/// What is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept {
    pub all: Amount,
    /// Those of them that are never given again: too old, or damaged.
    pub stale: Amount,
}

impl Answers {
    pub fn open(app: &App) -> Result<Answers> {
        let folder = app.kept_folder(app.workspace()?, "answers")?;
        Ok(Answers { folder, lifetime: app.settings()?.models.cache_ttl })
    }

    pub fn find(&self, key: &str, now: Timestamp) -> Option<Exchange> {
        self.read(&self.path(key), now)
    }

    pub fn keep(&self, key: &str, exchange: &Exchange, now: Timestamp) -> Result<()> {
        let text = json!({"at": now.to_string(), "exchange": exchange.print()}).to_string();
        disk::write_derived(&self.path(key), text.as_bytes())
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// How much is kept.
    pub fn count(&self, now: Timestamp) -> Kept {
        let mut kept = Kept::default();
        for path in self.files() {
            let bytes = path.metadata().map_or(0, |it| it.len());
            kept.all.add(bytes);
            if self.read(&path, now).is_none() {
                kept.stale.add(bytes);
            }
        }
        kept
    }

    /// Forget all of them.
    pub fn clear(&self) -> Result<()> {
        disk::remove_tree(&self.folder)
    }

    /// Forget those that are never given again.
    pub fn clear_stale(&self, now: Timestamp) -> Result<()> {
        self.files().filter(|path| self.read(path, now).is_none()).try_for_each(|path| disk::remove_derived(&path))
    }

    /// What a file holds, if it is to be given again.
    fn read(&self, path: &Path, now: Timestamp) -> Option<Exchange> {
        let text = fs::read_to_string(path).ok()?;
        let value: Value = serde_json::from_str(&text).ok()?;
        let at: Timestamp = value["at"].as_str()?.parse().ok()?;
        let age = Duration::try_from(now.duration_since(at)).unwrap_or_default();
        let exchange = value["exchange"].as_str().filter(|_| cache::is_fresh(age, self.lifetime))?;
        Exchange::parse(exchange).ok()
    }

    fn files(&self) -> impl Iterator<Item = PathBuf> {
        entries(&self.folder).into_iter().flat_map(|folder| entries(&folder))
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(&key[..2]).join(&key[2..])
    }
}

impl Amount {
    fn add(&mut self, bytes: u64) {
        self.answers += 1;
        self.bytes += bytes;
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}
