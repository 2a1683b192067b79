use std::path::PathBuf;

use crate::app::App;
use crate::app::trust::{self, Standing, State};
use crate::base::{Error, Result};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Let this repository's palc.toml say where keys are sent
///
/// A clone may not say so by itself: where a provider is, which headers are sent, and which environment variable holds
/// the key. This shows what its palc.toml wants and asks. Until then palc works without those settings, and a command
/// that needs one of them fails.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The answer is kept outside of the repository, in ~/.local/state/palc/trust, for this folder and exactly these settings:
when one of them changes, palc asks again and says what changed. Where nobody sits, PALC_TRUST=DIGEST grants the same;
--dry-run shows the digest.")]
pub struct Args {
    /// Show everything that was granted on this machine
    #[arg(long, conflicts_with_all = ["revoke", "yes", "dry_run"])]
    list: bool,
    /// Take back what was granted, to the repository here or in a folder
    #[arg(long, value_name = "FOLDER", num_args = 0..=1, conflicts_with_all = ["yes", "dry_run"])]
    revoke: Option<Option<PathBuf>>,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// Show what would be granted, and grant nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    match &args.revoke {
        _ if args.list => list(app, ui, args),
        Some(folder) => revoke(app, ui, args, folder.as_ref()),
        None => grant(app, ui, args),
    }
}

fn list(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let all = trust::list(app);
    match args.output.is_json() {
        true => ui.data(&view::envelope("trust.list", view::trust::granted(&all), &[]))?,
        false => ui.data(&view::trust::list(&all, ui.paint()))?,
    }
    Ok(0)
}

fn revoke(app: &App, ui: &mut Ui, args: &Args, folder: Option<&PathBuf>) -> Exit {
    let revoked = trust::revoke(app, folder.map(PathBuf::as_path))?;
    let Some(revoked) = revoked else {
        return Err(Error::no("nothing was granted here").hint("`palc trust --list` shows what was granted elsewhere"));
    };
    ui.status(&format!("took back what was granted to {}", revoked.root));
    if args.output.is_json() {
        ui.data(&view::envelope("trust.revoke", view::trust::granted(&[revoked]), &[]))?;
    }
    Ok(0)
}

fn grant(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let mut standing = trust::standing(app)?;
    if !args.output.is_json() {
        ui.data(&view::trust::text(&standing, ui.paint()))?;
    }
    let agreed = standing.state == State::Asked && !args.dry_run && agreed(ui, &standing, args)?;
    if agreed {
        trust::grant(app, &standing)?;
        standing.state = State::Granted;
        ui.status("trusted");
    }
    if args.output.is_json() {
        ui.data(&view::envelope("trust", view::trust::object(&standing), &[]))?;
    } else if args.dry_run && !standing.wants.is_empty() {
        ui.hint(&format!("PALC_TRUST={} grants the same where nobody can be asked", standing.digest));
    }
    Ok(u8::from(standing.state == State::Asked && !args.dry_run))
}

fn agreed(ui: &mut Ui, standing: &Standing, args: &Args) -> Result<bool> {
    if args.yes {
        return Ok(true);
    }
    ui.finish()?;
    match ui.can_ask() {
        true => Ok(ui.confirm("may this repository set these?")),
        false => Err(Error::usage("trusting a repository needs --yes where nobody can be asked")
            .hint(format!("PALC_TRUST={} grants exactly this, and stops when it changes", standing.digest))),
    }
}
