use crate::app::{App, project};
use crate::cli::Exit;
use crate::cli::commands::config::report;
use crate::cli::output::Output;
use crate::cli::ui::Ui;

/// Declare a project in palc.toml
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder as names of prompts say it, such as support/mail
    #[arg(value_name = "FOLDER")]
    within: String,
    /// What the project is called; the folder's name if nothing is said
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Who answers for its prompts; repeat for several
    #[arg(long = "owner", value_name = "OWNER")]
    owners: Vec<String>,
    /// Tag of prompts that set none; repeat for several
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// Model of prompts that name none
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = project::NewRequest {
        folder: args.within.clone(),
        title: args.title.clone().unwrap_or_else(|| args.within.trim_matches('/').to_owned()),
        description: args.description.clone(),
        owners: args.owners.clone(),
        tags: args.tags.clone(),
        model: args.model.clone(),
        dry_run: args.dry_run,
    };
    let edited = project::new(app, &request)?;
    let exit = report(ui, "project.new", &edited, args.dry_run, &args.output)?;
    ui.hint(&format!("palc project show {} shows what holds there", args.within));
    Ok(exit)
}
