//! `labels.yaml` beside the prompts it speaks of and their history.

use std::collections::HashMap;

use crate::base::{Finding, Result};
use crate::check::{Filter, Labels, Summary, judge_labels};
use crate::format::labels::{self, File};
use crate::repo::{History, Source};

use super::super::App;
use super::Known;

/// What is wrong with the file that the source has, if it has one.
pub fn findings(app: &App, source: &Source<'_>, known: &[Known], filter: &Filter) -> Result<Vec<Finding>> {
    let text = crate::repo::labels::text(source)?;
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let file = labels::read(source.workspace().layout().labels(), &text);
    let id = |known: &Known| Some(Summary::read(&known.facts)?.facts.id?.text.to_owned());
    let names = known.iter().filter_map(|known| Some((id(known)?, known.file.name.to_string()))).collect();
    let versions = versions(source, &file, &names)?;
    let labels = Labels { file: &file, names: &names, versions: versions.as_ref() };
    Ok(judge_labels(&labels, app.settings()?, filter))
}

/// The contents of the versions of every prompt that the file speaks of, where history can tell.
fn versions(
    source: &Source<'_>,
    file: &File<'_>,
    names: &HashMap<String, String>,
) -> Result<Option<HashMap<String, Vec<String>>>> {
    let workspace = source.workspace();
    if !workspace.git().is_some_and(|git| git.has_head()) || file.entries.is_empty() {
        return Ok(None);
    }
    let tip = if let Source::Revision(_, revision) = source { Some(revision.as_str()) } else { None };
    let history = History::open(workspace, tip)?;
    if history.is_cut() {
        return Ok(None);
    }
    let mut versions: HashMap<String, Vec<String>> = HashMap::new();
    for entry in file.entries.iter().filter(|entry| names.contains_key(&entry.id)) {
        if !versions.contains_key(&entry.id) {
            let prompt = history.prompt(&entry.id)?;
            let blobs = prompt.into_iter().flat_map(|prompt| prompt.versions).map(|version| version.blob);
            versions.insert(entry.id.clone(), blobs.collect());
        }
    }
    Ok(Some(versions))
}
