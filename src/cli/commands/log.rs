use clap::ValueEnum;

use crate::app::{App, log};
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::view;

/// Show what happened to prompts: versions, renames, deletions
///
/// Follows a prompt by its id through renames and merges, also when it is deleted. Without names, all prompts.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names, ids, folders or globs; `@REVISION` ends the history of one prompt there
    #[arg(value_name = "PROMPT")]
    what: Vec<String>,
    /// Only commits whose author's name or address holds this
    #[arg(long, value_name = "TEXT")]
    author: Option<String>,
    /// Only commits since then: 2026-01-31, `2 weeks ago`
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Only commits until then
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// At most so many commits
    #[arg(long, short = 'n', value_name = "NUMBER")]
    limit: Option<usize>,
    /// Prompts that are gone, and when they went
    #[arg(long)]
    deleted: bool,
    /// Whole messages, not only their first lines
    #[arg(long)]
    message: bool,
    /// How to print the result; paths are one a line, for scripts
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "text|json|paths",
        hide_possible_values = true,
        hide_default_value = true
    )]
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
    Paths,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let format = if args.json { Format::Json } else { args.format };
    let outcome = log::log(
        app,
        &log::Request {
            what: args.what.clone(),
            author: args.author.clone(),
            since: args.since.clone(),
            until: args.until.clone(),
            limit: args.limit,
            deleted: args.deleted,
            messages: args.message || format == Format::Json,
        },
    )?;
    match format {
        Format::Json => ui.data(&view::envelope("log", view::log::objects(&outcome), &outcome.findings))?,
        Format::Paths => outcome.paths().into_iter().try_for_each(|path| ui.data(&format!("{path}\n")))?,
        Format::Text => {
            ui.data(&view::log::text(&outcome, ui.paint(), ui.width()))?;
            ui.findings(&outcome.findings);
            if outcome.entries.is_empty() {
                ui.status("nothing happened to prompts");
            }
        }
    }
    Ok(0)
}
