use crate::app::App;
use crate::app::rate::{self, Queue, Said};
use crate::base::Result;
use crate::cli::Exit;
use crate::cli::input;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Rate the answers of a run, without knowing whose they are
///
/// Answers come one by one, in an order of chance that is each person's own; the same words to the same case come once. Type p for
/// pass, f for fail, ? if you cannot tell, s to skip, q to end; with --rubric one number for each criterion. What stands behind is a
/// comment. Each rating is on the disk before the next answer is shown, in `events/MONTH/RATER.jsonl`, and `palc judge calibrate`
/// reads it.
///
/// To rate elsewhere, take the queue with --list and give the ratings back with --from.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A run, a suite, SUITE@REVISION or a folder with results; the newest run if nothing is said
    #[arg(value_name = "RUN")]
    which: Option<String>,
    /// Show neither the prompt nor the model
    #[arg(long)]
    blind: bool,
    /// Score by this rubric: its name, or its file
    #[arg(long, value_name = "RUBRIC")]
    rubric: Option<String>,
    /// Who rates; whoever git says if nothing is said
    #[arg(long, value_name = "NAME")]
    rater: Option<String>,
    /// How many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..))]
    count: u16,
    /// Another order of chance
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    seed: u64,
    /// Only show what is to be rated
    #[arg(long, conflicts_with = "from")]
    list: bool,
    /// Read ratings from JSON lines, `{"item": "…", "said": "p"}`; - is standard input
    #[arg(long, value_name = "FILE")]
    from: Option<String>,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = rate::Request {
        which: args.which.clone(),
        rubric: args.rubric.clone(),
        rater: args.rater.clone(),
        blind: args.blind,
        seed: args.seed,
        // What comes from elsewhere may be about any of them.
        count: if args.from.is_some() { usize::MAX } else { usize::from(args.count) },
    };
    let queue = rate::queue(app, &request)?;
    let (kept, path) = match &args.from {
        _ if args.list => (0, None),
        Some(from) => rate::keep_all(app, &queue, from, &input::text(app, from)?)?,
        None => ask(app, ui, &queue)?,
    };
    if args.output.is_json() {
        let data = view::rate::object(&queue, args.list, kept, path.as_deref());
        ui.data(&view::envelope("rate", data, &queue.findings))?;
    } else {
        if args.list {
            ui.data(&view::rate::text(&queue, ui.paint()))?;
        }
        ui.findings(&queue.findings);
        ui.status(&view::rate::sentence(&queue, kept, path.as_deref()));
    }
    Ok(0)
}

/// One answer after the other, until there are no more or somebody has had enough.
fn ask(app: &App, ui: &mut Ui, queue: &Queue) -> Result<(usize, Option<String>)> {
    let mut kept = (0, None);
    for (at, item) in queue.items.iter().enumerate() {
        ui.status(&view::rate::item(queue, at, item, ui.status_paint()));
        let said = loop {
            let Some(line) = ui.line(&view::rate::question(queue)) else { return Ok(kept) };
            match rate::understand(queue.rubric.as_ref(), &line) {
                Ok(said) => break said,
                Err(why) => ui.status(&why),
            }
        };
        if said == Said::Quit {
            break;
        }
        if let Some(path) = rate::keep(app, queue, item, said)? {
            kept = (kept.0 + 1, Some(path));
        }
    }
    Ok(kept)
}
