use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::PossibleValuesParser;

use crate::app::{App, bodies, render, validate_response};
use crate::base::Error;
use crate::cli::Exit;
use crate::cli::given::Variables;
use crate::cli::ui::Ui;
use crate::config::OnMissing;
use crate::provider::Protocol;
use crate::render::examples::{By, Choice};
use crate::view;

/// Render a prompt: put in its variables and split it into messages
#[derive(Debug, clap::Args)]
#[command(after_help = "\
An assembly is a YAML file that lists parts in their order, of these kinds:

  segments:
    - select: {type: system, phase: system_context}  # whichever prompt serves; or a name: `prompt: rules@production`
    - variable: notes                                # a value, as a message; `title` and `role` are for it
    - template                                       # the prompt that is rendered, once
    - actions                                        # what an answer may ask for, in words
    - history: 10                                    # the last ten earlier messages

A prompt that is not there is a warning, and a value that nobody gave is nothing; `missing: error` (or warn, skip) says
otherwise. schemas/assembly.v1.json is for editors.")]
pub struct Args {
    /// Name, id, start of an id or path; after `@` a version, label or revision
    #[arg(value_name = "PROMPT")]
    what: String,
    #[command(flatten)]
    variables: Variables,
    /// Render once for each row of a csv, tsv, json, jsonl or yaml file
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
    /// A set of examples to show some of: a file that lists `input` and `output`, or a name; never those that ask the same
    #[arg(long, value_name = "SET[:COUNT]", help_heading = "Variables")]
    examples: Option<String>,
    /// How many examples to show; three if nothing is said
    #[arg(long, value_name = "COUNT", requires = "examples", help_heading = "Variables")]
    pick: Option<usize>,
    /// Which examples to show: those most alike, the first ones, or any
    #[arg(long, value_name = "alike|first|random", value_parser = PossibleValuesParser::new(By::WORDS), hide_possible_values = true, requires = "examples", help_heading = "Variables")]
    pick_by: Option<String>,
    /// What decides about any
    #[arg(long, value_name = "NUMBER", requires = "examples", help_heading = "Variables")]
    pick_seed: Option<u64>,
    /// Put the request together as this file says: system context, notes, the prompt, actions, earlier messages
    #[arg(long, value_name = "FILE", conflicts_with = "trace")]
    assembly: Option<PathBuf>,
    /// How to print the messages; a provider's name gives the body of its request
    #[arg(long, visible_alias = "for", value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Say where each piece came from and how many tokens it has
    #[arg(long)]
    explain: bool,
    /// Print the JSON Schema of the answer, limited to the actions that the prompt allows
    #[arg(long, conflicts_with_all = ["format", "json", "explain", "trace"])]
    schema: bool,
    /// Print every step as JSON, with all that `palc trace replay` needs: texts and variables, too
    #[arg(long, conflicts_with_all = ["format", "explain"])]
    trace: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
    Openai,
    Responses,
    Anthropic,
    Google,
    Openrouter,
    Ollama,
}

impl Args {
    fn request(&self) -> Result<render::Request, Error> {
        Ok(render::Request {
            what: self.what.clone(),
            given: self.variables.given(),
            data: self.data.clone(),
            row: self.row,
            on_missing: self.on_missing.as_deref().and_then(OnMissing::from_word),
            history: self.history.clone(),
            examples: self.examples.as_deref().map(|set| self.shots(set)).transpose()?,
            explain: self.explain,
            assembly: self.assembly.clone(),
            trace: self.trace,
        })
    }

    /// `tickets:3`
    fn shots(&self, set: &str) -> Result<(String, Choice), Error> {
        let counted = set.rsplit_once(':').and_then(|(set, count)| Some((set, count.parse().ok()?)));
        if let (Some((_, count)), Some(pick)) = (counted, self.pick) {
            return Err(Error::usage(format!("{count} examples or {pick}?")).hint("leave one of them out"));
        }
        let (set, count) = counted.unwrap_or((set, self.pick.unwrap_or(Choice::default().count)));
        let by = self.pick_by.as_deref().and_then(By::from_word).unwrap_or_default();
        Ok((set.to_owned(), Choice { count, by, seed: self.pick_seed.unwrap_or_default() }))
    }

    /// The language in which the request is wanted.
    fn protocol(&self) -> Option<Protocol> {
        match self.format {
            Format::Text | Format::Json => None,
            Format::Openai => Some(Protocol::OpenAi),
            Format::Responses => Some(Protocol::Responses),
            Format::Anthropic => Some(Protocol::Anthropic),
            Format::Google => Some(Protocol::Google),
            Format::Openrouter => Some(Protocol::OpenRouter),
            Format::Ollama => Some(Protocol::Ollama),
        }
    }

    fn is_json(&self) -> bool {
        self.json || self.trace || self.format == Format::Json
    }
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = args.request()?;
    let job = render::prepare(app, &request)?;
    if args.schema {
        ui.data(&format!("{:#}\n", validate_response::schema(app, &job)?))?;
        return Ok(0);
    }
    let many = request.data.is_some();
    let mut told = std::collections::HashSet::new();
    render::render(app, &request, &job, &mut |one| match one {
        Ok(one) => {
            let new: Vec<_> =
                one.rendered.warnings.iter().filter(|w| told.insert(w.message.clone())).cloned().collect();
            ui.findings(&new);
            print(app, ui, args, &job, &one, many)
        }
        Err(error) if args.is_json() => ui.data(&view::render::failure(&error)),
        Err(error) => {
            ui.report(&error);
            Ok(())
        }
    })?;
    Ok(0)
}

fn print(app: &App, ui: &mut Ui, args: &Args, job: &render::Job, one: &render::One, many: bool) -> Result<(), Error> {
    let prompt = &job.loaded.prompt;
    let model = match prompt.model() {
        Some(model) => model.to_owned(),
        None => app.settings()?.tokens_model.clone(),
    };
    if let Some(protocol) = args.protocol() {
        let sent = bodies::sent(app, protocol, prompt, &job.with_media(&one.rendered.messages)?);
        for note in sent.notes {
            ui.warn(&note);
        }
        let body = if many { sent.body.to_string() } else { format!("{:#}", sent.body) };
        ui.data(&format!("{body}\n"))
    } else if let Some(trace) = &one.trace {
        let warnings = &one.rendered.warnings;
        ui.data(&if many {
            view::json::line("trace", trace, warnings)
        } else {
            view::envelope("trace", trace, warnings)
        })
    } else if args.is_json() {
        let (name, path) = (job.loaded.file.name.as_str(), &job.loaded.file.path);
        let data = view::render::object(one, name, path, Some(&model), args.explain);
        let write = if many { view::json::line } else { view::json::envelope };
        ui.data(&write("render", data, &one.rendered.warnings))
    } else if args.explain {
        ui.data(&view::render::explained(one, &model, ui.paint()))
    } else {
        ui.data(&view::render::text(one, ui.paint()))
    }
}
