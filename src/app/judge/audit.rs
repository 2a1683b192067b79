//! Whether a judge is fair: pairs of answers of which it is known which is better, in both orders, padded and signed.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::base::{Error, Finding, Place, Result};
use crate::eval::judge::Seat;
use crate::eval::judge::audit::{Audit, ENOUGH, PAIRS, Pair, Report, Test, pairs};
use crate::model::engine::Engine;

use crate::app::judging::{self, Plan};
use crate::app::models::{How, Journal, Progress};
use crate::app::{App, given};

const KIND: &str = "judge audit";

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Request {
    /// The model; that of the settings if nothing is said.
    pub judge: Option<String>,
    /// A file of pairs; those that come with palc if nothing is said.
    pub pairs: Option<String>,
    /// Their words; all, if none is named.
    pub tests: Vec<String>,
    pub dry_run: bool,
}

#[derive(Debug)]
pub struct Outcome {
    pub judge: String,
    pub found: Found,
    /// Calls that were sent and not heard of: they may have been paid for.
    pub doubtful: Vec<String>,
}

#[derive(Debug)]
pub enum Found {
    Report(Report),
    /// Nobody was asked.
    Plan(Plan),
}

pub fn audit(app: &App, request: &Request, how: &How, progress: &mut dyn FnMut(&Progress)) -> Result<Outcome> {
    audited(app, request, None, how, progress)
}

/// Go on with an audit that was broken off.
pub fn resume(app: &App, run: &str, how: &How, progress: &mut dyn FnMut(&Progress)) -> Result<Outcome> {
    let (journal, request): (Journal, Request) = judging::take_up(app, KIND, run)?;
    audited(app, &request, Some(journal), how, progress)
}

fn audited(
    app: &App,
    request: &Request,
    journal: Option<Journal>,
    how: &How,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Outcome> {
    let pairs = read(app, request.pairs.as_deref())?;
    let settings = app.settings()?;
    let named = request.judge.as_deref().or(settings.eval.judge.as_deref());
    let (service, model) = judging::locate(app, named, "judge", "JUDGE, or the key `eval.judge`")?;
    let seat = Seat { service, model };
    let known =
        |word: &String| Test::from_word(word).ok_or_else(|| Error::usage(format!("`{word}` is no test of judges")));
    let mut tests: Vec<Test> = request.tests.iter().map(known).collect::<Result<_>>()?;
    if tests.is_empty() {
        tests = Test::ALL.to_vec();
    }
    let mut engine = Audit::new(&seat, &pairs, &tests)?;
    let judge = seat.name();
    if request.dry_run {
        let plan = judging::plan(app, &engine.asks(), &[])?;
        return Ok(Outcome { judge, found: Found::Plan(plan), doubtful: Vec::new() });
    }
    // An answer that was kept is no second answer to the same question.
    let how = How { cache: Some(how.cache.unwrap_or(false)), ..how.clone() };
    let mut journal = journal.map_or_else(|| judging::begin(app, KIND, request), Ok)?;
    let driven = judging::drive(app, &how, &mut engine, &mut journal, progress)?;
    let report = engine.report();
    match driven.failed {
        // Nobody answered, so it is the service's trouble and not the judge's.
        Some(error) if report.found.iter().all(|found| found.decided() == 0) => Err(error),
        _ => {
            journal.done()?;
            Ok(Outcome { judge, found: Found::Report(report), doubtful: driven.doubtful })
        }
    }
}

fn read(app: &App, path: Option<&str>) -> Result<Vec<Pair>> {
    let (path, text) = match path {
        Some(path) => (path, given::read_text(app, Path::new(path))?),
        None => ("pairs.jsonl", PAIRS.to_owned()),
    };
    let pairs = pairs(&text).map_err(|(line, why)| {
        let start = text.lines().take(line - 1).map(|line| line.len() + 1).sum::<usize>();
        let place = Place::in_text(path, &text, crate::base::Span::at(start.min(text.len())));
        Error::findings(format!("{path} is not in order"), vec![Finding::error("pairs", place, why)])
    })?;
    if (pairs.len() as u64) < ENOUGH {
        return Err(Error::invalid(format!(
            "{path} has {} pairs, and chance would explain all that they show",
            pairs.len()
        ))
        .hint(format!("give at least {ENOUGH}, a JSON line each: {{\"task\": …, \"better\": …, \"worse\": …}}")));
    }
    Ok(pairs)
}
