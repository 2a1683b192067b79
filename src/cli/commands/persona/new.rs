use crate::app::{App, persona};
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::cli::written::Writing;

/// Begin a persona of your own
///
/// The file says everything that a persona may say. With the name of one that comes with palc it takes its place.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Its name, such as research
    #[arg(value_name = "NAME")]
    name: String,
    /// What it is for, in a sentence
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Start from another persona
    #[arg(long, value_name = "PERSONA")]
    from: Option<String>,
    #[command(flatten)]
    writing: Writing,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = persona::NewRequest {
        name: args.name.clone(),
        description: args.description.clone(),
        from: args.from.clone(),
        dry_run: args.writing.dry_run,
    };
    let made = persona::new(app, &request)?;
    args.writing.print(ui, "persona.new", &made.written)?;
    if !args.writing.dry_run && !args.writing.output.is_json() {
        ui.hint(&format!("write it in {}; palc generate … --persona {} uses it", made.path, made.name));
    }
    Ok(0)
}
