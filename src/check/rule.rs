//! What a rule is.

use crate::base::{Finding, Severity};

use super::file::File;
use super::hit::Hit;
use super::labels::Labels;
use super::repository::Repository;

/// One thing that is checked. It stands in a file of its own and in the registry, has a fixture and a doc entry.
#[derive(Debug)]
pub struct Rule {
    /// As users write it in settings and allowances: `unknown-key`.
    pub name: &'static str,
    /// What it finds, in one sentence.
    pub doc: &'static str,
    /// Why that matters and what to do about it.
    pub why: &'static str,
    /// How serious its findings are if the settings say nothing.
    pub severity: Severity,
    /// Whether some of its findings have a fix that keeps the meaning.
    pub fix: bool,
    pub how: How,
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub enum How {
    /// Reading the file reports it, in `format`.
    Reading,
    /// One file alone, whatever its path.
    File(fn(&File<'_>, &mut Vec<Hit>)),
    /// The facts of all files. The number says in which file.
    Repository(fn(&Repository<'_>, &mut Vec<(usize, Hit)>)),
    /// The allowances themselves.
    Allowances,
    /// `labels.yaml`.
    Labels(fn(&Labels<'_>, &mut Vec<Finding>)),
    /// The settings about rules.
    Settings,
    /// What branches say beside each other; nothing that a file or a repository shows by itself.
    Branches,
}

impl How {
    /// What it looks at, in a word or two.
    pub fn words(self) -> &'static str {
        match self {
            How::Reading | How::File(_) => "the file",
            How::Repository(_) => "the repository",
            How::Allowances => "allowances",
            How::Labels(_) => "labels",
            How::Settings => "settings",
            How::Branches => "branches",
        }
    }
}
