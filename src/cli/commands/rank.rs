use crate::app::App;
use crate::app::rank;
use crate::cli::Exit;
use crate::cli::output::{Listing, Shape};
use crate::cli::task::Task;
use crate::cli::ui::Ui;
use crate::view;

/// Rank prompts for a task without asking a model
///
/// A score is made of five features, each from 0 to 1: how near the temperature is to the one that the prompt's phase
/// wants, whether the text is neither too short nor too long, how much it means what the task means, how long it is beside
/// the task, and how earlier prompts did that resemble it. --explain shows how each score comes about. The weights are
/// `ranking.weights.*` in the settings, or the file `ranking.yaml`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names, ids, paths, folders or globs; NAME@7 for a version
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
    #[command(flatten)]
    task: Task,
    /// Other weights: NAME=NUMBER,… or a YAML or JSON file
    #[arg(long, value_name = "FILE|NAME=NUMBER,…")]
    weights: Option<String>,
    /// Show how each score comes about
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    listing: Listing,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request =
        rank::Request { names: args.names.clone(), task: args.task.text(app)?, weights: args.weights.clone() };
    let outcome = rank::rank(app, &request)?;
    let found = outcome.ranked.iter().map(|ranked| &outcome.candidates[ranked.candidate]);
    match args.listing.shape() {
        Shape::Json => ui.data(&view::envelope("rank", view::rank::object(&outcome), &outcome.findings))?,
        Shape::Names => ui.data(&found.map(|it| format!("{}\n", it.name)).collect::<String>())?,
        Shape::Paths => ui.data(&found.map(|it| format!("{}\n", it.path)).collect::<String>())?,
        Shape::Text => ui.data(&view::rank::text(&outcome, args.explain, ui.paint(), ui.width()))?,
    }
    ui.findings(&outcome.findings);
    Ok(0)
}
