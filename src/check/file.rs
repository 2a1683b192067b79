//! One file as its rules see it.

use crate::format::Parsed;
use crate::format::fields::FIELDS;
use crate::format::shape::{Shape, walk_fields};
use crate::format::yaml::Node;
use crate::model::Prompt;
use crate::render::analyse::{Uses, analyse};
use crate::render::{Body, Engine};

use super::basis::Basis;

/// A file that was read. Its path is left out on purpose: what is found must depend on the content alone.
#[derive(Debug)]
pub struct File<'a> {
    pub parsed: &'a Parsed<'a>,
    /// What the template uses; nothing if its language is not one that palc renders.
    pub uses: Option<&'a Uses>,
    pub basis: &'a Basis,
    /// Only printable ASCII and line ends: nothing invisible can be in it. By far the most common case.
    pub plain: bool,
}

impl<'a> File<'a> {
    /// The front matter in palc's words, if there is one that could be read.
    pub fn root(&self) -> Option<&'a Node> {
        self.parsed.fields()
    }

    pub fn prompt(&self) -> &'a Prompt {
        &self.parsed.prompt
    }

    pub fn text(&self) -> &'a str {
        self.parsed.document.text
    }

    pub fn body(&self) -> &'a str {
        self.parsed.document.body_text()
    }

    /// Where the body begins in the file.
    pub fn body_start(&self) -> usize {
        self.parsed.document.body.start
    }

    /// Every value of the front matter that has a known shape.
    pub fn values(&self, mut visit: impl FnMut(&str, &'a Node, &'static Shape)) {
        if let Some(root) = self.root() {
            walk_fields(root, FIELDS, "", &mut visit);
        }
    }
}

pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t'))
}

/// What the template of a file uses. `engine` is that of files which name none.
pub fn uses(parsed: &Parsed<'_>, engine: Engine) -> Option<Uses> {
    let document = &parsed.document;
    let named = parsed.prompt.template.engine.as_deref();
    let engine = if named.is_some() { Engine::named(named).ok()? } else { engine };
    let body = Body { path: document.path, file: document.text, span: document.body };
    // Most bodies that are plain text need no template to be read.
    let plain = engine == Engine::Jinja
        && !body.text().contains("{{")
        && !body.text().contains("{%")
        && !body.text().contains("{#");
    match engine {
        Engine::None => None,
        _ if plain => Some(Uses::default()),
        engine => Some(analyse(body, engine, &parsed.prompt.template)),
    }
}
