//! A prompt that builds on another takes over what it does not say itself.

use std::sync::Arc;

use crate::base::{Error, Finding, Result};
use crate::format::{Dialect, Document, parse};
use crate::model::{Map, Prompt};

use super::include::{Library, Source};
use super::request::{Body, Edge, Options};

/// The prompt with everything it inherits. The body stays its own: it fills the blocks of the other by `{% block %}`.
pub fn inherit(
    prompt: &Prompt,
    body: Body<'_>,
    source: Arc<dyn Source>,
    options: &Options,
) -> Result<(Prompt, Vec<Edge>)> {
    let library = Library::new(source, &options.roots, &prompt.partials);
    let (mut whole, mut next) = (prompt.clone(), prompt.extends.clone());
    let mut chain = vec![body.path.to_owned()];
    while let Some(name) = next {
        let from = chain.last().cloned().unwrap_or_default();
        let failed = |rule: &str, message: String| {
            let finding = Finding::error(rule, body.place(super::analyse::front_key(body, "extends")), message);
            Error::findings(format!("cannot build on `{name}`"), vec![finding])
        };
        let base = library.find(&name, &from).map_err(|refusal| failed("broken-include", refusal.message(&name)))?;
        if chain.contains(&base.name) {
            chain.push(base.name.clone());
            return Err(failed(
                "cyclic-include",
                format!("prompts extend each other in a circle: {}", chain.join(" → ")),
            ));
        }
        let document = Document::split(&base.path, base.file.as_bytes(), Dialect::of_path(&base.path));
        let base_prompt = document.map(|document| parse(document).prompt).unwrap_or_default();
        whole = merge(whole, &base_prompt);
        chain.push(base.name.clone());
        next = base_prompt.extends;
    }
    Ok((whole, library.edges()))
}

/// What a model is asked with is inherited; what the prompt is, is its own.
fn merge(mut prompt: Prompt, base: &Prompt) -> Prompt {
    if prompt.models.is_empty() {
        prompt.models.clone_from(&base.models);
        prompt.provider = prompt.provider.or_else(|| base.provider.clone());
    }
    fill(&mut prompt.params, &base.params);
    fill(&mut prompt.input.default, &base.input.default);
    prompt.input.schema = prompt.input.schema.or_else(|| base.input.schema.clone());
    prompt.input.required.extend(
        base.input.required.iter().filter(|name| !prompt.input.required.contains(name)).cloned().collect::<Vec<_>>(),
    );
    prompt.output.format = prompt.output.format.or_else(|| base.output.format.clone());
    prompt.output.schema = prompt.output.schema.or_else(|| base.output.schema.clone());
    prompt.output.strict |= base.output.strict;
    if prompt.tools.is_empty() {
        prompt.tools.clone_from(&base.tools);
    }
    if prompt.partials.is_empty() {
        prompt.partials.clone_from(&base.partials);
    }
    prompt
}

fn fill(own: &mut Map, base: &Map) {
    for (name, value) in base {
        own.entry(name.clone()).or_insert_with(|| value.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::Files;
    use super::*;

    fn inherited(files: &[(&str, &str)]) -> Result<Prompt> {
        let (path, text) = files[0];
        let parsed = parse(Document::split(path, text.as_bytes(), Dialect::Native).expect("splits"));
        let body = Body { path, file: text, span: parsed.document.body };
        let source = Files(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect());
        inherit(&parsed.prompt, body, Arc::new(source), &Options::default()).map(|(prompt, _)| prompt)
    }

    #[test]
    fn what_is_not_said_comes_from_the_base() {
        let prompt = inherited(&[
            ("prompts/a.md", "---\nextends: base\nid: a\nparams: {temperature: 0.1}\n---\n"),
            (
                "prompts/base.md",
                "---\nextends: root\nid: b\nparams: {temperature: 1, seed: 2}\ninput: {required: [x]}\n---\n",
            ),
            ("prompts/root.md", "---\nmodel: openai/gpt-4o\n---\n"),
        ])
        .expect("inherits");
        assert_eq!(prompt.model(), Some("openai/gpt-4o"));
        assert_eq!(serde_json::Value::Object(prompt.params).to_string(), r#"{"temperature":0.1,"seed":2}"#);
        assert_eq!((prompt.id.as_deref(), prompt.input.required), (Some("a"), vec!["x".to_owned()]));
    }

    #[test]
    fn circles_and_gaps_have_a_place() {
        let show = |files: &[(&str, &str)]| {
            let error = inherited(files).expect_err("fails");
            let finding = &error.places()[0];
            format!("{}:{} {}", finding.place.line, finding.place.column, finding.message)
        };
        let circle = [("prompts/a.md", "---\nid: a\nextends: b\n---\n"), ("prompts/b.md", "---\nextends: a\n---\n")];
        assert_eq!(
            show(&circle),
            "3:1 prompts extend each other in a circle: prompts/a.md → prompts/b.md → prompts/a.md"
        );
        assert_eq!(show(&circle[..1]), "3:1 there is no file `b` to include");
    }
}
