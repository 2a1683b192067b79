//! Bring a configuration file up to date with the keys of today.

use std::path::PathBuf;

use crate::app::App;
use crate::base::disk::{Batch, Expect};
use crate::base::text::BOM;
use crate::base::{Error, Finding, Result, Severity};
use crate::config::Layer;
use crate::config::edit::{Change, upgrade as upgraded};
use crate::config::moves::MOVES;

use super::edit::{path_of, read, settle, with_text};
use super::{Target, name_of};

#[derive(Debug, Default)]
pub struct UpgradeRequest {
    /// The user's file, not the repository's.
    pub user: bool,
    pub dry_run: bool,
}

#[derive(Debug)]
pub struct Upgraded {
    pub path: PathBuf,
    pub layer: Layer,
    pub before: String,
    pub after: String,
    pub changes: Vec<Change>,
    /// What is wrong in the file afterwards: keys that palc never had, among others.
    pub findings: Vec<Finding>,
    pub dry_run: bool,
}

impl Upgraded {
    /// Whether somebody has to look at the file.
    pub fn is_wrong(&self) -> bool {
        let wrong = self.findings.iter().any(|finding| finding.severity == Severity::Error);
        wrong || self.changes.iter().any(|change| change.stuck)
    }
}

pub fn upgrade(app: &App, request: &UpgradeRequest) -> Result<Upgraded> {
    let target = if request.user { Target::User } else { Target::Repository };
    let layer = settle(app, target, crate::config::Reach::Anyone)?;
    let path = path_of(app, layer)?;
    let (text, stamp) = read(&path)?;
    if stamp.is_none() {
        return Err(Error::no(format!("there is no {}", path.display())).hint("`palc config init` makes one"));
    }
    let (mark, plain) = match text.strip_prefix(BOM) {
        Some(plain) => (BOM.to_string(), plain),
        None => (String::new(), text.as_str()),
    };
    let upgraded = upgraded(plain, MOVES)?;
    if !request.dry_run && upgraded.text != plain {
        let expect = stamp.as_ref().map_or(Expect::Absent, Expect::Same);
        let bytes = format!("{mark}{}", upgraded.text);
        Batch::new().write(&path, bytes, expect).commit(&app.journal_folder(app.place()?)?)?;
        tracing::info!(path = %path.display(), changes = upgraded.changes.len(), "upgraded a configuration file");
    }
    let name = name_of(layer, &path);
    let mut findings = with_text(app, layer, &path, &upgraded.text).findings;
    findings.retain(|finding| finding.place.path == name);
    Ok(Upgraded {
        path,
        layer,
        before: plain.to_owned(),
        after: upgraded.text,
        changes: upgraded.changes,
        findings,
        dry_run: request.dry_run,
    })
}
