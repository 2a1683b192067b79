//! What became of each job of a run, a line each, beside its journal.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::base::disk::{self, Durability};
use crate::base::{Error, Result};
use crate::format::session::Settled;

const FILE: &str = "jobs.jsonl";

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub state: State,
    /// The session that tells what was asked and made.
    pub session: Option<String>,
    /// The prompts that came of it in the end.
    pub prompts: Vec<String>,
    /// Why it failed, or a part of it.
    pub errors: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Done,
    Failed,
    /// It took too long.
    Late,
}

impl State {
    pub fn word(self) -> &'static str {
        match self {
            State::Done => "done",
            State::Failed => "failed",
            State::Late => "late",
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "lowercase")]
enum Line {
    Begun(Begun),
    Ended {
        /// Counted from 1.
        job: usize,
        #[serde(flatten)]
        ended: Ended,
    },
}

/// What a job's requests hang on: taken up again, it asks the same.
#[derive(Serialize, Deserialize)]
struct Begun {
    job: usize,
    session: String,
    settled: Box<Settled>,
}

pub struct Record {
    path: PathBuf,
    begun: BTreeMap<usize, Begun>,
    ended: BTreeMap<usize, Ended>,
    /// Jobs that were done when the run was taken up.
    pub before: BTreeSet<usize>,
}

impl Record {
    /// A last line that was torn is no line: its job is done again, with the answers that it had.
    pub fn open(folder: &Path) -> Result<Record> {
        let path = folder.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Error::storage(format!("cannot read {}", path.display())).because(error)),
        };
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let (mut begun, mut ended) = (BTreeMap::new(), BTreeMap::new());
        for (number, line) in whole.lines().enumerate() {
            let wrong = |error| {
                let place = format!("{}:{}", path.display(), number + 1);
                Error::storage(format!("{place}: this is no line of a batch")).because(error)
            };
            match serde_json::from_str::<Line>(line).map_err(wrong)? {
                Line::Begun(line) => drop(begun.insert(line.job.saturating_sub(1), line)),
                Line::Ended { job, ended: line } => drop(ended.insert(job.saturating_sub(1), line)),
            }
        }
        // What failed is tried again, so it has not ended.
        ended.retain(|_, ended: &mut Ended| ended.state == State::Done);
        Ok(Record { path, begun, before: ended.keys().copied().collect(), ended })
    }

    /// The session and what it was settled to, of a job that was begun before.
    pub fn begun(&self, job: usize) -> Option<(&str, &Settled)> {
        self.begun.get(&job).map(|begun| (begun.session.as_str(), begun.settled.as_ref()))
    }

    pub fn note_begun(&mut self, job: usize, session: &str, settled: &Settled) -> Result<()> {
        let settled = Box::new(settled.clone());
        self.write(&Line::Begun(Begun { job: job + 1, session: session.to_owned(), settled }), Durability::Eventual)
    }

    pub fn ended(&self, job: usize) -> Option<&Ended> {
        self.ended.get(&job)
    }

    pub fn is_done(&self, job: usize) -> bool {
        self.before.contains(&job)
    }

    /// Jobs that have ended, and those of them that have failed.
    pub fn counts(&self) -> (usize, usize) {
        let failed = self.ended.values().filter(|ended| ended.state != State::Done).count();
        (self.ended.len(), failed)
    }

    /// Note it so that it outlives a power cut.
    pub fn note(&mut self, job: usize, ended: Ended) -> Result<()> {
        self.write(&Line::Ended { job: job + 1, ended: ended.clone() }, Durability::Synced)?;
        self.ended.insert(job, ended);
        Ok(())
    }

    fn write(&self, line: &Line, durability: Durability) -> Result<()> {
        let text = serde_json::to_string(line).map_err(|error| Error::bug("a job has no JSON").because(error))?;
        disk::append_lines(&self.path, format!("{text}\n").as_bytes(), durability)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(state: State) -> Ended {
        Ended { state, session: Some("s".into()), prompts: vec!["p".into()], errors: Vec::new() }
    }

    #[test]
    fn a_record_is_taken_up_and_failures_are_tried_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut record = Record::open(folder.path()).expect("empty");
        record.note(0, ended(State::Done)).expect("written");
        record.note(3, ended(State::Failed)).expect("written");
        assert_eq!(record.counts(), (2, 1));
        let path = folder.path().join(FILE);
        let text = fs::read_to_string(&path).expect("there");
        fs::write(&path, format!("{text}{{\"line\":\"ended\",\"job\":2,\"sta")).expect("torn");
        let mut again = Record::open(folder.path()).expect("read");
        assert_eq!((again.is_done(0), again.is_done(1), again.is_done(3)), (true, false, false));
        assert_eq!(again.counts(), (1, 0));
        again.note(1, ended(State::Done)).expect("written");
        assert_eq!(Record::open(folder.path()).expect("read").before, BTreeSet::from([0, 1]));
    }
}
