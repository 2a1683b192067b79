//! What a search for the first bad commit found.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use crate::app::bisect::{End, Outcome, Progress};
use crate::git::Commit;
use crate::repo::bisect::Answer;

pub fn progress(progress: &Progress<'_>) -> String {
    let (count, tries) = progress.left;
    format!("trying {}; {count} commits left, about {tries} tries", short(progress.commit))
}

pub fn text(outcome: &Outcome, paint: Paint) -> String {
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
    }
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
