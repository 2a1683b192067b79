use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::config;

/// Print the JSON Schema of palc.toml, for editors
#[derive(Debug, clap::Args)]
pub struct Args {}

pub fn run(ui: &mut Ui, _args: &Args) -> Exit {
    ui.data(&format!("{:#}\n", config::schema()))?;
    Ok(0)
}
