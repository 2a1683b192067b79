use serde_json::Value;

use crate::app::{App, config};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::config::toml_text;
use crate::view;

/// Print the value of a setting
///
/// A text is printed bare, and a list one item a line. Exits 1 if nobody set the key.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The key, such as render.on_missing
    #[arg(value_name = "KEY")]
    key: String,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let setting = config::get(app, &args.key)?;
    if args.output.is_json() {
        ui.data(&view::envelope("config.get", view::config::object(&setting), &app.config()?.findings))?;
        return Ok(0);
    }
    let lines = match setting.entry.map(|entry| entry.value) {
        Some(Value::Array(items)) => items.iter().map(|item| format!("{}\n", bare(item))).collect(),
        Some(value) => format!("{}\n", bare(&value)),
        None => String::new(),
    };
    ui.data(&lines)?;
    Ok(0)
}

fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| toml_text(value), str::to_owned)
}
