//! What a search for the first bad commit found.

use schemars::JsonSchema;
use serde::Serialize;

use super::evaluation::json::{SumV1, sum};
use super::evaluation::percent;
use super::paint::{Paint, printable};
use super::table::columns;
use crate::app::bisect::scores::Seen;
use crate::app::bisect::{End, Outcome, Progress, Scores};
use crate::eval::compare::{Group, Measure};
use crate::eval::tally::Sum;
use crate::git::Commit;
use crate::repo::bisect::Answer;

pub fn progress(progress: &Progress<'_>) -> String {
    let (count, tries) = progress.left;
    format!("trying {}; {count} commits left, about {tries} tries", short(progress.commit))
}

pub fn text(outcome: &Outcome, paint: Paint) -> String {
    let told = outcome.scores.as_ref().map(|scores| told(scores, &outcome.tried)).unwrap_or_default();
    told + &end(outcome, paint)
}

/// What a suite says of every version that was run.
fn told(scores: &Scores, tried: &[(Commit, Answer)]) -> String {
    let row = |commit: &str, what: &str, total: &Sum| {
        let counts = total.counts;
        vec![
            format!("  {}", printable(commit.get(..10).unwrap_or(commit))),
            counts.rate().map_or_else(|| "?".into(), percent),
            format!("{}/{}", counts.passed, counts.decided()),
            what.to_owned(),
        ]
    };
    let subject =
        |commit: &str| tried.iter().find(|(tried, _)| tried.id == commit).map(|(tried, _)| printable(&tried.subject));
    let mut rows = vec![row(&scores.good.commit, "the good end", &scores.good.total)];
    rows.extend(
        scores.seen.iter().map(|seen| row(&seen.commit, &subject(&seen.commit).unwrap_or_default(), &seen.total)),
    );
    rows.push(row(&scores.bad.commit, "the bad end", &scores.bad.total));
    let sure = scores.group().map(sure).unwrap_or_default();
    format!("{}, share of answers that pass:\n{}{sure}", printable(&scores.suite), columns(&rows, None))
}

/// Whether the ends differ by more than chance.
fn sure(group: &Group) -> String {
    let p = group.delta(&Measure::Passes).and_then(|delta| delta.p);
    let flips = format!("{} worse and {} better at the bad end", group.flips.worse, group.flips.better);
    match p {
        Some(p) if p > 0.05 => format!("{flips}, p {p:.2}: this may be chance; more cases or --repeat would tell\n\n"),
        Some(p) => format!("{flips}, p {p:.3}\n\n"),
        None => format!("{flips}\n\n"),
    }
}

fn end(outcome: &Outcome, paint: Paint) -> String {
    match &outcome.end {
        End::Found(commit, paths) => {
            let paths: String = paths.iter().map(|path| format!("  {}\n", printable(path))).collect();
            format!("{} {}\n{paths}", paint.red("first bad:"), line(commit, paint))
        }
        End::Among(commits) => {
            let lines: String = commits.iter().map(|commit| format!("  {}\n", line(commit, paint))).collect();
            format!("one of these is the first bad one; the others could not be tried:\n{lines}")
        }
    }
}

fn line(commit: &Commit, paint: Paint) -> String {
    let (id, subject) = (&commit.id[..commit.id.len().min(10)], printable(&commit.subject));
    format!("{} {} {}: {subject}", paint.yellow(id), commit.time.day(), printable(&commit.author))
}

fn short(commit: &Commit) -> String {
    format!("{} {}", &commit.id[..commit.id.len().min(10)], printable(&commit.subject))
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct BisectV1<'a> {
    /// The first bad commit; null where it could not be told.
    first_bad: Option<CommitV1<'a>>,
    /// The files below the prompt roots that it changed.
    paths: &'a [String],
    /// Where it could not be told: the commits that may be it, oldest first.
    among: Vec<CommitV1<'a>>,
    /// How many commits were searched.
    candidates: usize,
    tried: Vec<TriedV1<'a>>,
    /// What a suite says, if one told: null otherwise.
    scores: Option<ScoresV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CommitV1<'a> {
    id: &'a str,
    subject: &'a str,
    author: &'a str,
    time: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct TriedV1<'a> {
    commit: &'a str,
    /// good, bad or skip.
    answer: &'static str,
}

pub fn object(outcome: &Outcome) -> BisectV1<'_> {
    let (first_bad, paths, among) = match &outcome.end {
        End::Found(commit, paths) => (Some(commit_object(commit)), &paths[..], Vec::new()),
        End::Among(commits) => (None, &[][..], commits.iter().map(commit_object).collect()),
    };
    BisectV1 {
        first_bad,
        paths,
        among,
        candidates: outcome.candidates,
        tried: outcome.tried.iter().map(tried_object).collect(),
        scores: outcome.scores.as_ref().map(scores_object),
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct ScoresV1<'a> {
    suite: &'a str,
    good: SeenV1<'a>,
    bad: SeenV1<'a>,
    /// As they were tried.
    seen: Vec<SeenV1<'a>>,
    /// How likely it is that the ends differ so by chance.
    p: Option<f64>,
    /// US dollars that were paid now.
    paid: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SeenV1<'a> {
    commit: &'a str,
    #[serde(flatten)]
    sum: SumV1<'a>,
}

fn scores_object(scores: &Scores) -> ScoresV1<'_> {
    ScoresV1 {
        suite: &scores.suite,
        good: seen_object(&scores.good),
        bad: seen_object(&scores.bad),
        seen: scores.seen.iter().map(seen_object).collect(),
        p: scores.group().and_then(|group| group.delta(&Measure::Passes)).and_then(|delta| delta.p),
        paid: scores.paid.exact(),
    }
}

fn seen_object(seen: &Seen) -> SeenV1<'_> {
    SeenV1 { commit: &seen.commit, sum: sum(&seen.total) }
}

fn tried_object((commit, answer): &(Commit, Answer)) -> TriedV1<'_> {
    let answer = match answer {
        Answer::Good => "good",
        Answer::Bad => "bad",
        Answer::Skip => "skip",
    };
    TriedV1 { commit: &commit.id, answer }
}

fn commit_object(commit: &Commit) -> CommitV1<'_> {
    CommitV1 { id: &commit.id, subject: &commit.subject, author: &commit.author, time: commit.time.iso() }
}
