//! A check of a few files that reads these and what they take in, whatever the repository's size.

use std::collections::{BTreeMap, HashMap};

use crate::base::{Finding, Result};
use crate::check::{self, Filter, Summary};
use crate::format::Dialect;
use crate::repo::{PromptFile, Source};

use super::super::App;
use super::fixing::Fixes;
use super::wanted::Wanted;
use super::{Known, basis};

/// Findings in files whose names and ids are those that the repository knew before. None where only a look at every
/// file can tell: files that name others in their front matter.
pub fn near(app: &App, source: &Source<'_>, paths: &[String]) -> Result<Option<Vec<Finding>>> {
    let workspace = source.workspace();
    let roots: Vec<&str> = workspace.layout().roots().iter().map(String::as_str).collect();
    let (basis, _) = basis(app, source)?;
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    let mut next = paths.to_vec();
    while let Some(path) = next.pop() {
        if known.contains_key(&path) {
            continue;
        }
        let Some(file) = PromptFile::at(workspace, &path) else { continue };
        let Some(bytes) = source.read(&path)? else { return Ok(None) };
        let facts = check::learn(&bytes, Dialect::of_path(&path), &basis);
        let Some(summary) = Summary::read(&facts) else { return Ok(None) };
        if !summary.facts.references.is_empty() {
            return Ok(None);
        }
        for candidates in summary.facts.taken_in(&path, &roots) {
            next.extend(candidates.into_iter().find(|path| source.exists(path)));
        }
        known.insert(path, Known { file, facts: facts.into() });
    }
    let wanted = Wanted { all: false, labels: false, globs: None, paths: paths.to_vec() };
    let fixes = Fixes { app, source, basis: &basis, texts: HashMap::new(), files: BTreeMap::new() };
    let known: Vec<Known> = known.into_values().collect();
    Ok(Some(fixes.judge(&known, &Filter::default(), &wanted)?.findings))
}
