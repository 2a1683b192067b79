//! Reading a file of palc's own strictly: whatever is wrong in it is noted with its place, and reading goes on, so that
//! everything is reported at once.

use super::yaml::{self, Data, Node};
use crate::base::near::did_you_mean;
use crate::base::text::{BOM, Lines};
use crate::base::{Error, Finding, Place, Result, Span};
use crate::model::Map;

pub struct Strict<'a> {
    path: &'a str,
    lines: Lines<'a>,
    /// The rule under which wrong values are reported.
    rule: &'static str,
    findings: Vec<Finding>,
}

impl<'a> Strict<'a> {
    /// Read the text of a file as YAML, and that as what it is to be. There is no root in an empty file.
    pub fn read<T>(
        path: &'a str,
        text: &'a str,
        rule: &'static str,
        read: impl FnOnce(&mut Strict<'a>, Option<&Node>) -> T,
    ) -> Result<T> {
        let start = if text.starts_with(BOM) { BOM.len_utf8() } else { 0 };
        let tree = yaml::read(&text[start..], start);
        let mut strict = Strict { path, lines: Lines::new(text), rule, findings: Vec::new() };
        for problem in &tree.problems {
            let finding = Finding::error(problem.rule, strict.place(problem.span), &problem.message);
            strict.findings.push(finding.hint_if(problem.hint.as_ref()));
        }
        // Without a root there is nothing to say beside what made it so.
        let is_broken = tree.root.is_none() && !tree.problems.is_empty();
        let value = read(&mut strict, tree.root.as_ref());
        if is_broken {
            strict.findings.truncate(tree.problems.len());
        }
        let mut findings = strict.findings;
        Finding::sort(&mut findings);
        match findings.is_empty() {
            true => Ok(value),
            false => Err(Error::findings(format!("{path} is not in order"), findings)),
        }
    }

    pub fn is_fine(&self) -> bool {
        self.findings.is_empty()
    }

    pub fn wrong(&mut self, span: Span, message: impl Into<String>) {
        let finding = Finding::error(self.rule, self.place(span), message);
        self.findings.push(finding);
    }

    pub fn note(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    pub fn place(&self, span: Span) -> Place {
        Place::in_lines(self.path, &self.lines, span)
    }

    /// It must be a map, and every key one of these.
    pub fn keys(&mut self, node: &Node, known: &[&str]) {
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

    pub fn text(&mut self, node: &Node, key: &str) -> Option<String> {
        let value = node.get(key)?;
        if value.text().is_none() {
            self.wrong(value.span, format!("`{key}` must be text, and is {}", value.type_word()));
        }
        value.text().map(str::to_owned)
    }

    pub fn texts(&mut self, node: &Node) -> Vec<String> {
        let mut texts = Vec::new();
        for item in self.list(node) {
            match item.text() {
                Some(text) => texts.push(text.to_owned()),
                None => self.wrong(item.span, format!("this must be text, and is {}", item.type_word())),
            }
        }
        texts
    }

    pub fn whole(&mut self, node: &Node) -> usize {
        match node.value().as_u64() {
            Some(number) => number as usize,
            None => {
                self.wrong(node.span, format!("this must be a whole number, and is {}", node.type_word()));
                0
            }
        }
    }

    /// A number in these bounds.
    pub fn number(&mut self, node: &Node, key: &str, min: f64, max: f64) -> Option<f64> {
        let value = node.get(key)?;
        let number = value.value().as_f64().filter(|number| (min..=max).contains(number));
        if number.is_none() {
            let bounds = match max.is_finite() {
                true => format!("from {min} to {max}"),
                false => format!("of at least {min}"),
            };
            self.wrong(value.span, format!("`{key}` must be a number {bounds}"));
        }
        number
    }

    pub fn truth(&mut self, node: &Node, key: &str) -> Option<bool> {
        let value = node.get(key)?;
        let truth = value.value().as_bool();
        if truth.is_none() {
            self.wrong(value.span, format!("`{key}` must be true or false, and is {}", value.type_word()));
        }
        truth
    }

    pub fn map(&mut self, node: &Node) -> Map {
        match &node.data {
            Data::Map(entries) => yaml::map(entries),
            _ => {
                self.wrong(node.span, format!("this must be a map of names and values, and is {}", node.type_word()));
                Map::new()
            }
        }
    }

    pub fn list<'n>(&mut self, node: &'n Node) -> Vec<&'n Node> {
        match &node.data {
            Data::List(items) => items.iter().collect(),
            _ => {
                self.wrong(node.span, format!("this must be a list, and is {}", node.type_word()));
                Vec::new()
            }
        }
    }
}
