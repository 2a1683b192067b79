//! Who includes whom, from what is known of the content of every prompt.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::base::{Error, Result};
use crate::check::Summary;
use crate::repo::{PromptFile, Source};

use super::super::App;

/// Every prompt of a source with the files it includes.
#[derive(Debug)]
pub struct Links {
    files: BTreeMap<String, PromptFile>,
    /// From a file to those that include it.
    users: BTreeMap<String, BTreeSet<String>>,
}

impl Links {
    /// Reads only what is not known yet.
    pub fn read(app: &App, source: &Source<'_>) -> Result<Links> {
        let roots = &app.settings()?.prompts.roots;
        let roots: Vec<&str> = roots.iter().map(|root| root.trim_end_matches('/')).collect();
        let (basis, _) = super::basis(app, source)?;
        let known = super::read(source, &basis)?.facts;
        let paths: HashSet<&str> = known.iter().map(|known| known.file.path.as_str()).collect();
        let mut users: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for known in &known {
            let summary = Summary::read(&known.facts).ok_or_else(|| Error::bug("a kept summary cannot be read"))?;
            for candidates in summary.facts.taken_in(&known.file.path, &roots) {
                // What is no prompt is not known here, so each place where it may be counts.
                let there = candidates.iter().position(|path| paths.contains(path.as_str()));
                let candidates = there.map_or(&candidates[..], |at| &candidates[at..=at]);
                for target in candidates {
                    users.entry(target.clone()).or_default().insert(known.file.path.clone());
                }
            }
        }
        let files = known.into_iter().map(|known| (known.file.path.clone(), known.file)).collect();
        Ok(Links { files, users })
    }

    /// The prompts that include any of these files, near or far, in the order of their paths.
    pub fn dependants(&self, paths: &[&str]) -> Vec<PromptFile> {
        let mut found: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = paths.to_vec();
        while let Some(next) = open.pop() {
            for user in self.users.get(next).into_iter().flatten() {
                if found.insert(user) {
                    open.push(user);
                }
            }
        }
        found.into_iter().filter_map(|path| self.files.get(path).cloned()).collect()
    }
}
