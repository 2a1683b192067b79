//! Answers that were paid for, by what was asked: whoever asks the same again pays nothing.
//!
//! One file for the whole repository, a JSON line for each answer, only ever added to. A line that was torn counts as
//! not written. Of each answer only its place is held in memory. Results that are kept beside a suite hold answers, too:
//! whoever clones the repository has those already.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use crate::app::App;
use crate::app::models::kept;
use crate::base::disk::{self, Durability};
use crate::base::{Error, Result};
use crate::format::results;
use crate::model::call::{Stop, Usage};
use crate::model::engine::Answered;
use crate::model::{Reply, Value};

/// What stands before the key of every line.
const HEAD: &str = "{\"key\":\"";

#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    places: RefCell<HashMap<u128, (u64, u32)>>,
    file: RefCell<Option<File>>,
    /// Where the file ends, as far as it was read.
    end: u64,
    pending: String,
    unsynced: bool,
}

impl Store {
    pub fn open(app: &App) -> Result<Store> {
        let path = app.kept_folder(app.workspace()?, "evals")?.join("answers.jsonl");
        let mut store = Store {
            path,
            places: RefCell::default(),
            file: RefCell::default(),
            end: 0,
            pending: String::new(),
            unsynced: false,
        };
        store.look()?;
        Ok(store)
    }

    /// Learn what stands in the file behind what is known of it.
    fn look(&mut self) -> Result<()> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(self.unreadable(error)),
        };
        let mut reader = BufReader::with_capacity(1 << 18, &file);
        reader.seek(SeekFrom::Start(self.end)).map_err(|error| self.unreadable(error))?;
        let mut line = Vec::new();
        loop {
            line.clear();
            let length = reader.read_until(b'\n', &mut line).map_err(|error| self.unreadable(error))?;
            if line.last() != Some(&b'\n') {
                break;
            }
            if let Some(key) = key(&line) {
                self.places.borrow_mut().insert(key, (self.end, length as u32));
            }
            self.end += length as u64;
        }
        drop(reader);
        *self.file.borrow_mut() = Some(file);
        Ok(())
    }

    fn unreadable(&self, error: std::io::Error) -> Error {
        Error::storage(format!("cannot read the kept answers in {}", self.path.display())).because(error)
    }

    pub fn has(&self, key: &str) -> bool {
        number(key).is_some_and(|key| self.places.borrow().contains_key(&key))
    }

    /// The answer to a key. What cannot be read was never written.
    pub fn find(&self, key: &str) -> Option<Answered> {
        let place = *self.places.borrow().get(&number(key)?)?;
        let value: Value = serde_json::from_slice(&line(self.file.borrow_mut().as_mut()?, place)?).ok()?;
        let answered = kept::read_answered(&value["answered"]).filter(|_| value["key"] == key)?;
        Some(Answered { kept: true, ..answered })
    }

    pub fn add(&mut self, key: &str, answered: &Answered) -> Result<()> {
        debug_assert!(number(key).is_some(), "{key} is a key");
        self.pending += &json!({"key": key, "answered": kept::answered(answered)}).to_string();
        self.pending.push('\n');
        self.write(Durability::Eventual)
    }

    pub fn sync(&mut self) -> Result<()> {
        if self.unsynced { self.write(Durability::Synced) } else { Ok(()) }
    }

    fn write(&mut self, durability: Durability) -> Result<()> {
        disk::append_lines(&self.path, self.pending.as_bytes(), durability)?;
        self.pending.clear();
        self.unsynced = durability == Durability::Eventual;
        Ok(())
    }
}

/// The line in this place of a file.
fn line(file: &mut File, (start, length): (u64, u32)) -> Option<Vec<u8>> {
    let mut line = vec![0; length as usize];
    file.seek(SeekFrom::Start(start)).ok()?;
    file.read_exact(&mut line).ok()?;
    Some(line)
}

