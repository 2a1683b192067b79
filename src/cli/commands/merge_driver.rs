use std::path::PathBuf;

use crate::app::App;
use crate::app::merge_driver::{self, Request};
use crate::base::env::MERGE_KEEP;
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::repo::merge::Three;
use crate::view;

/// Merge one file by field, for git
///
/// Git calls it, once `palc init` has put it into the repository's settings. The result goes into OURS. Exits with 0 if
/// the merge is clean and with 1 if conflicts are left between markers.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The version that both sides come from (%O)
    #[arg(value_name = "BASE")]
    base: PathBuf,
    /// Our version, which the result replaces (%A)
    #[arg(value_name = "OURS")]
    ours: PathBuf,
    /// Their version (%B)
    #[arg(value_name = "THEIRS")]
    theirs: PathBuf,
    /// The file's path in the repository, which tells its format (%P)
    #[arg(short = 'P', long, value_name = "PATH")]
    path: Option<String>,
    /// The length of conflict markers (%L)
    #[arg(short = 'L', long, value_name = "SIZE")]
    marker_size: Option<usize>,
    /// What the version of both is called in conflicts (%S)
    #[arg(short = 'S', long, value_name = "LABEL", allow_hyphen_values = true)]
    base_label: Option<String>,
    /// What our version is called (%X)
    #[arg(short = 'X', long, value_name = "LABEL", allow_hyphen_values = true)]
    ours_label: Option<String>,
    /// What their version is called (%Y)
    #[arg(short = 'Y', long, value_name = "LABEL", allow_hyphen_values = true)]
    theirs_label: Option<String>,
}

/// Git says itself that a file has conflicts; where they are fits on a screen or helps nobody.
const SHOWN: usize = 20;

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let path = args.path.clone().unwrap_or_else(|| args.ours.to_string_lossy().into_owned());
    let request = Request {
        files: Three::new(args.base.clone(), args.ours.clone(), args.theirs.clone()),
        path: path.clone(),
        marker_size: args.marker_size,
        labels: Three::new(args.base_label.clone(), args.ours_label.clone(), args.theirs_label.clone()),
    };
    let merged = merge_driver::merge_driver(app, &request)?;
    // `palc merge` tells it all itself.
    let is_alone = app.env.get(MERGE_KEEP).is_none();
    if is_alone {
        merged.conflicts.iter().take(SHOWN).for_each(|one| ui.status(&view::merge::conflict_line(&path, one)));
        let more = merged.conflicts.len().saturating_sub(SHOWN);
        if more > 0 {
            ui.status(&format!("and {more} more in {path}"));
        }
    }
    Ok(u8::from(!merged.is_clean()))
}
