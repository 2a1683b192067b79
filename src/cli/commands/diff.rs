use clap::ValueEnum;

use crate::app::App;
use crate::app::diff::{self, Counting, Outcome, Request, Unit};
use crate::base::Result;
use crate::cli::Exit;
use crate::cli::given::Variables;
use crate::cli::ui::Ui;
use crate::view;
use crate::view::diff::Shown;

/// Show what changed in prompts: fields by their path, text by message, block and word
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Without a revision, the work tree is compared with the last commit. `A` compares the work tree with A, `A..B` two \
revisions, `A...B` the revision B with the place where both parted, and `x@3 x@5` two versions of a prompt.

Changes are breaking (names, what must be given, what comes back), behaviour (text, model, parameters) or cosmetic \
(line breaks, comments, order of keys).

Tokens are counted if no more than 50 prompts differ, and with --stat always.")]
pub struct Args {
    /// Revisions or a range, then names, folders or globs
    #[arg(value_name = "A[..B] NAME")]
    words: Vec<String>,
    /// After `--`: names only
    #[arg(last = true, value_name = "NAME")]
    names: Vec<String>,
    /// Compare what is staged with the last commit
    #[arg(long)]
    staged: bool,
    /// Compare the messages that are sent, includes put in; also finds prompts that changed only through an include
    #[arg(long)]
    rendered: bool,
    /// A line for each prompt
    #[arg(long, conflicts_with_all = ["rendered", "meta"])]
    stat: bool,
    /// Compare text by the model's tokens
    #[arg(long)]
    tokens: bool,
    /// Compare text by words, as is done without it
    #[arg(long = "words", id = "by-words", conflicts_with = "tokens")]
    by_words: bool,
    /// Only the front matter
    #[arg(long, conflicts_with = "rendered")]
    meta: bool,
    /// The answer is no (exit code 1) if any prompt differs; with --rendered, if other messages are sent
    #[arg(long)]
    exit_code: bool,
    /// How to print the differences; html is one page with nothing outside of it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    #[command(flatten)]
    variables: Variables,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
    Markdown,
    Html,
}

impl Args {
    fn counting(&self, format: Format) -> Counting {
        match format {
            _ if self.rendered => Counting::Never,
            _ if self.stat => Counting::Always,
            Format::Text => Counting::IfFew,
            Format::Json | Format::Markdown | Format::Html => Counting::Always,
        }
    }
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let format = if args.json { Format::Json } else { args.format };
    let request = Request {
        words: args.words.clone(),
        names: args.names.clone(),
        staged: args.staged,
        unit: if args.tokens { Unit::Tokens } else { Unit::Words },
        count: args.counting(format),
        exact: format == Format::Json,
        rendered: args.rendered.then(|| args.variables.given()),
    };
    let outcome = diff::diff(app, &request)?;
    print(ui, args, &outcome, format)?;
    let differs = outcome.prompts.iter().any(|changed| changed.sends_other());
    Ok(u8::from(args.exit_code && differs))
}

fn print(ui: &mut Ui, args: &Args, outcome: &Outcome, format: Format) -> Result<()> {
    let prompts = &outcome.prompts;
    let shown = Shown { meta: args.meta };
    match format {
        Format::Json => ui.data(&view::envelope("diff", view::diff::json::object(outcome), &[])),
        Format::Html => ui.data(&view::diff::html::report(outcome, shown)),
        Format::Markdown if args.rendered => ui.data(&view::diff::markdown::rendered(prompts)),
        Format::Markdown => ui.data(&view::diff::markdown::prompts(prompts, shown)),
        Format::Text => text(ui, args, outcome, shown),
    }
}

fn text(ui: &mut Ui, args: &Args, outcome: &Outcome, shown: Shown) -> Result<()> {
    let prompts = &outcome.prompts;
    let paint = ui.paint();
    if args.stat {
        ui.data(&view::diff::text::stat(prompts, paint, ui.width()))?;
    } else {
        for (at, changed) in prompts.iter().enumerate() {
            let text = match args.rendered {
                true => view::diff::text::rendered(changed, paint),
                false => view::diff::text::prompt(changed, shown, paint),
            };
            ui.data(&format!("{}{text}", if at > 0 { "\n" } else { "" }))?;
        }
    }
    ui.finish()?;
    match prompts.len() {
        0 => ui.status("no prompt differs"),
        _ if args.rendered => ui.status(&view::diff::rendered_tally(prompts)),
        _ => ui.status(&view::diff::tally(prompts)),
    }
    Ok(())
}
