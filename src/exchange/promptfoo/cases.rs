//! Tests become cases.

use serde_json::json;

use super::assertions::{Assertion, number};
use super::config::{checks, named_file};
use super::sources::{File, Notes, extension, free, has_template, slug};
use super::{providers, sheet};
use crate::base::Place;
use crate::format::yaml::Node;
use crate::model::{Map, Value};

/// Files with rows or lists.
pub const DATA: [&str; 5] = ["csv", "json", "jsonl", "yaml", "yml"];

/// What holds for every test.
#[derive(Debug, Default)]
pub struct Defaults {
    pub vars: Map,
    assertions: Vec<Assertion>,
    threshold: Option<f64>,
    judge: Option<String>,
}

impl Defaults {
    pub fn read(file: &File, node: &Node, templates: Option<&Node>, notes: &mut Notes<'_>) -> Defaults {
        let place = file.place(node.span);
        if let Some(named) = named_file(node) {
            let Some(loaded) = notes.tree_of(named, &place) else { return Defaults::default() };
            return loaded.root.as_ref().map(|root| Defaults::read(&loaded, root, None, notes)).unwrap_or_default();
        }
        let test = Test::read(file, node, templates, notes);
        Defaults { vars: test.vars, assertions: test.assertions, threshold: test.threshold, judge: test.judge }
    }
}

/// One test as it is written.
#[derive(Debug, Default, Clone)]
pub struct Test {
    pub description: Option<String>,
    pub vars: Map,
    pub assertions: Vec<Assertion>,
    pub threshold: Option<f64>,
    pub tags: Vec<String>,
    pub judge: Option<String>,
    pub place: Place,
    pub keeps_lists: bool,
}

impl Test {
    fn read(file: &File, node: &Node, templates: Option<&Node>, notes: &mut Notes<'_>) -> Test {
        let mut test = Test { place: file.place(node.span), ..Test::default() };
        for entry in node.entries() {
            let place = file.place(entry.key_span);
            match entry.key.as_str() {
                "description" => test.description = entry.value.text().map(str::to_owned),
                "vars" => test.vars = vars(file, &entry.value, notes),
                "assert" => test.assertions = Assertion::list(file, &entry.value, templates, notes),
                "threshold" => test.threshold = entry.value.value().as_f64(),
                "metadata" => test.tags = tags(&entry.value),
                "options" => test.options(file, &entry.value, notes),
                key => notes.lost(place, format!("`{key}` of a test cannot be said in a suite")),
            }
        }
        test
    }

    fn options(&mut self, file: &File, node: &Node, notes: &mut Notes<'_>) {
        for entry in node.entries() {
            let place = file.place(entry.key_span);
            match (entry.key.as_str(), entry.value.text()) {
                ("disableVarExpansion", Some("true")) => self.keeps_lists = true,
                ("provider", Some(id)) => match providers::model(id) {
                    Some(model) => self.judge = Some(model),
                    None => notes.lost(place, format!("palc has no service for `{id}`")),
                },
                (key, _) => notes.lost(place, format!("`{key}` of a test's options cannot be said in a suite")),
            }
        }
    }
}

/// `{category: a, level: [b, c]}` as words to choose by.
fn tags(node: &Node) -> Vec<String> {
    let tag = |(key, value): (String, Value)| match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(|item| format!("{key}:{item}")).collect(),
        Value::String(text) => vec![format!("{key}:{text}")],
        Value::Object(_) | Value::Null => Vec::new(),
        other => vec![format!("{key}:{other}")],
    };
    match node.value() {
        Value::Object(map) => map.into_iter().flat_map(tag).collect(),
        _ => Vec::new(),
    }
}

fn vars(file: &File, node: &Node, notes: &mut Notes<'_>) -> Map {
    let place = file.place(node.span);
    if let Some(named) = named_file(node) {
        let Some(loaded) = notes.tree_of(named, &place) else { return Map::new() };
        return loaded.root.as_ref().map(|root| vars(&loaded, root, notes)).unwrap_or_default();
    }
    let mut out = Map::new();
    for entry in node.entries() {
        let place = file.place(entry.value.span);
        let mut value = entry.value.value();
        if let Some(named) = value.as_str().filter(|text| text.starts_with("file://")) {
            if !matches!(extension(named).as_str(), "txt" | "md") {
                notes.lost(place, format!("`{named}`: only texts are read into variables"));
                continue;
            }
            let Some((_, text)) = notes.text_of(named, &place) else { continue };
            value = Value::from(text);
        } else if has_template(&value) {
            notes.differs(place, format!("the template in `{}` stays as it is: data is never filled in", entry.key));
        }
        out.insert(entry.key.clone(), value);
    }
    out
}

