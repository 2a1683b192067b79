use crate::app::App;
use crate::app::branch::{self, Listing};
use crate::base::{Error, Result};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// List branches with the prompts they change, or make or delete one
///
/// Without a name it lists. A branch whose content arrived by a squash or a rebase is told as such, so it can go without --force.
/// Making or deleting one moves no work tree: `palc switch` does.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The branch to make, and where it begins if not at HEAD; with --delete the branches to delete
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Only branches that are merged or had no commit for 90 days
    #[arg(long, conflicts_with = "names")]
    stale: bool,
    /// The branch to compare with, in place of the main one
    #[arg(long, value_name = "BRANCH", conflicts_with = "names")]
    base: Option<String>,
    /// Delete the branches
    #[arg(short, long, requires = "names")]
    delete: bool,
    /// Even if commits would be lost
    #[arg(long, requires = "delete")]
    force: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    if args.delete {
        app.permit("branch delete")?;
        return delete(app, ui, args);
    }
    match &args.names[..] {
        [] => list(app, ui, args),
        [name] => create(app, ui, args, name, None),
        [name, start] => create(app, ui, args, name, Some(start)),
        _ => Err(Error::usage("one branch is made at a time").hint("palc branch NAME [START]")),
    }
}

fn list(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let branches = branch::list(app, &Listing { stale: args.stale, base: args.base.clone() })?;
    if args.output.is_json() {
        ui.data(&view::envelope("branch", view::branch::objects(&branches), &[]))?;
    } else {
        ui.data(&view::branch::text(&branches, ui.paint(), ui.width()))?;
        if branches.is_empty() {
            ui.status(if args.stale { "no branch is stale" } else { "there are no branches yet" });
        }
    }
    Ok(0)
}

fn create(app: &App, ui: &mut Ui, args: &Args, name: &str, start: Option<&str>) -> Exit {
    app.permit("branch create")?;
    let commit = branch::create(app, name, start)?;
    tell(ui, args, "created", &[(name.to_owned(), commit)])?;
    ui.hint(&format!("palc switch {name} goes there"));
    Ok(0)
}

fn delete(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let deleted = branch::delete(app, &args.names, args.force)?;
    tell(ui, args, "deleted", &deleted)?;
    Ok(0)
}

fn tell(ui: &mut Ui, args: &Args, done: &'static str, branches: &[(String, String)]) -> Result<()> {
    if args.output.is_json() {
        return ui.data(&view::envelope("branch.change", view::branch::changes(done, branches), &[]));
    }
    ui.data(&view::branch::change_text(done, branches))
}
