//! Let a suite tell which version of a prompt made it worse. A version is run with the suite as it is now; answers that
//! were paid for once are known and not asked for again.

use super::super::App;
use super::super::eval::{self, Told};
use super::super::models::How;
use super::super::report::found;
use crate::base::{Error, Result};
use crate::eval::Tally;
use crate::eval::budget::Limits;
use crate::eval::compare::{Comparison, Group, Pairing, Rule, Side, compare};
use crate::eval::run::Stopped;
use crate::eval::tally::Sum;
use crate::model::Money;
use crate::repo::bisect::Answer;

#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The path of the suite's file.
    pub suite: String,
    /// What the prompt is called now.
    pub prompt: String,
    pub models: Vec<String>,
    pub repeat: Option<u32>,
    /// For all versions together.
    pub limits: Limits,
    pub how: How,
}

/// What a suite says of a version.
#[derive(Debug)]
pub struct Seen {
    pub commit: String,
    pub total: Sum,
}

/// What the good and the bad end come to, and what was seen between them.
#[derive(Debug)]
pub struct Scores {
    pub suite: String,
    pub good: Seen,
    pub bad: Seen,
    /// How sure it is that the bad end is worse.
    pub comparison: Comparison,
    /// Those that were tried, as they were tried.
    pub seen: Vec<Seen>,
    pub paid: Money,
    request: Request,
}

impl Scores {
    /// Run both ends: the bad one must be worse, or there is nothing to look for.
    /// Each end as it was typed, and its commit.
    pub fn begin(
        app: &App,
        request: &Request,
        (good, first): (&str, &str),
        (bad, last): (&str, &str),
    ) -> Result<Scores> {
        let mut paid = Money::default();
        let (first, base) = run(app, request, first, &mut paid)?;
        let (last, head) = run(app, request, last, &mut paid)?;
        let comparison = compare(&base, &head, &Rule::default());
        let (before, after) = (rate(&first, good)?, rate(&last, bad)?);
        if after >= before {
            let shown = |rate: f64| format!("{:.0} %", rate * 100.0);
            return Err(Error::no(format!(
                "the suite does not pass less often at {bad} ({}) than at {good} ({})",
                shown(after),
                shown(before)
            ))
            .hint("name other revisions, or a suite that shows what is wrong"));
        }
        let suite = eval::suites::name(app, &request.suite)?;
        Ok(Scores { suite, good: first, bad: last, comparison, seen: Vec::new(), paid, request: request.clone() })
    }

    /// Whether a version is more like the good end or the bad one.
    pub fn look(&mut self, app: &App, commit: &str) -> Result<Answer> {
        let (seen, _) = run(app, &self.request, commit, &mut self.paid)?;
        let (good, bad) = (self.good.total.counts.rate(), self.bad.total.counts.rate());
        let middle = good.zip(bad).map(|(good, bad)| (good + bad) / 2.0);
        let answer = match seen.total.counts.rate().zip(middle) {
            None => Answer::Skip,
            Some((rate, middle)) if rate < middle => Answer::Bad,
            Some(_) => Answer::Good,
        };
        self.seen.push(seen);
        Ok(answer)
    }

    /// The ends, all models together.
    pub fn group(&self) -> Option<&Group> {
        self.comparison.all.as_ref().or_else(|| self.comparison.groups.first())
    }
}

fn rate(seen: &Seen, revision: &str) -> Result<f64> {
    let unknown = || Error::no(format!("nothing could be decided at {revision}"));
    seen.total.counts.rate().ok_or_else(unknown)
}

fn run(app: &App, request: &Request, commit: &str, paid: &mut Money) -> Result<(Seen, Side)> {
    let left = request.limits.cost.map(|cost| Money((cost.0 - paid.0).max(0)));
    let wanted = eval::Request {
        suite: request.suite.clone(),
        prompts: vec![request.prompt.clone()],
        models: request.models.clone(),
        at: Some(commit.to_owned()),
        repeat: request.repeat,
        limits: Limits { cost: left, ..request.limits },
        yes: true,
        how: request.how.clone(),
        ..eval::Request::default()
    };
    let outcome = eval::run(app, &wanted, None, &mut |_: Told<'_>| Ok(()))?;
    *paid = *paid + outcome.spent.cost + outcome.spent.judged;
    if !outcome.is_whole() {
        let why = if outcome.stopped == Some(Stopped::Budget) { "the limit is reached" } else { "it was broken off" };
        return Err(Error::no(format!("{why} at {commit}"))
            .hint("what was answered is kept: the same command goes on from here, and pays for nothing twice"));
    }
    let results = found::of_run(&outcome.folder)?;
    let (mut tally, mut side) = (Tally::default(), Side::new(Pairing::Prompts));
    for line in results.lines()? {
        let line = line?;
        tally.add(&line, None);
        side.add(&line);
    }
    Ok((Seen { commit: commit.to_owned(), total: tally.total }, side))
}
