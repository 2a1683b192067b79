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

use super::strict::Strict;
use super::yaml::{Entry, Node};
use crate::base::{Result, Span};
use crate::model::scenario::{Check, Context, Expectation, Message, Scenario};

const SCENARIO: [&str; 5] = ["prompt", "description", "vars", "expect", "contexts"];
const CONTEXT: [&str; 8] = ["name", "description", "vars", "history", "data", "row", "examples", "expect"];
const CHECKS: [&str; 7] = ["contains", "not_contains", "matches", "messages", "roles", "max_tokens", "missing"];
const ROLES: [&str; 5] = ["system", "developer", "user", "assistant", "tool"];

/// Read a file; everything that is wrong in it is reported at once.
pub fn read(path: &str, text: &str) -> Result<Scenario> {
    Strict::read(path, text, "scenario", |strict, root| match root {
        Some(root) => Reader(strict).scenario(root),
        None => {
            strict.wrong(Span::at(0), "a scenario names a `prompt` and lists `contexts`");
            Scenario::default()
        }
    })
}

struct Reader<'s, 'a>(&'s mut Strict<'a>);

impl Reader<'_, '_> {
    fn scenario(&mut self, root: &Node) -> Scenario {
        self.0.keys(root, &SCENARIO);
        let vars = root.get("vars").map(|node| self.0.map(node)).unwrap_or_default();
        let shared = root.get("expect").map(|node| self.expectations(node)).unwrap_or_default();
        let Some(prompt) = self.0.text(root, "prompt") else {
            self.0.wrong(root.span, "a scenario names its `prompt`");
            return Scenario::default();
        };
        let mut contexts: Vec<Context> = Vec::new();
        for node in root.get("contexts").map(|node| self.0.list(node)).unwrap_or_default() {
            let number = contexts.len() + 1;
            let mut context = self.context(node, number);
            if contexts.iter().any(|other| other.name == context.name) {
                self.0.wrong(node.span, format!("two contexts are called `{}`", context.name));
            }
            context.expect = shared.iter().cloned().chain(context.expect).collect();
            contexts.push(context);
        }
        if contexts.is_empty() && self.0.is_fine() {
            self.0.wrong(root.span, "a scenario lists `contexts`, and this one has none");
        }
        Scenario { prompt, vars, contexts }
    }

    fn context(&mut self, node: &Node, number: usize) -> Context {
        self.0.keys(node, &CONTEXT);
        if let (Some(row), None) = (node.entry("row"), node.get("data")) {
            self.0.wrong(row.key_span, "`row` needs `data`");
        }
        Context {
            name: self.0.text(node, "name").unwrap_or_else(|| format!("context {number}")),
            vars: node.get("vars").map(|node| self.0.map(node)).unwrap_or_default(),
            history: node.get("history").map(|node| self.history(node)).unwrap_or_default(),
            data: self.0.text(node, "data"),
            row: node.get("row").map_or(1, |node| self.0.whole(node) as u64),
            examples: node.get("examples").and_then(|node| self.examples(node)),
            expect: node.get("expect").map(|node| self.expectations(node)).unwrap_or_default(),
        }
    }

    fn history(&mut self, node: &Node) -> Vec<Message> {
        let mut messages = Vec::new();
        for node in self.0.list(node) {
            self.0.keys(node, &["role", "content", "name"]);
            match (self.0.text(node, "role"), self.0.text(node, "content")) {
                (Some(role), Some(content)) if ROLES.contains(&role.as_str()) => {
                    messages.push(Message { role, content, name: self.0.text(node, "name") });
                }
                _ => self.0.wrong(node.span, format!("a message has a `role` ({}) and `content`", ROLES.join(", "))),
            }
        }
        messages
    }

    /// `tickets`, or `{set: tickets, count: 2}`.
    fn examples(&mut self, node: &Node) -> Option<(String, usize)> {
        if let Some(set) = node.text() {
            return Some((set.to_owned(), 3));
        }
        self.0.keys(node, &["set", "count"]);
        let set = self.0.text(node, "set");
        if set.is_none() {
            self.0.wrong(node.span, "`examples` names a `set`");
        }
        Some((set?, node.get("count").map_or(3, |node| self.0.whole(node))))
    }

    fn expectations(&mut self, node: &Node) -> Vec<Expectation> {
        let items = self.0.list(node);
        items.into_iter().filter_map(|node| self.expectation(node)).collect()
    }

    fn expectation(&mut self, node: &Node) -> Option<Expectation> {
        let known: Vec<&str> = CHECKS.iter().copied().chain(["role"]).collect();
        self.0.keys(node, &known);
        let checks: Vec<&Entry> = node.entries().iter().filter(|entry| CHECKS.contains(&entry.key.as_str())).collect();
        let [entry] = checks[..] else {
            if checks.len() != 1 {
                self.0.wrong(node.span, format!("an expectation says one of {}", CHECKS.join(", ")));
            }
            return None;
        };
        let role = self.0.text(node, "role");
        if let Some(word) = role.as_ref().filter(|role| !ROLES.contains(&role.as_str())) {
            self.0.wrong(node.get("role")?.span, format!("`{word}` is not one of {}", ROLES.join(", ")));
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
                    self.0.wrong(value.span, format!("this is not a regular expression: {cause}"));
                    return None;
                }
            },
            ("messages", _) => Check::Messages(self.0.whole(value)),
            ("max_tokens", _) => Check::MaxTokens(self.0.whole(value)),
            ("roles", None) => Check::Roles(self.0.texts(value)),
            ("missing", None) => Check::Missing(self.0.texts(value)),
            ("roles" | "missing", Some(text)) if key == "missing" => Check::Missing(vec![text]),
            ("roles", Some(text)) => Check::Roles(vec![text]),
            _ => {
                self.0.wrong(value.span, format!("`{key}` must be text, and is {}", value.type_word()));
                return None;
            }
        };
        Some(check)
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
