//! Commands that are switched off are not shown.

use clap::{ArgMatches, Command};

use crate::config::feature::Feature;

/// How a command is left out: the help keeps it under its name, so that typing it tells why it is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Hide,
    /// Completion offers even what is hidden, once its name is begun.
    Forget,
}

/// The command line without what is off.
pub fn without(command: Command, off: &[&Feature], how: How) -> Command {
    let verbs = off.iter().flat_map(|feature| feature.verbs);
    verbs.fold(command, |command, verb| leave_out(command, &verb.split(' ').collect::<Vec<_>>(), how))
}

fn leave_out(command: Command, path: &[&str], how: How) -> Command {
    match path {
        [option] if option.starts_with("--") => without_option(command, option.trim_start_matches('-')),
        // Some verbs are told from others by their arguments alone: `branch create`.
        [name, ..] if command.find_subcommand(name).is_none() => command,
        [name] => command.mut_subcommand(*name, |sub| match how {
            How::Hide => sub.hide(true),
            How::Forget => sub.hide(true).name(format!("\u{1}{name}")),
        }),
        [name, rest @ ..] => command.mut_subcommand(*name, |sub| leave_out(sub, rest, how)),
        [] => command,
    }
}

fn without_option(command: Command, option: &str) -> Command {
    let has = command.get_arguments().any(|argument| argument.get_id() == option);
    let command = if has { command.mut_arg(option, |argument| argument.hide(true)) } else { command };
    command.mut_subcommands(|sub| without_option(sub, option))
}

/// What a command line asks for: its command, and each of its options that is switched on.
pub fn verbs(matches: &ArgMatches) -> Vec<String> {
    let (mut name, mut inner) = (String::new(), matches);
    while let Some((word, deeper)) = inner.subcommand() {
        name = format!("{name} {word}").trim_start().to_owned();
        inner = deeper;
    }
    let is_on = |id: &&str| inner.try_get_one::<bool>(id).ok().flatten() == Some(&true);
    let options = inner.ids().map(clap::Id::as_str).filter(is_on).map(|id| format!("{name} --{id}"));
    std::iter::once(name.clone()).chain(options).collect()
}
