//! What a run has done, one JSON line at a time, so that a run that was broken off goes on where it stopped and pays
//! nothing twice.
//!
//! `plan` comes first and says what the run is; `intent` before a call is sent; `result` or `failed` after it; `done` at
//! the end. A result counts for the ticket and the request it was for. An intent that nothing follows may have been paid
//! for: nobody knows, so it is said. A last line that was torn is no line.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::app::App;
use crate::base::disk::{self, Durability};
use crate::base::near::did_you_mean;
use crate::base::{Error, Result};
use crate::model::Value;
use crate::model::engine::{Answered, Outcome};

use super::drive::Keep;
use super::{folder, kept};

const FILE: &str = "journal.jsonl";

#[derive(Debug, Default)]
pub struct Journal {
    id: String,
    folder: PathBuf,
    plan: Value,
    results: BTreeMap<String, (String, Answered)>,
    /// Tickets that were sent and never heard of again.
    doubtful: Vec<String>,
    is_done: bool,
    /// Lines that are not written yet.
    pending: String,
    unsynced: bool,
}

impl Journal {
    /// Begin a run. Its plan is what it takes to go on with it: the kind of run, and everything it was asked.
    pub fn create(app: &App, plan: Value) -> Result<Journal> {
        let runs = folder::runs(app)?;
        let mut id = folder::fresh(app);
        while runs.join(&id).exists() {
            id = folder::fresh(app);
        }
        let mut journal = Journal { folder: runs.join(&id), id, plan, ..Journal::default() };
        journal.line(&json!({"line": "plan", "plan": journal.plan}));
        journal.sync()?;
        Ok(journal)
    }

    /// Take up a run by its id, or by the beginning of it.
    pub fn resume(app: &App, id: &str) -> Result<Journal> {
        let runs = folder::runs(app)?;
        let id = find(&runs, id)?;
        Journal::read(runs.join(&id), id)
    }

    fn read(folder: PathBuf, id: String) -> Result<Journal> {
        let path = folder.join(FILE);
        let text = fs::read_to_string(&path).map_err(|error| {
            Error::storage(format!("the run {id} has no journal that can be read: {}", path.display())).because(error)
        })?;
        let mut journal = Journal { id, folder, ..Journal::default() };
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        for (number, line) in whole.lines().enumerate() {
            journal.take(line).ok_or_else(|| {
                Error::storage(format!("{}:{}: this is no line of a journal", path.display(), number + 1))
            })?;
        }
        match journal.plan {
            Value::Null => Err(Error::storage(format!("the run {} ended before it began", journal.id))),
            _ => Ok(journal),
        }
    }

    fn take(&mut self, line: &str) -> Option<()> {
        let value: Value = serde_json::from_str(line).ok()?;
        let word = |name: &str| value[name].as_str().map(str::to_owned);
        match value["line"].as_str()? {
            "plan" => self.plan = value["plan"].clone(),
            "intent" => {
                let ticket = word("ticket")?;
                if !self.doubtful.contains(&ticket) {
                    self.doubtful.push(ticket);
                }
            }
            "failed" => {
                let ticket = word("ticket")?;
                self.doubtful.retain(|other| *other != ticket);
            }
            "result" => {
                let ticket = word("ticket")?;
                self.doubtful.retain(|other| *other != ticket);
                self.results.insert(ticket, (word("request")?, kept::read_answered(&value["answered"])?));
            }
            "done" => self.is_done = true,
            // A later palc may say more; what it says is not needed to go on.
            _ => {}
        }
        Some(())
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where everything about this run is kept.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn plan(&self) -> &Value {
        &self.plan
    }

    /// Whether the run came to its end.
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// How many answers there are already.
    pub fn answers(&self) -> usize {
        self.results.len()
    }

    /// Tickets that were sent and never heard of again: they may have been paid for.
    pub fn doubtful(&self) -> &[String] {
        &self.doubtful
    }

    /// The answer to a ticket, if the request is still the same.
    pub fn answer(&self, ticket: &str, request: &str) -> Option<&Answered> {
        self.results.get(ticket).filter(|(known, _)| known == request).map(|(_, answered)| answered)
    }

    /// The run has come to its end.
    pub fn done(&mut self) -> Result<()> {
        self.line(&json!({"line": "done"}));
        self.is_done = true;
        self.sync()
    }

    fn line(&mut self, value: &Value) {
        self.pending += &value.to_string();
        self.pending.push('\n');
    }
}

impl Keep for Journal {
    fn answer(&self, ticket: &str, request: &str) -> Option<Answered> {
        Journal::answer(self, ticket, request).cloned()
    }

