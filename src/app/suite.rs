//! Suites: which there are, whether they are in order, a new one, and which of their cases are in which split.

use std::collections::BTreeMap;

use super::App;
use super::eval::{self, cases, suites};
use super::vars::{self, Variable};
use crate::base::disk::{self, Expect};
use crate::base::{Error, Finding, Result};
use crate::format::suite::SUFFIX;
use crate::model::Suite;

/// A suite as it is listed.
#[derive(Debug)]
pub struct Listed {
    pub name: String,
    pub path: String,
    /// None if the file is not in order.
    pub suite: Option<Suite>,
}

pub fn list(app: &App) -> Result<Vec<Listed>> {
    let listed = |path: String| {
        let suite = suites::open(app, &path).ok().map(|open| open.suite);
        Ok(Listed { name: suites::name(app, &path)?, path, suite })
    };
    suites::paths(app)?.into_iter().map(listed).collect()
}

/// A suite that was looked at.
#[derive(Debug)]
pub struct Checked {
    pub name: String,
    pub path: String,
    /// What a run of it would ask for, if it is in order.
    pub plan: Option<eval::Plan>,
    pub findings: Vec<Finding>,
}

/// Look at these suites, or at all: as before a run, with every case rendered, and nothing asked.
pub fn check(app: &App, names: &[String]) -> Result<Vec<Checked>> {
    let paths = match names.is_empty() {
        true => suites::paths(app)?,
        false => names.iter().map(|name| suites::wanted(app, name)).collect::<Result<_>>()?,
    };
    let checked = |path: String| {
        let request = eval::Request { suite: path.clone(), yes: true, ..eval::Request::default() };
        let name = suites::name(app, &path)?;
        match eval::rehearse(app, &request) {
            Ok(plan) => Ok(Checked { name, path, plan: Some(plan), findings: Vec::new() }),
            Err(error) => {
                let findings = match error.places() {
                    [] => vec![Finding::error(
                        "suite",
                        crate::base::Place::file(path.clone()),
                        error.message().to_owned(),
                    )],
                    places => places.to_vec(),
                };
                Ok(Checked { name, path, plan: None, findings })
            }
        }
    };
    paths.into_iter().map(checked).collect()
}

/// What a new suite is to be of.
#[derive(Debug, Default)]
pub struct New {
    pub name: String,
    pub prompts: Vec<String>,
    pub models: Vec<String>,
    /// A data file, from the repository's root.
    pub dataset: Option<String>,
}

/// Write a suite to begin with: it runs as it is.
pub fn new(app: &App, new: &New) -> Result<String> {
    let folder = app.settings()?.eval.folder.clone();
    let bare = new.name.trim_end_matches(SUFFIX);
    if bare.is_empty() || bare.split('/').any(|part| part.is_empty() || part.starts_with('.')) {
        return Err(Error::usage(format!("`{}` is no name for a suite", new.name)));
    }
    let mut named = Vec::new();
    let mut wants = Vec::new();
    for prompt in &new.prompts {
        let outcome = vars::vars(app, &vars::Request { what: prompt.clone() })?;
        named.push(outcome.loaded.file.name.to_string());
        // A case gives what nothing else gives.
        let wanted = |variable: &Variable| variable.default.is_none() && variable.uses.iter().any(|it| !it.guarded);
        for variable in outcome.variables.into_iter().filter(|it| it.required || wanted(it)) {
            if !wants.contains(&variable.name) {
                wants.push(variable.name);
            }
        }
    }
    let path = format!("{folder}/{bare}{SUFFIX}");
    let text = text(new, &named, &wants, bare.matches('/').count());
    let target = disk::resolve_beneath(app.workspace()?.root(), std::path::Path::new(&path))?;
    disk::write(&target, text.as_bytes(), Expect::Absent)?;
    Ok(path)
}

fn text(new: &New, prompts: &[String], wants: &[String], depth: usize) -> String {
    let models = if new.models.is_empty() { vec!["echo".to_owned()] } else { new.models.clone() };
    let up = "../".repeat(depth + 1);
    let mut text = format!("prompts: [{}]\nmodels: [{}]\n", prompts.join(", "), models.join(", "));
    if let Some(dataset) = &new.dataset {
        text += &format!("dataset: {up}{dataset}\n");
    }
    text += "\n# What must be true of every answer; docs/checks.md lists all there is.\nchecks:\n  - not-is-refusal\n";
    if new.dataset.is_none() {
        let vars: Vec<String> = wants.iter().map(|name| format!("{name}: \"…\"")).collect();
        text += &format!(
            "\n# One situation each, and what must be true of its answer beside that.\ncases:\n  - id: first\n    vars: {{{}}}\n    checks:\n      - length: {{min: 1}}\n",
            vars.join(", ")
        );
    }
    text + "\ngate: {min_pass_rate: 1}\n"
}

/// Which cases are in which split.
#[derive(Debug, Default)]
pub struct Split {
    pub suite: String,
    /// By the name of the split; what is in none stands under an empty name.
    pub splits: BTreeMap<String, Vec<String>>,
    /// Cases that are nearly the same, and are kept in one split.
    pub together: Vec<Vec<String>>,
}

pub fn split(app: &App, name: &str) -> Result<Split> {
    let open = suites::open(app, &suites::wanted(app, name)?)?;
    let mut split = Split { suite: open.suite.name.clone(), ..Split::default() };
    let found = cases::splits(app, &open.suite)?;
    for (id, name) in found.of {
        split.splits.entry(name).or_default().push(id);
    }
    split.together = found.together;
    Ok(split)
}
