//! Committing what a command has just written.

use clap::Args;

use super::ui::Ui;
use crate::app::App;
use crate::app::commit;
use crate::app::write::Written;
use crate::base::Result;

/// `--commit`, for commands whose change is worth a commit of its own.
#[derive(Debug, Clone, Args)]
pub struct Keeping {
    /// Commit what was written, and nothing else
    #[arg(long, conflicts_with = "dry_run")]
    commit: bool,
    /// The commit's message
    #[arg(short, long, value_name = "TEXT", requires = "commit")]
    message: Option<String>,
}

impl Keeping {
    /// Commit if that was asked for. `draft` is the message if none was given.
    pub fn keep(&self, app: &App, ui: &mut Ui, written: &Written, draft: &str) -> Result<()> {
        if !self.commit || !written.changed() {
            return Ok(());
        }
        let outcome = commit::written(app, written, self.message.as_deref().unwrap_or(draft))?;
        ui.findings(&outcome.findings);
        if let Some(made) = &outcome.commit {
            let subject = made.message.lines().next().unwrap_or_default();
            ui.status(&format!("committed {} {subject}", made.id.get(..8).unwrap_or(&made.id)));
        }
        Ok(())
    }
}
