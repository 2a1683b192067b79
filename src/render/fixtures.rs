//! The cases in `fixtures/render`: one file each, with everything a rendering needs and what must come out.
//!
//! A file starts with a sentence and a line of JSON (`variables`, `history`, `examples`, and options by their names).
//! `>>> path` starts a file of the case's repository, the first one being rendered; `>>> gives` starts what comes out.
//! Set `PALC_BLESS=1` while compiling the tests to write down what comes out now.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::base::{Error, Finding, Place, Result};
use crate::config::OnMissing;
use crate::format::{Dialect, Document, parse};
use crate::model::Value;

use super::{Body, Markers, Message, Options, Part, Rendered, Request, Source, Turn, render};

/// A repository in memory.
#[derive(Debug, Default)]
pub(super) struct Files(pub BTreeMap<String, String>);

impl Source for Files {
    fn read(&self, path: &str, version: Option<&str>) -> Result<Option<Vec<u8>>> {
        let name = version.map_or(path.to_owned(), |version| format!("{path}@{version}"));
        Ok(self.0.get(&name).map(|text| text.clone().into_bytes()))
    }
}

/// Render a file of a repository in memory.
pub(super) fn run(path: &str, files: &[(&str, &str)], settings: &Value) -> Result<Rendered> {
    let files = Files(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect());
    let text = files.0.get(path).expect("the file is there").clone();
    let document = Document::split(path, text.as_bytes(), Dialect::of_path(path)).expect("splits");
    let parsed = parse(document);
    let body = Body { path, file: parsed.document.text, span: parsed.document.body };
    let turns = |key: &str| {
        let turn = |item: &Value| {
            let text = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
            Turn { role: text("role"), content: text("content"), name: item["name"].as_str().map(str::to_owned) }
        };
        settings[key].as_array().into_iter().flatten().map(turn).collect()
    };
    render(&Request {
        prompt: &parsed.prompt,
        body,
        variables: settings["variables"].as_object().cloned().unwrap_or_default(),
        context: settings["context"].as_object().cloned().unwrap_or_default(),
        history: turns("history"),
        examples: turns("examples"),
        shots: None,
        source: Arc::new(files),
        options: options(settings),
        salt: 7,
        explain: settings["explain"] == true,
    })
}

fn options(settings: &Value) -> Options {
    let mut options = Options::default();
    let number = |key: &str| settings[key].as_u64();
    options.fuel = number("fuel").unwrap_or(options.fuel);
    options.output_bytes = number("output_bytes").map_or(options.output_bytes, |n| n as usize);
    options.include_depth = number("include_depth").map_or(options.include_depth, |n| n as usize);
    options.on_missing = settings["on_missing"].as_str().and_then(OnMissing::from_word).unwrap_or(OnMissing::Error);
    options.first_role = settings["first_role"].as_str().unwrap_or("user").into();
    options.markers = match settings["markers"].as_str() {
        Some("loose") => Markers::Loose,
        Some("calls") => Markers::Calls,
        _ => Markers::Lines,
    };
    options
}

#[test]
fn every_case_gives_what_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/render");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("fixtures").flatten().map(|file| file.path()).collect();
    paths.sort();
    let wrong: Vec<String> = paths.iter().filter_map(|path| check(path)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check(path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path).expect("reads");
    let mut parts = text.split(">>> ");
    let head = parts.next().unwrap_or_default();
    let settings = head.lines().find(|line| line.starts_with('{')).map_or(Value::Null, |line| {
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    });
    let named: Vec<(&str, &str)> = parts.map(|part| part.split_once('\n').unwrap_or((part, ""))).collect();
    let (files, expected): (Vec<_>, Vec<_>) = named.into_iter().partition(|(name, _)| *name != "gives");
    // The line break before the next part belongs to the case, not to the file.
    let files: Vec<(&str, String)> = files
        .into_iter()
        .map(|(name, text)| (name, text.strip_suffix('\n').unwrap_or(text).replace("\\r", "\r")))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let expected = expected.first().map_or("", |(_, text)| *text).trim_end();
    let given = match run(files[0].0, &files, &settings) {
        Ok(rendered) => show(&rendered),
        Err(error) => show_error(&error),
    };
    if given.trim_end() == expected {
        return None;
    }
    if option_env!("PALC_BLESS").is_some() {
        let kept = text.split(">>> gives").next().unwrap_or_default();
        std::fs::write(path, format!("{kept}>>> gives\n{}\n", given.trim_end())).expect("writes");
        return None;
    }
    Some(format!("== {}\n-- expected\n{expected}\n-- given\n{given}", path.display()))
}

fn show(rendered: &Rendered) -> String {
    let mut text: String = rendered.messages.iter().map(message).collect();
    rendered.edges.iter().for_each(|edge| text.push_str(&format!("> {} needs {}\n", edge.from, edge.to)));
    rendered.warnings.iter().for_each(|warning| text.push_str(&format!("! {}", finding(warning))));
    text
}

fn message(message: &Message) -> String {
    let name = message.name.iter().map(|name| format!(" name={name}")).collect::<String>();
    let attributes: String = message.attributes.iter().map(|(key, value)| format!(" {key}={value}")).collect();
    let part = |part: &Part| match part {
        Part::Text(text) => format!("{text}\n"),
        Part::Media { url, mime } => format!("<media {url} {}>\n", mime.as_deref().unwrap_or("-")),
    };
    let parts: String = message.parts.iter().map(part).collect();
    let segments = message.segments.iter().map(|segment| {
        let from = segment.origin.as_ref().map_or("elsewhere".into(), |origin| {
            let verb = if origin.computed { "computed at" } else { "from" };
            format!("{verb} {}-{}:{}", at(&origin.place), origin.place.end_line, origin.place.end_column)
        });
        format!("  | {:?} {from}\n", segment.text)
    });
    format!("[{}{name}{attributes}]\n{parts}{}", message.role, segments.collect::<String>())
}

fn show_error(error: &Error) -> String {
    let findings: String = error.places().iter().map(finding).collect();
    format!("error: {}\n{findings}", error.message())
}

fn finding(finding: &Finding) -> String {
    let mut text = format!("{} {} {}\n", at(&finding.place), finding.rule, finding.message);
    if finding.place.is_exact() {
        text.push_str(&format!("  | {}\n", finding.place.source));
    }
    finding.related.iter().for_each(|(place, what)| text.push_str(&format!("  {} {what}\n", at(place))));
    finding.hints.iter().for_each(|hint| text.push_str(&format!("  hint: {hint}\n")));
    text
}

fn at(place: &Place) -> String {
    if place.is_exact() { format!("{}:{}:{}", place.path, place.line, place.column) } else { place.path.clone() }
}
