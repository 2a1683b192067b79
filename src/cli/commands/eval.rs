use std::time::Duration;

use jiff::SignedDuration;

use crate::app::App;
use crate::app::eval::cases::Wanted;
use crate::app::eval::choose::{self, Chosen};
use crate::app::eval::watch::Eye;
use crate::app::eval::{self, Outcome, Plan, Request, Told, begun, keep};
use crate::base::{Error, Kind, Result};
use crate::cli::Exit;
use crate::cli::commands::batch::span;
use crate::cli::models::Calling;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::eval::budget::Limits;
use crate::eval::run::Stopped;
use crate::model::{Map, Money, Value};
use crate::view;

/// Run suites: ask what is not known yet, check the answers, and say what they come to
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Without a name, those suites are run that the change touches: what differs in the work tree, or else on the branch, among \
their files, prompts, includes, data and rubrics.

An answer that was paid for once is never paid again: it is known by everything that was sent. Ctrl-C and even a kill lose \
none; the same command, or --resume, goes on.

The exit code is 1 if a gate is not reached, or without a gate if any case does not pass; 4 if answers are missing.")]
pub struct Args {
    /// Names or paths of suites; and revisions, with whose prompts the suites are run
    #[arg(value_name = "SUITE")]
    words: Vec<String>,
    /// All suites, whatever the change touches
    #[arg(long)]
    all: bool,
    /// Models in place of those of the suite, separated by commas
    #[arg(short, long, value_name = "MODELS", value_delimiter = ',')]
    models: Vec<String>,
    /// Prompts in place of those of the suite, separated by commas
    #[arg(short, long, value_name = "PROMPTS", value_delimiter = ',')]
    prompts: Vec<String>,
    /// How often each case is asked
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=1000))]
    repeat: Option<u32>,
    /// A parameter for every call, as JSON or as text; repeat for several
    #[arg(long, value_name = "NAME=VALUE")]
    param: Vec<String>,
    /// Try all of these values: params.NAME=a,b,c or vars.NAME=1..3; repeat for every combination
    #[arg(long, value_name = "NAME=VALUES")]
    sweep: Vec<String>,
    /// Only cases with this id, `*` for anything; repeat for several
    #[arg(long = "case", value_name = "ID", help_heading = "Cases")]
    cases: Vec<String>,
    /// Only cases with this tag; repeat for several
    #[arg(long = "tag", value_name = "TAG", help_heading = "Cases")]
    tags: Vec<String>,
    /// Only cases of this split; repeat for several
    #[arg(long = "split", value_name = "SPLIT", help_heading = "Cases")]
    splits: Vec<String>,
    /// Only the first ones
    #[arg(long, value_name = "NUMBER", conflicts_with = "sample", help_heading = "Cases")]
    first: Option<u64>,
    /// Only so many, always the same ones
    #[arg(long, value_name = "NUMBER", help_heading = "Cases")]
    sample: Option<u64>,
    /// One share of all cases, such as 2/8; `palc results merge` puts the results together
    #[arg(long, value_name = "I/N", value_parser = shard, help_heading = "Cases")]
    shard: Option<(u32, u32)>,
    /// Spend no more than this, in US dollars
    #[arg(long, value_name = "AMOUNT", value_parser = money, help_heading = "Limits")]
    max_cost: Option<Money>,
    /// Make no more calls than this
    #[arg(long, value_name = "NUMBER", help_heading = "Limits")]
    max_calls: Option<u64>,
    /// Use no more tokens than this
    #[arg(long, value_name = "NUMBER", help_heading = "Limits")]
    max_tokens: Option<u64>,
    /// Begin no more calls after this time: 90s, 10m, 2h
    #[arg(long, value_name = "TIME", value_parser = span, help_heading = "Limits")]
    max_time: Option<Duration>,
    #[command(flatten)]
    calling: Calling,
    /// Say what would be asked and what it may cost, and ask nothing
    #[arg(long)]
    dry_run: bool,
    /// Go on with a run that was broken off; `latest` is the last one
    #[arg(long, value_name = "RUN", conflicts_with_all = ["words", "all", "models", "prompts", "repeat", "param", "sweep", "cases", "tags", "splits", "first", "sample", "shard", "dry_run"])]
    resume: Option<String>,
    /// Run only the cases again that have no answer in this run; `latest` is the last one
    #[arg(long, value_name = "RUN", num_args = 0..=1, default_missing_value = "latest", conflicts_with_all = ["words", "all", "resume", "cases", "first", "sample", "shard"])]
    retry_errors: Option<String>,
    /// Run again whenever a prompt, the data or anything else changes that the suites hang on
    #[arg(long, conflicts_with_all = ["dry_run", "resume", "retry_errors"])]
    watch: bool,
    /// How often to look, in milliseconds
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(10..), requires = "watch")]
    interval: u64,
    /// Keep the results beside the suite, to be committed
    #[arg(long, conflicts_with = "dry_run")]
    keep: bool,
    /// Answer yes to every question
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    output: Output,
}

