//! Where keys and lines are from.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::blame::{Origin, Outcome};

use super::log::{CommitV1, short};
use super::paint::{Paint, printable};
use super::table::columns;

/// A line a key, and a line a line of the body.
pub fn table(outcome: &Outcome, paint: Paint, width: Option<usize>) -> String {
    let cells = |origin: &Origin| match &origin.commit {
        Some(commit) => [
            origin.version.filter(|_| !outcome.cut).map(|version| format!("@{version}")).unwrap_or_default(),
            commit.time.day(),
            paint.yellow(short(&commit.id)),
            printable(&commit.author),
        ],
        None => ["".into(), "not committed".into(), "".into(), "".into()],
    };
    let key = |(path, origin): &(String, Origin)| {
        let mut row = cells(origin).to_vec();
        row.push(paint.bold(&printable(path)));
        row
    };
    let line = |(number, text, origin): &(usize, String, Origin)| {
        let mut row = cells(origin).to_vec();
        row.push(format!("{} {}", paint.dim(&format!("{number:>4}")), printable(text.trim_end_matches(['\n', '\r']))));
        row
    };
    columns(&outcome.keys.iter().map(key).chain(outcome.lines.iter().map(line)).collect::<Vec<_>>(), width)
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct BlameV1<'a> {
    name: &'a str,
    path: &'a str,
    /// The front matter's keys by their paths.
    keys: Vec<KeyV1<'a>>,
    /// The body's lines.
    lines: Vec<LineV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct KeyV1<'a> {
    key: &'a str,
    #[serde(flatten)]
    origin: OriginV1,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LineV1<'a> {
    /// In the file, counted from 1.
    line: usize,
    text: &'a str,
    #[serde(flatten)]
    origin: OriginV1,
}

/// Both are absent for what is not committed.
#[derive(Debug, Serialize, JsonSchema)]
struct OriginV1 {
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    /// For what a merge brought in, the commit of its branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    made: Option<CommitV1>,
}

pub fn object(outcome: &Outcome) -> BlameV1<'_> {
    let origin = |origin: &Origin| OriginV1 {
        version: origin.version.filter(|_| !outcome.cut),
        made: origin.commit.as_ref().map(CommitV1::of),
    };
    BlameV1 {
        name: outcome.file.name.as_str(),
        path: &outcome.file.path,
        keys: outcome.keys.iter().map(|(key, from)| KeyV1 { key, origin: origin(from) }).collect(),
        lines: outcome
            .lines
            .iter()
            .map(|(line, text, from)| LineV1 {
                line: *line,
                text: text.trim_end_matches(['\n', '\r']),
                origin: origin(from),
            })
            .collect(),
    }
}
