//! The help of `palc`, grouped by what people do.

use clap::Command;

/// Every command stands in one group, in the order of the help.
#[rustfmt::skip]
pub const GROUPS: &[(&str, &[&str])] = &[
    ("Look", &["list", "tree", "show", "log", "blame", "vars", "deps", "links", "tokens"]),
    ("Find", &["search", "similar", "dup", "cluster", "index"]),
    ("Use", &["get", "render", "run", "trace", "examples", "simulate", "validate-response"]),
    ("Write", &["new", "import", "edit", "set", "unset", "update", "tag", "link", "mv", "cp", "rm", "purge", "fmt"]),
    ("Generate", &[
        "generate", "regenerate", "batch", "session", "lineage", "rank", "select-best", "refine", "persona", "phase",
    ]),
    ("Serve", &["label", "promote", "activate", "deactivate", "select"]),
    ("Check", &["check", "watch"]),
    ("Compare", &["status", "diff", "review", "bisect"]),
    ("Evaluate", &["eval", "suite", "results", "compare", "ab", "perf", "report", "rate", "rubric", "judge"]),
    ("Keep", &["commit", "restore", "rollback", "checkpoint"]),
    ("Branch", &["branch", "switch", "merge", "port"]),
    ("Models", &["providers", "models", "pricing", "cache", "auth", "trust"]),
    ("Set up", &["demo", "init", "hook", "config", "vocab", "project", "doctor", "completions", "man", "version"]),
];

/// Replace clap's alphabetical list of commands by the groups. Programs on the PATH stand in one of their own.
pub fn grouped(command: Command, extensions: &[String]) -> Command {
    let template = format!(
        "{{about}}\n\n{{usage-heading}} {{usage}}\n\n{}Options:\n{{options}}{{after-help}}",
        listing(&command, extensions)
    );
    let after = "`palc help COMMAND` says more about one command.";
    command.help_template(template).after_help(after).mut_subcommands(|sub| sub.help_template(SUB_TEMPLATE))
}

const SUB_TEMPLATE: &str = "{about-with-newline}\n{usage-heading} {usage}\n\n{all-args}{after-help}";

fn listing(command: &Command, extensions: &[String]) -> String {
    let about = |name: &str| {
        let found = command.get_subcommands().find(|sub| sub.get_name() == name);
        found.and_then(Command::get_about).map(|about| about.ansi().to_string()).unwrap_or_default()
    };
    let is_shown = |name: &&&str| command.find_subcommand(name).is_some_and(|sub| !sub.is_hide_set());
    let group = |(title, names): &(&str, &[&str])| {
        let line = |name: &&str| format!("  {name:<12} {}\n", about(name));
        let lines: String = names.iter().filter(is_shown).map(line).collect();
        if lines.is_empty() { lines } else { format!("{title}:\n{lines}\n") }
    };
    let groups: String = GROUPS.iter().map(group).collect();
    if extensions.is_empty() {
        return groups;
    }
    let line = |name: &String| format!("  {name:<12} palc-{name} on the PATH\n");
    format!("{groups}More:\n{}\n", extensions.iter().map(line).collect::<String>())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_command_stands_in_one_group() {
        let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        grouped.sort_unstable();
        let command = crate::cli::Cli::command();
        let visible = command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help");
        let mut all: Vec<&str> = visible.map(Command::get_name).collect();
        all.sort_unstable();
        assert_eq!(grouped, all);
    }
}