fn shard(typed: &str) -> Result<(u32, u32), String> {
    let numbers = typed.split_once('/').and_then(|(share, of)| Some((share.parse().ok()?, of.parse().ok()?)));
    let wrong = || format!("`{typed}` is no share: write 2/8 for the second of eight");
    numbers.filter(|&(share, of): &(u32, u32)| share >= 1 && share <= of).ok_or_else(wrong)
}

pub fn money(typed: &str) -> Result<Money, String> {
    let amount = Money::parse(typed.trim_start_matches('$')).filter(|amount| *amount >= Money::default());
    amount.ok_or_else(|| format!("`{typed}` is no amount of dollars"))
}

impl Args {
    fn request(&self) -> Result<Request> {
        Ok(Request {
            suite: String::new(),
            prompts: self.prompts.clone(),
            models: self.models.clone(),
            at: None,
            params: self.params()?,
            sweep: self.sweep.iter().map(|typed| sweep(typed)).collect::<Result<_>>()?,
            repeat: self.repeat,
            wanted: Wanted {
                ids: self.cases.clone(),
                tags: self.tags.clone(),
                splits: self.splits.clone(),
                first: self.first,
                sample: self.sample,
                shard: self.shard,
                only: None,
            },
            limits: Limits { cost: self.max_cost, calls: self.max_calls, tokens: self.max_tokens },
            time: self.max_time.and_then(|time| SignedDuration::try_from(time).ok()),
            yes: self.yes,
            how: self.calling.how(),
        })
    }