/// The answers in results that are kept beside a suite. What they took and cost is not written there.
pub struct Kept {
    places: HashMap<u128, (u64, u32)>,
    file: RefCell<File>,
}

impl Kept {
    /// None if there are no such results.
    pub fn open(path: &Path) -> Option<Kept> {
        let mut reader = BufReader::with_capacity(1 << 18, File::open(path).ok()?);
        let (mut places, mut start, mut line) = (HashMap::new(), 0, String::new());
        loop {
            line.clear();
            let length = reader.read_line(&mut line).ok().filter(|length| *length > 0);
            let Some(length) = length else { break };
            let key = line.split_once(",\"key\":\"").and_then(|(_, rest)| number(rest.split_once('"')?.0));
            places.extend(key.map(|key| (key, (start, length as u32))));
            start += length as u64;
        }
        Some(Kept { places, file: RefCell::new(reader.into_inner()) })
    }

    pub fn has(&self, key: &str) -> bool {
        number(key).is_some_and(|key| self.places.contains_key(&key))
    }

    pub fn find(&self, key: &str) -> Option<Answered> {
        let place = *self.places.get(&number(key)?)?;
        let line = String::from_utf8(line(&mut self.file.borrow_mut(), place)?).ok()?;
        let line = results::parse(&line).ok().filter(|line| line.about.key == key)?;
        let given = line.answer?;
        let usage = Usage { input: given.input_tokens, output: given.output_tokens, ..Usage::default() };
        let is_counted = usage.input.is_some() || usage.output.is_some();
        let reply = Reply {
            text: given.text,
            refusal: given.refusal,
            tool_calls: given.tool_calls,
            stop: given.stop.as_deref().map_or(Stop::Complete, Stop::from_word),
            usage: is_counted.then_some(usage),
            ..Reply::default()
        };
        let model = line.about.model;
        Some(Answered { reply, model, cost: None, elapsed: Duration::ZERO, attempts: 0, kept: true })
    }
}

/// The key of a line, without reading the rest of it.
fn key(line: &[u8]) -> Option<u128> {
    let rest = line.strip_prefix(HEAD.as_bytes())?;
    let end = rest.iter().position(|&byte| byte == b'"')?;
    number(std::str::from_utf8(&rest[..end]).ok()?)
}

/// Keys are digits of a hash; those of judges have a few more behind a dash.
fn number(key: &str) -> Option<u128> {
    let (key, more) = key.split_once('-').unwrap_or((key, "0"));
    Some(u128::from_str_radix(key, 16).ok()? ^ u128::from_str_radix(more, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::base::env::Env;

    #[test]
    fn an_answer_is_found_again_and_a_torn_line_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = folder.path().join("home").to_string_lossy().into_owned();
        let app = App::new(Env::new(folder.path(), vec![("HOME".to_owned(), home)])).expect("an app");
        let answer = |text: &str| Answered {
            reply: Reply { text: text.into(), ..Reply::default() },
            model: "a/b".into(),
            cost: None,
            elapsed: Duration::from_millis(7),
            attempts: 1,
            kept: false,
        };
        let (one, two) = ("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef-00000001");
        let mut store = Store::open(&app).expect("open");
        assert!(store.find(one).is_none());
        store.add(one, &answer("one")).expect("kept");
        store.add(two, &answer("two\n☃")).expect("kept");
        store.sync().expect("synced");
        let mut text = fs::read_to_string(&store.path).expect("there");
        text += "{\"key\":\"ffffffffffffffffffffffffffffffff\",\"answ";
        fs::write(&store.path, text).expect("torn");

        let store = Store::open(&app).expect("open");
        assert_eq!(
            (store.places.borrow().len(), store.has(one), store.has("ffffffffffffffffffffffffffffffff")),
            (2, true, false)
        );
        assert_eq!(
            store.find(two).map(|it| (it.reply.text, it.kept, it.elapsed)),
            Some(("two\n☃".into(), true, Duration::from_millis(7)))
        );
    }
}
