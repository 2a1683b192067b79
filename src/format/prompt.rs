//! A document becomes a prompt, with everything that is wrong about it.

use std::borrow::Cow;

use crate::base::text::Lines;
use crate::base::{Finding, Place, Severity};
use crate::model::{Input, Kind, Message, Output, Prompt, Related, Status, Target, Template, Value};

use super::conflict;
use super::dialect::{Dialect, Others, translate};
use super::document::Document;
use super::yaml::{self, Data, Node, Problem, Tree};

/// A prompt, the tree it was read from, and findings. The prompt holds whatever could be read.
#[derive(Debug)]
pub struct Parsed<'a> {
    pub document: Document<'a>,
    pub prompt: Prompt,
    /// The front matter as written.
    pub tree: Tree,
    /// The same in palc's words, where the dialect has others.
    translated: Option<Node>,
    pub findings: Vec<Finding>,
}

impl Parsed<'_> {
    /// The front matter in palc's words, whatever the dialect, with its places in the file.
    pub fn fields(&self) -> Option<&Node> {
        self.translated.as_ref().or(self.tree.root.as_ref())
    }
}

/// Read a document. Never fails: what cannot be read is a finding and left out of the prompt.
pub fn parse(document: Document<'_>) -> Parsed<'_> {
    parse_with(document, None)
}

/// As [`parse`], with the file beside it that holds what the file itself cannot. The file's own word counts first.
pub fn parse_with<'a>(document: Document<'a>, sidecar: Option<&Document<'_>>) -> Parsed<'a> {
    let (mut tree, mut problems) = checked(&document);
    let mut findings = located(&document, &problems);
    let root = tree.root.as_ref().filter(|root| is_map(root));
    let fields = root.map(|root| translate(document.dialect, root));
    let mut prompt = match (&fields, sidecar) {
        (fields, Some(sidecar)) => {
            let (beside, problems) = checked(sidecar);
            findings.extend(located(sidecar, &problems));
            let own = fields.as_ref().map(|fields| fields.as_ref().clone());
            both(own, beside.root.filter(is_map)).map(|fields| read(&fields)).unwrap_or_default()
        }
        (Some(fields), None) => read(fields),
        (None, None) => Prompt::default(),
    };
    let translated = match fields {
        Some(Cow::Owned(fields)) => Some(fields),
        _ => None,
    };
    settle(&mut prompt, document.dialect);
    prompt.body = document.body_text().to_owned();
    tree.problems.append(&mut problems);
    Parsed { document, prompt, tree, translated, findings }
}

/// The front matter's fields alone, and why it is no YAML if it is none: what listings need of a hundred thousand files.
pub fn outline(document: &Document<'_>) -> (Prompt, Option<Problem>) {
    let tree = document.tree();
    let root = tree.root.as_ref().filter(|root| is_map(root));
    let mut prompt = root.map(|root| read(&translate(document.dialect, root))).unwrap_or_default();
    settle(&mut prompt, document.dialect);
    (prompt, tree.problems.into_iter().find(|problem| problem.rule == "yaml"))
}

/// The tree, and apart from it everything that is wrong with it.
fn checked(document: &Document<'_>) -> (Tree, Vec<Problem>) {
    let mut tree = document.tree();
    let mut problems = std::mem::take(&mut tree.problems);
    let conflicts = conflict::problems(document.text);
    if !conflicts.is_empty() {
        // What YAML makes of the markers helps nobody.
        return (Tree { root: None, ..tree }, conflicts);
    }
    match &tree.root {
        Some(root) if is_map(root) => document.dialect.check(root, &mut problems),
        Some(root) => {
            let message = format!("the front matter must be a map of keys and values, and is {}", root.type_word());
            problems.push(Problem { rule: "front-matter", message, span: root.span, hint: None });
        }
        None => {}
    }
    (tree, problems)
}

fn is_map(root: &Node) -> bool {
    matches!(root.data, Data::Map(_)) || root.is_null()
}

/// One map with the entries of two; where both have a key, the first counts.
fn both(first: Option<Node>, second: Option<Node>) -> Option<Node> {
    let (Some(mut first), Some(second)) = (first.clone(), second.clone()) else { return first.or(second) };
    if let (Data::Map(entries), Data::Map(others)) = (&mut first.data, second.data) {
        for other in others {
            match entries.iter_mut().find(|entry| entry.key == other.key) {
                Some(entry) => {
                    let own = std::mem::replace(&mut entry.value, other.value.clone());
                    entry.value = both(Some(own), Some(other.value)).expect("two values make one");
                }
                None => entries.push(other),
            }
        }
    }
    Some(first)
}

/// What the dialect implies where the file does not say it.
fn settle(prompt: &mut Prompt, dialect: Dialect) {
    if dialect.spec().others == Others::Same {
        return;
    }
    if !prompt.front.contains_key("kind") {
        prompt.kind = dialect.spec().kind;
    }
    prompt.template.engine.get_or_insert_with(|| dialect.engine().to_owned());
    prompt.template.messages.get_or_insert_with(|| dialect.messages().to_owned());
}

pub(super) fn located(document: &Document<'_>, problems: &[Problem]) -> Vec<Finding> {
    if problems.is_empty() {
        return Vec::new();
    }
    let lines = Lines::new(document.text);
    let finding = |problem: &Problem| {
        let place = Place::in_lines(document.path, &lines, problem.span);
        Finding::new(problem.rule, severity(problem.rule), place, &problem.message).hint_if(problem.hint.as_ref())
    };
    problems.iter().map(finding).collect()
}

/// Unknown keys and long texts may be meant; the rest is wrong.
fn severity(rule: &str) -> Severity {
    match rule {
        "unknown-key" | "too-long" | "loose-yaml" => Severity::Warning,
        _ => Severity::Error,
    }
}

fn read(root: &Node) -> Prompt {
    let field = |path: &str| root.at(path.split('.'));
    let text = |path: &str| field(path).and_then(Node::text).map(str::to_owned);
    let texts = |path: &str| field(path).map(list).unwrap_or_default();
    let map = |path: &str| field(path).map(|node| yaml::map(node.entries())).unwrap_or_default();
    let flag = |path: &str| field(path).is_some_and(|node| node.value() == Value::Bool(true));
    let value = |path: &str| field(path).filter(|node| !node.is_null()).map(Node::value);
    Prompt {
        id: text("id"),
        title: text("title"),
        description: text("description"),
        kind: text("kind").and_then(|word| Kind::parse(&word)).unwrap_or_default(),
        type_: text("type"),
        phase: texts("phase"),
        variant: text("variant"),
        version: text("version"),
        status: text("status").map(Status),
        tags: texts("tags"),
        authors: authors(root),
        owners: texts("owners"),
        category: text("category"),
        persona: text("persona"),
        target: Target {
            model_family: text("target.model_family"),
            use_case: text("target.use_case"),
            host: text("target.host"),
        },
        license: text("license"),
        compatibility: text("compatibility"),
        provider: text("provider").or_else(|| text("model.provider")),
        models: field("model").map(models).unwrap_or_default(),
        params: map("params"),
        input: Input {
            schema: value("input.schema"),
            default: map("input.default"),
            required: texts("input.required"),
            examples: field("input.examples")
                .map(|node| node.items().iter().map(Node::value).collect())
                .unwrap_or_default(),
        },
        output: Output { format: text("output.format"), schema: value("output.schema"), strict: flag("output.strict") },
        tools: field("tools").map(tools).unwrap_or_default(),
        allowed_actions: field("allowed_actions").filter(|node| !node.is_null()).map(list),
        template: Template {
            engine: text("template.engine"),
            messages: text("template.messages"),
            undefined: text("template.undefined"),
            trim_blocks: flag("template.trim_blocks"),
            lstrip_blocks: flag("template.lstrip_blocks"),
        },
        extends: text("extends"),
        partials: texts("partials"),
        related: field("related").map(related).unwrap_or_default(),
        messages: field("messages").map(messages).unwrap_or_default(),
        origin: map("origin"),
        custom: map("custom"),
        ext: map("ext"),
        front: yaml::map(root.entries()),
        body: String::new(),
    }
}

/// The texts of a list, or of the one item that stands for it.
fn list(node: &Node) -> Vec<String> {
    let items = node.items();
    let one = if items.is_empty() { node.text() } else { None };
    one.into_iter().chain(items.iter().filter_map(Node::text)).map(str::to_owned).collect()
}

fn models(node: &Node) -> Vec<String> {
    match node.get("id").and_then(Node::text) {
        Some(id) => {
            vec![node.get("provider").and_then(Node::text).map_or(id.to_owned(), |provider| format!("{provider}/{id}"))]
        }
        None => list(node),
    }
}

fn authors(root: &Node) -> Vec<String> {
    let author = |node: &Node| match (node.get("name").and_then(Node::text), node.get("email").and_then(Node::text)) {
        (Some(name), Some(email)) => Some(format!("{name} <{email}>")),
        (name, email) => name.or(email).or(node.text()).map(str::to_owned),
    };
    let many = root.get("authors").map(Node::items).unwrap_or_default();
    root.get("author").into_iter().chain(many).filter_map(author).collect()
}

/// Tools as a list; one string names several, split at blanks and commas as skills write them.
fn tools(node: &Node) -> Vec<Value> {
    match node.text() {
        Some(text) => text.split([' ', ',']).filter(|name| !name.is_empty()).map(Value::from).collect(),
        None => node.items().iter().map(Node::value).collect(),
    }
}

fn related(node: &Node) -> Vec<Related> {
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
    let one = |node: &Node| {
        let strength = node.get("strength").and_then(|node| node.value().as_f64());
        Some(Related { to: text(node, "to")?, type_: text(node, "type"), strength, context: text(node, "context") })
    };
    node.items().iter().filter_map(one).collect()
}

fn messages(node: &Node) -> Vec<Message> {
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
    let message = |node: &Node| {
        Some(Message { role: text(node, "role")?, content: text(node, "content")?, name: text(node, "name") })
    };
    node.items().iter().filter_map(message).collect()
}

/// The id alone, for searches through many files.
pub fn id(document: &Document<'_>) -> Option<String> {
    let tree = document.tree();
    let root = tree.root.as_ref().filter(|root| is_map(root))?;
    translate(document.dialect, root).get("id").and_then(Node::text).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Vec<String> {
        let document = Document::split("x.md", text.as_bytes(), Dialect::Native).expect("splits");
        let line = |f: &Finding| {
            let hint = f.hints.first().map(|hint| format!(" ({hint})")).unwrap_or_default();
            format!("{}:{} {} {}{hint}", f.place.line, f.place.column, f.rule, f.message)
        };
        parse(document).findings.iter().map(line).collect()
    }

    #[test]
    fn reads_the_example_of_the_design() {
        let text = "---\nid: k3v9q2mx\ndescription: Sort a ticket\ntags: [support, routing]\nmodel: openai/gpt-4o-mini\n\
            params: {temperature: 0.2, max_tokens: 200}\ninput:\n  required: [ticket]\n  default: {queues: [billing]}\n\
            output: {format: json, schema: {type: object}}\n---\nsystem:\nHi\n";
        assert_eq!(check(text), Vec::<String>::new());
        let prompt = parse(Document::split("x.md", text.as_bytes(), Dialect::Native).expect("splits")).prompt;
        assert_eq!(prompt.id.as_deref(), Some("k3v9q2mx"));
        assert_eq!(prompt.tags, ["support", "routing"]);
        assert_eq!(prompt.model(), Some("openai/gpt-4o-mini"));
        assert_eq!(prompt.input.required, ["ticket"]);
        assert_eq!(prompt.body, "system:\nHi\n");
    }

    #[test]
    fn reports_everything_that_is_wrong_with_its_place() {
        let text = "---\ndesciption: x\nparams: {temperature: 3, max_tokens: many, foo: 1}\ntags: {a: 1}\nkind: promt\nid: -x\n---\n";
        assert_eq!(
            check(text),
            [
                "2:1 unknown-key `desciption` is not a key palc knows (did you mean `description`?)",
                "3:23 out-of-range `params.temperature` must be 0 to 2, and is 3",
                "3:38 wrong-type `params.max_tokens` must be a whole number, and is text",
                "3:44 unknown-key `params.foo` is not a parameter palc knows; it is passed on as it is",
                "4:7 wrong-type `tags` must be text or a list of it, and is a map",
                "5:7 wrong-value `kind` cannot be `promt` (did you mean `prompt`?)",
                "6:5 wrong-type `id` must be letters, digits, `.`, `_` and `-`, at most 128, and starts with a letter or digit",
            ]
        );
    }

    #[test]
    fn lengths_count_characters() {
        let text = |n: usize| format!("---\nname: {}\n---\n", "語".repeat(n));
        assert_eq!(check(&text(255)), Vec::<String>::new());
        assert_eq!(check(&text(256)), ["2:7 too-long `name` has 256 characters; 255 are allowed"]);
    }

    #[test]
    fn text_fields_keep_their_source() {
        let text = "---\nversion: 1.10\nname: no\nowners: [007]\n---\n";
        let prompt = parse(Document::split("x.md", text.as_bytes(), Dialect::Native).expect("splits")).prompt;
        assert_eq!(prompt.version.as_deref(), Some("1.10"));
        assert_eq!(prompt.owners, ["007"]);
    }
}
