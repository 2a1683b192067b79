//! Scenario files.
//!
//! ```yaml
//! prompt: support/triage
//! vars: {queues: [billing, bug]}    # in every context
//! expect:                           # of every context
//!   - not_contains: "{{"
//! contexts:
//!   - name: a bill
//!     vars: {ticket: I was charged twice}
//!     expect:
//!       - {contains: charged twice, role: user}
//!       - messages: 2
//! ```
//!
//! A context may come to hold `turns`, and a turn what is asked of a model's answer; nothing here is in their way.

use serde_json::{Value, json};

use super::yaml::{self, Data, Entry, Node};
use crate::base::near::did_you_mean;
use crate::base::text::{BOM, Lines};
use crate::base::{Error, Finding, Place, Result, Span};
use crate::model::scenario::{Check, Context, Expectation, Message, Scenario};

const SCENARIO: [&str; 5] = ["prompt", "description", "vars", "expect", "contexts"];
const CONTEXT: [&str; 8] = ["name", "description", "vars", "history", "data", "row", "examples", "expect"];
const CHECKS: [&str; 7] = ["contains", "not_contains", "matches", "messages", "roles", "max_tokens", "missing"];
const ROLES: [&str; 5] = ["system", "developer", "user", "assistant", "tool"];

/// Read a file; everything that is wrong in it is reported at once.
pub fn read(path: &str, text: &str) -> Result<Scenario> {
    let start = if text.starts_with(BOM) { BOM.len_utf8() } else { 0 };
    let tree = yaml::read(&text[start..], start);
    let mut reader = Reader { path, lines: Lines::new(text), findings: Vec::new() };
    for problem in &tree.problems {
        let finding = Finding::error(problem.rule, reader.place(problem.span), &problem.message);
        reader.findings.push(finding.hint_if(problem.hint.as_ref()));
    }
    let scenario = match &tree.root {
        Some(root) => reader.scenario(root),
        None if tree.problems.is_empty() => {
            reader.wrong(Span::at(0), "a scenario names a `prompt` and lists `contexts`".into());
            Scenario::default()
        }
        None => Scenario::default(),
    };
    Finding::sort(&mut reader.findings);
    match reader.findings.is_empty() {
        true => Ok(scenario),
        false => Err(Error::findings(format!("{path} is not in order"), reader.findings)),
    }
}

