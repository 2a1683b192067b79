use crate::app::App;
use crate::app::tag::{self, Action};
use crate::app::write::Selection;
use crate::cli::Exit;
use crate::cli::filter::Filter;
use crate::cli::output::Output;
use crate::cli::ui::Ui;
use crate::cli::written::Writing;
use crate::view;

mod suggest;

/// Add, remove, rename, list and suggest tags
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Add(One),
    Remove(One),
    Rename(Rename),
    List(List),
    Suggest(suggest::Args),
}

/// Add or remove a tag in several prompts at once
#[derive(Debug, clap::Args)]
struct One {
    /// The tag
    #[arg(value_name = "TAG")]
    tag: String,
    #[command(flatten)]
    which: Which,
}

/// Give a tag another name in every prompt, or in those that are chosen
#[derive(Debug, clap::Args)]
struct Rename {
    /// The tag as it is
    #[arg(value_name = "FROM")]
    from: String,
    /// The tag as it shall be
    #[arg(value_name = "TO")]
    to: String,
    #[command(flatten)]
    which: Which,
}

/// List tags: how many prompts have each, and what the vocabulary says of it
#[derive(Debug, clap::Args)]
struct List {
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct Which {
    /// Names, ids, folders or globs
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    writing: Writing,
}

pub fn run(app: &App, ui: &mut Ui, args: &Args) -> Exit {
    match &args.command {
        Command::Add(one) => {
            tag::check(&one.tag)?;
            change(app, ui, "tag.add", Action::Add(one.tag.clone()), &one.which)
        }
        Command::Remove(one) => change(app, ui, "tag.remove", Action::Remove(one.tag.clone()), &one.which),
        Command::Rename(rename) => {
            tag::check(&rename.to)?;
            let action = Action::Rename { from: rename.from.clone(), to: rename.to.clone() };
            change(app, ui, "tag.rename", action, &rename.which)
        }
        Command::List(list) => print(app, ui, &list.output),
        Command::Suggest(args) => suggest::run(app, ui, args),
    }
}

fn change(app: &App, ui: &mut Ui, command: &str, action: Action, which: &Which) -> Exit {
    let mut prompts = Selection { names: which.names.clone(), conditions: which.filter.conditions()? };
    if let Action::Rename { from, .. } = &action
        && prompts.names.is_empty()
        && prompts.conditions.is_empty()
    {
        prompts.conditions.push(crate::app::filter::Condition::is("tags", from));
    }
    let request = tag::Request { action, prompts, dry_run: which.writing.dry_run };
    let written = tag::tag(app, &request)?;
    which.writing.print(ui, command, &written)
}

fn print(app: &App, ui: &mut Ui, output: &Output) -> Exit {
    let tags = tag::tags(app)?;
    if output.is_json() {
        ui.data(&view::envelope("tag.list", view::tags::objects(&tags), &[]))?;
    } else {
        ui.data(&view::tags::table(&tags, ui.paint()))?;
        if tags.is_empty() {
            ui.status("no tags");
        }
    }
    Ok(0)
}
