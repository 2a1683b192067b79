//! Prompts become prompt files.

use std::sync::LazyLock;

use regex::Regex;

use super::config::Where;
use super::providers::Asked;
use super::sources::{File, Notes, extension, free, slug};
use crate::base::Place;
use crate::format::edit::map_lines;
use crate::format::yaml::{self, Node};
use crate::model::{Map, Value};

pub struct Prompt {
    pub name: String,
    pub path: String,
    pub text: String,
}

const ROLES: [&str; 5] = ["system", "user", "assistant", "developer", "tool"];

pub fn read(file: &File, node: &Node, to: &Where, asked: &Asked, notes: &mut Notes<'_>) -> Vec<Prompt> {
    let nodes: Vec<&Node> = if node.items().is_empty() { vec![node] } else { node.items().iter().collect() };
    let mut reader = Prompts { to, asked, taken: Vec::new(), found: Vec::new() };
    for node in nodes {
        let place = file.place(node.span);
        match node.text() {
            Some(text) => reader.one(text, None, &place, notes),
            None => reader.map(file, node, &place, notes),
        }
    }
    reader.found
}

struct Prompts<'a> {
    to: &'a Where,
    asked: &'a Asked,
    taken: Vec<String>,
    found: Vec<Prompt>,
}

impl Prompts<'_> {
    /// `{id: file://x.txt, label: short}` or `{raw: …, label: …}`.
    fn map(&mut self, file: &File, node: &Node, place: &Place, notes: &mut Notes<'_>) {
        for entry in node.entries().iter().filter(|entry| !["id", "raw", "label"].contains(&entry.key.as_str())) {
            notes.lost(file.place(entry.key_span), format!("`{}` of a prompt cannot be said in a suite", entry.key));
        }
        let label = node.get("label").and_then(Node::text);
        match node.get("raw").or_else(|| node.get("id")).and_then(Node::text) {
            Some(text) => self.one(text, label, place, notes),
            None => notes.lost(place.clone(), "a prompt is text, or a map with `id` or `raw`"),
        }
    }

    /// A text, or a file, or files behind a pattern.
    fn one(&mut self, text: &str, label: Option<&str>, place: &Place, notes: &mut Notes<'_>) {
        let named = text.strip_prefix("file://");
        let is_path = !text.contains(['\n', '{', ' '])
            && ["txt", "md", "j2", "json", "yaml", "yml"].contains(&extension(text).as_str());
        if let Some((scheme, _)) =
            text.split_once("://").filter(|(scheme, _)| named.is_none() && scheme.chars().all(char::is_alphanumeric))
        {
            return notes.lost(place.clone(), format!("`{scheme}://` names a prompt that lies elsewhere"));
        }
        if text.starts_with("exec:") {
            return notes.lost(place.clone(), "a program makes this prompt");
        }
        match named.or(is_path.then_some(text)) {
            None => self.text(text, label.unwrap_or("prompt"), place, notes),
            Some(path) if path.contains('*') => {
                let pattern = super::sources::joined(&notes.folder, path).unwrap_or_default();
                match (notes.world.find)(&pattern) {
                    Ok(paths) if !paths.is_empty() => {
                        let folder = std::mem::take(&mut notes.folder);
                        paths.iter().for_each(|path| self.file(path, label, place, notes));
                        notes.folder = folder;
                    }
                    Ok(_) => notes.lost(place.clone(), format!("no file is named like `{path}`")),
                    Err(error) => notes.lost(place.clone(), error.message()),
                }
            }
            Some(path) => self.file(path, label, place, notes),
        }
    }

    fn file(&mut self, path: &str, label: Option<&str>, place: &Place, notes: &mut Notes<'_>) {
        let stem = path.rsplit('/').next().unwrap_or(path);
        let name = label.unwrap_or_else(|| stem.split('.').next().unwrap_or(stem)).to_owned();
        match extension(path).as_str() {
            "txt" => {
                let Some((_, text)) = notes.text_of(path, place) else { return };
                let text = text.replace("\r\n", "\n");
                text.split("\n---\n").for_each(|part| self.text(part, &name, place, notes));
            }
            "md" | "j2" => {
                let Some((_, text)) = notes.text_of(path, place) else { return };
                self.text(&text.replace("\r\n", "\n"), &name, place, notes);
            }
            "json" | "yaml" | "yml" => {
                let Some((_, text)) = notes.text_of(path, place) else { return };
                self.chat(&text, &name, place, notes);
            }
            other => notes.lost(place.clone(), format!("a prompt in a `.{other}` file is a program or a table")),
        }
    }

    fn text(&mut self, text: &str, name: &str, place: &Place, notes: &mut Notes<'_>) {
        if text.trim_start().starts_with("[{") || text.trim_start().starts_with("[\n") {
            return self.chat(text, name, place, notes);
        }
        let mut front = Map::new();
        if text.lines().any(is_marker) {
            front.insert("template".into(), serde_json::json!({"messages": "single"}));
        }
        self.add(front, text.trim_end_matches('\n'), name, place, notes);
    }

    /// Messages as JSON or YAML.
    fn chat(&mut self, text: &str, name: &str, place: &Place, notes: &mut Notes<'_>) {
        let tree = yaml::read(text, 0);
        let value = tree.root.filter(|_| tree.problems.is_empty()).map(|root| root.value());
        let Some(Value::Array(messages)) = value else {
            return notes
                .lost(place.clone(), "these messages are no list of roles and texts; perhaps a template makes it one");
        };
        let mut body = String::new();
        for message in &messages {
            let role = message.get("role").and_then(Value::as_str).unwrap_or_default();
            let content = message.get("content").and_then(Value::as_str);
            match content {
                Some(content) if ROLES.contains(&role) && !content.lines().any(is_marker) => {
                    body += &format!("{role}:\n{}\n\n", content.trim_matches('\n'));
                }
                Some(_) if ROLES.contains(&role) => {
                    return notes.lost(
                        place.clone(),
                        format!("a line of the message of `{role}` would begin a message in palc"),
                    );
                }
                _ => {
                    return notes
                        .lost(place.clone(), format!("a message has a role ({}) and a text", ROLES.join(", ")));
                }
            }
        }
        self.add(Map::new(), body.trim_end(), name, place, notes);
    }

    fn add(&mut self, more: Map, body: &str, name: &str, place: &Place, notes: &mut Notes<'_>) {
        let body = template(body, place, notes);
        let stem = Some(slug(name)).filter(|stem| !stem.is_empty()).unwrap_or_else(|| "prompt".into());
        let stem = free(&stem, &self.taken);
        self.taken.push(stem.clone());
        let mut front = Map::new();
        front.insert("id".into(), Value::from((notes.world.id)()));
        front.extend(more);
        front.extend(self.asked.front.clone());
        let text = format!("---\n{}\n---\n{body}\n", map_lines(&front, false).join("\n"));
        let name = format!("{}/{stem}", self.to.name);
        let path = format!("{}/{name}.md", self.to.prompts);
        self.found.push(Prompt { name, path, text });
    }
}

