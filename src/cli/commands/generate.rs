use clap::ValueEnum;

use crate::app::App;
use crate::app::generate::{self, Manner, Outcome, Request, Tell, Told};
use crate::app::given::{read_text, stdin};
use crate::base::{Error, Kind, Result};
use crate::cli::Exit;
use crate::cli::models::Calling;
use crate::cli::ui::Ui;
use crate::config::{Keep, Strategy};
use crate::view;

/// Make prompts from an idea
///
/// The idea goes through phases: it is expanded into a brief, rewritten, and brought into its final form. Every text
/// becomes a prompt of its own, with where it comes from; what was asked is kept as a session, so that it can be done
/// again. `palc phase list` and `palc persona list` show what there is to choose from.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The idea, in any words; `-` reads it from standard input
    #[arg(value_name = "IDEA", required_unless_present_any = ["file", "resume"])]
    idea: Option<String>,
    /// Read the idea from a file
    #[arg(long, value_name = "FILE", conflicts_with = "idea")]
    file: Option<std::path::PathBuf>,
    #[command(flatten)]
    wishes: Wishes,
    #[command(flatten)]
    doing: Doing,
    /// Take up a run that was broken off; nothing that was paid for is asked again
    #[arg(long, value_name = "RUN", conflicts_with_all = ["idea", "file", "no_save", "dry_run"])]
    resume: Option<String>,
}

/// What is wished for.
#[derive(Debug, Clone, clap::Args)]
pub struct Wishes {
    /// How many variants, 1 to 100
    #[arg(short = 'n', long, value_name = "COUNT")]
    count: Option<usize>,
    /// The phases in order, separated by commas
    #[arg(long, value_name = "PHASES", value_delimiter = ',')]
    phases: Vec<String>,
    /// What moves on from phase to phase: every variant (all), only the best (cascade), or the idea itself (best)
    #[arg(long, value_name = "all|cascade|best", value_parser = strategy)]
    strategy: Option<Strategy>,
    /// The persona in which they are written
    #[arg(long, value_name = "PERSONA")]
    persona: Option<String>,
    /// The family of models that will read them, or a model of it
    #[arg(long, value_name = "FAMILY")]
    target_model: Option<String>,
    /// What they are for; guessed from the idea if nothing is said, and marked as a guess
    #[arg(long, value_name = "TEXT")]
    use_case: Option<String>,
    /// A file with material; repeat for several
    #[arg(long, value_name = "FILE")]
    context: Vec<String>,
    /// A tag of the new prompts; repeat for several
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// The model of all phases, PROVIDER/MODEL
    #[arg(short = 'm', long, value_name = "MODEL")]
    model: Option<String>,
    /// The provider of the model
    #[arg(long, value_name = "PROVIDER")]
    provider: Option<String>,
    /// The model that judges
    #[arg(long, value_name = "MODEL")]
    judge: Option<String>,
    /// The temperature of all phases, 0 to 2
    #[arg(long, value_name = "NUMBER")]
    temperature: Option<f64>,
    /// The longest answer of all phases, in tokens
    #[arg(long, value_name = "NUMBER")]
    max_tokens: Option<u64>,
    /// Let the judge choose the best result
    #[arg(long)]
    auto_select: bool,
    /// Try to improve each text once; it stays as it was unless the judge says that the other one is better
    #[arg(long)]
    optimize: bool,
    /// Show the model no earlier prompts
    #[arg(long)]
    no_history: bool,
    /// The folder of the new prompts, as their names say it
    #[arg(long, value_name = "FOLDER")]
    into: Option<String>,
    /// What is kept of the phases before the last: files, stages in the last one's front matter, or none
    #[arg(long, value_name = "files|stages|none", value_parser = keep)]
    keep: Option<Keep>,
}

/// How it is to be done, for all commands that generate.
#[derive(Debug, Clone, clap::Args)]
pub struct Doing {
    /// Write the new prompts and their session; so it is anyway
    #[arg(long, conflicts_with = "no_save")]
    save: bool,
    /// Print what came of it, and write nothing
    #[arg(long)]
    no_save: bool,
    /// Say what would be asked, and ask nothing
    #[arg(long)]
    dry_run: bool,
    /// Show the texts on stderr as they come, where one comes after the other
    #[arg(long)]
    stream: bool,
    #[command(flatten)]
    calling: Calling,
    /// How to print the result
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "text|json|yaml",
        hide_possible_values = true,
        hide_default_value = true
    )]
    format: Shape,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Shape {
    #[default]
    Text,
    Json,
    Yaml,
}

fn strategy(word: &str) -> Result<Strategy, String> {
    Strategy::from_word(word).ok_or_else(|| format!("there are {}", Strategy::WORDS.join(", ")))
}

