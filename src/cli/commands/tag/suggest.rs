use crate::app::App;
use crate::app::list;
use crate::app::suggest::{self, Outcome};
use crate::cli::Exit;
use crate::cli::filter::Filter;
use crate::cli::ui::Ui;
use crate::cli::written::Writing;
use crate::view;

/// Suggest tags: those of similar prompts, and what a prompt is for
///
/// Without a name or filter it is about the prompts that have no tag. Where there is a vocabulary of tags, only its words
/// are suggested.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names, folders or globs
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Leave out what is less sure than this, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, hide_default_value = true)]
    least: f32,
    /// Write the suggested tags into the files
    #[arg(long)]
    apply: bool,
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    writing: Writing,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let conditions = args.filter.conditions()?;
    let prompts = list::Request { names: args.names.clone(), conditions, revision: None };
    let request = suggest::Request { prompts, least: args.least, apply: args.apply, dry_run: args.writing.dry_run };
    let outcome = suggest::suggest(app, &request)?;
    if args.writing.output.is_json() {
        let written = outcome.written.iter().flat_map(|written| &written.findings);
        let findings: Vec<_> = outcome.findings.iter().chain(written).cloned().collect();
        ui.data(&view::envelope("tag.suggest", view::suggest::object(&outcome), &findings))?;
        return Ok(0);
    }
    ui.data(&view::suggest::text(&outcome, ui.paint()))?;
    ui.findings(&outcome.findings);
    match &outcome.written {
        Some(written) => args.writing.close(ui, written),
        None => Ok(hint(ui, &outcome)),
    }
}

fn hint(ui: &mut Ui, outcome: &Outcome) -> u8 {
    if outcome.prompts.is_empty() {
        ui.status("every prompt has a tag");
        ui.hint("give names to have more suggested: palc tag suggest support/triage");
    } else if outcome.prompts.iter().all(|prompt| prompt.tags.is_empty()) {
        ui.status("nothing to suggest");
    } else {
        ui.hint("--apply writes them");
    }
    0
}
