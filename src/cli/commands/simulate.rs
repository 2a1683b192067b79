use crate::app::{App, simulate};
use crate::base::Finding;
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Render one prompt in several contexts, and compare it with what is expected in each
///
/// A scenario is a YAML file that names a prompt and lists contexts: variables, history, a row of data, examples, expectations.
/// Nothing of one context is seen in another, and no model is asked. Exits 1 if something is not as expected.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The scenario's file
    #[arg(long, value_name = "FILE", required_unless_present = "schema")]
    scenario: Option<String>,
    /// Only this context; repeat for several
    #[arg(long, value_name = "CONTEXT")]
    only: Vec<String>,
    /// Print the messages of every context, too
    #[arg(long)]
    messages: bool,
    /// Print the JSON Schema of scenario files
    #[arg(long, conflicts_with_all = ["scenario", "only", "messages"])]
    schema: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let Some(scenario) = args.scenario.clone() else {
        ui.data(&format!("{:#}\n", crate::format::scenario::schema()))?;
        return Ok(0);
    };
    let outcome = simulate::simulate(app, &simulate::Request { scenario, only: args.only.clone() })?;
    if args.output.is_json() {
        ui.data(&view::envelope("simulate", view::simulate::object(&outcome), &[]))?;
        return Ok(u8::from(outcome.failed() > 0));
    }
    if args.messages {
        ui.data(&view::simulate::messages(&outcome, ui.paint()))?;
    }
    ui.data(&view::simulate::text(&outcome, ui.paint()))?;
    let findings: Vec<Finding> = outcome.contexts.iter().flat_map(|context| context.findings.clone()).collect();
    ui.findings(&findings);
    ui.status(&view::simulate::sentence(&outcome));
    Ok(u8::from(outcome.failed() > 0))
}
