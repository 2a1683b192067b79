//! How a suite's kept results went, commit by commit.

use crate::base::{Error, Result};
use crate::eval::Tally;
use crate::format::results::{LINES, parse};
use crate::git::Commit;

use super::super::App;
use super::found;

#[derive(Debug, Default)]
pub struct Request {
    pub suite: Option<String>,
    /// Where the history ends; HEAD if nothing.
    pub revision: Option<String>,
    /// So many of the newest.
    pub limit: usize,
}

#[derive(Debug)]
pub struct Outcome {
    pub suite: String,
    /// Oldest first.
    pub points: Vec<Point>,
}

/// A commit that brought new results.
#[derive(Debug)]
pub struct Point {
    pub commit: Commit,
    pub tally: Tally,
    /// How many lines of it palc cannot read.
    pub unread: u64,
}

pub fn trend(app: &App, request: &Request) -> Result<Outcome> {
    let suite = suite(app, request.suite.as_deref())?;
    let workspace = app.workspace()?;
    let git = workspace.git().ok_or_else(|| {
        Error::no("there is no git repository here, so there are no earlier results").hint("run `palc init`")
    })?;
    let path = format!("{}/{LINES}", found::results_of(app, &suite)?);
    let reader = git.reader();
    let mut points = Vec::new();
    if git.has_head() || request.revision.is_some() {
        for step in reader.trail(request.revision.as_deref().unwrap_or("HEAD"), &path)?.into_iter().take(request.limit)
        {
            let Some(blob) = step.after else { continue };
            points.push(point(step.commit, &reader.blob(&blob)?));
        }
    }
    points.reverse();
    if points.is_empty() {
        let error = Error::no(format!("no results of `{suite}` were committed"));
        return Err(error.hint("`palc results keep` puts the results of a run where git sees them"));
    }
    Ok(Outcome { suite, points })
}

/// Results of other versions of palc may hold lines that this one does not know.
fn point(commit: Commit, bytes: &[u8]) -> Point {
    let mut tally = Tally::default();
    let mut unread = 0;
    for line in String::from_utf8_lossy(bytes).lines() {
        match parse(line) {
            Ok(line) => tally.add(&line, None),
            Err(_) => unread += 1,
        }
    }
    Point { commit, tally, unread }
}

/// The suite that was named, or the only one of which results were kept.
fn suite(app: &App, typed: Option<&str>) -> Result<String> {
    match (typed, &found::suites(app)?[..]) {
        (Some(suite), _) => Ok(suite.to_owned()),
        (None, [one]) => Ok(one.clone()),
        (None, []) => Err(Error::no("no results were kept here yet")
            .hint("`palc eval` makes some, `palc results keep` puts them where git sees them")),
        (None, several) => {
            Err(Error::usage("there are results of several suites").hint(format!("name one of {}", several.join(", "))))
        }
    }
}
