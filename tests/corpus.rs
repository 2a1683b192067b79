//! Real-shaped files, each with the reading palc must give beside it. `UPDATE=1 cargo test corpus` writes the readings.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use palc::format::{Dialect, Document, naming, parse_with};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/documents")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.to_str().unwrap();
        if path.is_dir() {
            files(&path, found);
        } else if !name.ends_with(".reading") && !name.ends_with(".palc.yaml") {
            found.push(path);
        }
    }
}

/// Everything that palc understands of a file, as text.
fn reading(path: &str, bytes: &[u8], beside: Option<&[u8]>) -> String {
    let naming = naming::name_of(path);
    let mut out = format!("name     {}\n", naming.name);
    let document = match Document::split(path, bytes, Dialect::of_path(path)) {
        Ok(document) => document,
        Err(finding) => {
            let place = &finding.place;
            return format!("{out}refused  {}:{} {} {}\n", place.line, place.column, finding.rule, finding.message);
        }
    };
    let beside = beside.map(|bytes| Document::split("beside", bytes, Dialect::Sidecar).unwrap());
    let parsed = parse_with(document, beside.as_ref());
    let prompt = &parsed.prompt;
    writeln!(out, "dialect  {}", parsed.document.dialect.word()).unwrap();
    writeln!(out, "kind     {}", prompt.kind.word()).unwrap();
    writeln!(out, "engine   {:?} {:?}", prompt.template.engine, prompt.template.messages).unwrap();
    writeln!(out, "models   {:?} {:?}", prompt.provider, prompt.models).unwrap();
    for message in &prompt.messages {
        writeln!(out, "message  {} {:?}", message.role, message.content).unwrap();
    }
    writeln!(out, "body     {:?}", prompt.body).unwrap();
    for finding in &parsed.findings {
        let place = &finding.place;
        let severity = finding.severity.word();
        writeln!(out, "{severity:<8} {}:{} {} {}", place.line, place.column, finding.rule, finding.message).unwrap();
    }
    writeln!(out, "{:#}", serde_json::Value::Object(prompt.front.clone())).unwrap();
    out
}

#[test]
fn every_file_is_read_as_expected() {
    let mut found = Vec::new();
    files(&folder(), &mut found);
    assert!(found.len() > 20, "the fixtures are not where they should be");
    for file in found {
        let path = file.strip_prefix(folder()).unwrap().to_str().unwrap().replace('\\', "/");
        let beside = fs::read(format!("{}.palc.yaml", file.display())).ok();
        let reading = reading(&path, &fs::read(&file).unwrap(), beside.as_deref());
        let expected = PathBuf::from(format!("{}.reading", file.display()));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&expected, &reading).unwrap();
        }
        let there = fs::read_to_string(&expected).unwrap_or_default();
        assert!(there == reading, "{path} is read as\n{reading}\nand not as\n{there}");
        let failed = reading.lines().any(|line| line.starts_with("error") || line.starts_with("refused"));
        assert_eq!(failed, path.starts_with("err/"), "{path}");
    }
}
