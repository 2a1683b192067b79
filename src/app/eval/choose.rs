//! Which suites are run, and with the prompts of which revisions.

use std::collections::BTreeSet;

use super::suites::{self, beside};
use crate::app::App;
use crate::app::deps::{self, Target, deps};
use crate::base::{Error, Result};
use crate::model::{Suite, Value};

/// What was meant by the words of the command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Paths from the repository's root.
    pub suites: Vec<String>,
    /// Run once with the prompts of each of these; as they are if there is none.
    pub revisions: Vec<String>,
    /// Whether nobody named the suites, so that only those are run that the change touches.
    pub by_change: bool,
}

/// Names and paths of suites, and after them revisions.
pub fn chosen(app: &App, words: &[String], all: bool) -> Result<Chosen> {
    let mut chosen = Chosen::default();
    for word in words {
        match suites::find(app, word)? {
            Some(path) if !chosen.suites.contains(&path) => chosen.suites.push(path),
            Some(_) => {}
            None if is_revision(app, word) => chosen.revisions.push(word.clone()),
            None => {
                return Err(suites::wanted(app, word).map_or_else(|error| error, |_| Error::bug("it was not found")));
            }
        }
    }
    if chosen.suites.is_empty() {
        let paths = suites::paths(app)?;
        if paths.is_empty() {
            let folder = &app.settings()?.eval.folder;
            return Err(Error::no(format!("there are no suites in {folder}/")).hint("`palc suite new` writes one"));
        }
        chosen.by_change = !all && chosen.revisions.is_empty();
        chosen.suites = if chosen.by_change { touched(app, paths)? } else { paths };
    }
    Ok(chosen)
}

fn is_revision(app: &App, word: &str) -> bool {
    app.workspace().ok().and_then(|workspace| workspace.git()).is_some_and(|git| git.reader().knows(word))
}

/// The suites of which something differs from what the change began with.
fn touched(app: &App, paths: Vec<String>) -> Result<Vec<String>> {
    let Some(changed) = changed(app)? else { return Ok(paths) };
    let mut touched = Vec::new();
    for path in paths {
        // One that cannot be read is run, and then says why it cannot.
        let inputs = suites::open(app, &path).map(|open| inputs(app, &open.suite));
        if inputs.map_or(true, |inputs| inputs.iter().any(|input| changed.contains(input))) {
            touched.push(path);
        }
    }
    Ok(touched)
}

/// The files that the work tree changes; if it changes none, those that the branch does. None without git.
fn changed(app: &App) -> Result<Option<BTreeSet<String>>> {
    let Some(git) = app.workspace()?.git() else { return Ok(None) };
    let reader = git.reader();
    if !git.is_bare() {
        let standings = git.standings(&[String::new()])?;
        if !standings.is_empty() {
            return Ok(Some(standings.into_keys().collect()));
        }
    }
    let head = reader.merge_base("HEAD", "HEAD").ok();
    let main = ["origin/HEAD", "origin/main", "origin/master", "main", "master"];
    let base = main.into_iter().find_map(|name| {
        let base = reader.merge_base(name, "HEAD").ok()?;
        (Some(&base) != head.as_ref()).then_some(base)
    });
    let Some(base) = base.or_else(|| reader.knows("HEAD~1").then(|| "HEAD~1".to_owned())) else { return Ok(None) };
    let deltas = reader.deltas(Some(&base), "HEAD", &|_| true)?;
    Ok(Some(deltas.into_iter().map(|delta| delta.path).collect()))
}

/// Every file that what comes out of a suite may hang on.
pub fn inputs(app: &App, suite: &Suite) -> BTreeSet<String> {
    let mut inputs = BTreeSet::from([suite.path.clone()]);
    inputs.extend(suite.datasets.iter().filter_map(|dataset| beside(&suite.path, &dataset.it).ok()));
    for prompt in &suite.prompts {
        let request = deps::Request { what: prompt.it.clone(), reverse: false };
        let Ok(outcome) = deps(app, &request) else { continue };
        inputs.insert(outcome.path);
        inputs.extend(outcome.links.into_iter().filter_map(|link| match link.to {
            Target::File(path) => Some(path),
            Target::Missing(_) | Target::Computed => None,
        }));
    }
    let checks = suite.checks.iter().chain(suite.cases.iter().flat_map(|case| &case.checks));
    for check in checks {
        files(&check.config, &mut |named| inputs.extend(beside(&suite.path, named)));
    }
    inputs
}

/// Whatever in the value of a check looks like the name of a file.
fn files(value: &Value, each: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) if [".yaml", ".yml", ".json", ".md"].iter().any(|end| text.ends_with(end)) => each(text),
        Value::Array(items) => items.iter().for_each(|item| files(item, each)),
        Value::Object(map) => map.values().for_each(|item| files(item, each)),
        _ => {}
    }
}
