use crate::app::App;
use crate::app::models::list::{self, Request};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// List the models of a provider, or of all that have a key
#[derive(Debug, clap::Args)]
#[command(after_help = "The providers are asked each time, and their lists are kept for --offline.")]
pub struct Args {
    /// Only this provider's
    #[arg(value_name = "PROVIDER")]
    provider: Option<String>,
    /// Show the lists that were kept, and ask nobody
    #[arg(long)]
    offline: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = Request { service: args.provider.clone(), offline: args.offline };
    let (listings, errors) = list::list(app, &request)?;
    if args.output.is_json() {
        ui.data(&view::envelope("models", view::models::objects(&listings), &[]))?;
    } else {
        ui.data(&view::models::table(&listings, ui.paint()))?;
        for listing in &listings {
            view::models::age(listing).iter().for_each(|age| ui.status(age));
        }
    }
    errors.iter().for_each(|error| ui.report(error));
    if listings.is_empty() && errors.is_empty() {
        ui.hint("no provider has a key; `palc auth set PROVIDER` keeps one");
        return Ok(1);
    }
    Ok(errors.first().map_or(0, |error| error.kind().exit_code()))
}
