//! Results that are there, made ready to be looked at. Nothing is run for it.

pub mod found;
pub mod trend;

use std::collections::HashMap;
use std::iter::Peekable;

use crate::base::{Place, Result};
use crate::eval::Tally;
use crate::format::suite::SUFFIX;
use crate::model::results::{Line, Moment};

use super::App;
use super::eval::suites;
pub use found::Found;

#[derive(Debug, Default)]
pub struct Request {
    /// A run, a suite, `suite@revision` or a folder; the newest run if nothing.
    pub which: Option<String>,
    /// What it is compared with, named in the same way; a revision alone means the same suite.
    pub against: Option<String>,
    /// How many of those that did not pass are kept.
    pub faults: usize,
}

#[derive(Debug)]
pub struct Outcome {
    pub found: Found,
    pub tally: Tally,
    pub base: Option<(Found, Tally)>,
}

/// An answer, and whether it is one of the base.
#[derive(Debug)]
pub struct Answer {
    pub base: bool,
    pub line: Line,
    pub moment: Option<Moment>,
}

/// Where the cases of a suite stand, as far as its file says it.
pub fn places(app: &App, suite: &str) -> Result<Places> {
    let path = format!("{}/{suite}{SUFFIX}", app.settings()?.eval.folder);
    let cases = suites::open(app, &path).map(|open| open.suite.cases).unwrap_or_default();
    Ok(Places { path, cases: cases.into_iter().map(|case| (case.id, case.place)).collect() })
}

#[derive(Debug)]
pub struct Places {
    path: String,
    cases: HashMap<String, Place>,
}

impl Places {
    /// The place of a case; if it stands in data, that of the suite.
    pub fn of(&self, case: &str) -> Place {
        self.cases.get(case).cloned().unwrap_or_else(|| Place::file(&self.path))
    }
}

pub fn report(app: &App, request: &Request) -> Result<Outcome> {
    let found = found::find(app, request.which.as_deref())?;
    let tally = found.tally(request.faults)?;
    let base = match &request.against {
        None => None,
        Some(against) => {
            let base = base(app, &found, against)?;
            let tally = base.tally(0)?;
            Some((base, tally))
        }
    };
    Ok(Outcome { found, tally, base })
}

/// `main` alone means the results of the same suite there.
fn base(app: &App, found: &Found, against: &str) -> Result<Found> {
    let is_revision = app.workspace()?.git().is_some_and(|git| git.reader().knows(against));
    if is_revision { found::at(app, &found.manifest.suite, against) } else { found::find(app, Some(against)) }
}

impl Outcome {
    /// All lines, one after the other.
    pub fn each(&self, mut give: impl FnMut(&Line, Option<&Moment>) -> Result<()>) -> Result<()> {
        for line in self.found.lines()? {
            let line = line?;
            give(&line, self.found.moment(&line))?;
        }
        Ok(())
    }

    /// All answers to one case after the other, those of the base before the others.
    pub fn each_case(&self, mut give: impl FnMut(&str, &[Answer]) -> Result<()>) -> Result<()> {
        let base = self.base.as_ref().map(|(found, _)| (true, found));
        let mut sides = Vec::new();
        for (is_base, found) in base.into_iter().chain([(false, &self.found)]) {
            sides.push(Side { is_base, found, lines: found.lines()?.peekable() });
        }
        loop {
            let mut next: Option<String> = None;
            for side in &mut sides {
                next = side.case()?.filter(|case| next.as_ref().is_none_or(|next| case < next)).or(next);
            }
            let Some(case) = next else { return Ok(()) };
            let mut answers = Vec::new();
            for side in &mut sides {
                side.take(&case, &mut answers);
            }
            give(&case, &answers)?;
        }
    }
}

/// Lines that are sorted by case.
struct Side<'a> {
    is_base: bool,
    found: &'a Found,
    lines: Peekable<Box<dyn Iterator<Item = Result<Line>> + 'a>>,
}

impl Side<'_> {
    fn case(&mut self) -> Result<Option<String>> {
        if let Some(Err(error)) = self.lines.next_if(Result::is_err) {
            return Err(error);
        }
        Ok(self.lines.peek().and_then(|line| line.as_ref().ok()).map(|line| line.about.case.clone()))
    }

    fn take(&mut self, case: &str, answers: &mut Vec<Answer>) {
        let is_of = |line: &Result<Line>| line.as_ref().is_ok_and(|line| line.about.case == case);
        while let Some(Ok(line)) = self.lines.next_if(is_of) {
            let moment = self.found.moment(&line).cloned();
            answers.push(Answer { base: self.is_base, line, moment });
        }
    }
}
