use crate::app::App;
use crate::app::models::Progress;
use crate::app::select_best::{self, Found};
use crate::base::Result;
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
    #[arg(value_name = "NAME", required_unless_present = "resume")]
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
    /// Go on with a run that was broken off; nothing that was paid for is asked again
    #[arg(long, value_name = "RUN", conflicts_with_all = ["names", "task", "audience", "tone", "length", "requirements", "judge", "weights", "persona", "orders", "dry_run"])]
    resume: Option<String>,
    #[command(flatten)]
    listing: Listing,
    #[command(flatten)]
    calling: Calling,
}

impl Args {
    fn request(&self, app: &App) -> Result<select_best::Request> {
        Ok(select_best::Request {
            names: self.names.clone(),
            task: self.task.text(app)?,
            wishes: self.wishes.list(),
            judge: self.judging.wanted(),
            dry_run: self.dry_run,
        })
    }
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let how = args.calling.how();
    let mut progress = |now: &Progress| ui.progress(&format!("judging: {} of {} answers", now.answered, now.asked));
    let outcome = match &args.resume {
        Some(run) => select_best::resume(app, run, &how, &mut progress),
        None => args.request(app).and_then(|request| select_best::select_best(app, &request, &how, &mut progress)),
    };
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
    if !outcome.doubtful.is_empty() {
        ui.warn(&format!("sent and never heard of, so perhaps paid for: {}", outcome.doubtful.join(", ")));
    }
    Ok(u8::from(matches!(outcome.found, Found::Judged(_)) && best.is_none()))
}
