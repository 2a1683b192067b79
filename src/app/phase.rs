//! Phases: the steps on the way from an idea to a prompt.

use crate::base::{Finding, Result};
use crate::format::generation::{self, PHASES};
use crate::model::Phase;

use super::App;
use super::assets::{self, strict, unknown};

/// All phases, and what is wrong with their files.
pub fn list(app: &App) -> Result<(Vec<Phase>, Vec<Finding>)> {
    let mut findings = Vec::new();
    let mut phases = Vec::new();
    for found in assets::all(app, folder(app)?, PHASES)? {
        match generation::phase(&found.name, &found.source) {
            Ok((phase, wrong)) => {
                phases.push(phase);
                findings.extend(wrong);
            }
            Err(finding) => findings.push(*finding),
        }
    }
    Ok((phases, findings))
}

/// The phase of a name, or of an older word for it. Its file must be in order.
pub fn find(app: &App, name: &str) -> Result<(Phase, Vec<Finding>)> {
    let folder = folder(app)?;
    let meant = &app.settings()?.vocabulary.phase;
    let found = match assets::one(app, folder, PHASES, name)? {
        Some(found) => Some(found),
        None => match meant.find(name) {
            Some(word) => assets::one(app, folder, PHASES, &word.name)?,
            None => None,
        },
    };
    let Some(found) = found else {
        let known: Vec<String> = assets::all(app, folder, PHASES)?.into_iter().map(|found| found.name).collect();
        return Err(unknown("phase", name, &known, folder));
    };
    strict(&found.source.path, generation::phase(&found.name, &found.source))
}

fn folder(app: &App) -> Result<&str> {
    Ok(&app.settings()?.files.phases)
}
