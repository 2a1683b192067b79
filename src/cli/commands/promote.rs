use crate::app::App;
use crate::app::promote::{self, Request};
use crate::cli::Exit;
use crate::cli::keeping::Keeping;
use crate::cli::ui::Ui;
use crate::cli::written::Writing;
use crate::view;

/// Put one label where another one is: production where staging is
///
/// Adds and moves the label, and takes it away from nothing unless `--mirror` says so. `--dry-run` shows all of it first.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names, ids or paths
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Every prompt that has the label
    #[arg(long, conflicts_with = "names")]
    all: bool,
    /// The label to follow
    #[arg(long, value_name = "LABEL", default_value = "staging")]
    from: String,
    /// The label to put
    #[arg(long, value_name = "LABEL", default_value = "production")]
    to: String,
    /// Take the label away from prompts that do not have the other one
    #[arg(long)]
    mirror: bool,
    #[command(flatten)]
    writing: Writing,
    #[command(flatten)]
    keeping: Keeping,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = Request {
        from: args.from.clone(),
        to: args.to.clone(),
        prompts: args.names.clone(),
        all: args.all,
        mirror: args.mirror,
        dry_run: args.writing.dry_run,
    };
    let outcome = promote::promote(app, &request)?;
    if args.writing.output.is_json() {
        ui.data(&view::envelope("promote", view::promote::object(&outcome), &outcome.written.findings))?;
    } else {
        ui.data(&view::promote::text(&outcome.plan, ui.paint()))?;
        args.writing.close(ui, &outcome.written)?;
    }
    args.keeping.keep(app, ui, &outcome.written, &format!("Promote {} to {}", args.from, args.to))?;
    if !outcome.plan.kept.is_empty() {
        ui.hint(&format!("--mirror takes `{}` away from what has no `{}`", args.to, args.from));
    }
    Ok(0)
}
