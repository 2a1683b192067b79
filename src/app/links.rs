//! Which prompt names which other: includes, bases, personas, parents.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Result, Span};
use crate::format::{Dialect, Document, Parsed, parse};
use crate::model::Name;
use crate::render::analyse::analyse;
use crate::render::include::{candidates, split_version};
use crate::render::request::{Body, Engine};
use crate::repo::{PromptFile, Source, Workspace, listing};

/// A place in a file that names another prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub from: PromptFile,
    pub to: Name,
    pub what: What,
    /// As it is written, without quotes and without a version.
    pub written: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Included by the body, where the name stands between quotes.
    Include(Span),
    /// Named by a field, or by the item of one.
    Field(Vec<String>),
}

impl What {
    /// Whether the linking prompt does not work without the other one.
    pub fn is_needed(&self) -> bool {
        match self {
            What::Include(_) => true,
            What::Field(path) => path[0] == "extends",
        }
    }

    pub fn word(&self) -> &str {
        match self {
            What::Include(_) => "includes",
            What::Field(path) => match path[0].as_str() {
                "extends" => "extends",
                "persona" => "speaks as",
                "origin" => "was made from",
                "related" => "is related to",
                _ => "uses",
            },
        }
    }
}

/// The prompts of the work tree, as names and ids lead to them.
#[derive(Debug)]
pub struct Map {
    pub files: Vec<PromptFile>,
    paths: BTreeMap<String, Name>,
    roots: Vec<String>,
}

impl Map {
    pub fn of(workspace: &Workspace) -> Result<Map> {
        let files = listing::files(&Source::Worktree(workspace))?;
        let paths = files.iter().map(|file| (file.path.clone(), file.name.clone())).collect();
        Ok(Map { files, paths, roots: workspace.layout().roots().to_vec() })
    }

    /// The same prompts with some of them at other paths.
    #[must_use]
    pub fn moved(&self, moves: &BTreeMap<String, PromptFile>) -> Map {
        let file = |file: &PromptFile| moves.get(&file.path).unwrap_or(file).clone();
        let files: Vec<PromptFile> = self.files.iter().map(file).collect();
        let paths = files.iter().map(|file| (file.path.clone(), file.name.clone())).collect();
        Map { files, paths, roots: self.roots.clone() }
    }

    /// The prompt that a name means where it is written.
    pub fn target(&self, from: &str, written: &str, partials: &[String]) -> Option<&Name> {
        let candidates = candidates(written, from, &self.roots, partials).unwrap_or_default();
        let exact = self.files.iter().find(|file| file.name.as_str() == written).map(|file| &file.name);
        candidates.iter().find_map(|path| self.paths.get(path)).or(exact)
    }

    /// The links of one file.
    pub fn links(&self, file: &PromptFile, bytes: &[u8]) -> Vec<Link> {
        let Ok(document) = Document::split(&file.path, bytes, Dialect::of_path(&file.path)) else { return Vec::new() };
        let parsed = parse(document);
        let partials = &parsed.prompt.partials;
        let link = |(what, written): (What, String)| {
            let to = self.target(&file.path, &written, partials)?.clone();
            Some(Link { from: file.clone(), to, what, written })
        };
        fields(&parsed).into_iter().chain(includes(&parsed)).filter_map(link).collect()
    }
}

/// Every link of the work tree to a prompt that is asked for. Files that do not hold its last word are not read closely.
pub fn links_to(workspace: &Workspace, map: &Map, wanted: &BTreeSet<Name>) -> Result<Vec<Link>> {
    let needles: BTreeSet<&str> = wanted.iter().map(|name| name.stem().trim_start_matches('_')).collect();
    let source = Source::Worktree(workspace);
    let mut found = Vec::new();
    for file in &map.files {
        let Some(bytes) = source.read(&file.path)? else { continue };
        let text = String::from_utf8_lossy(&bytes);
        if needles.iter().any(|needle| text.contains(needle)) {
            found.extend(map.links(file, &bytes).into_iter().filter(|link| wanted.contains(&link.to)));
        }
    }
    Ok(found)
}

fn fields(parsed: &Parsed<'_>) -> Vec<(What, String)> {
    let Some(fields) = parsed.fields() else { return Vec::new() };
    let single = ["extends", "persona", "origin.parent"].into_iter().filter_map(|path| {
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        let text = fields.at(path.iter().map(String::as_str))?.text()?;
        Some((What::Field(path), split_version(text).0.to_owned()))
    });
    let partials = fields.get("partials").into_iter().flat_map(|node| node.items().iter().enumerate());
    let partials = partials.filter_map(|(at, node)| {
        Some((What::Field(vec!["partials".into(), at.to_string()]), split_version(node.text()?).0.to_owned()))
    });
    let related = fields.get("related").into_iter().flat_map(|node| node.items().iter().enumerate());
    let related = related.filter_map(|(at, node)| {
        Some((What::Field(vec!["related".into(), at.to_string(), "to".into()]), node.get("to")?.text()?.to_owned()))
    });
    single.chain(partials).chain(related).collect()
}

/// The names that tags of the body include.
fn includes(parsed: &Parsed<'_>) -> Vec<(What, String)> {
    let document = &parsed.document;
    if parsed.prompt.template.engine.as_deref().is_some_and(|engine| engine != "jinja") {
        return Vec::new();
    }
    let body = Body { path: document.path, file: document.text, span: document.body };
    let uses = analyse(body, Engine::Jinja, &parsed.prompt.template);
    // A body that cannot be read may still be mended, so what looks like an include is taken for one.
    let is_one =
        |at: usize| uses.problem.is_some() || uses.includes.iter().any(|include| include.span.range().contains(&at));
    quoted_in_tags(document)
        .into_iter()
        .filter(|(span, _)| is_one(span.start))
        .map(|(span, text)| (What::Include(span), text))
        .collect()
}

fn quoted_in_tags(document: &Document<'_>) -> Vec<(Span, String)> {
    let body = document.body_text();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = body[at..].find("{%").map(|open| at + open) {
        let Some(close) = body[open..].find("%}").map(|close| open + close) else { break };
        let tag = &body[open + 2..close];
        let verb = tag.trim_start_matches(['-', '+']).split_whitespace().next().unwrap_or("");
        if matches!(verb, "include" | "import" | "from" | "extends") {
            found.extend(quoted(tag).map(|(start, text)| {
                let start = document.body.start + open + 2 + start;
                let name = split_version(text).0;
                (Span::new(start, start + name.len()), name.to_owned())
            }));
        }
        at = close + 2;
    }
    found
}

/// The texts in quotes with their offsets.
fn quoted(tag: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + tag[at..].find(['"', '\''])?;
        let quote = char::from(tag.as_bytes()[start]);
        let length = tag[start + 1..].find(quote)?;
        at = start + 1 + length + 1;
        Some((start + 1, &tag[start + 1..start + 1 + length]))
    })
}
