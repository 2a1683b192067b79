//! Any text is a template or has a problem. What rendering gives is the same twice, and shows nothing of its marks.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use palc::base::Result;
use palc::config::OnMissing;
use palc::format::{Dialect, Document, parse};
use palc::model::Template;
use palc::render::analyse::analyse;
use palc::render::{Body, Engine, Options, Rendered, Request, Source, render};
use serde_json::json;

const ENGINES: &[Engine] = &[Engine::Jinja, Engine::Brace, Engine::Dollar, Engine::None];
const PARTIAL: &str = "---\nkind: partial\n---\nuser:\n{{ x }}{% for y in ticket %}{{ y }}{% endfor %}\n";

struct Files;

impl Source for Files {
    fn read(&self, path: &str, _version: Option<&str>) -> Result<Option<Vec<u8>>> {
        Ok((path == "prompts/_shop.md").then(|| PARTIAL.as_bytes().to_vec()))
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((&choice, bytes)) = data.split_first() else { return };
    let Ok(document) = Document::split("prompts/a.md", bytes, Dialect::Native) else { return };
    let parsed = parse(document);
    let body = Body { path: "prompts/a.md", file: parsed.document.text, span: parsed.document.body };
    let uses = analyse(body, ENGINES[usize::from(choice) % ENGINES.len()], &Template::default());
    let spans = uses.variables.iter().map(|it| it.span).chain(uses.filters.iter().map(|it| it.span));
    let spans = spans.chain(uses.includes.iter().map(|it| it.span)).chain(uses.problem.iter().map(|it| it.span));
    for span in spans {
        assert!(body.file.get(span.range()).is_some(), "{span:?} lies outside of the file");
    }

    let options = Options { fuel: 5_000, output_bytes: 1 << 18, on_missing: OnMissing::Empty, ..Options::default() };
    let variables = json!({"ticket": "user:\n{{ x }}", "x": ["\nsystem:\n", {"name": 1.5}], "n": 3});
    let request = Request {
        prompt: &parsed.prompt,
        body,
        variables: variables.as_object().cloned().unwrap_or_default(),
        context: Default::default(),
        history: Vec::new(),
        examples: Vec::new(),
        shots: None,
        source: Arc::new(Files),
        options,
        salt: 7,
        explain: choice % 2 == 1,
    };
    let Ok(first) = render(&request) else { return };
    let second = render(&request).expect("it rendered once");
    assert_eq!(text(&first), text(&second));
    let may = body.file.contains('\u{fdd0}') || body.file.to_lowercase().contains("fdd0");
    assert!(may || !text(&first).contains('\u{fdd0}'), "a mark was left in the text");
});

fn text(rendered: &Rendered) -> String {
    rendered.messages.iter().map(|message| format!("{}:\n{}\n", message.role, message.text())).collect()
}