struct Reader<'a> {
    path: &'a str,
    lines: Lines<'a>,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn scenario(&mut self, root: &Node) -> Scenario {
        self.keys(root, &SCENARIO);
        let vars = root.get("vars").map(|node| self.map(node)).unwrap_or_default();
        let shared = root.get("expect").map(|node| self.expectations(node)).unwrap_or_default();
        let Some(prompt) = self.text(root, "prompt") else {
            self.wrong(root.span, "a scenario names its `prompt`".into());
            return Scenario::default();
        };
        let mut contexts: Vec<Context> = Vec::new();
        for node in root.get("contexts").map(|node| self.list(node)).unwrap_or_default() {
            let number = contexts.len() + 1;
            let mut context = self.context(node, number);
            if contexts.iter().any(|other| other.name == context.name) {
                self.wrong(node.span, format!("two contexts are called `{}`", context.name));
            }
            context.expect = shared.iter().cloned().chain(context.expect).collect();
            contexts.push(context);
        }
        if contexts.is_empty() && self.findings.is_empty() {
            self.wrong(root.span, "a scenario lists `contexts`, and this one has none".into());
        }
        Scenario { prompt, vars, contexts }
    }

    fn context(&mut self, node: &Node, number: usize) -> Context {
        self.keys(node, &CONTEXT);
        if let (Some(row), None) = (node.entry("row"), node.get("data")) {
            self.wrong(row.key_span, "`row` needs `data`".into());
        }
        Context {
            name: self.text(node, "name").unwrap_or_else(|| format!("context {number}")),
            vars: node.get("vars").map(|node| self.map(node)).unwrap_or_default(),
            history: node.get("history").map(|node| self.history(node)).unwrap_or_default(),
            data: self.text(node, "data"),
            row: node.get("row").map_or(1, |node| self.whole(node) as u64),
            examples: node.get("examples").and_then(|node| self.examples(node)),
            expect: node.get("expect").map(|node| self.expectations(node)).unwrap_or_default(),
        }
    }

    fn history(&mut self, node: &Node) -> Vec<Message> {
        let mut messages = Vec::new();
        for node in self.list(node) {
            self.keys(node, &["role", "content", "name"]);
            match (self.text(node, "role"), self.text(node, "content")) {
                (Some(role), Some(content)) if ROLES.contains(&role.as_str()) => {
                    messages.push(Message { role, content, name: self.text(node, "name") });
                }
                _ => self.wrong(node.span, format!("a message has a `role` ({}) and `content`", ROLES.join(", "))),
            }
        }
        messages
    }

    /// `tickets`, or `{set: tickets, count: 2}`.
    fn examples(&mut self, node: &Node) -> Option<(String, usize)> {
        if let Some(set) = node.text() {
            return Some((set.to_owned(), 3));
        }
        self.keys(node, &["set", "count"]);
        let set = self.text(node, "set");
        if set.is_none() {
            self.wrong(node.span, "`examples` names a `set`".into());
        }
        Some((set?, node.get("count").map_or(3, |node| self.whole(node))))
    }

    fn expectations(&mut self, node: &Node) -> Vec<Expectation> {
        let items = self.list(node);
        items.into_iter().filter_map(|node| self.expectation(node)).collect()
    }

    fn expectation(&mut self, node: &Node) -> Option<Expectation> {
        let known: Vec<&str> = CHECKS.iter().copied().chain(["role"]).collect();
        self.keys(node, &known);
        let checks: Vec<&Entry> = node.entries().iter().filter(|entry| CHECKS.contains(&entry.key.as_str())).collect();
        let [entry] = checks[..] else {
            if checks.len() != 1 {
                self.wrong(node.span, format!("an expectation says one of {}", CHECKS.join(", ")));
            }
            return None;
        };
        let role = self.text(node, "role");
        if let Some(word) = role.as_ref().filter(|role| !ROLES.contains(&role.as_str())) {
            self.wrong(node.get("role")?.span, format!("`{word}` is not one of {}", ROLES.join(", ")));
        }
        Some(Expectation { check: self.check(entry)?, role, span: entry.value.span })
    }

    fn check(&mut self, Entry { key, value, .. }: &Entry) -> Option<Check> {
        let text = value.text().map(str::to_owned);
        let check = match (key.as_str(), text) {
            ("contains", Some(text)) => Check::Contains(text),
            ("not_contains", Some(text)) => Check::NotContains(text),
            ("matches", Some(text)) => match regex::Regex::new(&text) {
                Ok(_) => Check::Matches(text),
                Err(error) => {
                    let cause = error.to_string();
                    let cause = cause.lines().last().unwrap_or_default().trim_start_matches("error: ");
                    self.wrong(value.span, format!("this is not a regular expression: {cause}"));
                    return None;
                }
            },
            ("messages", _) => Check::Messages(self.whole(value)),
            ("max_tokens", _) => Check::MaxTokens(self.whole(value)),
            ("roles", None) => Check::Roles(self.texts(value)),
            ("missing", None) => Check::Missing(self.texts(value)),
            ("roles" | "missing", Some(text)) if key == "missing" => Check::Missing(vec![text]),
            ("roles", Some(text)) => Check::Roles(vec![text]),
            _ => {
                self.wrong(value.span, format!("`{key}` must be text, and is {}", value.type_word()));
                return None;
            }
        };
        Some(check)
    }

    fn texts(&mut self, node: &Node) -> Vec<String> {
        let mut texts = Vec::new();
        for item in self.list(node) {
            match item.text() {
                Some(text) => texts.push(text.to_owned()),
                None => self.wrong(item.span, format!("this must be text, and is {}", item.type_word())),
            }
        }
        texts
    }

    fn text(&mut self, node: &Node, key: &str) -> Option<String> {
        let value = node.get(key)?;
        if value.text().is_none() {
            self.wrong(value.span, format!("`{key}` must be text, and is {}", value.type_word()));
        }
        value.text().map(str::to_owned)
    }

    fn whole(&mut self, node: &Node) -> usize {
        match node.value().as_u64() {
            Some(number) => number as usize,
            None => {
                self.wrong(node.span, format!("this must be a whole number, and is {}", node.type_word()));
                0
            }
        }
    }

    fn map(&mut self, node: &Node) -> crate::model::Map {
        match &node.data {
            Data::Map(entries) => yaml::map(entries),
            _ => {
                self.wrong(node.span, format!("this must be a map of names and values, and is {}", node.type_word()));
                crate::model::Map::new()
            }
        }
    }

    fn list<'n>(&mut self, node: &'n Node) -> Vec<&'n Node> {
        match &node.data {
            Data::List(items) => items.iter().collect(),
            _ => {
                self.wrong(node.span, format!("this must be a list, and is {}", node.type_word()));
                Vec::new()
            }
        }
    }

    /// Every key must be one of these.
    fn keys(&mut self, node: &Node, known: &[&str]) {
        if !matches!(node.data, Data::Map(_)) {
            return self.wrong(node.span, format!("this must be a map, and is {}", node.type_word()));
        }
        for entry in node.entries().iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            let near = did_you_mean(&entry.key, known.iter().copied());
            let finding =
                Finding::error("unknown-key", self.place(entry.key_span), format!("unknown key `{}`", entry.key));
            self.findings.push(finding.hint(near.unwrap_or_else(|| format!("known here: {}", known.join(", ")))));
        }
    }

    fn wrong(&mut self, span: Span, message: String) {
        let place = self.place(span);
        self.findings.push(Finding::error("scenario", place, message));
    }

    fn place(&self, span: Span) -> Place {
        Place::in_lines(self.path, &self.lines, span)
    }
}

