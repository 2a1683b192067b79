use crate::app::App;
use crate::app::select_best::{self, Found};
use crate::cli::Exit;
use crate::cli::judging::Judging;
use crate::cli::models::Calling;
use crate::cli::output::{Listing, Shape};
use crate::cli::task::{Task, Wishes};
use crate::cli::ui::Ui;
use crate::view;

/// Have a model judge which prompt is the best for a task
///
/// The judge scores every candidate on every criterion and gives its reasons. It is asked twice, with the candidates in
/// another order: a prompt is the best if it is that both times. If the order decides, that is a tie. What cannot be
/// read as a verdict scores nothing. Nothing is written; without a winner the exit code is 1.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names, ids, paths, folders or globs; NAME@7 for a version
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
    #[command(flatten)]
    task: Task,
    #[command(flatten)]
    wishes: Wishes,
    #[command(flatten)]
    judging: Judging,
    /// Show what would be asked, and ask nobody
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    listing: Listing,
    #[command(flatten)]
    calling: Calling,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = select_best::Request {
        names: args.names.clone(),
        task: args.task.text(app)?,
        wishes: args.wishes.list(),
        judge: args.judging.wanted(),
        dry_run: args.dry_run,
    };
    let outcome = select_best::select_best(app, &request, &args.calling.how(), &mut |now| {
        ui.progress(&format!("judging: {} of {} answers", now.answered, now.asked));
    });
    ui.progress_ends();
    let outcome = outcome?;
    let best = outcome.best();
    match args.listing.shape() {
        Shape::Json => {
            ui.data(&view::envelope("select-best", view::select_best::object(&outcome), &outcome.findings))?;
        }
        Shape::Names => ui.data(&best.map(|it| format!("{}\n", it.name)).unwrap_or_default())?,
        Shape::Paths => ui.data(&best.map(|it| format!("{}\n", it.path)).unwrap_or_default())?,
        Shape::Text => ui.data(&view::select_best::text(&outcome, ui.paint(), ui.width()))?,
    }
    ui.findings(&outcome.findings);
    if let Some(sentence) = view::select_best::sentence(&outcome) {
        ui.status(&sentence);
    }
    Ok(u8::from(matches!(outcome.found, Found::Judged(_)) && best.is_none()))
}
