use std::path::PathBuf;

use crate::app::{App, init};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Make a folder ready for prompts
///
/// Works in any git repository, and makes one where there is none. Writes palc.toml with everything as comments, a first
/// prompt if there is none, lines in .gitattributes, and settings in .git/config by which git compares and merges prompts
/// by field; those are this clone's alone. What exists is kept, so running it again changes nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder; this one if none is given
    #[arg(value_name = "FOLDER")]
    dir: Option<PathBuf>,
    /// Also write the JSON Schema of palc.toml, so that editors complete and check it
    #[arg(long)]
    schema: bool,
    /// Let `git diff` show prompts in their canonical form, so that it leaves out changes of form alone
    #[arg(long)]
    textconv: bool,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request =
        init::Request { folder: args.dir.clone(), schema: args.schema, textconv: args.textconv, dry_run: args.dry_run };
    let outcome = init::init(app, &request)?;
    if args.output.is_json() {
        ui.data(&view::envelope("init", view::init::object(&outcome, args.dry_run), &[]))?;
        return Ok(0);
    }
    ui.data(&view::init::text(&outcome, args.dry_run, ui.paint()))?;
    if !outcome.changed() {
        ui.status("everything is there already");
    } else if !args.dry_run {
        next_steps(ui, args, &outcome);
    }
    Ok(0)
}

fn next_steps(ui: &mut Ui, args: &Args, outcome: &init::Outcome) {
    if let Some(folder) = &args.dir {
        ui.hint(&format!("cd {}", folder.display()));
    }
    match outcome.has_prompts {
        true => ui.hint("palc list shows your prompts, palc check what is wrong with them"),
        false => ui.hint("palc show hello shows the first prompt, palc render hello --var name=Ada renders it"),
    }
    if !args.schema {
        ui.hint("palc init --schema lets editors complete and check palc.toml");
    }
}