    fn params(&self) -> Result<Map> {
        let one = |typed: &String| {
            let (name, text) = typed.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(|| {
                Error::usage(format!("`{typed}` names no parameter")).hint("write it as --param seed=7")
            })?;
            Ok((name.to_owned(), value(text)))
        };
        self.param.iter().map(one).collect()
    }
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

/// `params.temperature=0,0.5`, or `vars.n=1..3`.
fn sweep(typed: &str) -> Result<(String, Vec<Value>)> {
    let wrong =
        || Error::usage(format!("`{typed}` is no sweep")).hint("write params.temperature=0,0.5 or vars.count=1..3");
    let (name, values) = typed.split_once('=').ok_or_else(wrong)?;
    if !["params.", "vars."].iter().any(|start| name.len() > start.len() && name.starts_with(start)) {
        return Err(wrong());
    }
    let range =
        values.split_once("..").and_then(|(from, to)| Some((from.parse::<i64>().ok()?, to.parse::<i64>().ok()?)));
    let mut all: Vec<Value> = Vec::new();
    match range {
        Some((from, to)) if from <= to && to - from < 10_000 => all.extend((from..=to).map(Value::from)),
        Some(_) => return Err(wrong()),
        None => {
            for text in values.split(',') {
                let value = value(text);
                if !all.contains(&value) {
                    all.push(value);
                }
            }
        }
    }
    Ok((name.to_owned(), all))
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = args.request()?;
    if let Some(id) = &args.resume {
        let (id, request) = begun::resumed(app, id, &request)?;
        return one(app, ui, args, &request, Some(&id));
    }
    if let Some(id) = &args.retry_errors {
        let (_, request) = eval::retry(app, id, &request)?;
        return one(app, ui, args, &request, None);
    }
    let chosen = choose::chosen(app, &args.words, args.all || args.watch)?;
    if chosen.suites.is_empty() {
        ui.status("the change touches no suite");
        ui.hint("name suites to run them anyway, or say --all");
    }
    if args.watch { watch(app, ui, args, &request, &chosen) } else { all(app, ui, args, &request, &chosen) }
}

fn all(app: &App, ui: &mut Ui, args: &Args, request: &Request, chosen: &Chosen) -> Exit {
    let revisions = match chosen.revisions.is_empty() {
        true => vec![None],
        false => chosen.revisions.iter().cloned().map(Some).collect(),
    };
    let mut worst = 0;
    for suite in &chosen.suites {
        for at in &revisions {
            let request = Request { suite: suite.clone(), at: at.clone(), ..request.clone() };
            let code = match args.dry_run {
                true => rehearse(app, ui, args, &request)?,
                false => one(app, ui, args, &request, None)?,
            };
            worst = worst.max(code);
        }
    }
    Ok(worst)
}

/// Run again whenever a file changes that a suite hangs on, until Ctrl-C.
fn watch(app: &App, ui: &mut Ui, args: &Args, request: &Request, chosen: &Chosen) -> Exit {
    let mut now = app.again()?;
    loop {
        // Looked at before the run: what is saved while it lasts makes another one.
        let eye = Eye::of(&now, &chosen.suites)?;
        match all(&now, ui, args, request, chosen) {
            Err(error) if error.kind() == Kind::Interrupted => return Err(error),
            Err(error) => ui.report(&error),
            Ok(_) => {}
        }
        ui.status("watching");
        ui.finish()?;
        if ui.is_closed() {
            return Ok(0);
        }
        eye.wait(&now, Duration::from_millis(args.interval))?;
        now = app.again()?;
    }
}

fn rehearse(app: &App, ui: &mut Ui, args: &Args, request: &Request) -> Exit {
    let plan = eval::rehearse(app, request)?;
    match args.output.is_json() {
        true => ui.data(&view::json::line("eval.plan", view::eval::plan(&plan), &[]))?,
        false => ui.data(&view::eval::plan_text(&plan))?,
    }
    Ok(0)
}

fn one(app: &App, ui: &mut Ui, args: &Args, request: &Request, resume: Option<&str>) -> Exit {
    let is_json = args.output.is_json();
    let outcome = eval::run(app, request, resume, &mut |told| {
        match told {
            Told::InDoubt(tickets) => ui.warn(&view::eval::in_doubt(tickets)),
            Told::Planned(plan) => announce(ui, plan),
            Told::Progress(now) => ui.progress(&view::run::progress(now)),
        }
        Ok(())
    });
    ui.progress_ends();
    let outcome = outcome?;
    let kept = match args.keep && outcome.is_whole() {
        true => Some(keep::keep(app, &outcome.id, false)?),
        false => None,
    };
    match is_json {
        true => ui.data(&view::json::line("eval", view::eval::object(&outcome, kept.as_ref()), &[]))?,
        false => {
            let text = view::eval::text(&outcome, ui.paint(), ui.width());
            ui.data(&text)?;
        }
    }
    ui.status(&view::eval::ended(&outcome));
    if let Some(kept) = &kept {
        ui.status(&view::eval::kept(kept));
    }
    verdict(&outcome)
}

fn announce(ui: &mut Ui, plan: &Plan) {
    if plan.samples > plan.known {
        ui.status(&view::eval::planned(plan));
    }
}

fn verdict(outcome: &Outcome) -> Exit {
    let resume = format!("go on with `palc eval --resume {}`", outcome.id);
    if outcome.interrupted {
        return Err(Error::new(Kind::Interrupted, "stopped; every answer that came is kept").hint(resume));
    }
    if let Some(stopped) = outcome.stopped {
        let what = match stopped {
            Stopped::Budget => "the limit is reached",
            Stopped::Time => "the time is over",
            Stopped::Told => "the results could not be written",
        };
        return Err(Error::no(format!("{what}: not all of {} was run", outcome.manifest.suite)).hint(resume));
    }
    let unanswered = outcome.unanswered();
    if unanswered > 0 {
        let retry = format!("`palc eval --retry-errors {}` asks for these again and for no others", outcome.id);
        return Err(Error::new(
            Kind::Provider,
            match unanswered {
                1 => "an answer is missing".to_owned(),
                many => format!("{many} answers are missing"),
            },
        )
        .hint(retry));
    }
    Ok(u8::from(!outcome.passes()))
}
