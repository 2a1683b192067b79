use std::path::PathBuf;

use clap::builder::PossibleValuesParser;

use crate::app::App;
use crate::app::models::Progress;
use crate::app::run::{self, Outcome, Ran, Request, Told};
use crate::base::{Error, Result};
use crate::cli::Exit;
use crate::cli::given::Variables;
use crate::cli::models::Calling;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::config::OnMissing;
use crate::model::call::Piece;
use crate::model::{Map, Value};
use crate::view;

/// Ask a model what a prompt says, and print its answer
#[derive(Debug, clap::Args)]
#[command(after_help = "\
One answer is printed as it is. More than one, for several prompts or for the rows of --data, are printed as JSON lines,
in the order of the rows. What was sent, what came back and what it cost is kept below palc's own folder.

The model `echo` answers with the last user message and needs no provider; `replay:FOLDER` answers from a cassette.

Ctrl-C lets calls that are on their way end, keeps every answer, and says how to go on.")]
pub struct Args {
    /// Names, ids, starts of an id or paths; after `@` a version, label or revision
    #[arg(value_name = "PROMPT", required_unless_present = "resume")]
    names: Vec<String>,
    /// The model, in place of the prompt's own: `provider/model`, `echo`, `replay:FOLDER`
    #[arg(short, long, value_name = "MODEL")]
    model: Option<String>,
    #[command(flatten)]
    variables: Variables,
    /// Ask once for each row of a csv, tsv, json, jsonl or yaml file
    #[arg(long, value_name = "FILE", help_heading = "Variables")]
    data: Option<PathBuf>,
    /// Only this row of the data, counted from 1
    #[arg(long, value_name = "NUMBER", requires = "data", help_heading = "Variables")]
    row: Option<u64>,
    /// What a variable without a value does: error, warn or empty
    #[arg(long, value_name = "WHAT", value_parser = PossibleValuesParser::new(OnMissing::WORDS), help_heading = "Variables")]
    on_missing: Option<String>,
    /// Earlier messages: a file that lists `role` and `content`
    #[arg(long, value_name = "FILE", help_heading = "Variables")]
    history: Option<PathBuf>,
    /// The longest answer, in tokens
    #[arg(long, value_name = "NUMBER", help_heading = "Models")]
    max_tokens: Option<u64>,
    /// How freely the model chooses its words
    #[arg(long, value_name = "NUMBER", help_heading = "Models")]
    temperature: Option<f64>,
    /// Any other parameter, as JSON or as text; repeat for several
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Models")]
    param: Vec<String>,
    /// Functions that the model may ask for: a file that lists `name`, `description` and `parameters`. What it asks for is printed, not done
    #[arg(long, value_name = "FILE", help_heading = "Models")]
    tools: Option<PathBuf>,
    #[command(flatten)]
    calling: Calling,
    /// Print the answer as it comes, as palc does anyway on a terminal
    #[arg(long)]
    stream: bool,
    /// Print the requests and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Go on with a run that was broken off: its answers are printed again, and only the missing ones are asked for
    #[arg(long, value_name = "RUN", conflicts_with_all = ["names", "model", "vars", "files", "data", "row", "on_missing", "history", "max_tokens", "temperature", "param", "tools", "dry_run", "stream"])]
    resume: Option<String>,
    #[command(flatten)]
    output: Output,
}

impl Args {
    fn request(&self, stream: bool) -> Result<Request> {
        Ok(Request {
            names: self.names.clone(),
            given: self.variables.given(),
            data: self.data.clone(),
            row: self.row,
            on_missing: self.on_missing.as_deref().and_then(OnMissing::from_word),
            history: self.history.clone(),
            model: self.model.clone(),
            params: self.params()?,
            tools: self.tools.clone(),
            stream,
            how: self.calling.how(),
        })
    }

    fn params(&self) -> Result<Map> {
        let mut params = Map::new();
        for param in &self.param {
            let (name, text) = param.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(|| {
                Error::usage(format!("`{param}` names no parameter")).hint("write it as --param seed=7")
            })?;
            params.insert(name.to_owned(), serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)));
        }
        params.extend(self.max_tokens.map(|most| ("max_tokens".to_owned(), Value::from(most))));
        params.extend(self.temperature.map(|heat| ("temperature".to_owned(), Value::from(heat))));
        Ok(params)
    }
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let is_json = args.output.is_json();
    let stream = !is_json && (args.stream || ui.terminal().output);
    let request = args.request(stream)?;
    if args.dry_run {
        return rehearse(app, ui, &request, is_json);
    }
    let mut screen = Screen { ui, is_json, many: request.is_many(), began: false, last: None };
    if args.resume.is_some() {
        // What the run was asked is in its journal; its answers are for programs.
        screen.many = true;
    }
    let outcome = run::run(app, &request, args.resume.as_deref(), &mut |told| screen.hear(told));
    screen.ui.progress_ends();
    let (last, many) = (screen.last.take(), screen.many);
    finish(ui, &outcome?, last, many, is_json)
}

