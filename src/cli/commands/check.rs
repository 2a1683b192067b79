use std::io::Read as _;

use clap::ValueEnum;

use crate::app::App;
use crate::app::check::{self, Fixing, Outcome, Request, Unsaved};
use crate::base::{Error, Finding, Result, Severity};
use crate::check::{Filter, Rule, registry};
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::view;

/// Check prompts: everything that is wrong, each with its place and what to do
#[derive(Debug, clap::Args)]
#[command(after_help = "The answer is no (exit code 1) if a finding is as serious as --fail-on says.")]
pub struct Args {
    /// Names, folders, globs or paths; all prompts if none is given
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Apply the fixes that keep the meaning
    #[arg(long, conflicts_with_all = ["rev", "stdin"])]
    fix: bool,
    /// With --fix: show the changes and write nothing
    #[arg(long, requires = "fix")]
    dry_run: bool,
    /// The least severity that makes the answer no; the settings' `checks.fail_on` if not given
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
    /// Only this rule; repeat for several
    #[arg(long = "rule", value_name = "RULE")]
    rules: Vec<String>,
    /// Not this rule; repeat for several
    #[arg(long = "not-rule", value_name = "RULE")]
    not_rules: Vec<String>,
    /// Check the prompts of a revision
    #[arg(long, value_name = "REVISION")]
    rev: Option<String>,
    /// Also look for what collides between branches: an id, a label, a version number, a type and phase claimed twice
    #[arg(long, conflicts_with_all = ["names", "rev", "stdin"])]
    history: bool,
    /// Check what standard input gives as the content of the file at --path
    #[arg(long, requires = "path", conflicts_with_all = ["rev", "names"])]
    stdin: bool,
    /// With --stdin: where the file is or will be
    #[arg(long, requires = "stdin", value_name = "PATH")]
    path: Option<String>,
    /// Explain a rule
    #[arg(long, value_name = "RULE", conflicts_with_all = ["names", "fix", "list_rules"])]
    explain: Option<String>,
    /// Show all rules
    #[arg(long)]
    list_rules: bool,
    /// How to print the findings
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
    /// For code scanning services
    Sarif,
    /// Annotations for a GitHub workflow
    Github,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl FailOn {
    fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Note => Some(Severity::Note),
            FailOn::Never => None,
        }
    }
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let format = if args.json { Format::Json } else { args.format };
    if let Some(name) = &args.explain {
        explain(ui, registry::named(name)?, format)?;
        return Ok(0);
    }
    if args.list_rules {
        list_rules(ui, format)?;
        return Ok(0);
    }
    let outcome = check::check(app, &args.request()?)?;
    print(ui, args, &outcome, format)?;
    let fail_on = args.fail_on.map_or(app.settings()?.checks.fail_on, FailOn::severity);
    let serious = |finding: &Finding| fail_on.is_some_and(|least| finding.severity >= least);
    Ok(u8::from(outcome.report.findings.iter().any(serious)))
}

impl Args {
    fn request(&self) -> Result<Request> {
        self.rules.iter().chain(&self.not_rules).try_for_each(|name| registry::named(name).map(|_| ()))?;
        let fixing = if self.dry_run { Fixing::Show } else { Fixing::Write };
        Ok(Request {
            names: self.names.clone(),
            revision: self.rev.clone(),
            filter: Filter { only: self.rules.clone(), not: self.not_rules.clone() },
            fix: self.fix.then_some(fixing),
            history: self.history,
            unsaved: self.path.clone().map(unsaved).transpose()?,
        })
    }
}

fn unsaved(path: String) -> Result<Unsaved> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().read_to_end(&mut bytes);
    read.map_err(|error| Error::storage("cannot read standard input").because(error))?;
    Ok(Unsaved { path, bytes })
}

fn print(ui: &mut Ui, args: &Args, outcome: &Outcome, format: Format) -> Result<()> {
    let findings = &outcome.report.findings;
    match format {
        Format::Json => ui.data(&view::envelope("check", view::check::object(outcome), findings))?,
        Format::Sarif => ui.data(&view::sarif::report(&outcome.report, env!("CARGO_PKG_VERSION")))?,
        Format::Github => ui.data(&view::github::annotations(findings))?,
        Format::Text if args.dry_run => {
            for fixed in &outcome.fixed {
                ui.data(&view::patch::unified(&fixed.path, &fixed.before, &fixed.after, ui.paint()))?;
            }
        }
        Format::Text => {
            for finding in findings {
                ui.data(&view::finding::text(finding, ui.paint()))?;
            }
        }
    }
    ui.finish()?;
    if let Some(line) = view::check::fixes(outcome, !args.dry_run) {
        ui.status(&line);
    }
    ui.status(&view::check::summary(outcome));
    Ok(())
}

fn explain(ui: &mut Ui, rule: &Rule, format: Format) -> Result<()> {
    match format {
        Format::Json => ui.data(&view::envelope("rules", [view::check::rule_object(rule)], &[])),
        _ => ui.data(&view::check::explain(rule, ui.paint())),
    }
}

fn list_rules(ui: &mut Ui, format: Format) -> Result<()> {
    match format {
        Format::Json => ui.data(&view::envelope("rules", view::check::rules_object(), &[])),
        _ => ui.data(&view::check::rules(ui.paint(), ui.width())),
    }
}
