//! Which results there are, for people and for programs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::eval::keep::Kept;
use crate::app::eval::record::Head;
use crate::app::results::{Listing, Merged, Pruned, Run};
use crate::model::Verdict;
use crate::model::results::{Line, Moment};

use super::evaluation::{counted, json};
use super::paint::{Paint, printable};
use super::table::columns;

#[derive(Debug, Serialize, JsonSchema)]
pub struct ListingV1<'a> {
    /// The latest first.
    runs: Vec<RunV1<'a>>,
    kept: Vec<KeptHeadV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RunV1<'a> {
    run: &'a str,
    suite: &'a str,
    /// Whether it came to its end.
    whole: bool,
    /// Null if nothing was written down.
    counts: Option<CountsV1>,
    /// `[2, 8]` for the second of eight shares.
    shard: Option<(u32, u32)>,
    /// Which cases were wanted, if not all.
    filter: Option<&'a str>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct KeptHeadV1<'a> {
    suite: &'a str,
    counts: CountsV1,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CountsV1 {
    passed: u64,
    failed: u64,
    undecided: u64,
}

fn counts(head: &Head) -> CountsV1 {
    let counts = head.counts;
    CountsV1 { passed: counts.passed, failed: counts.failed, undecided: counts.undecided }
}

pub fn listing(listing: &Listing) -> ListingV1<'_> {
    ListingV1 {
        runs: listing.runs.iter().map(run).collect(),
        kept: listing.kept.iter().map(|(suite, head)| KeptHeadV1 { suite, counts: counts(head) }).collect(),
    }
}

fn run(run: &Run) -> RunV1<'_> {
    let head = run.head.as_ref();
    RunV1 {
        run: &run.id,
        suite: &run.suite,
        whole: head.is_some_and(|head| head.whole),
        counts: head.map(counts),
        shard: head.and_then(|head| head.manifest.shard),
        filter: head.map(|head| head.manifest.filter.as_str()).filter(|filter| !filter.is_empty()),
    }
}

pub fn listing_text(listing: &Listing, paint: Paint, width: Option<usize>) -> String {
    if listing.runs.is_empty() && listing.kept.is_empty() {
        return "there are no results yet; `palc eval` makes some\n".to_owned();
    }
    let mut text = String::new();
    if !listing.kept.is_empty() {
        let rows: Vec<_> =
            listing.kept.iter().map(|(suite, head)| vec![format!("  {}", printable(suite)), came_to(head)]).collect();
        text += &format!("{}\n{}", paint.bold("kept"), columns(&rows, width));
    }
    if !listing.runs.is_empty() {
        let row = |run: &Run| {
            let state = match &run.head {
                None => "broken off".to_owned(),
                Some(head) if !head.whole => format!("{}, not at its end", came_to(head)),
                Some(head) => came_to(head),
            };
            let of = run.head.as_ref().map(|head| &head.manifest);
            let share =
                of.and_then(|of| of.shard).map(|(share, of)| format!(", share {share}/{of}")).unwrap_or_default();
            let filter = of.map(|of| of.filter.clone()).filter(|filter| !filter.is_empty());
            let filter = filter.map(|filter| format!(", {}", printable(&filter))).unwrap_or_default();
            vec![format!("  {}", run.id), printable(&run.suite), format!("{state}{share}{filter}")]
        };
        let rows: Vec<_> = listing.runs.iter().map(row).collect();
        text += &format!("{}\n{}", paint.bold("runs"), columns(&rows, width));
    }
    text
}

fn came_to(head: &Head) -> String {
    let counts = head.counts;
    let undecided = if counts.undecided > 0 { format!(", {} undecided", counts.undecided) } else { String::new() };
    format!("{} of {} pass{undecided}", counts.passed, counts.passed + counts.failed)
}

/// One case, with every answer and check.
pub fn case<'a>(lines: &'a [(Line, Option<Moment>)]) -> Vec<json::LineV1<'a>> {
    lines.iter().map(|(line, moment)| json::line(line, moment.as_ref())).collect()
}

