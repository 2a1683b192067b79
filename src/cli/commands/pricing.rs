use crate::app::{App, pricing};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Say what models cost
///
/// Prices come from a dated table inside palc, and from the settings `prices.<model>` where those know better. A model in
/// neither has an unknown price, and so have its calls; nothing is ever taken to be free because it is not known. What a
/// provider itself says about the cost of a call counts before both.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Some models cost more for the whole request once many tokens go in; that has a line of its own. To set a price yourself,
in US dollars for a million tokens:
  palc config set --user 'prices.\"openai/gpt-4o-mini\".input' 0.12")]
pub struct Args {
    /// The models: `gpt-4o-mini`, or with the provider `openai/gpt-4o-mini`; without any, all
    #[arg(value_name = "MODEL")]
    models: Vec<String>,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let prices = pricing::pricing(app, &args.models)?;
    if args.output.is_json() {
        ui.data(&view::envelope("pricing", view::pricing::object(&prices), &[]))?;
        return Ok(u8::from(!prices.unknown.is_empty()));
    }
    ui.data(&view::pricing::text(&prices, ui.paint()))?;
    if !prices.rows.is_empty() {
        ui.status(&view::pricing::sentence(&prices));
    }
    if let Some(warning) = view::pricing::stale(&prices) {
        ui.warn(&warning);
    }
    match prices.error() {
        Some(error) => Err(error),
        None => Ok(0),
    }
}
