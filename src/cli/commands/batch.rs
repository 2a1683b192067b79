use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;

use crate::app::App;
use crate::app::batch::{self, Outcome, Resume};
use crate::app::given::{read_text, stdin};
use crate::base::{Error, Kind, Result};
use crate::cli::Exit;
use crate::cli::commands::generate::Wishes;
use crate::cli::models::Calling;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Make prompts from many ideas
///
/// Each job is what `palc generate` does with one idea. Ideas come from a table (a column `idea`, others such as count,
/// persona, phases, tags or model for what is special about a job), from a list in JSON or YAML, or from a text with an
/// idea a line. Nothing begins unless all jobs are in order. When it is broken off, at whatever moment, --resume goes on:
/// what is done stays, and nothing that was paid for is asked again. --workers is 1 to 20 here, and says how many jobs are
/// worked on at once. If any job fails the exit code is 1, or 4 if it stopped for that.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file of jobs; - reads standard input
    #[arg(value_name = "FILE", required_unless_present_any = ["interactive", "resume"])]
    file: Option<PathBuf>,
    /// What the file is written in
    #[arg(long, value_enum, default_value_t, value_name = "json|csv|text|auto", hide_possible_values = true)]
    input: Input,
    /// Ask for ideas here, one a line, until an empty one
    #[arg(long, conflicts_with = "file")]
    interactive: bool,
    /// Break off a job that has taken so long, also in the middle of a call: 300s, 10m or 1h
    #[arg(long, value_name = "TIME", default_value = "300s", value_parser = span)]
    timeout: Duration,
    /// Go on with a run that was broken off: the latest of these jobs, or the one that is named
    #[arg(long, value_name = "RUN", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    resume: Option<String>,
    /// Go on with the other jobs where one fails
    #[arg(long)]
    skip_errors: bool,
    /// Show the jobs and what would be asked, and ask nobody
    #[arg(long, conflicts_with = "resume")]
    dry_run: bool,
    #[command(flatten)]
    wishes: Wishes,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    calling: Calling,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Input {
    #[default]
    Auto,
    Json,
    Csv,
    Text,
}

impl From<Input> for batch::Input {
    fn from(input: Input) -> Self {
        match input {
            Input::Auto => batch::Input::Auto,
            Input::Json => batch::Input::Json,
            Input::Csv => batch::Input::Csv,
            Input::Text => batch::Input::Text,
        }
    }
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let request = batch::Request {
        jobs: jobs(app, ui, args)?,
        how: args.calling.how(),
        timeout: args.timeout,
        skip_errors: args.skip_errors,
        dry_run: args.dry_run,
        resume: args.resume.as_deref().map(|run| match run {
            "" => Resume::Latest,
            run => Resume::Run(run.to_owned()),
        }),
    };
    let outcome = batch::batch(app, &request, &mut |counts, now| {
        let failed = if counts.failed > 0 { format!(", {} failed", counts.failed) } else { String::new() };
        let (ended, jobs) = (counts.ended, counts.jobs);
        ui.progress(&format!("{ended} of {jobs} jobs{failed}; {} calls under way, {}", now.on_their_way, now.cost));
    });
    ui.progress_ends();
    report(ui, args, &outcome?)
}

fn jobs(app: &App, ui: &mut Ui, args: &Args) -> Result<Vec<crate::app::generate::Request>> {
    let common = args.wishes.request(String::new());
    let (shown, text) = match &args.file {
        None if args.interactive => ("the ideas".to_owned(), typed(ui)?),
        None if args.resume.as_deref() == Some("") => {
            return Err(
                Error::usage("which run shall go on?").hint("name the file of its jobs, or the run: --resume=RUN")
            );
        }
        None => return Ok(Vec::new()),
        Some(path) if path.as_os_str() == "-" => ("standard input".to_owned(), stdin()?),
        Some(path) => (path.display().to_string(), read_text(app, path)?),
    };
    let input = if args.interactive { batch::Input::Text } else { args.input.into() };
    batch::input::jobs(&shown, &text, input, &common)
}

/// Ideas from the terminal, one a line.
fn typed(ui: &mut Ui) -> Result<String> {
    if !ui.can_ask() {
        return Err(
            Error::usage("ideas can only be asked for at a terminal").hint("name a file, or - for standard input")
        );
    }
    let mut ideas = String::new();
    loop {
        let idea = ui.typed("idea (nothing to begin)");
        if idea.is_empty() {
            return Ok(ideas);
        }
        ideas += &format!("{idea}\n");
    }
}

fn report(ui: &mut Ui, args: &Args, outcome: &Outcome) -> Exit {
    if args.output.is_json() {
        ui.data(&view::envelope("batch", view::batch::object(outcome), &[]))?;
    } else {
        ui.data(&view::batch::text(outcome, ui.paint(), ui.width()))?;
    }
    if outcome.planned.is_some() {
        return Ok(0);
    }
    ui.status(&view::batch::sentence(outcome));
    if !outcome.doubtful.is_empty() {
        let calls = outcome.doubtful.join(", ");
        ui.warn(&format!("these calls were sent and never heard of, so they may have been paid for: {calls}"));
    }
    let failed = outcome.jobs.iter().any(|job| !job.is_done());
    if let (true, Some(run)) = (failed, &outcome.run) {
        ui.hint(&format!("palc batch --resume={run} goes on, and tries again what failed"));
    }
    Ok(match () {
        () if outcome.interrupted => Kind::Interrupted.exit_code(),
        () if outcome.stopped => Kind::Provider.exit_code(),
        () => u8::from(failed),
    })
}

/// `300s`, `10m`, `1h`, or seconds without a unit.
pub fn span(typed: &str) -> Result<Duration, String> {
    let digits = typed.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &typed[digits.len()..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => 0,
    };
    let seconds = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    let wrong = || "write it as 300s, 10m or 1h".to_owned();
    seconds.filter(|seconds| *seconds > 0).map(Duration::from_secs).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit() {
        let seconds = ["300s", "90", "10m", "2h"].map(|typed| span(typed).map(|span| span.as_secs()));
        assert_eq!(seconds, [Ok(300), Ok(90), Ok(600), Ok(7200)]);
        for wrong in ["", "s", "0s", "-1s", "1.5h", "5d", "99999999999999999999h"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }
}
