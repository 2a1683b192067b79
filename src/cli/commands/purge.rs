use crate::app::App;
use crate::app::purge::{self, Plan};
use crate::base::{Error, Result};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Erase a prompt from all history, for privacy
///
/// `palc rm` takes a prompt out of the newest commit, and git keeps what it was. This writes history anew without it:
/// every content that it ever had, under all its names, goes from all branches, tags, stashes, checkpoints, remote-tracking
/// branches and reflogs, and so do its labels; then git throws away every object that nothing names any more.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Commits keep their messages, authors and dates, also those that are empty then, so all other prompts keep their ids and
the numbers of their versions. Ids of commits change from the first one that held the prompt, and signatures are lost.
Tags move along. A content that stands in another file, too, stays there, and palc says so.

There is no way back. Remotes, other clones and backups are out of reach: palc prints what to push, and everybody else
has to clone again. On a terminal, the prompt's name must be typed; elsewhere --yes is needed. Try --dry-run first.

If palc is killed, the old history is whole or the new one is; `palc purge` without a name ends what was begun.")]
pub struct Args {
    /// The prompt: a name, an id or a path; also one that was deleted
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// Say what would be erased, and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let plan = purge::plan(app, args.name.as_deref())?;
    let told = if args.dry_run {
        plan.told
    } else if agreed(ui, &plan, args)? {
        plan.carry_out()?
    } else {
        ui.status("nothing was erased");
        return Ok(1);
    };
    ui.findings(&told.findings);
    if args.output.is_json() {
        ui.data(&view::envelope("purge", view::purge::object(&told), &told.findings))?;
        return Ok(0);
    }
    ui.data(&view::purge::text(&told, ui.paint()))?;
    ui.finish()?;
    view::purge::warnings(&told).iter().for_each(|warning| ui.warn(warning));
    view::purge::hints(&told).iter().for_each(|hint| ui.hint(hint));
    Ok(0)
}

fn agreed(ui: &mut Ui, plan: &Plan<'_>, args: &Args) -> Result<bool> {
    if args.yes || plan.is_resumed {
        return Ok(true);
    }
    let name = &plan.told.name;
    if !ui.can_ask() {
        return Err(Error::usage(format!("erasing {name} from history needs --yes where nobody can be asked"))
            .hint("--dry-run says what would be erased"));
    }
    let facts = view::purge::text(&plan.told, ui.status_paint());
    ui.status(facts.trim_end());
    view::purge::warnings(&plan.told).iter().for_each(|warning| ui.warn(warning));
    Ok(ui.typed("there is no way back; type the prompt's name to erase it") == *name)
}