    fn intend(&mut self, ticket: &str, request: &str) -> Result<()> {
        self.line(&json!({"line": "intent", "ticket": ticket, "request": request}));
        self.flush()
    }

    fn end(&mut self, ticket: &str, request: &str, outcome: &Outcome) -> Result<()> {
        let line = match outcome {
            Ok(answered) => {
                json!({"line": "result", "ticket": ticket, "request": request, "answered": kept::answered(answered)})
            }
            Err(trouble) => {
                json!({"line": "failed", "ticket": ticket, "what": trouble.what.word(), "message": trouble.message})
            }
        };
        self.line(&line);
        self.flush()
    }

    fn flush(&mut self) -> Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        disk::append_lines(&self.folder.join(FILE), self.pending.as_bytes(), Durability::Eventual)?;
        self.pending.clear();
        self.unsynced = true;
        Ok(())
    }

    fn sync(&mut self) -> Result<()> {
        if !self.unsynced && self.pending.is_empty() {
            return Ok(());
        }
        disk::append_lines(&self.folder.join(FILE), self.pending.as_bytes(), Durability::Synced)?;
        self.pending.clear();
        self.unsynced = false;
        Ok(())
    }
}

/// The one run whose id begins so.
fn find(runs: &Path, id: &str) -> Result<String> {
    let entries = match fs::read_dir(runs) {
        Ok(entries) => entries.filter_map(std::result::Result::ok).collect(),
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(Error::storage(format!("cannot read {}", runs.display())).because(error)),
    };
    let mut names: Vec<String> = entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let found: Vec<&String> = names.iter().filter(|name| name.starts_with(id)).collect();
    match found[..] {
        [one] => Ok(one.clone()),
        _ if names.iter().any(|name| name == id) => Ok(id.to_owned()),
        [] => Err(Error::no(format!("there is no run {id}"))
            .hint_if(did_you_mean(id, names.iter().map(String::as_str)))
            .hint_if(names.last().map(|last| format!("the latest is {last}")))),
        _ => Err(Error::no(format!("{} runs begin with {id}", found.len()))),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::base::env::Env;
    use crate::model::call::{Reply, Trouble, What};

    use super::*;

    fn app(folder: &Path) -> App {
        let home = folder.join("home").to_string_lossy().into_owned();
        let fixed = [("PALC_NOW", "2026-01-31T12:00:00Z"), ("PALC_SEED", "1"), ("HOME", &home)];
        let variables = fixed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        App::new(Env::new(folder, variables)).expect("an app")
    }

    fn answer(text: &str) -> Answered {
        let reply = Reply { text: text.into(), ..Reply::default() };
        Answered { reply, model: "a/b".into(), cost: None, elapsed: Duration::ZERO, attempts: 1, kept: false }
    }

    #[test]
    fn a_run_is_taken_up_where_it_stopped() {
        let folder = tempfile::tempdir().expect("a folder");
        let app = app(folder.path());
        let mut journal = Journal::create(&app, json!({"kind": "test"})).expect("begun");
        for ticket in ["1", "2", "3"] {
            journal.intend(ticket, "hash").expect("written");
        }
        journal.end("1", "hash", &Ok(answer("one"))).expect("written");
        journal.end("2", "hash", &Err(Trouble::new(What::Server, "down"))).expect("written");
        journal.flush().expect("written");
        let path = journal.folder().join(FILE);
        let whole = fs::read_to_string(&path).expect("there");
        fs::write(&path, format!("{whole}{{\"line\":\"resu")).expect("torn");

        let mut again = Journal::resume(&app, &journal.id()[..10]).expect("the only one");
        assert_eq!(again.plan(), &json!({"kind": "test"}));
        assert_eq!(again.answer("1", "hash"), Some(&answer("one")));
        assert_eq!((again.answer("1", "other"), again.answer("2", "hash")), (None, None));
        assert_eq!(again.doubtful(), ["3"]);
        assert!(!again.is_done());
        again.done().expect("written");
        assert!(Journal::resume(&app, again.id()).expect("whole again").is_done());
    }

    #[test]
    fn damage_in_the_middle_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let app = app(folder.path());
        let journal = Journal::create(&app, json!({})).expect("begun");
        let path = journal.folder().join(FILE);
        let whole = fs::read_to_string(&path).expect("there");
        fs::write(&path, format!("{whole}\0\0\0\n{whole}")).expect("damaged");
        let error = Journal::resume(&app, journal.id()).expect_err("damaged");
        assert!(error.message().ends_with("journal.jsonl:2: this is no line of a journal"), "{error}");
        assert!(Journal::resume(&app, "x").expect_err("no such run").hints()[0].contains(journal.id()));
    }
}