/// A line that would begin a message.
fn is_marker(line: &str) -> bool {
    line.trim_end().strip_suffix(':').is_some_and(|word| ROLES.contains(&word))
}

/// Nunjucks is nearly Jinja; what is not is changed or named.
fn template(body: &str, place: &Place, notes: &mut Notes<'_>) -> String {
    static INSIDE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?s)\{[{%].*?[%}]\}").expect("a pattern"));
    static DUMP: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\|\s*dump(\(\))?").expect("a pattern"));
    static ODD: LazyLock<Regex> = LazyLock::new(|| {
        let filters = r"\|\s*(?:nl2br|striptags|urlize|wordcount|forceescape|random|center|safe)\b";
        Regex::new(&format!(
            r"{filters}|\benv\.|\b_conversation\b|\.length\b|\b(?:asyncEach|asyncAll|ifAsync)\b|\.\w+\("
        ))
        .expect("a pattern")
    });
    for found in INSIDE.find_iter(body) {
        if let Some(odd) = ODD.find(found.as_str()) {
            let message = format!("`{}` in the prompt means nothing in palc's templates", odd.as_str().trim());
            notes.lost(place.clone(), message);
        }
    }
    INSIDE
        .replace_all(body, |found: &regex::Captures<'_>| DUMP.replace_all(&found[0], "| tojson").into_owned())
        .into_owned()
}
