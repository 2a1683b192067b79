//! Any bytes are a document or a finding, and a document loses none of them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use palc::format::{Dialect, Document, parse};

const PATHS: &[&str] = &[
    "prompts/a.md",
    "prompts/a.prompt",
    "prompts/a.prompty",
    "prompts/a.prompt.yml",
    "prompts/a/SKILL.md",
    "prompts/a.prompt.md",
    "prompts/a.mdc",
    "prompts/a.txt",
];

fuzz_target!(|data: &[u8]| {
    let Some((&choice, bytes)) = data.split_first() else { return };
    let path = PATHS[usize::from(choice) % PATHS.len()];
    let Ok(document) = Document::split(path, bytes, Dialect::of_path(path)) else { return };
    assert_eq!(document.text.as_bytes(), bytes);
    assert!(document.text.is_char_boundary(document.body.start) && document.body.end <= bytes.len());
    if let Some(front) = document.front {
        assert!(front.start <= front.end && front.end <= document.body.start);
    }
    let text = document.text;
    for finding in parse(document).findings {
        let span = finding.place.span;
        assert!(text.get(span.range()).is_some(), "{finding:?} lies outside of the text");
    }
});
