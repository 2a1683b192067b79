//! Tables of tests, with promptfoo's own columns: `__expected`, `__threshold` and so on.

use std::collections::BTreeMap;

use super::assertions::Assertion;
use super::cases::Test;
use super::sources::Notes;
use super::table::TABLE;
use crate::base::text::Lines;
use crate::base::{Place, Span};
use crate::model::Value;

/// Whether it has variables only.
pub fn is_plain(text: &str) -> bool {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.headers().is_ok_and(|names| !names.iter().any(|name| name.trim().starts_with("__")))
}

pub fn tests(path: &str, text: &str, notes: &mut Notes<'_>) -> Vec<Test> {
    let text = text.trim_start_matches('\u{feff}');
    let lines = Lines::new(text);
    // A row is said to begin where the one before it ends, which may be in the middle of a line end.
    let place = |position: Option<&csv::Position>| {
        let at = position.map_or(0, |position| position.byte() as usize).min(text.len());
        let skipped = text.as_bytes()[at..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        Place::in_lines(path, &lines, Span::at(at + skipped))
    };
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
    let names: Vec<String> = match reader.headers() {
        Ok(names) => names.iter().map(|name| name.trim().to_owned()).collect(),
        Err(error) => {
            notes.lost(place(None), format!("the table cannot be read: {error}"));
            return Vec::new();
        }
    };
    let names: Vec<Column> = names.into_iter().map(|name| column(name, &place(None), notes)).collect();
    let mut tests = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let at = place(record.position());
                tests.push(test(&names, &record, &at, notes));
            }
            Err(error) => notes.lost(place(error.position()), format!("the row cannot be read: {error}")),
        }
    }
    tests
}

enum Column {
    Var(String),
    /// With its number, 0 if it has none.
    Expected(u32),
    ExpectedThreshold(u32),
    Description,
    Metric,
    Threshold,
    Tag(String),
    Nothing,
}

fn column(name: String, place: &Place, notes: &mut Notes<'_>) -> Column {
    let Some(own) = name.strip_prefix("__") else { return Column::Var(name) };
    let number = |rest: &str| if rest.is_empty() { Some(0) } else { rest.parse().ok() };
    let found = match own {
        "description" => Some(Column::Description),
        "metric" => Some(Column::Metric),
        "threshold" => Some(Column::Threshold),
        _ => None,
    };
    let expected = || own.strip_prefix("expected").and_then(number).map(Column::Expected);
    let threshold = || {
        let inner = own.strip_prefix("config:__expected")?.strip_suffix(":threshold")?;
        number(inner).map(Column::ExpectedThreshold)
    };
    let tag = || own.strip_prefix("metadata:").map(|key| Column::Tag(key.trim_end_matches("[]").to_owned()));
    found.or_else(expected).or_else(threshold).or_else(tag).unwrap_or_else(|| {
        notes.lost(place.clone(), format!("the column `{name}` cannot be said in a suite"));
        Column::Nothing
    })
}

fn test(columns: &[Column], record: &csv::StringRecord, place: &Place, notes: &mut Notes<'_>) -> Test {
    let mut test = Test { place: place.clone(), ..Test::default() };
    let mut expected: BTreeMap<u32, Assertion> = BTreeMap::new();
    let mut thresholds: Vec<(u32, &str)> = Vec::new();
    let mut metric = None;
    for (column, cell) in columns.iter().zip(record) {
        let said = Some(cell.trim()).filter(|cell| !cell.is_empty());
        match (column, said) {
            (Column::Var(name), _) => _ = test.vars.insert(name.clone(), Value::from(cell)),
            (_, None) | (Column::Nothing, _) => {}
            (Column::Expected(number), Some(cell)) => _ = expected.insert(*number, assertion(cell, place)),
            (Column::ExpectedThreshold(number), Some(cell)) => thresholds.push((*number, cell)),
            (Column::Description, Some(cell)) => test.description = Some(cell.to_owned()),
            (Column::Metric, Some(cell)) => metric = Some(cell.to_owned()),
            (Column::Threshold, Some(cell)) => test.threshold = number(cell, place, notes),
            (Column::Tag(key), Some(cell)) => {
                test.tags.extend(cell.split(',').map(|word| format!("{key}:{}", word.trim())));
            }
        }
    }
    for (of, cell) in thresholds {
        let found = number(cell, place, notes);
        // `__config:__expected1:…` is about `__expected` too, where there is only that.
        let key = if expected.contains_key(&of) { of } else { 0 };
        match expected.get_mut(&key) {
            Some(assertion) => assertion.threshold = found,
            None => notes.lost(place.clone(), "there is a threshold for an assertion that is not there"),
        }
    }
    test.assertions =
        expected.into_values().map(|assertion| Assertion { metric: metric.clone(), ..assertion }).collect();
    test
}

fn number(cell: &str, place: &Place, notes: &mut Notes<'_>) -> Option<f64> {
    let number = cell.parse().ok();
    if number.is_none() {
        notes.lost(place.clone(), format!("`{cell}` is no number"));
    }
    number
}

/// `contains: x`, `similar(0.8): x`, `is-json`; anything else is what the answer must equal.
fn assertion(cell: &str, place: &Place) -> Assertion {
    let bare = cell.strip_prefix("not-").unwrap_or(cell);
    for (begin, type_) in
        [("fn:", "javascript"), ("eval:", "javascript"), ("grade:", "llm-rubric"), ("file://", "javascript")]
    {
        if let Some(rest) = cell.strip_prefix(begin) {
            return Assertion::new(type_, Value::from(rest.trim()), place.clone());
        }
    }
    let mut types: Vec<&str> = TABLE.iter().map(|known| known.theirs).collect();
    types.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for name in types {
        let Some(rest) = bare.strip_prefix(name) else { continue };
        let (threshold, rest) = match rest.strip_prefix('(').and_then(|inside| inside.split_once(')')) {
            Some((number, after)) => (number.trim().parse().ok(), after),
            None => (None, rest),
        };
        let value = match rest.strip_prefix(':') {
            Some(value) => Value::from(value.trim()),
            None if rest.is_empty() => Value::Null,
            None => continue,
        };
        let type_ = &cell[..cell.len() - bare.len() + name.len()];
        return Assertion { threshold, ..Assertion::new(type_, value, place.clone()) };
    }
    Assertion::new("equals", Value::from(cell), place.clone())
}
