use crate::app::{App, auth};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Say where each provider's key would come from
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let rows = auth::list(app)?;
    match args.output.is_json() {
        true => ui.data(&view::envelope("auth.list", view::auth::objects(&rows), &[]))?,
        false => ui.data(&view::auth::table(&rows, ui.paint()))?,
    }
    Ok(0)
}
