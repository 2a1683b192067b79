use crate::app::{App, config};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Write a configuration file to start from
///
/// Everything in it is a comment, so nothing changes until you edit it. An existing file is never touched.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Write your own file and not the repository's palc.toml
    #[arg(long)]
    user: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let created = config::init(app, &config::InitRequest { user: args.user })?;
    let path = created.path.display().to_string();
    if args.output.is_json() {
        ui.data(&view::envelope("config.init", view::config::MadeV1 { path: path.clone() }, &[]))?;
    }
    ui.status(&format!("wrote {path}"));
    Ok(0)
}
