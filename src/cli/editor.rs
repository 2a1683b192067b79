//! The user's editor, and a look at the file when it closes.

use super::Exit;
use super::ui::Ui;
use crate::app::{App, edit};
use crate::base::{Severity, process};
use crate::view;

/// Open a prompt, and say what is wrong with it afterwards. On a terminal it can be opened again.
pub fn edit(app: &App, ui: &mut Ui, what: &str, json: bool) -> Exit {
    let target = edit::target(app, what)?;
    loop {
        process::edit(&target.editor, &target.path)?;
        let after = edit::check(app, &target)?;
        ui.findings(&after.findings);
        let wrong = after.findings.iter().any(|finding| finding.severity == Severity::Error);
        if wrong && ui.can_ask() && ui.confirm("open it again?") {
            continue;
        }
        if json {
            ui.data(&view::envelope("edit", view::edit::object(&target, &after), &after.findings))?;
        } else if !after.changed {
            ui.status("nothing was changed");
        }
        return Ok(u8::from(wrong));
    }
}
