use clap::Subcommand;

use crate::app::{App, suite};
use crate::cli::Exit;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::view;

/// Look after suites: files that say what must be true of the answers to prompts
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Show all suites
    List(Plain),
    /// Look at suites as before a run: every case is rendered, every check is read, and nothing is asked
    Check(Check),
    /// Write a suite to begin with
    New(New),
    /// Show which case is in which split; cases that are nearly the same are in the same one
    Split(Split),
}

#[derive(Debug, clap::Args)]
struct Plain {
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct Check {
    /// Names or paths; all suites if nothing is named
    #[arg(value_name = "SUITE")]
    names: Vec<String>,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct New {
    /// The suite's name: its path below the folder of suites, without the suffix
    #[arg(value_name = "NAME")]
    name: String,
    /// The prompts that it is of
    #[arg(value_name = "PROMPT", required = true)]
    prompts: Vec<String>,
    /// The models to ask, separated by commas; `echo`, which needs no provider, if nothing is said
    #[arg(short, long, value_name = "MODELS", value_delimiter = ',')]
    models: Vec<String>,
    /// A csv, tsv, json, jsonl or yaml file whose rows are cases
    #[arg(long, value_name = "FILE")]
    dataset: Option<String>,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct Split {
    /// The suite's name or path
    #[arg(value_name = "SUITE")]
    name: String,
    #[command(flatten)]
    output: Output,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    match &args.verb {
        Verb::List(Plain { output }) => {
            let listed = suite::list(app)?;
            match output.is_json() {
                true => ui.data(&view::envelope("suite.list", view::suite::listed(&listed), &[]))?,
                false => ui.data(&view::suite::listed_text(&listed, ui.width()))?,
            }
            Ok(0)
        }
        Verb::Check(Check { names, output }) => check(app, ui, names, output),
        Verb::New(new) => {
            let asked = suite::New {
                name: new.name.clone(),
                prompts: new.prompts.clone(),
                models: new.models.clone(),
                dataset: new.dataset.clone(),
            };
            let path = suite::new(app, &asked)?;
            match new.output.is_json() {
                true => ui.data(&view::envelope("suite.new", view::suite::written(&path), &[]))?,
                false => ui.data(&format!("wrote {path}\n"))?,
            }
            ui.hint(&format!("say in it what must be true, then `palc eval {}`", new.name));
            Ok(0)
        }
        Verb::Split(Split { name, output }) => {
            let split = suite::split(app, name)?;
            match output.is_json() {
                true => ui.data(&view::envelope("suite.split", view::suite::split(&split), &[]))?,
                false => ui.data(&view::suite::split_text(&split))?,
            }
            Ok(0)
        }
    }
}

fn check(app: &App, ui: &mut Ui, names: &[String], output: &Output) -> Exit {
    let checked = suite::check(app, names)?;
    let findings: Vec<_> = checked.iter().flat_map(|one| one.findings.clone()).collect();
    if output.is_json() {
        ui.data(&view::envelope("suite.check", view::suite::checked(&checked), &findings))?;
    } else {
        ui.findings(&findings);
        ui.data(&view::suite::checked_text(&checked))?;
    }
    Ok(u8::from(!findings.is_empty()))
}
