//! `labels.yaml` as its rules see it.

use std::collections::HashMap;

use crate::base::{Finding, Span};
use crate::config::Settings;
use crate::format::labels::{Entry, File};

use super::judge::{Filter, weigh};
use super::registry::RULES;
use super::rule::How;

/// The file, and what there is for it to speak of.
pub struct Labels<'a> {
    pub file: &'a File<'a>,
    /// What prompts are called, by their ids.
    pub names: &'a HashMap<String, String>,
    /// The contents of each prompt's versions, by its id; nothing where history cannot tell.
    pub versions: Option<&'a HashMap<String, Vec<String>>>,
}

impl Labels<'_> {
    pub fn entries(&self) -> &[Entry] {
        &self.file.entries
    }

    /// What a prompt is called, or else its id.
    pub fn name<'n>(&'n self, entry: &'n Entry) -> &'n str {
        self.names.get(&entry.id).unwrap_or(&entry.id)
    }

    /// The contents of a prompt's versions, the first one first. Nothing for a prompt that is not there.
    pub fn blobs(&self, entry: &Entry) -> Option<Vec<&str>> {
        self.names.get(&entry.id)?;
        Some(self.versions?.get(&entry.id)?.iter().map(String::as_str).collect())
    }

    pub fn finding(&self, rule: &str, span: Span, message: impl Into<String>) -> Finding {
        Finding::error(rule, self.file.place(span), message)
    }
}

/// Everything that is wrong with the file, as the settings weigh it.
pub fn judge_labels(labels: &Labels<'_>, settings: &Settings, filter: &Filter) -> Vec<Finding> {
    let mut found = labels.file.findings.clone();
    for rule in RULES.iter() {
        if let How::Labels(check) = rule.how {
            check(labels, &mut found);
        }
    }
    found.into_iter().filter_map(|finding| weigh(finding, settings, filter)).collect()
}