fn finish(ui: &mut Ui, outcome: &Outcome, last: Option<Box<Ran>>, many: bool, is_json: bool) -> Exit {
    if many {
        ui.status(&view::run::ended(outcome));
        run::verdict(outcome)?;
        return Ok(u8::from(outcome.invalid > 0));
    }
    match last.map(|ran| *ran) {
        Some(Ran { error: Some(error), .. }) => Err(error),
        Some(ran) => {
            if is_json {
                ui.data(&view::envelope("run", view::run::object(&ran), &ran.about.warnings))?;
            } else if let Some(summary) = view::run::summary(&ran) {
                ui.status(&summary);
            }
            Ok(u8::from(outcome.invalid > 0))
        }
        None => run::verdict(outcome).map(|()| 0),
    }
}

fn rehearse(app: &App, ui: &mut Ui, request: &Request, is_json: bool) -> Exit {
    let many = request.is_many();
    let mut failed = 0;
    run::rehearse(app, request, &mut |would| match would {
        Err(error) if !many => Err(error),
        Err(error) => {
            failed += 1;
            ui.report(&error);
            Ok(())
        }
        Ok(would) if is_json || many => {
            let write = if many { view::json::line } else { view::json::envelope };
            ui.data(&write("run.plan", view::run::would(&would), &would.about.warnings))
        }
        Ok(would) => {
            ui.findings(&would.about.warnings);
            would.about.notes.iter().chain(&would.notes).for_each(|note| ui.warn(note));
            let text = view::run::would_text(&would, ui.paint());
            ui.data(&text)
        }
    })?;
    match failed {
        0 => Ok(0),
        failed => Err(Error::invalid(format!("{failed} rows could not be rendered"))),
    }
}

/// What is printed while the answers come.
struct Screen<'a> {
    ui: &'a mut Ui,
    is_json: bool,
    many: bool,
    /// Whether a part of the one answer stands there.
    began: bool,
    /// The one answer.
    last: Option<Box<Ran>>,
}

impl Screen<'_> {
    fn hear(&mut self, told: Told<'_>) -> Result<()> {
        match told {
            Told::InDoubt(tickets) => {
                for ticket in tickets {
                    self.ui.warn(&format!("{ticket} was sent before and never heard of: it may be paid for twice"));
                }
                Ok(())
            }
            Told::Piece(piece) => self.piece(piece),
            Told::Progress(now) => self.progress(now),
            Told::Failed(error) if !self.many => Err(error),
            Told::Failed(error) => self.ui.data(&view::json::error_line(&error)),
            Told::Ran(ran) => {
                self.ui.progress_ends();
                if self.many { self.line(&ran) } else { self.one(ran) }
            }
        }
    }

    /// It must be seen as soon as it is there.
    fn piece(&mut self, piece: &Piece) -> Result<()> {
        let (Piece::Text(text) | Piece::Refusal(text)) = piece else { return Ok(()) };
        self.began = true;
        self.ui.data(text)?;
        self.ui.flush()
    }

    fn progress(&mut self, now: &Progress) -> Result<()> {
        if self.many {
            // Whoever reads the lines sees each as soon as it is there.
            self.ui.finish()?;
            self.ui.progress(&view::run::progress(now));
        } else if !self.began && now.on_their_way > 0 {
            self.ui.progress("asked, waiting");
        } else {
            self.ui.progress_ends();
        }
        Ok(())
    }

    fn line(&mut self, ran: &Ran) -> Result<()> {
        self.ui.data(&view::json::line("run", view::run::object(ran), &ran.about.warnings))
    }

    fn one(&mut self, ran: Box<Ran>) -> Result<()> {
        if !self.is_json {
            if let Ok(answered) = &ran.done.outcome {
                let reply = &answered.reply;
                let rest = match self.began {
                    true if reply.text.ends_with('\n') => view::run::calls(reply),
                    true => format!("\n{}", view::run::calls(reply)),
                    false => view::run::text(reply),
                };
                self.ui.data(&rest)?;
            } else if self.began {
                // What came before it broke off stays as it is, and the error begins on a line of its own.
                self.ui.data("\n")?;
            }
            self.ui.findings(&ran.about.warnings);
            ran.done.notes.iter().for_each(|note| self.ui.warn(note));
            if let Some(checked) = &ran.checked {
                self.ui.findings(&checked.findings);
            }
        }
        self.last = Some(ran);
        Ok(())
    }
}