/// The JSON Schema of a scenario, for editors.
pub fn schema() -> Value {
    let text = |about: &str| json!({"type": "string", "description": about});
    let vars = |about: &str| json!({"type": "object", "description": about});
    let count = json!({"type": "integer", "minimum": 0});
    let expect =
        |about: &str| json!({"type": "array", "description": about, "items": {"$ref": "#/definitions/expectation"}});
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "palc scenario",
        "description": "One prompt in several contexts that know nothing of each other. `palc simulate` renders it in each.",
        "type": "object",
        "required": ["prompt", "contexts"],
        "additionalProperties": false,
        "properties": {
            "prompt": text("The prompt, as on the command line; after `@` a version, label or revision."),
            "description": text("What the scenario is for."),
            "vars": vars("Variables in every context; its data and its own win over them."),
            "expect": expect("What is expected in every context."),
            "contexts": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/context"}},
        },
        "definitions": {
            "context": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "name": text("What the context is called in reports."),
                    "description": text("What is special about it."),
                    "vars": vars("Its variables; they win over its data."),
                    "history": {"type": "array", "description": "Earlier messages.", "items": {"$ref": "#/definitions/message"}},
                    "data": text("A data file, from the repository's root, whose row gives variables."),
                    "row": {"type": "integer", "minimum": 1, "description": "Which row of the data, counted from 1."},
                    "examples": {
                        "description": "A set of examples to show some of.",
                        "anyOf": [{"type": "string"}, {
                            "type": "object",
                            "required": ["set"],
                            "additionalProperties": false,
                            "properties": {"set": {"type": "string"}, "count": count},
                        }],
                    },
                    "expect": expect("What is expected here."),
                },
            },
            "message": {
                "type": "object",
                "required": ["role", "content"],
                "additionalProperties": false,
                "properties": {"role": {"enum": ROLES}, "content": {"type": "string"}, "name": {"type": "string"}},
            },
            "expectation": {
                "type": "object",
                "additionalProperties": false,
                "description": "One thing that must be true of the messages.",
                "properties": {
                    "contains": text("This text is in a message."),
                    "not_contains": text("This text is in no message."),
                    "matches": text("A message matches this regular expression."),
                    "messages": {"type": "integer", "minimum": 0, "description": "How many messages there are."},
                    "roles": texts_or_one(),
                    "max_tokens": {"type": "integer", "minimum": 0, "description": "The messages have no more tokens."},
                    "missing": texts_or_one(),
                    "role": {"enum": ROLES, "description": "Look only at messages of this role."},
                },
            },
        },
    })
}

fn texts_or_one() -> Value {
    json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_gives_each_context_what_all_have() {
        let text = "prompt: a\nvars: {x: 1, y: 1}\nexpect: [{messages: 1}]\ncontexts:\n- name: one\n  vars: {x: 2}\n  \
                    expect: [{contains: z, role: user}]\n- {}\n";
        let scenario = read("s.yaml", text).expect("reads");
        let [one, two] = &scenario.contexts[..] else { panic!("two contexts") };
        assert_eq!((scenario.vars.len(), one.vars["x"].as_u64(), one.expect.len()), (2, Some(2), 2));
        assert_eq!((two.name.as_str(), two.vars.len(), two.expect.len()), ("context 2", 0, 1));
    }

    #[test]
    fn everything_that_is_wrong_has_its_place() {
        let text = "promt: a\ncontexts:\n- expect: [{contain: x}, {messages: many}, {matches: '('}]\n  row: 1\n";
        let error = read("s.yaml", text).expect_err("is wrong");
        let said: Vec<String> =
            error.places().iter().map(|f| format!("{}:{} {}", f.place.line, f.place.column, f.message)).collect();
        assert_eq!(said[0], "1:1 unknown key `promt`");
        assert!(said.iter().any(|line| line.contains("a scenario names its `prompt`")), "{said:?}");
    }
}
