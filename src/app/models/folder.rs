//! Where runs are kept: in the derived folder, or without git in the user's own.

use std::path::PathBuf;

use crate::app::App;
use crate::base::Result;

/// The folder of all runs of this repository.
pub fn runs(app: &App) -> Result<PathBuf> {
    app.kept_folder(app.workspace()?, "runs")
}

/// A fresh name for a run: the moment first, so that names sort by time.
pub fn fresh(app: &App) -> String {
    let now = app.clock.now().to_string();
    let digits: String =
        now.chars().take_while(|&c| c != '.' && c != 'Z').filter(|c| c.is_ascii_digit() || *c == 'T').collect();
    format!("{}-{}", digits.replace('T', "-"), &app.clock.id()[..4])
}
