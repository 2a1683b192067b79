use crate::app::App;
use crate::app::link::{self, About, Action};
use crate::base::{Error, Result};
use crate::cli::Exit;
use crate::cli::ui::Ui;
use crate::cli::written::Writing;

/// State that a prompt has to do with another one
///
/// The relation stands under `related` in the file of the first prompt and names the other by its id, so it survives
/// renames; `palc links` tells it from both ends, and `palc check` reports one that leads nowhere. To state it again
/// changes what was said. Which types there are is up to you, or to `vocabulary.relation`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The prompt that it begins at
    #[arg(value_name = "FROM")]
    from: String,
    /// The other prompt
    #[arg(value_name = "TO")]
    to: String,
    /// In which way, such as `complements` or `replaces`
    #[arg(short, long = "type", value_name = "WORD")]
    type_: Option<String>,
    /// How much, from 0 to 1
    #[arg(long, value_name = "NUMBER")]
    strength: Option<f64>,
    /// When, or why
    #[arg(long, value_name = "TEXT")]
    context: Option<String>,
    /// Take it back; without --type, whatever is stated between the two
    #[arg(long, conflicts_with_all = ["strength", "context"])]
    remove: bool,
    #[command(flatten)]
    writing: Writing,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    let action = if args.remove { Action::Remove(args.type_.clone()) } else { Action::Add(about(args)?) };
    let dry_run = args.writing.dry_run;
    let request = link::Request { from: args.from.clone(), to: args.to.clone(), action, dry_run };
    let written = link::link(app, &request)?;
    args.writing.print(ui, "link", &written)
}

fn about(args: &Args) -> Result<About> {
    if let Some(strength) = args.strength.filter(|strength| !(0.0..=1.0).contains(strength)) {
        return Err(Error::usage(format!("--strength is from 0 to 1, and not {strength}")));
    }
    Ok(About { type_: args.type_.clone(), strength: args.strength, context: args.context.clone() })
}
