use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Say which palc this is
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    output: Output,
}

pub fn run(ui: &mut Ui, args: &Args) -> Exit {
    match args.output.is_json() {
        true => ui.data(&view::envelope("version", view::version::object(), &[]))?,
        false => ui.data(&view::version::text())?,
    }
    Ok(0)
}
