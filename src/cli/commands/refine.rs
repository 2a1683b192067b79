use crate::app::App;
use crate::app::models::Progress;
use crate::app::refine::{self, Found};
use crate::base::{Kind, Result};
use crate::cli::Exit;
use crate::cli::judging::Judging;
use crate::cli::models::Calling;
use crate::cli::output::Output;
use crate::cli::task::{Task, Wishes};
use crate::cli::ui::Ui;
use crate::view;

/// Have a model write a better version of a prompt
///
/// One model writes, another one judges the version against the original, in two orders. The original stays unless a
/// version wins; it ends when the target is reached, or when two versions in a row are no improvement. Versions must use
/// the variables that the prompt has. Only the body changes. Without --apply the difference is shown and nothing is
/// written. Without an improvement the exit code is 1.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The prompt: a name, id or path
    #[arg(value_name = "NAME", required_unless_present = "resume")]
    name: Option<String>,
    #[command(flatten)]
    task: Task,
    #[command(flatten)]
    wishes: Wishes,
    /// When it is good enough: a score from 0 to 1, or as 85% or 8.5/10
    #[arg(long, value_name = "SCORE", default_value = "0.85")]
    target_score: String,
    /// How many versions to try at most
    #[arg(long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=50))]
    max_iterations: u8,
    /// The model that writes; `generation.model` if nothing is said
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// Show no earlier prompts that have done well
    #[arg(long)]
    no_history: bool,
    #[command(flatten)]
    judging: Judging,
    /// Write the better version into the file
    #[arg(long)]
    apply: bool,
    /// Show what would be asked, and ask nobody
    #[arg(long)]
    dry_run: bool,
    /// Go on with a run that was broken off; nothing that was paid for is asked again
    #[arg(long, value_name = "RUN", conflicts_with_all = ["name", "task", "audience", "tone", "length", "requirements", "target_score", "max_iterations", "model", "no_history", "judge", "weights", "persona", "orders", "dry_run"])]
    resume: Option<String>,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    calling: Calling,
}

impl Args {
    fn request(&self, app: &App) -> Result<refine::Request> {
        Ok(refine::Request {
            what: self.name.clone().unwrap_or_default(),
            task: self.task.given(app)?,
            wishes: self.wishes.list(),
            target: refine::target(&self.target_score)?,
            iterations: usize::from(self.max_iterations),
            model: self.model.clone(),
            judge: self.judging.wanted(),
            history: self.no_history.then_some(false),
            apply: self.apply,
            dry_run: self.dry_run,
        })
    }
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let how = args.calling.how();
    let mut progress = |now: &Progress| {
        ui.progress(&format!("refining: {} answers, {} on their way", now.answered, now.on_their_way));
    };
    let outcome = match &args.resume {
        Some(run) => refine::resume(app, run, args.apply, &how, &mut progress),
        None => args.request(app).and_then(|request| refine::refine(app, &request, &how, &mut progress)),
    };
    ui.progress_ends();
    let outcome = outcome?;
    if args.output.is_json() {
        ui.data(&view::envelope("refine", view::refine::object(&outcome), &outcome.findings))?;
    } else {
        ui.data(&view::refine::text(&outcome, ui.paint(), ui.width()))?;
    }
    ui.findings(&outcome.findings);
    if !outcome.examples.is_empty() {
        ui.status(&format!("shown as examples: {}", outcome.examples.join(", ")));
    }
    if let Some(sentence) = view::refine::sentence(&outcome) {
        ui.status(&sentence);
    }
    if !outcome.doubtful.is_empty() {
        ui.warn(&format!("sent and never heard of, so perhaps paid for: {}", outcome.doubtful.join(", ")));
    }
    if let Some(run) = &outcome.run {
        ui.hint(&format!("palc refine --resume {run} goes on"));
    }
    let Found::Refined { refined, written } = &outcome.found else { return Ok(0) };
    if written.as_ref().is_some_and(|written| written.dry_run) {
        ui.hint("--apply writes it");
    }
    Ok(match () {
        () if refined.is_broken_off() => Kind::Provider.exit_code(),
        () => u8::from(written.is_none() && !refined.is_reached()),
    })
}
