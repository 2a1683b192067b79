//! The user's editor, and a look at the file when it closes.

use super::Exit;
use super::ui::Ui;
use crate::app::{App, edit};
use crate::base::{Severity, process};

/// Open a prompt, and say what is wrong with it afterwards. On a terminal it can be opened again.
pub fn edit(app: &App, ui: &mut Ui, what: &str) -> Exit {
    let target = edit::target(app, what)?;
    loop {
        process::edit(&target.editor, &target.path)?;
        let after = edit::check(app, &target)?;
        ui.findings(&after.findings);
        let wrong = after.findings.iter().any(|finding| finding.severity == Severity::Error);
        if wrong && ui.can_ask() && ui.confirm("open it again?") {
            continue;
        }
        if !after.changed {
            ui.status("nothing was changed");
        }
        return Ok(u8::from(wrong));
    }
}