fn keep(word: &str) -> Result<Keep, String> {
    Keep::from_word(word).ok_or_else(|| format!("there are {}", Keep::WORDS.join(", ")))
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let manner = args.doing.manner();
    if let Some(run) = &args.resume {
        return args.doing.report(ui, "generate", |tell| generate::resume(app, run, &manner, tell));
    }
    let idea = match (&args.idea, &args.file) {
        (_, Some(path)) => read_text(app, path)?,
        (Some(idea), None) if idea == "-" => stdin()?,
        (idea, None) => idea.clone().unwrap_or_default(),
    };
    let request = args.wishes.request(idea);
    args.doing.report(ui, "generate", |tell| generate::generate(app, &request, &manner, tell))
}

impl Wishes {
    pub fn request(&self, idea: String) -> Request {
        let wishes = self.clone();
        Request {
            idea,
            count: wishes.count,
            strategy: wishes.strategy,
            phases: wishes.phases,
            persona: wishes.persona,
            target: wishes.target_model,
            use_case: wishes.use_case,
            context: wishes.context,
            tags: wishes.tags,
            model: wishes.model,
            provider: wishes.provider,
            judge: wishes.judge,
            temperature: wishes.temperature,
            max_tokens: wishes.max_tokens,
            optimize: wishes.optimize,
            select: wishes.auto_select,
            no_history: wishes.no_history,
            into: wishes.into,
            keep: wishes.keep,
        }
    }
}

impl Doing {
    pub fn manner(&self) -> Manner {
        Manner { how: self.calling.how(), no_save: self.no_save, dry_run: self.dry_run, stream: self.stream }
    }

    /// Do it, and tell what came of it.
    pub fn report(&self, ui: &mut Ui, command: &str, run: impl FnOnce(Tell<'_>) -> Result<Outcome>) -> Exit {
        let mut live = Live { ui, phase: None };
        let outcome = run(&mut |told| live.hear(told));
        live.ends();
        let outcome = outcome?;
        if self.stream && !generate::is_one_chain(&outcome.session.request) {
            ui.hint(
                "--stream shows what comes one after the other; several texts at once are shown when they are whole",
            );
        }
        let shape = if self.json { Shape::Json } else { self.format };
        match shape {
            Shape::Text => ui.data(&view::generate::text(&outcome, ui.paint()))?,
            Shape::Json => ui.data(&view::envelope(command, view::generate::object(&outcome), &outcome.findings))?,
            Shape::Yaml => ui.data(&view::generate::yaml(command, &outcome)?)?,
        }
        if shape == Shape::Text {
            ui.findings(&outcome.findings);
            outcome.session.settled.notes.iter().for_each(|note| ui.warn(note));
            view::generate::status(&outcome).iter().for_each(|line| ui.status(line));
        }
        finish(ui, &outcome)
    }
}

/// The screen while texts come.
struct Live<'a> {
    ui: &'a mut Ui,
    /// The phase whose text stands there.
    phase: Option<String>,
}

impl Live<'_> {
    fn hear(&mut self, told: Told<'_>) {
        match told {
            Told::Progress(_) if self.phase.is_some() => {}
            Told::Progress(now) => self.ui.progress(&view::generate::progress(now)),
            Told::Piece { phase, text } => {
                if self.phase.as_deref() != Some(phase) {
                    self.ends();
                    self.ui.status(&self.ui.status_paint().dim(&format!("# {phase}")));
                    self.phase = Some(phase.to_owned());
                }
                self.ui.live(text);
            }
        }
    }

    fn ends(&mut self) {
        match self.phase.take() {
            Some(_) => self.ui.live_ends(),
            None => self.ui.progress_ends(),
        }
    }
}

/// Not everything that was asked for is there: what is missing, and how to get it.
fn finish(ui: &mut Ui, outcome: &Outcome) -> Exit {
    if outcome.failures.is_empty() && !outcome.interrupted {
        return Ok(0);
    }
    let most = outcome.failures.iter().skip(1).take(4);
    most.for_each(|error| ui.report(error));
    let (kind, message) = match outcome.failures.first() {
        _ if outcome.interrupted => (Kind::Interrupted, "it was broken off; what was paid for is kept".to_owned()),
        Some(first) => (Kind::Provider, first.message().to_owned()),
        None => return Ok(0),
    };
    let hints = outcome.failures.first().map(|first| first.hints().to_vec()).unwrap_or_default();
    let error = hints.into_iter().fold(Error::new(kind, message), Error::hint);
    let resume = outcome.run.as_ref().map(|run| format!("`palc generate --resume {run}` goes on where it stopped"));
    let doubtful = (!outcome.doubtful.is_empty())
        .then(|| format!("sent and not heard of, so perhaps paid for: {}", outcome.doubtful.join(", ")));
    let error = error.hint_if(doubtful).hint_if(resume);
    ui.report(&error);
    Ok(error.kind().exit_code())
}
