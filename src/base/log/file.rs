//! A file a day, kept for some days.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::base::disk::{self, Durability, Expect};

/// `palc-2026-01-31.jsonl` in a folder. Processes that write at once take turns line by line.
#[derive(Debug)]
pub struct DailyFile {
    folder: PathBuf,
    keep_days: u32,
    /// The day whose old files were removed already.
    swept: Mutex<Option<Date>>,
}

impl DailyFile {
    pub fn new(folder: PathBuf, keep_days: u32) -> Self {
        DailyFile { folder, keep_days, swept: Mutex::new(None) }
    }

    /// Add a line to the day's file. A log that cannot be written must not stop the work, so nothing is returned.
    pub fn write(&self, time: Timestamp, line: &str) {
        let today = time.to_zoned(TimeZone::UTC).date();
        let mut swept = self.swept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if swept.replace(today) != Some(today) {
            self.sweep(today);
        }
        drop(swept);
        let _ = disk::append(&self.folder.join(name(today)), line.as_bytes(), Durability::Eventual);
    }

    /// Remove the files of days long past. Other files in the folder are somebody else's.
    fn sweep(&self, today: Date) {
        let Ok(oldest) = today.checked_sub(i64::from(self.keep_days).saturating_sub(1).days()) else { return };
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        for path in entries.flatten().map(|entry| entry.path()) {
            if day(&path).is_some_and(|day| day < oldest) {
                let _ = disk::remove(&path, Expect::Whatever);
            }
        }
    }
}

fn name(day: Date) -> String {
    format!("palc-{day}.jsonl")
}

fn day(path: &Path) -> Option<Date> {
    path.file_name()?.to_str()?.strip_prefix("palc-")?.strip_suffix(".jsonl")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("the folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("text")).collect();
        names.sort();
        names
    }

    fn at(time: &str) -> Timestamp {
        time.parse().expect("a time")
    }

    #[test]
    fn midnight_begins_a_new_file_and_old_ones_go() {
        let folder = tempfile::tempdir().expect("a folder");
        for old in ["palc-2026-01-28.jsonl", "palc-2026-01-29.jsonl", "palc-notes.jsonl", "other.txt"] {
            fs::write(folder.path().join(old), "").expect("written");
        }
        let log = DailyFile::new(folder.path().to_owned(), 3);
        log.write(at("2026-01-31T23:59:59.999Z"), "before");
        assert_eq!(
            names(folder.path()),
            ["other.txt", "palc-2026-01-29.jsonl", "palc-2026-01-31.jsonl", "palc-notes.jsonl"]
        );
        log.write(at("2026-02-01T00:00:00Z"), "after");
        assert_eq!(
            names(folder.path()),
            ["other.txt", "palc-2026-01-31.jsonl", "palc-2026-02-01.jsonl", "palc-notes.jsonl"]
        );
        assert_eq!(fs::read_to_string(folder.path().join("palc-2026-02-01.jsonl")).expect("there"), "after\n");
    }

    #[test]
    fn writers_at_once_lose_no_line() {
        let folder = tempfile::tempdir().expect("a folder");
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let log = DailyFile::new(folder.path().to_owned(), 3);
                scope.spawn(move || {
                    for line in 0..50 {
                        log.write(at("2026-01-31T12:00:00Z"), &format!("{writer} {line} {}", "x".repeat(200)));
                    }
                });
            }
        });
        let text = fs::read_to_string(folder.path().join("palc-2026-01-31.jsonl")).expect("there");
        let whole = |line: &&str| line.ends_with('x') && line.len() > 200 && line.len() < 210;
        assert_eq!(text.lines().filter(whole).count(), 200);
    }
}