/// All cases, and data files that need no change.
pub struct Cases<'a> {
    defaults: &'a Defaults,
    templates: Option<&'a Node>,
    tests: Vec<Test>,
    data: Vec<String>,
}

impl<'a> Cases<'a> {
    pub fn new(defaults: &'a Defaults, templates: Option<&'a Node>) -> Cases<'a> {
        Cases { defaults, templates, tests: Vec::new(), data: Vec::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.tests.is_empty() && self.data.is_empty()
    }

    pub fn tables(&self) -> usize {
        self.data.len()
    }

    /// Tests, or files of them.
    pub fn list(&mut self, file: &File, node: &Node, notes: &mut Notes<'_>) {
        let nodes: Vec<&Node> = if node.items().is_empty() { vec![node] } else { node.items().iter().collect() };
        for node in nodes {
            match node.text() {
                Some(named) => self.file(named, &file.place(node.span), notes),
                None => self.add(&Test::read(file, node, self.templates, notes)),
            }
        }
    }

    fn file(&mut self, named: &str, place: &Place, notes: &mut Notes<'_>) {
        let path = named.strip_prefix("file://").unwrap_or(named);
        match extension(path).as_str() {
            "csv" => self.sheet(path, place, notes),
            "jsonl" => {
                let Some((path, text)) = notes.text_of(path, place) else { return };
                let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
                // Each line is a file of its own to the reader; places count from the line's own beginning.
                for (number, line) in lines {
                    let file = notes.tree(format!("{path}:{}", number + 1), line.to_owned());
                    if let Some(root) = &file.root {
                        self.add(&Test::read(&file, root, None, notes));
                    }
                }
            }
            "json" | "yaml" | "yml" if path.contains('*') => notes.lost(place.clone(), "name each file of tests"),
            "json" | "yaml" | "yml" => {
                let Some(file) = notes.tree_of(path, place) else { return };
                if let Some(root) = &file.root {
                    self.list(&file, root, notes);
                }
            }
            _ => notes.lost(place.clone(), format!("`{named}` is no table and no list of tests that palc reads")),
        }
    }

    /// A table. One without columns of promptfoo's own is the suite's dataset as it is.
    fn sheet(&mut self, named: &str, place: &Place, notes: &mut Notes<'_>) {
        let Some((path, text)) = notes.text_of(named, place) else { return };
        if sheet::is_plain(&text) {
            self.data.push(path);
        } else {
            sheet::tests(&path, &text, notes).into_iter().for_each(|test| self.add(&test));
        }
    }

    /// Each of the configurations with each of the tests.
    pub fn scenarios(&mut self, file: &File, node: &Node, notes: &mut Notes<'_>) {
        for scenario in node.items() {
            for entry in
                scenario.entries().iter().filter(|it| !["config", "tests", "description"].contains(&it.key.as_str()))
            {
                notes.lost(
                    file.place(entry.key_span),
                    format!("`{}` of a scenario cannot be said in a suite", entry.key),
                );
            }
            let configs = scenario.get("config").map(Node::items).unwrap_or_default();
            let tests = scenario.get("tests").map(Node::items).unwrap_or_default();
            if configs.is_empty() || tests.is_empty() {
                notes.lost(file.place(scenario.span), "a scenario lists its `config` and its `tests` in this file");
            }
            for config in configs {
                let outer = Test::read(file, config, self.templates, notes);
                for test in tests {
                    let inner = Test::read(file, test, self.templates, notes);
                    let vars = outer.vars.clone().into_iter().chain(inner.vars).collect();
                    let assertions = outer.assertions.iter().cloned().chain(inner.assertions).collect();
                    self.add(&Test { vars, assertions, threshold: inner.threshold.or(outer.threshold), ..inner });
                }
            }
        }
    }

