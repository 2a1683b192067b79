//! Two sets of results side by side: text for people, Markdown for pull requests, JSON for programs.

pub mod json;
pub mod markdown;

pub use json::object;

use crate::app::compare::{Compared, Outcome};
use crate::base::stats::Interval;
use crate::base::stats::gate::Verdict;
use crate::eval::compare::{Change, Comparison, Coverage, Delta, Group, Measure};

use super::paint::{Paint, printable};
use super::table::columns;

/// Of cases that changed, so many are named.
const NAMED: usize = 8;

pub fn text(outcome: &Outcome, sequential: bool, paint: Paint) -> String {
    let mut out = String::new();
    for (at, compared) in outcome.suites.iter().enumerate() {
        out += if at > 0 { "\n" } else { "" };
        out += &suite(outcome, compared, sequential, paint);
    }
    out
}

/// What is told beside the data: suites of which only one side has results.
pub fn notes(outcome: &Outcome) -> Vec<String> {
    let only = |suites: &[String], side: &str| {
        (!suites.is_empty()).then(|| format!("only {side} has results of {}", printable(&suites.join(", "))))
    };
    only(&outcome.only_base, &outcome.base).into_iter().chain(only(&outcome.only_head, &outcome.head)).collect()
}

fn suite(outcome: &Outcome, compared: &Compared, sequential: bool, paint: Paint) -> String {
    let comparison = &compared.comparison;
    let (base, head) = (printable(&outcome.base), printable(&outcome.head));
    let mut out = format!("{}: {base} → {head}\n", paint.bold(&printable(&compared.suite)));
    for group in comparison.groups.iter().chain(&comparison.all) {
        out += &format!("\n{}{}", title(group, paint), measures(group));
        out += &flips(group);
        out += &if sequential { evidence(group, paint) } else { verdict(group, comparison, paint) };
    }
    out += "\n";
    for line in caveats(compared, outcome) {
        out += &format!("{line}\n");
    }
    out + &sentence(compared, sequential, paint)
}

fn title(group: &Group, paint: Paint) -> String {
    let cases = counted(group.cases, "case");
    if group.model.is_empty() && group.head.is_empty() {
        return format!("{}  {cases}\n", paint.bold("all together"));
    }
    format!("{}  {}  {cases}\n", paint.bold(&printable(&prompts(group))), printable(&group.model))
}

fn prompts(group: &Group) -> String {
    if group.base == group.head { group.head.clone() } else { format!("{} → {}", group.base, group.head) }
}

fn measures(group: &Group) -> String {
    columns(&group.deltas.iter().map(row).collect::<Vec<_>>(), None)
}

fn row(delta: &Delta) -> Vec<String> {
    let cells = Cells::of(delta);
    let some =
        if delta.clusters < delta.cases { format!(", {}", counted(delta.clusters, "cluster")) } else { String::new() };
    vec![
        format!("  {}", printable(delta.measure.name())),
        format!("{} → {}", cells.base, cells.head),
        cells.delta,
        cells.interval,
        format!("{}{some}", cells.p),
    ]
}

/// A measure in words.
struct Cells {
    base: String,
    head: String,
    delta: String,
    interval: String,
    p: String,
}

impl Cells {
    fn of(delta: &Delta) -> Cells {
        let value = |value: f64| level(&delta.measure, value);
        Cells {
            base: value(delta.base),
            head: value(delta.head),
            delta: match delta.measure {
                Measure::Passes => difference(&delta.measure, delta.delta) + " points",
                _ => difference(&delta.measure, delta.delta),
            },
            interval: delta.interval.map_or("no interval".to_owned(), |interval| between(&delta.measure, interval)),
            p: match (delta.p, delta.adjusted) {
                (Some(alone), Some(p)) if p > alone => format!("p {} (Holm)", p_value(p)),
                (Some(p), _) => format!("p {}", p_value(p)),
                (None, _) => "no p".to_owned(),
            },
        }
    }
}

fn level(measure: &Measure, value: f64) -> String {
    if *measure == Measure::Passes { format!("{:.1} %", value * 100.0) } else { format!("{value:.3}") }
}

/// With its sign; no negative zero.
pub(super) fn difference(measure: &Measure, value: f64) -> String {
    let (scale, places) = if *measure == Measure::Passes { (100.0, 1) } else { (1.0, 3) };
    let text = format!("{:+.places$}", value * scale);
    if text.trim_start_matches(['+', '-']).chars().all(|c| c == '0' || c == '.') {
        text.replacen(['+', '-'], "±", 1)
    } else {
        text
    }
}

fn between(measure: &Measure, interval: Interval) -> String {
    format!("[{}, {}]", difference(measure, interval.low), difference(measure, interval.high))
}

fn p_value(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { format!("{p:.3}") }
}

fn flips(group: &Group) -> String {
    let mut out = String::new();
    for (word, count, changes) in sides(group) {
        if count > 0 {
            let shown: Vec<String> = changes.iter().take(NAMED).map(|change| case(change, group)).collect();
            let more =
                if changes.len() > NAMED { format!(" and {} more", changes.len() - NAMED) } else { String::new() };
            out += &format!("  {count} {word}: {}{more}\n", shown.join(", "));
        }
    }
    out
}

