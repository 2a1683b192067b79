//! What every writing command prints.

use clap::Args;

use super::Exit;
use super::output::Output;
use super::ui::Ui;
use crate::app::write::Written;
use crate::view;

/// `--dry-run` and the format.
#[derive(Debug, Clone, Args)]
pub struct Writing {
    /// Show what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub output: Output,
}

impl Writing {
    pub fn print(&self, ui: &mut Ui, command: &str, written: &Written) -> Exit {
        if self.output.is_json() {
            ui.data(&view::envelope(command, view::written::object(written), &written.findings))?;
            return Ok(0);
        }
        ui.data(&view::written::text(written, ui.paint()))?;
        self.rest(ui, written);
        Ok(0)
    }

    /// After a command that has told what it did in words of its own: which files that changed, or would change.
    pub fn close(&self, ui: &mut Ui, written: &Written) -> Exit {
        if written.dry_run {
            ui.data(&view::written::text(written, ui.paint()))?;
        } else {
            written.done.iter().for_each(|done| ui.status(&format!("wrote {}", done.path)));
        }
        self.rest(ui, written);
        Ok(0)
    }

    fn rest(&self, ui: &mut Ui, written: &Written) {
        ui.findings(&written.findings);
        if !written.changed() {
            ui.status("nothing to change");
        }
    }
}