    /// A test, or several if a variable is a list: one for each of its items.
    fn add(&mut self, test: &Test) {
        let own = test.vars.iter().map(|(key, value)| (key.clone(), value.clone()));
        let shared = self.defaults.vars.iter().filter(|(key, value)| value.is_array() && !test.vars.contains_key(*key));
        let all: Vec<(String, Value)> = own.chain(shared.map(|(key, value)| (key.clone(), value.clone()))).collect();
        let mut spread = vec![Map::new()];
        for (key, value) in all {
            let choices = match value {
                Value::Array(items) if !test.keeps_lists && !items.is_empty() => items,
                one => vec![one],
            };
            let with = |choice: &Value| {
                spread
                    .iter()
                    .map(|map| map.clone().into_iter().chain([(key.clone(), choice.clone())]).collect())
                    .collect::<Vec<Map>>()
            };
            spread = choices.iter().flat_map(with).collect();
        }
        self.tests.extend(spread.into_iter().map(|vars| Test { vars, ..test.clone() }));
    }

    /// Put everything into the suite. Says how many cases are written out there.
    pub fn into_suite(self, suite: &mut Map, notes: &mut Notes<'_>) -> usize {
        let Cases { defaults, tests, data, .. } = self;
        let vars: Map = defaults
            .vars
            .iter()
            .filter(|(_, value)| !value.is_array())
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        if !vars.is_empty() {
            suite.insert("vars".into(), Value::Object(vars));
        }
        let judges = tests.iter().filter_map(|test| test.judge.as_ref()).chain(&defaults.judge);
        if let Some(judge) = judges.clone().next() {
            if judges.clone().any(|other| other != judge) {
                notes.lost(
                    tests.first().map(|test| test.place.clone()).unwrap_or_default(),
                    "tests name several judges, and a suite has one",
                );
            }
            suite.insert("judge".into(), Value::from(judge.as_str()));
        }
        if !data.is_empty() {
            let paths: Vec<Value> = data.iter().map(|path| Value::from(format!("{}{path}", notes.up))).collect();
            suite.insert("datasets".into(), Value::Array(paths));
        }
        // With a threshold the checks of a test count together, and so they must stand together.
        let apart = defaults.threshold.is_none() && tests.iter().all(|test| test.threshold.is_none());
        let shared = checks(&defaults.assertions, notes);
        let for_all = match defaults.threshold {
            Some(threshold) if !shared.is_empty() => {
                vec![json!({"set": {"checks": shared, "threshold": number(threshold)}})]
            }
            _ => shared.clone(),
        };
        if (apart || !data.is_empty()) && !for_all.is_empty() {
            suite.insert("checks".into(), Value::Array(for_all));
        }
        if !apart && !data.is_empty() && !tests.is_empty() {
            notes.lost(tests[0].place.clone(), "tests with thresholds and a plain table do not fit into one suite");
        }
        let mut taken = Vec::new();
        let mut cases = Vec::new();
        for (at, test) in tests.iter().enumerate() {
            let own = checks(&test.assertions, notes);
            let has_any = !own.is_empty() || !shared.is_empty();
            if !has_any {
                notes.lost(
                    test.place.clone(),
                    "nothing that can be imported is asserted here, so this test would always pass",
                );
                continue;
            }
            let mut case = Map::new();
            let named = test.description.as_deref().map(slug).filter(|name| !name.is_empty());
            let id = free(&named.unwrap_or_else(|| format!("test-{}", at + 1)), &taken);
            taken.push(id.clone());
            case.insert("id".into(), Value::from(id));
            if let Some(description) = &test.description {
                case.insert("description".into(), Value::from(description.as_str()));
            }
            case.insert("vars".into(), Value::Object(test.vars.clone()));
            if !test.tags.is_empty() {
                case.insert("tags".into(), Value::from(test.tags.clone()));
            }
            let list = match (apart, test.threshold.or(defaults.threshold)) {
                (true, _) => own,
                (false, None) => shared.iter().cloned().chain(own).collect(),
                (false, Some(threshold)) => {
                    let all: Vec<Value> = shared.iter().cloned().chain(own).collect();
                    vec![json!({"set": {"checks": all, "threshold": number(threshold)}})]
                }
            };
            if !list.is_empty() {
                case.insert("checks".into(), Value::Array(list));
            }
            cases.push(Value::Object(case));
        }
        let count = cases.len();
        if count > 0 {
            suite.insert("cases".into(), Value::Array(cases));
        }
        count
    }
}
