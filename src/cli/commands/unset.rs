use crate::app::App;
use crate::app::set::{self, New};
use crate::app::write::Selection;
use crate::base::Error;
use crate::cli::Exit;
use crate::cli::filter::Filter;
use crate::cli::ui::Ui;
use crate::cli::written::Writing;

/// Take a field out of prompts
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names, folders or globs, then the key; with conditions the key alone is enough
    #[arg(value_name = "NAME KEY", required = true, num_args = 1..)]
    words: Vec<String>,
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    writing: Writing,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let conditions = args.filter.conditions()?;
    let Some((key, names)) = args.words.split_last().filter(|(_, names)| !names.is_empty() || !conditions.is_empty())
    else {
        return Err(Error::usage("a name and a key are needed").hint("palc unset NAME params.seed"));
    };
    let request = set::Request {
        prompts: Selection { names: names.to_vec(), conditions },
        key: key.clone(),
        value: New::Nothing,
        dry_run: args.writing.dry_run,
    };
    let written = set::set(app, &request)?;
    args.writing.print(ui, "unset", &written)
}
