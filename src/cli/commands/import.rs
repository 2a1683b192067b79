use clap::Subcommand;

use crate::app::{App, import};
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::cli::written::Writing;
use crate::view;

/// Take over what another tool's files say
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Promptfoo(Promptfoo),
}

/// Make prompts and a suite of a configuration of promptfoo
///
/// It is read strictly. Whatever cannot be said in a suite is named with its line, and then nothing is written unless
/// `--partial` is given; whatever comes out differently is named too. Nothing is ever overwritten.
#[derive(Debug, clap::Args)]
struct Promptfoo {
    /// The configuration, YAML or JSON, in this repository
    #[arg(value_name = "FILE")]
    file: String,
    /// What the suite and the folder of its prompts are to be called
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Import what can be imported, and leave out the rest
    #[arg(long)]
    partial: bool,
    #[command(flatten)]
    writing: Writing,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let Verb::Promptfoo(args) = &args.verb;
    let request = import::Request {
        file: args.file.clone(),
        name: args.name.clone(),
        partial: args.partial,
        dry_run: args.writing.dry_run,
    };
    let mut outcome = import::promptfoo(app, &request)?;
    // What is odd about the files as written stands behind what is odd about the import.
    let written = std::mem::take(&mut outcome.written.findings);
    outcome.written.findings = outcome.findings.into_iter().chain(written).collect();
    args.writing.print(ui, "import.promptfoo", &outcome.written)?;
    if !args.writing.dry_run && !args.writing.output.is_json() {
        let rows = if outcome.tables > 0 { " and the rows of its tables" } else { "" };
        ui.status(&format!("the suite has {}{rows}", view::evaluation::counted(outcome.cases as u64, "case")));
        ui.hint(&format!(
            "palc suite check {0} looks at it as before a run; palc eval {0} --dry-run says what it costs",
            outcome.suite
        ));
    }
    Ok(0)
}
