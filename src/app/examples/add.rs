//! More examples at the end of a set.

use std::collections::HashMap;

use super::set::{self, Entry, Found};
use super::{AddRequest, New};
use crate::app::App;
use crate::app::given;
use crate::app::write::{Work, Written};
use crate::base::disk::{self, Snapshot};
use crate::base::text::{BOM, Lines};
use crate::base::{Error, Finding, Place, Result, Span};
use crate::model::{Map, Value};
use crate::render::dataset::{self, Format};
use crate::render::examples::{Question, short, text};

#[derive(Debug)]
pub struct Added {
    pub found: Found,
    pub added: Vec<Entry>,
    /// Those whose input is in the set already.
    pub skipped: Vec<Entry>,
    pub written: Written,
}

pub fn add(app: &App, request: &AddRequest) -> Result<Added> {
    let mut work = Work::begin(app)?;
    let found = set::find(app, &request.set)?.inside(app)?;
    let before = if found.path.is_file() { Some(disk::read(&found.path)?) } else { None };
    let old = text_of(&found, before.as_ref())?;
    let is_new = old.trim_start_matches(BOM).trim().is_empty();
    let known = if is_new { Vec::new() } else { set::entries(found.format, &found.shown, old.as_bytes())? };
    let (new, twice) = apart(&found.shown, &old, &known, fresh(app, request)?);
    if !twice.is_empty() && !request.skip_known {
        let findings = twice.into_iter().map(|(_, finding)| finding).collect();
        let error = Error::no("nothing was added, because the set has these already").with_findings(findings);
        return Err(error.hint("--skip-known adds the others"));
    }
    let rows: Vec<Map> = new.iter().map(|entry| entry.values.clone()).collect();
    let after = dataset::append(found.format, &found.shown, &old, &rows)?;
    work.put(&found.shown, before.as_ref(), &after);
    let added = set::entries(found.format, &found.shown, after.as_bytes())?.split_off(known.len());
    let skipped = twice.into_iter().map(|(entry, _)| entry).collect();
    Ok(Added { added, skipped, written: work.finish(request.dry_run)?, found })
}

fn text_of(found: &Found, before: Option<&Snapshot>) -> Result<String> {
    let bytes = before.map(|snapshot| snapshot.bytes.clone()).unwrap_or_default();
    let wrong = |_| Error::invalid(format!("{} is not UTF-8", found.shown)).hint("save it as UTF-8 to add to it");
    String::from_utf8(bytes).map_err(wrong)
}

/// The examples that shall be added.
fn fresh(app: &App, request: &AddRequest) -> Result<Vec<Entry>> {
    match &request.new {
        New::One { id, input, output } => {
            let id = id.iter().map(|id| ("id", id));
            let values: Map = id
                .chain([("input", input), ("output", output)])
                .map(|(key, text)| (key.to_owned(), Value::from(text.as_str())))
                .collect();
            let bytes = Value::Object(values).to_string();
            set::entries(Format::JsonLines, "the example", bytes.as_bytes())
        }
        New::File(path) => {
            let format = given::format(path)?;
            let shown = path.display().to_string();
            let path = app.env.folder().join(path);
            set::read(&Found { shown, path, format, within: None })
        }
        New::Piped(text) => set::entries(format_of(text), "standard input", text.as_bytes()),
    }
}

/// Standard input has no name that tells.
fn format_of(text: &str) -> Format {
    match text.trim_start_matches(BOM).trim_start().chars().next() {
        Some('[') => Format::Json,
        Some('{') => Format::JsonLines,
        _ => Format::Yaml,
    }
}

/// The new ones, and those that ask what is asked already, each with what is wrong with it.
fn apart(path: &str, text: &str, known: &[Entry], fresh: Vec<Entry>) -> (Vec<Entry>, Vec<(Entry, Finding)>) {
    let lines = Lines::new(text);
    let mut asked: HashMap<Question, (Entry, Place)> = HashMap::new();
    for entry in known {
        let place = Place::in_lines(path, &lines, Span::at(lines.start(entry.line as u32)));
        asked.entry(entry.example.question()).or_insert_with(|| (entry.clone(), place));
    }
    let (mut new, mut twice) = (Vec::new(), Vec::new());
    for entry in fresh {
        match asked.get(&entry.example.question()) {
            Some((earlier, place)) => twice.push((entry.clone(), finding(&entry, earlier, place.clone()))),
            None => {
                asked.insert(entry.example.question(), (entry.clone(), Place::file("what is added")));
                new.push(entry);
            }
        }
    }
    (new, twice)
}

fn finding(new: &Entry, earlier: &Entry, place: Place) -> Finding {
    let input = short(&text(&new.example.input), 60);
    if !place.is_exact() {
        let message = format!("`{input}` comes twice, as {} and {}", earlier.row, new.row);
        return Finding::error("duplicate-example", place, message);
    }
    let same = text(&new.example.output).trim() == text(&earlier.example.output).trim();
    let answer = if same { "" } else { ", with another output" };
    Finding::error("duplicate-example", place, format!("`{input}` is example {} already{answer}", earlier.row))
}
