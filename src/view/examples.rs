//! Sets of examples.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::paint::{Paint, printable};
use super::table;
use super::written::{self, WrittenV1};
use crate::app::examples::{Added, Chosen, Entry, Listed};
use crate::render::examples::{short, text};

/// One line a set.
pub fn sets(sets: &[Listed], paint: Paint) -> String {
    let row = |set: &Listed| {
        let count = match set.entries.len() {
            1 => "1 example".to_owned(),
            count => format!("{count} examples"),
        };
        vec![paint.cyan(&printable(&set.name)), count, paint.dim(&printable(&set.found.shown))]
    };
    table::columns(&sets.iter().map(row).collect::<Vec<_>>(), None)
}

/// One line an example: where it stands, what it asks and what it answers.
pub fn entries<'e>(entries: impl IntoIterator<Item = &'e Entry>, paint: Paint, width: Option<usize>) -> String {
    table::columns(&entries.into_iter().map(|entry| row(entry, paint)).collect::<Vec<_>>(), width)
}

/// As [`entries`], with how alike each one is.
pub fn chosen(chosen: &Chosen, paint: Paint, width: Option<usize>) -> String {
    let row = |(entry, picked): &(Entry, crate::render::examples::Picked)| {
        let mut cells = row(entry, paint);
        cells.insert(1, format!("{}%", picked.likeness.percent()));
        cells
    };
    table::columns(&chosen.picked.iter().map(row).collect::<Vec<_>>(), width)
}

/// What was left out, and why.
pub fn left_out(chosen: &Chosen) -> Option<String> {
    let rows: Vec<String> = chosen.same.iter().map(|entry| entry.row.to_string()).collect();
    let which = if rows.len() == 1 { "example" } else { "examples" };
    (!rows.is_empty()).then(|| format!("left out: {which} {}, which would give the answer away", rows.join(", ")))
}

fn row(entry: &Entry, paint: Paint) -> Vec<String> {
    let number = paint.dim(&entry.row.to_string());
    let input = printable(&short(&text(&entry.example.input), 50));
    let output = printable(&short(&text(&entry.example.output), 50));
    vec![number, input, format!("-> {output}")]
}

/// What was added, in one sentence.
pub fn sentence(added: &Added) -> String {
    let count = |count: usize| format!("{count} {}", if count == 1 { "example" } else { "examples" });
    let verb = if added.written.dry_run { "would add" } else { "added" };
    let path = printable(&added.found.shown);
    match added.skipped.len() {
        0 => format!("{verb} {} to {path}", count(added.added.len())),
        skipped => format!("{verb} {} to {path}, and left out {skipped} that it has", count(added.added.len())),
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct SetV1 {
    name: String,
    path: String,
    count: usize,
    /// Those of the set that was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    examples: Vec<ExampleV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ExampleV1 {
    /// Its number in the file, counted from 1.
    row: u64,
    /// The line of the file it starts in.
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    input: Value,
    output: Value,
    /// How alike its words are to those of the case, in hundredths.
    #[serde(skip_serializing_if = "Option::is_none")]
    likeness: Option<u64>,
}

impl ExampleV1 {
    fn of(entry: &Entry) -> Self {
        let Entry { example, row, line, .. } = entry.clone();
        ExampleV1 { row, line, id: example.id, input: example.input, output: example.output, likeness: None }
    }
}

pub fn objects(sets: &[Listed], whole: bool) -> Vec<SetV1> {
    let object = |set: &Listed| SetV1 {
        name: set.name.clone(),
        path: set.found.shown.clone(),
        count: set.entries.len(),
        examples: if whole { set.entries.iter().map(ExampleV1::of).collect() } else { Vec::new() },
    };
    sets.iter().map(object).collect()
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct AddedV1 {
    path: String,
    added: Vec<ExampleV1>,
    /// Those whose input was in the set already.
    skipped: Vec<ExampleV1>,
    #[serde(flatten)]
    written: WrittenV1,
}

pub fn added(added: &Added) -> AddedV1 {
    AddedV1 {
        path: added.found.shown.clone(),
        added: added.added.iter().map(ExampleV1::of).collect(),
        skipped: added.skipped.iter().map(ExampleV1::of).collect(),
        written: written::object(&added.written),
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct PickedV1 {
    path: String,
    /// How many there were to choose from.
    of: usize,
    picked: Vec<ExampleV1>,
    /// Those that ask what the case asks, or were excepted: they are never shown.
    left_out: Vec<ExampleV1>,
}

pub fn picked(chosen: &Chosen) -> PickedV1 {
    let picked = chosen.picked.iter();
    PickedV1 {
        path: chosen.found.shown.clone(),
        of: chosen.all,
        picked: picked
            .map(|(entry, picked)| ExampleV1 { likeness: Some(picked.likeness.percent()), ..ExampleV1::of(entry) })
            .collect(),
        left_out: chosen.same.iter().map(ExampleV1::of).collect(),
    }
}
