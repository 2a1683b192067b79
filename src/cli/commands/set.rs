use crate::app::App;
use crate::app::set::{self, New};
use crate::app::write::Selection;
use crate::base::{Error, Result};
use crate::cli::Exit;
use crate::cli::filter::Filter;
use crate::cli::ui::Ui;
use crate::cli::written::Writing;

/// Set a field of prompts
///
/// Only the bytes of that field change. The value is read as the field needs it: text for text, YAML for the rest; several
/// values make a list. Files of other formats are changed at their own key. With conditions, no name is needed:
/// `palc set --where tag=support status active`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, folder or glob, then the key, as in params.temperature, then the value or the items of a list
    #[arg(value_name = "NAME KEY VALUE", required = true, num_args = 2.., allow_negative_numbers = true)]
    words: Vec<String>,
    /// Take the value as text, whatever it looks like
    #[arg(long)]
    string: bool,
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    writing: Writing,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let conditions = args.filter.conditions()?;
    let names = usize::from(conditions.is_empty());
    let (names, key, values) = split(&args.words, names)?;
    let request = set::Request {
        prompts: Selection { names, conditions },
        key,
        value: New::Typed { values, text: args.string },
        dry_run: args.writing.dry_run,
    };
    let written = set::set(app, &request)?;
    args.writing.print(ui, "set", &written)
}

/// So many names, a key, and at least one value.
fn split(words: &[String], names: usize) -> Result<(Vec<String>, String, Vec<String>)> {
    match words.get(names..) {
        Some([key, values @ ..]) if !values.is_empty() => Ok((words[..names].to_vec(), key.clone(), values.to_vec())),
        _ => Err(Error::usage("a name, a key and a value are needed")
            .hint("palc set NAME status active, or palc set --where tag=support status active")),
    }
}
