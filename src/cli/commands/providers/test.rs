use crate::app::App;
use crate::app::providers::{self, Verdict};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Look whether providers can be used
///
/// Without --live nobody is asked: keys, addresses, models and fallbacks are looked at. Exits 1 if something is wrong.
///
/// With --live each is asked for its list of models, its model for a short answer, and its embedding model for one vector,
/// as far as settings name them. That tells whether it is down, does not know the key, or has no such model, and costs next
/// to nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The providers; without any, those that have a key or that a setting names
    #[arg(value_name = "PROVIDER")]
    names: Vec<String>,
    /// Ask them
    #[arg(long)]
    live: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let tested = providers::test(app, &args.names, args.live)?;
    match args.output.is_json() {
        true => ui.data(&view::envelope("providers.test", view::providers::tested_objects(&tested), &[]))?,
        false => ui.data(&view::providers::tested(&tested, ui.paint()))?,
    }
    if tested.is_empty() {
        ui.status("no provider has a key, and no setting names one");
        ui.hint("`palc providers` lists those that palc knows, `palc auth set PROVIDER` keeps a key");
    }
    Ok(u8::from(tested.iter().any(|tested| tested.verdict() == Verdict::Bad)))
}
