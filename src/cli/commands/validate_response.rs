use crate::app::App;
use crate::app::validate_response::{self, Request};
use crate::cli::Exit;
use crate::cli::input;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Check a model's answer against what its prompt allows
///
/// The answer is JSON. It must be what `output.schema` says, and may ask only for actions that `allowed_actions` allows and the
/// vocabulary offers to models. `palc render --schema` prints the schema that comes of both. The exit code is 1 if it is not.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, id, start of an id or path; after `@` a version, label or revision
    #[arg(value_name = "PROMPT")]
    what: String,
    /// The file that holds the answer; - reads standard input
    #[arg(value_name = "FILE", default_value = "-")]
    file: String,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let name = if args.file == "-" { "<stdin>" } else { &args.file };
    let request = Request { what: args.what.clone(), name: name.to_owned(), answer: input::read(app, &args.file)? };
    let outcome = validate_response::validate(app, &request)?;
    if args.output.is_json() {
        ui.data(&view::envelope("validate-response", view::validate_response::object(&outcome), &outcome.findings))?;
    } else if outcome.findings.is_empty() {
        ui.data("valid\n")?;
    } else {
        ui.findings(&outcome.findings);
    }
    Ok(u8::from(!outcome.findings.is_empty()))
}
