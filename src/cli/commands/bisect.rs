use crate::app::App;
use crate::app::bisect::{self, End, Request, Test, scores};
use crate::app::eval::suites;
use crate::base::Result;
use crate::cli::Exit;
use crate::cli::commands::eval::money;
use crate::cli::models::Calling;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::eval::budget::Limits;
use crate::model::Money;
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
    #[arg(long, value_name = "COMMAND", required_unless_present_any = ["check", "suite"], conflicts_with_all = ["check", "suite"])]
    run: Option<String>,
    /// Let `palc check` tell: errors are bad
    #[arg(long, conflicts_with = "suite")]
    check: bool,
    /// Let a suite tell which version made it pass less often; what was answered once is not paid for again
    #[arg(long, value_name = "SUITE", requires = "name")]
    suite: Option<String>,
    /// With --suite: models in place of those of the suite, separated by commas
    #[arg(long, value_name = "MODELS", value_delimiter = ',', requires = "suite")]
    models: Vec<String>,
    /// With --suite: how often each case is asked
    #[arg(long, value_name = "NUMBER", requires = "suite", value_parser = clap::value_parser!(u32).range(1..=1000))]
    repeat: Option<u32>,
    /// With --suite: spend no more than this on all versions, in US dollars
    #[arg(long, value_name = "AMOUNT", requires = "suite", value_parser = money)]
    max_cost: Option<Money>,
    #[command(flatten)]
    calling: Calling,
    #[command(flatten)]
    output: Output,
}

impl Args {
    fn test(&self, app: &App) -> Result<Test> {
        match (&self.run, &self.suite, &self.name) {
            (Some(line), ..) => Ok(Test::Run(line.clone())),
            (None, Some(suite), Some(name)) => Ok(Test::Suite(scores::Request {
                suite: suites::wanted(app, suite)?,
                prompt: name.clone(),
                models: self.models.clone(),
                repeat: self.repeat,
                limits: Limits { cost: self.max_cost, ..Limits::default() },
                how: self.calling.how(),
            })),
            _ => Ok(Test::Check),
        }
    }
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let test = args.test(app)?;
    let request = Request { good: args.good.clone(), bad: args.bad.clone(), prompt: args.name.clone(), test };
    let outcome = bisect::bisect(app, &request, &mut |progress| ui.status(&view::bisect::progress(progress)))?;
    match args.output.is_json() {
        true => ui.data(&view::envelope("bisect", view::bisect::object(&outcome), &[]))?,
        false => ui.data(&view::bisect::text(&outcome, ui.paint()))?,
    }
    Ok(u8::from(!matches!(outcome.end, End::Found(..))))
}