pub fn case_text(name: &str, lines: &[(Line, Option<Moment>)], paint: Paint) -> String {
    let mut text = String::new();
    for (at, (line, _)) in lines.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        let about = &line.about;
        let repeat = if about.repeat > 1 { format!(" #{}", about.repeat) } else { String::new() };
        let params = if about.params.is_empty() {
            String::new()
        } else {
            format!(" {}", crate::model::Value::Object(about.params.clone()))
        };
        let head = format!("{} · {} · {}{params}{repeat}", about.case, about.prompt, about.model);
        text +=
            &format!("{} {}, in {}\n", paint.bold(&printable(&head)), verdict(line.verdict, paint), printable(name));
        match (&line.answer, &line.trouble) {
            (Some(answer), _) => {
                let said = answer.refusal.as_deref().unwrap_or(&answer.text);
                said.lines().for_each(|line| text += &format!("  {} {}\n", paint.dim("│"), printable(line)));
                for call in &answer.tool_calls {
                    text +=
                        &format!("  {} {}({})\n", paint.dim("│"), printable(&call.name), printable(&call.arguments));
                }
            }
            (None, trouble) => {
                text += &format!("  no answer: {}\n", printable(trouble.as_deref().unwrap_or("nobody knows why")));
            }
        }
        for check in &line.checks {
            let value = check.value.map(|value| format!(" {value:.2}")).unwrap_or_default();
            let reason =
                if check.reason.is_empty() { String::new() } else { format!(": {}", printable(&check.reason)) };
            text += &format!("  {}{value} {}{reason}\n", verdict(check.verdict, paint), printable(&check.name));
            for (part, value) in &check.parts {
                text += &format!("      {value:.2} {}\n", printable(part));
            }
        }
    }
    text
}

fn verdict(verdict: Verdict, paint: Paint) -> String {
    match verdict {
        Verdict::Passed => paint.green(verdict.word()),
        Verdict::Failed => paint.red(verdict.word()),
        Verdict::Undecided => paint.yellow(verdict.word()),
    }
}

/// Results that were kept.
#[derive(Debug, Serialize, JsonSchema)]
pub struct KeptV1<'a> {
    run: &'a str,
    suite: &'a str,
    folder: &'a str,
    /// Whether the files there are other ones now.
    changed: bool,
}

pub fn kept(kept: &Kept) -> KeptV1<'_> {
    KeptV1 { run: &kept.run, suite: &kept.manifest.suite, folder: &kept.folder, changed: kept.changed }
}

pub fn kept_text(kept: &Kept, dry_run: bool) -> String {
    match (kept.changed, dry_run) {
        (true, false) => format!("kept {} in {}", kept.run, kept.folder),
        (true, true) => format!("would keep {} in {}", kept.run, kept.folder),
        (false, _) => format!("{} holds these results already", kept.folder),
    }
}

/// Shares that were put together.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MergedV1<'a> {
    /// The run that they became.
    run: &'a str,
    suite: &'a str,
    lines: u64,
    cases: u64,
}

pub fn merged(merged: &Merged) -> MergedV1<'_> {
    let manifest = &merged.manifest;
    MergedV1 { run: &merged.id, suite: &manifest.suite, lines: merged.lines, cases: manifest.cases }
}

pub fn merged_text(merged: &Merged) -> String {
    format!("run {}: {} of {}\n", merged.id, counted(merged.lines, "answer"), printable(&merged.manifest.suite))
}

/// Runs that were removed, or would be.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PrunedV1<'a> {
    removed: &'a [String],
    /// How many stay.
    left: usize,
}

pub fn pruned(pruned: &Pruned) -> PrunedV1<'_> {
    PrunedV1 { removed: &pruned.removed, left: pruned.left }
}

pub fn pruned_text(pruned: &Pruned, dry_run: bool) -> String {
    let what = if dry_run { "would remove" } else { "removed" };
    let stay = if pruned.left == 1 { "1 stays".to_owned() } else { format!("{} stay", pruned.left) };
    format!("{what} {}, {stay}\n", counted(pruned.removed.len() as u64, "run"))
}