/// Those that became worse, and those that became better, the most first.
fn sides(group: &Group) -> [(&'static str, u64, Vec<&Change>); 2] {
    let worse = group.changed.iter().filter(|change| change.head < change.base).collect();
    let mut better: Vec<&Change> = group.changed.iter().filter(|change| change.head > change.base).collect();
    better.sort_by(|a, b| (b.head - b.base).total_cmp(&(a.head - a.base)));
    [("worse", group.flips.worse, worse), ("better", group.flips.better, better)]
}

/// With its model where several are taken together, and with how often it passed where it was repeated.
fn case(change: &Change, group: &Group) -> String {
    let mut out = printable(&change.item.case);
    if !change.item.params.is_empty() {
        out += &format!(" {}", printable(&change.item.params));
    }
    if group.model.is_empty() {
        out += &format!(" ({})", printable(&change.item.model));
    }
    let whole = |share: f64| share == 0.0 || share == 1.0;
    if !whole(change.base) || !whole(change.head) {
        out += &format!(" {:.0} → {:.0} %", change.base * 100.0, change.head * 100.0);
    }
    out
}

fn verdict(group: &Group, comparison: &Comparison, paint: Paint) -> String {
    let margin = margin(comparison);
    let why = match group.verdict {
        Verdict::Pass if group.same => "the same calls on both sides, and all came out the same".to_owned(),
        Verdict::Pass => format!("not worse by more than {margin}"),
        Verdict::Regression => format!("worse by more than {margin}"),
        Verdict::Inconclusive => inconclusive(group, comparison),
    };
    format!("  {}: {why}\n", word(group.verdict, paint))
}

pub(super) fn word(verdict: Verdict, paint: Paint) -> String {
    match verdict {
        Verdict::Pass => paint.green(verdict.word()),
        Verdict::Inconclusive => paint.yellow(verdict.word()),
        Verdict::Regression => paint.red(verdict.word()),
    }
}

fn inconclusive(group: &Group, comparison: &Comparison) -> String {
    let measure = &comparison.rule.by;
    let needed = match group.needed {
        Some(more) if more >= 1_000_000 => "more than a million more cases would tell".to_owned(),
        Some(more) => format!("about {} would tell, if they go as these did", more_cases(more)),
        None if group.delta(measure).is_none_or(|delta| delta.interval.is_none()) => "too few cases to tell".to_owned(),
        None => "as it lies on the margin, no number of cases would tell".to_owned(),
    };
    // A share cannot change by more than the whole.
    let shows = group.detectable.filter(|least| *least < 1.0).map_or(String::new(), |least| {
        let least = difference(measure, least);
        let points = if *measure == Measure::Passes { " points" } else { "" };
        format!(
            "; {} show differences of {}{points} and more",
            counted(group.cases, "case"),
            least.trim_start_matches('+')
        )
    });
    format!("{needed}{shows}")
}

fn more_cases(count: u64) -> String {
    if count == 1 { "1 more case".to_owned() } else { format!("{count} more cases") }
}

fn margin(comparison: &Comparison) -> String {
    let rule = &comparison.rule;
    let margin = difference(&rule.by, rule.margin);
    let margin = margin.trim_start_matches(['+', '±']);
    match &rule.by {
        Measure::Passes => format!("{margin} points"),
        by => format!("{margin} of {}", printable(by.name())),
    }
}

fn evidence(group: &Group, paint: Paint) -> String {
    let evidence = &group.evidence;
    let (better, worse) = (evidence.better, evidence.worse);
    let value =
        if evidence.value >= 1e4 { format!("{:.1e}", evidence.value) } else { format!("{:.2}", evidence.value) };
    let share = format!(
        "{:.0}–{:.0} % of the cases that differ are better",
        evidence.share.low * 100.0,
        evidence.share.high * 100.0
    );
    let told = match evidence.decided() {
        Some(true) => format!("{}: stop", paint.green("better")),
        Some(false) => format!("{}: stop", paint.red("worse")),
        None => {
            let side = if better >= worse { "better" } else { "worse" };
            format!("{}: {} {side} in a row would be enough", paint.yellow("go on"), more_cases(evidence.needed))
        }
    };
    format!(
        "  e-value {value}, enough from {:.0} on: {better} better, {worse} worse; {share}\n  {told}\n",
        evidence.bar
    )
}

/// What of the results does not count, and what makes the comparison weaker than it looks.
fn caveats(compared: &Compared, outcome: &Outcome) -> Vec<String> {
    let Coverage { only_base, only_head, undecided_base, undecided_head, lost, .. } = compared.comparison.coverage;
    let (base, head) = (printable(&outcome.base), printable(&outcome.head));
    let mut lines = Vec::new();
    let mut say = |count: u64, line: String| lines.extend((count > 0).then_some(line));
    say(only_base, format!("{} only in {base}", counted(only_base, "case")));
    say(only_head, format!("{} only in {head}", counted(only_head, "case")));
    say(undecided_base, format!("{} undecided in {base}", counted(undecided_base, "answer")));
    say(undecided_head, format!("{} undecided in {head}", counted(undecided_head, "answer")));
    say(lost, format!("{} left out, as nothing is decided on one side", counted(lost, "case")));
    if compared.moved {
        lines.push("the suite or its data changed in between: the same case may not be the same question".to_owned());
    }
    lines
}

/// The last line: what it all comes to.
fn sentence(compared: &Compared, sequential: bool, paint: Paint) -> String {
    let comparison = &compared.comparison;
    let Some(verdict) = comparison.verdict() else {
        return format!("{}: no case has a decided answer on both sides\n", paint.yellow("undecided"));
    };
    if sequential {
        return "an e-value may be looked at after every case; a p value may not\n".to_owned();
    }
    let usual = if compared.margin_is_given { "" } else { " as usual, since the suite's gate has no max_regression" };
    let many = match comparison.groups.len() {
        0 | 1 => String::new(),
        count => {
            format!("; the intervals of {count} rows hold together at {:.0} %", comparison.rule.confidence * 100.0)
        }
    };
    format!("{} by {}, margin {}{usual}{many}\n", word(verdict, paint), comparison.rule.by.name(), margin(comparison))
}

pub(super) fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
