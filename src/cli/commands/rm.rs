use crate::app::App;
use crate::app::rm::{self, Plan};
use crate::app::write::Selection;
use crate::base::{Error, Result};
use crate::cli::Exit;
use crate::cli::filter::Filter;
use crate::cli::ui::Ui;
use crate::cli::written::Writing;

/// Remove prompts
///
/// Git keeps what was committed. On a terminal it asks first; elsewhere --yes is needed.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names, ids, folders or globs
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// Every prompt there is; needs --force as well
    #[arg(long, conflicts_with = "names")]
    all: bool,
    /// Even if other prompts need them
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    writing: Writing,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    if args.all && !args.force && !args.writing.dry_run {
        return Err(Error::usage("--all removes every prompt").hint("say --all --force if that is meant"));
    }
    let prompts = Selection { names: args.names.clone(), conditions: args.filter.conditions()? };
    let request = rm::Request { prompts, all: args.all };
    let plan = rm::plan(app, &request)?;
    dependants(ui, &plan, args)?;
    if !args.writing.dry_run && !agreed(ui, &plan, args)? {
        ui.status("nothing was removed");
        return Ok(1);
    }
    let names: Vec<String> = plan.names().into_iter().map(str::to_owned).collect();
    let written = plan.carry_out(args.writing.dry_run)?;
    args.writing.print(ui, "rm", &written)?;
    if !args.writing.dry_run
        && let (Some(done), true) = (written.done.first(), rm::is_kept_by_git(app))
    {
        let more = if names.len() > 1 { ", and likewise the others" } else { "" };
        ui.hint(&format!("git checkout -- {} brings it back if it was committed{more}", done.path));
    }
    Ok(0)
}

/// Prompts that need the removed ones are named; without --force they are a reason to stop.
fn dependants(ui: &mut Ui, plan: &Plan<'_>, args: &Args) -> Result<()> {
    let needed = |link: &&crate::app::links::Link| link.what.is_needed();
    for link in &plan.dependants {
        ui.warn(&format!("{} {} {}", link.from.name, link.what.word(), link.to));
    }
    if plan.dependants.iter().any(|link| needed(&link)) && !args.force && !args.writing.dry_run {
        return Err(Error::no("other prompts need what would be removed").hint("--force removes it all the same"));
    }
    Ok(())
}

fn agreed(ui: &mut Ui, plan: &Plan<'_>, args: &Args) -> Result<bool> {
    if args.yes || args.all {
        return Ok(true);
    }
    let names = plan.names();
    let what = match &names[..] {
        [one] => format!("`{one}`"),
        several => format!("{} prompts ({}, …)", several.len(), several[..several.len().min(3)].join(", ")),
    };
    if !ui.can_ask() {
        return Err(Error::usage(format!("removing {what} needs --yes where nobody can be asked")));
    }
    Ok(ui.confirm(&format!("remove {what}?")))
}
