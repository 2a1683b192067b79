use clap::{Args as ClapArgs, ValueEnum};

use crate::app::App;
use crate::app::compare::{self, How, Outcome, Request};
use crate::base::stats::gate::Verdict;
use crate::base::{Error, Result};
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::view;

/// Compare results: did the prompts get better, and how sure is that
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
A and B are git revisions whose kept results are read from git, versions of prompts as `triage@7` or `triage@production`, \
runs, suites, `suite@revision`, or folders. Without B, what is kept in the work tree. Nothing is run.

Only cases that both have are compared, one by one. Repeats of a case are averaged first, cases of one cluster count once, \
and answers that are undecided count for neither side.

The answer is pass, regression or inconclusive: whether the whole interval of the difference lies within the margin, \
outside of it, or on both sides. The margin is the suite's `gate.max_regression`, or 0.02. A regression ends with exit code \
1; so does what is inconclusive, with --strict.")]
pub struct Args {
    /// What was before
    #[arg(value_name = "A")]
    base: String,
    /// What is now; what is kept in the work tree if nothing
    #[arg(value_name = "B")]
    head: Option<String>,
    /// Only this suite; may be given more than once
    #[arg(long = "suite", value_name = "SUITE")]
    suites: Vec<String>,
    #[command(flatten)]
    deciding: Deciding,
    #[command(flatten)]
    shape: Shape,
}

/// What decides whether something became worse.
#[derive(Debug, ClapArgs)]
pub struct Deciding {
    /// What decides: passes, score, or the name of a metric
    #[arg(long, value_name = "MEASURE")]
    by: Option<String>,
    /// How much worse B may be, from 0 to 1
    #[arg(long, value_name = "SHARE", value_parser = share)]
    margin: Option<f64>,
    /// How sure the intervals are
    #[arg(long, value_name = "SHARE", value_parser = confidence)]
    confidence: Option<f64>,
    /// The answer is no (exit code 1) also if it is inconclusive
    #[arg(long)]
    strict: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Shape {
    /// How to print it; markdown is for pull requests
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
    Markdown,
}

impl Deciding {
    pub fn how(&self) -> How {
        How { by: self.by.clone(), margin: self.margin, confidence: self.confidence }
    }

    /// 1 for what became worse. What nobody could decide is no pass.
    pub fn exit(&self, outcome: &Outcome) -> u8 {
        match outcome.verdict() {
            Some(Verdict::Pass) => 0,
            Some(Verdict::Regression) => 1,
            Some(Verdict::Inconclusive) | None => u8::from(self.strict),
        }
    }

    /// As [`Deciding::exit`], where e-values decide: 1 if any says that it became worse.
    pub fn exit_early(&self, outcome: &Outcome) -> u8 {
        let groups = outcome.suites.iter().flat_map(|compared| &compared.comparison.groups);
        let decided: Vec<Option<bool>> = groups.map(|group| group.evidence.decided()).collect();
        let open = decided.is_empty() || decided.contains(&None);
        u8::from(decided.contains(&Some(false)) || (self.strict && open))
    }
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = Request {
        base: args.base.clone(),
        head: args.head.clone(),
        suites: args.suites.clone(),
        how: args.deciding.how(),
    };
    let outcome = compare::compare(app, &request)?;
    print(ui, "compare", &outcome, false, &args.shape)?;
    Ok(args.deciding.exit(&outcome))
}

pub fn print(ui: &mut Ui, command: &str, outcome: &Outcome, sequential: bool, shape: &Shape) -> Result<()> {
    match if shape.json { Format::Json } else { shape.format } {
        Format::Json => return ui.data(&view::envelope(command, view::compare::object(outcome), &[])),
        Format::Markdown => return ui.data(&view::compare::markdown::markdown(outcome)),
        Format::Text => ui.data(&view::compare::text(outcome, sequential, ui.paint()))?,
    }
    ui.finish()?;
    for note in view::compare::notes(outcome) {
        ui.status(&note);
    }
    Ok(())
}

fn share(text: &str) -> Result<f64, Error> {
    let wrong = || Error::usage(format!("`{text}` is no share from 0 to 1")).hint("2 points are 0.02");
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or_else(wrong)
}

fn confidence(text: &str) -> Result<f64, Error> {
    let wrong = || Error::usage(format!("`{text}` is no share between 0.5 and 1")).hint("0.95 is usual");
    text.parse().ok().filter(|share| (0.5..1.0).contains(share)).ok_or_else(wrong)
}
