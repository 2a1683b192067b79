//! An evaluation as test results: each answer is a test. One that nobody could judge is an error, not a failure.

use crate::eval::tally::{Column, Counts, Fault};
use crate::model::Verdict;
use crate::model::results::{Line, Moment};

use super::super::review::junit::xml;

/// What comes before the tests; their counts are known by then.
pub fn head(suite: &str, counts: &Counts) -> String {
    let numbers = format!("tests=\"{}\" failures=\"{}\" errors=\"{}\"", counts.all(), counts.failed, counts.undecided);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {numbers}>\n  <testsuite name=\"{}\" {numbers}>\n",
        xml(suite)
    )
}

pub fn case(suite: &str, line: &Line, moment: Option<&Moment>) -> String {
    let column = Column::of(&line.about);
    let repeat = if line.about.repeat > 1 { format!(" #{}", line.about.repeat) } else { String::new() };
    let time = moment
        .map(|moment| format!(" time=\"{}.{:03}\"", moment.elapsed_ms / 1000, moment.elapsed_ms % 1000))
        .unwrap_or_default();
    let open = format!(
        "    <testcase classname=\"{}\" name=\"{}\"{time}",
        xml(&format!("{suite} {} {}", column.prompt, column.engine())),
        xml(&format!("{}{repeat}", line.about.case))
    );
    match Fault::of(line) {
        None => format!("{open}/>\n"),
        Some(fault) => format!("{open}>\n{}    </testcase>\n", why(line, &fault)),
    }
}

pub const FOOT: &str = "  </testsuite>\n</testsuites>\n";

fn why(line: &Line, fault: &Fault) -> String {
    let element = if fault.verdict == Verdict::Failed { "failure" } else { "error" };
    let said = |check: &&crate::model::results::Checked| check.verdict != Verdict::Passed;
    let reasons = line
        .checks
        .iter()
        .filter(said)
        .map(|check| format!("{}: {}: {}", check.name, check.verdict.word(), check.reason));
    let answer = line.answer.as_ref().map(|answer| format!("\nanswer:\n{}", answer.text));
    let all: Vec<String> = reasons.chain(line.trouble.clone()).chain(answer).collect();
    format!(
        "      <{element} message=\"{}\" type=\"{}\">{}</{element}>\n",
        xml(&fault.reason),
        xml(fault.check.as_deref().unwrap_or("no-answer")),
        xml(&all.join("\n"))
    )
}

/// All at once, for what is small.
pub fn report<'l>(suite: &str, lines: impl IntoIterator<Item = &'l Line>, counts: &Counts) -> String {
    let cases: String = lines.into_iter().map(|line| case(suite, line, None)).collect();
    format!("{}{cases}{FOOT}", head(suite, counts))
}
