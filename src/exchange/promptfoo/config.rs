//! The configuration as a whole.

use super::assertions::{Assertion, convert};
use super::cases::{Cases, Defaults};
use super::sources::{File, Notes, World, extension};
use super::{cases, prompts, providers, write};
use crate::base::near::did_you_mean;
use crate::base::{Finding, Result};
use crate::format::yaml::{Data, Node};
use crate::model::{Map, Value};

/// Files to be written, and all that is to be said about them.
#[derive(Debug, Default)]
pub struct Plan {
    pub prompts: Vec<(String, String)>,
    /// The suite's path and text. None if nothing came of it.
    pub suite: Option<(String, String)>,
    pub cases: usize,
    /// Tables that are data of the suite as they are.
    pub tables: usize,
    pub findings: Vec<Finding>,
}

impl Plan {
    pub fn has_cases(&self) -> bool {
        self.cases + self.tables > 0
    }
}

/// Where things are to be written.
#[derive(Debug, Clone)]
pub struct Where {
    /// The name of the suite, and of the folder of its prompts.
    pub name: String,
    /// The folder of prompts and that of suites.
    pub prompts: String,
    pub suites: String,
}

const READ: [&str; 11] = [
    "description",
    "prompts",
    "providers",
    "targets",
    "tests",
    "defaultTest",
    "scenarios",
    "assertionTemplates",
    "evaluateOptions",
    "derivedMetrics",
    "env",
];

/// These say nothing of prompts, cases or checks.
const BESIDE: [&str; 9] = [
    "$schema",
    "sharing",
    "outputPath",
    "writeLatestResults",
    "tags",
    "metadata",
    "commandLineOptions",
    "tracing",
    "redteam",
];

const HOOKS: [&str; 2] = ["extensions", "nunjucksFilters"];

/// Read a configuration.
pub fn import(path: &str, text: &str, to: &Where, world: &World<'_>) -> Result<Plan> {
    let folder = path.rsplit_once('/').map(|(folder, _)| folder.to_owned()).unwrap_or_default();
    let up = "../".repeat(to.suites.split('/').filter(|part| !part.is_empty()).count());
    let mut notes = Notes { world, folder, up, findings: Vec::new() };
    let file = notes.tree(path.to_owned(), text.to_owned());
    let mut plan = Plan::default();
    if let (Some(root), true) = (&file.root, notes.findings.is_empty()) {
        whole(&file, root, to, &mut notes, &mut plan)?;
    } else if notes.findings.is_empty() {
        notes.lost(file.place(crate::base::Span::at(0)), "the file is empty");
    }
    Finding::sort(&mut notes.findings);
    // A test with a list for a variable becomes several cases, and says everything as often.
    notes.findings.dedup();
    plan.findings = notes.findings;
    Ok(plan)
}

fn whole(file: &File, root: &Node, to: &Where, notes: &mut Notes<'_>, plan: &mut Plan) -> Result<()> {
    keys(file, root, notes);
    let providers = root.entry("providers").or_else(|| root.entry("targets"));
    let asked = providers.map(|entry| providers::read(file, &entry.value, notes)).unwrap_or_default();
    let found =
        root.entry("prompts").map(|entry| prompts::read(file, &entry.value, to, &asked, notes)).unwrap_or_default();
    if found.is_empty() {
        notes.lost(file.place(root.span), "there are no prompts that can be imported");
    }
    let templates = root.get("assertionTemplates");
    let defaults = root.get("defaultTest").map(|node| Defaults::read(file, node, templates, notes)).unwrap_or_default();
    let mut cases = Cases::new(&defaults, templates);
    if let Some(node) = root.get("tests") {
        cases.list(file, node, notes);
    }
    if let Some(node) = root.get("scenarios") {
        cases.scenarios(file, node, notes);
    }
    let mut suite = Map::new();
    if let Some(text) = root.get("description").and_then(Node::text) {
        suite.insert("description".into(), Value::from(text));
    }
    let names: Vec<Value> = found.iter().map(|prompt| Value::from(prompt.name.as_str())).collect();
    suite.insert("prompts".into(), Value::from(names));
    if !asked.models.is_empty() {
        suite.insert("models".into(), Value::from(asked.models.clone()));
    }
    if !asked.params.is_empty() {
        suite.insert("params".into(), Value::Object(asked.params));
    }
    options(file, root, &mut suite, notes);
    if cases.is_empty() {
        notes.lost(file.place(root.span), "there is no test that can be imported");
    }
    plan.tables = cases.tables();
    plan.cases = cases.into_suite(&mut suite, notes);
    plan.prompts = found.into_iter().map(|prompt| (prompt.path, prompt.text)).collect();
    let path = format!("{}/{}{}", to.suites, to.name, crate::format::suite::SUFFIX);
    plan.suite = Some((path, write::yaml(&suite)));
    Ok(())
}

fn keys(file: &File, root: &Node, notes: &mut Notes<'_>) {
    if !matches!(root.data, Data::Map(_)) {
        return notes
            .lost(file.place(root.span), format!("a configuration is a map, and this is {}", root.type_word()));
    }
    for entry in root.entries() {
        let place = file.place(entry.key_span);
        let key = entry.key.as_str();
        match key {
            "env" => notes.lost_but(
                place,
                "`env` sets variables of the environment",
                "keys and addresses belong to your own configuration: `palc providers` says where",
            ),
            "derivedMetrics" => {
                notes.lost(place, "`derivedMetrics` are formulas over sums, which palc counts otherwise");
            }
            _ if HOOKS.contains(&key) => notes.lost(place, format!("`{key}` runs code, which no suite does")),
            _ if BESIDE.contains(&key) => {
                notes.left_out(place, format!("`{key}` says nothing of prompts, cases or checks, and is left out"));
            }
            _ if READ.contains(&key) => {}
            _ => {
                let finding =
                    Finding::error("not-imported", place, format!("`{key}` is no key that promptfoo documents"));
                notes.findings.push(finding.hint_if(did_you_mean(key, READ.into_iter().chain(BESIDE))));
            }
        }
    }
}

/// `evaluateOptions`: only what changes what comes out.
fn options(file: &File, root: &Node, suite: &mut Map, notes: &mut Notes<'_>) {
    for entry in root.get("evaluateOptions").map(Node::entries).unwrap_or_default() {
        let place = file.place(entry.key_span);
        match (entry.key.as_str(), entry.value.value()) {
            ("repeat", Value::Number(count)) => _ = suite.insert("repeat".into(), Value::Number(count)),
            ("generateSuggestions", _) => notes.lost(place, "`generateSuggestions` makes further prompts"),
            (key, _) => notes.left_out(place, format!("`{key}` is about running, and is left out")),
        }
    }
}

/// The checks of a list of assertions.
pub(super) fn checks(assertions: &[Assertion], notes: &mut Notes<'_>) -> Vec<Value> {
    assertions.iter().filter_map(|assertion| convert(assertion, notes)).collect()
}

/// A map with cases or their variables may lie in a file of its own.
pub(super) fn named_file(node: &Node) -> Option<&str> {
    let text = node.text()?;
    let is_file = text.starts_with("file://") || cases::DATA.contains(&extension(text).as_str());
    is_file.then_some(text)
}
