//! What became of many jobs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::batch::{Job, Outcome};

use super::paint::{Paint, printable};
use super::select_best::{PlanV1, plan, planned};
use super::table;

/// So much of an idea stands for a job that has no prompts.
const SHOWN: usize = 60;

/// A line a job.
pub fn text(outcome: &Outcome, paint: Paint, width: Option<usize>) -> String {
    let row = |job: &Job| {
        let word = match state(job) {
            word @ ("failed" | "late") => paint.red(word),
            word @ "done" => paint.green(word),
            word => word.to_owned(),
        };
        vec![job.number.to_string(), word, what(job, paint)]
    };
    let rows: Vec<Vec<String>> = outcome.jobs.iter().map(row).collect();
    let plan = outcome.planned.as_ref().map(planned).unwrap_or_default();
    table::columns(&rows, width) + &plan
}

fn state(job: &Job) -> &'static str {
    job.ended.as_ref().map_or("open", |ended| ended.state.word())
}

fn what(job: &Job, paint: Paint) -> String {
    let idea = || paint.dim(&short(&job.idea));
    match &job.ended {
        None => idea(),
        Some(ended) if ended.errors.is_empty() => printable(&ended.prompts.join(", ")),
        Some(ended) => format!("{}: {}", idea(), printable(&ended.errors.join("; "))),
    }
}

fn short(idea: &str) -> String {
    let line = printable(idea.lines().find(|line| !line.trim().is_empty()).unwrap_or_default());
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// How it went, in a sentence.
pub fn sentence(outcome: &Outcome) -> String {
    let failed = outcome.jobs.iter().filter(|job| job.has_failed()).count();
    let done = outcome.jobs.iter().filter(|job| job.is_done()).count();
    let before = outcome.jobs.iter().filter(|job| job.before).count();
    let open = outcome.jobs.len() - done - failed;
    let mut parts = vec![format!("{done} of {} jobs are done", outcome.jobs.len())];
    if before > 0 {
        parts[0] += &format!(" ({before} were before)");
    }
    if failed > 0 {
        parts.push(format!("{failed} failed"));
    }
    if open > 0 {
        parts.push(format!("{open} were not done"));
    }
    let progress = &outcome.progress;
    let unpriced = if progress.unpriced > 0 { ", and what has no known price" } else { "" };
    parts.push(format!("{} calls, {}{unpriced}", progress.asked - progress.kept.min(progress.asked), progress.cost));
    parts.join("; ")
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct BatchV1<'a> {
    /// The run's id, by which it can be taken up; null with --dry-run.
    run: Option<&'a str>,
    jobs: Vec<JobV1<'a>>,
    done: usize,
    failed: usize,
    /// Jobs that have not been done.
    open: usize,
    interrupted: bool,
    /// Whether it stopped because a job failed.
    stopped: bool,
    /// Calls that were sent and not heard of: they may have been paid for.
    doubtful: &'a [String],
    /// Calls that were made now.
    calls: usize,
    /// What was paid now, in US dollars as a decimal number; without what has no known price.
    cost: String,
    /// Answers whose price is not known.
    unpriced: usize,
    /// What would be asked; null without --dry-run.
    plan: Option<PlanV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct JobV1<'a> {
    number: usize,
    idea: &'a str,
    /// `done`, `failed`, `late` or `open`.
    state: &'static str,
    /// Whether it was done before the run was taken up.
    before: bool,
    session: Option<&'a str>,
    /// The prompts that came of it.
    prompts: &'a [String],
    errors: &'a [String],
}

pub fn object(outcome: &Outcome) -> BatchV1<'_> {
    let count = |is: fn(&Job) -> bool| outcome.jobs.iter().filter(|job| is(job)).count();
    let (done, failed) = (count(Job::is_done), count(Job::has_failed));
    BatchV1 {
        run: outcome.run.as_deref(),
        done,
        failed,
        open: outcome.jobs.len() - done - failed,
        jobs: outcome.jobs.iter().map(job).collect(),
        interrupted: outcome.interrupted,
        stopped: outcome.stopped,
        doubtful: &outcome.doubtful,
        calls: outcome.progress.asked - outcome.progress.kept.min(outcome.progress.asked),
        cost: outcome.progress.cost.exact(),
        unpriced: outcome.progress.unpriced,
        plan: outcome.planned.as_ref().map(plan),
    }
}

fn job(job: &Job) -> JobV1<'_> {
    let ended = job.ended.as_ref();
    JobV1 {
        number: job.number,
        idea: &job.idea,
        state: state(job),
        before: job.before,
        session: ended.and_then(|ended| ended.session.as_deref()),
        prompts: ended.map_or(&[], |ended| &ended.prompts),
        errors: ended.map_or(&[], |ended| &ended.errors),
    }
}
