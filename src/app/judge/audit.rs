//! Whether a judge is fair: pairs of answers of which it is known which is better, in both orders, padded and signed.

use std::path::Path;

use crate::base::{Error, Finding, Place, Result};
use crate::eval::judge::Seat;
use crate::eval::judge::audit::{Audit, ENOUGH, PAIRS, Pair, Report, Test, pairs};
use crate::model::engine::Engine;

use crate::app::judging::{self, Plan};
use crate::app::models::{How, Progress};
use crate::app::{App, given};

#[derive(Debug, Default)]
pub struct Request {
    /// The model; that of the settings if nothing is said.
    pub judge: Option<String>,
    /// A file of pairs; those that come with palc if nothing is said.
    pub pairs: Option<String>,
    /// All, if none is named.
    pub tests: Vec<Test>,
    pub dry_run: bool,
}

#[derive(Debug)]
pub struct Outcome {
    pub judge: String,
    pub found: Found,
}

#[derive(Debug)]
pub enum Found {
    Report(Report),
    /// Nobody was asked.
    Plan(Plan),
}

pub fn audit(app: &App, request: &Request, how: &How, progress: &mut dyn FnMut(&Progress)) -> Result<Outcome> {
    let pairs = read(app, request.pairs.as_deref())?;
    let settings = app.settings()?;
    let named = request.judge.as_deref().or(settings.generation.judge.as_deref());
    let (service, model) = judging::locate(app, named, "judge", "JUDGE, or the key `generation.judge`")?;
    let seat = Seat { service, model };
    let tests = if request.tests.is_empty() { &Test::ALL[..] } else { &request.tests };
    let mut engine = Audit::new(&seat, &pairs, tests)?;
    let judge = seat.name();
    if request.dry_run {
        let plan = judging::plan(app, &engine.asks(), &[])?;
        return Ok(Outcome { judge, found: Found::Plan(plan) });
    }
    // An answer that was kept is no second answer to the same question.
    let how = How { cache: Some(how.cache.unwrap_or(false)), ..how.clone() };
    let failed = judging::drive(app, &how, &mut engine, progress)?;
    let report = engine.report();
    match failed {
        // Nobody answered, so it is the service's trouble and not the judge's.
        Some(error) if report.found.iter().all(|found| found.decided() == 0) => Err(error),
        _ => Ok(Outcome { judge, found: Found::Report(report) }),
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
