use crate::app::App;
use crate::app::bisect::{self, End, Request, Test};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Find the commit that broke something
///
/// Searches the commits after a good one, up to a bad one, that changed prompts, along first parents; with a name only the
/// versions of that prompt. A command runs in a checkout of its own: 0 means good, 125 that it cannot be told, anything else
/// below 128 bad. Your work tree and branches stay as they are.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The prompt whose versions are searched
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// A revision where all was well
    #[arg(long, value_name = "REVISION", required = true)]
    good: String,
    /// A revision where it is not
    #[arg(long, value_name = "REVISION", default_value = "HEAD")]
    bad: String,
    /// The command that tells
    #[arg(long, value_name = "COMMAND", required_unless_present = "check", conflicts_with = "check")]
    run: Option<String>,
    /// Let `palc check` tell: errors are bad
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let test = args.run.clone().map_or(Test::Check, Test::Run);
    let request = Request { good: args.good.clone(), bad: args.bad.clone(), prompt: args.name.clone(), test };
    let outcome = bisect::bisect(app, &request, &mut |progress| ui.status(&view::bisect::progress(progress)))?;
    match args.output.is_json() {
        true => ui.data(&view::envelope("bisect", view::bisect::object(&outcome), &[]))?,
        false => ui.data(&view::bisect::text(&outcome, ui.paint()))?,
    }
    Ok(u8::from(!matches!(outcome.end, End::Found(..))))
}
