//! What people read is what palc does: sessions in the documentation are run, and the reference is made from the
//! command line itself. `UPDATE=1 cargo test docs` writes what has changed.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Command;

use crate::harness::Repo;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The text must be what the file holds, or becomes it.
fn in_step(name: &str, text: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path(name).parent().unwrap()).unwrap();
        fs::write(path(name), text).unwrap();
    }
    let there = fs::read_to_string(path(name)).unwrap_or_default();
    if let Some((ours, theirs)) = text.lines().zip(there.lines()).find(|(ours, theirs)| ours != theirs) {
        panic!(
            "{name} says\n  {theirs}\nand palc\n  {ours}\nrun `UPDATE=1 cargo test docs` and look at the difference"
        );
    }
    assert!(there == text, "{name} is shorter or longer than it should be; run `UPDATE=1 cargo test docs`");
}

/// The schema of the prompt file, which editors read.
#[test]
fn the_schema_of_prompts_is_what_palc_checks() {
    in_step("schemas/prompt.v1.json", &format!("{:#}\n", palc::format::schema::prompt()));
}

/// The schema of `labels.yaml`, likewise.
#[test]
fn the_schema_of_labels_is_what_palc_checks() {
    in_step("schemas/labels.v1.json", &format!("{:#}\n", palc::format::labels::schema()));
}

/// The schema of assemblies, likewise.
#[test]
fn the_schema_of_assemblies_is_what_palc_checks() {
    in_step("schemas/assembly.v1.json", &format!("{:#}\n", palc::format::assembly::schema()));
}

/// The schema of sessions, likewise.
#[test]
fn the_schema_of_sessions_is_what_palc_writes() {
    in_step("schemas/session.v1.json", &format!("{:#}\n", palc::format::session::schema()));
}

/// The schema of rubrics, likewise.
#[test]
fn the_schema_of_rubrics_is_what_palc_reads() {
    in_step("schemas/rubric.v1.json", &format!("{:#}\n", palc::format::rubric::schema()));
}

/// The schema of scenarios, likewise.
#[test]
fn the_schema_of_scenarios_is_what_palc_reads() {
    in_step("schemas/scenario.v1.json", &format!("{:#}\n", palc::format::scenario::schema()));
}

/// The schema of suites, likewise.
#[test]
fn the_schema_of_suites_is_what_palc_reads() {
    in_step("schemas/suite.v1.json", &format!("{:#}\n", palc::eval::schema::suite()));
}

/// Every kind of check, from the table that suites are read by.
#[test]
fn the_checks_are_those_that_exist() {
    in_step("docs/checks.md", &palc::view::checks::reference());
}

/// What becomes of promptfoo's assertions, from the table that they are imported by; and every check that it names exists.
#[test]
fn assertions_become_checks_that_exist() {
    in_step("docs/promptfoo.md", &palc::view::import::reference());
    for known in palc::exchange::promptfoo::table::TABLE {
        assert!(known.ours.is_none_or(|ours| palc::eval::checks::find(ours).is_some()), "{}", known.theirs);
    }
}

/// Every key of the configuration, from the table that palc itself reads by.
#[test]
fn the_settings_are_those_that_exist() {
    let mut text = String::from(
        "# Settings\n\nGenerated from palc's own table of keys; do not edit.\n\nA value comes from the strongest source \
         that has one: `--config key=value`, a variable such as `PALC_RENDER__ON_MISSING`,\nthe repository's \
         `palc.toml`, your own `~/.config/palc/config.toml`, the system's `/etc/palc/config.toml`, the default.\nA \
         section `[profile.NAME]` overlays the keys it names when `--profile NAME` or `PALC_PROFILE` chooses it.\n\
         `palc config show --origin` says what holds and why.\n\n\
         | Key | What it does | Values | Default |\n|---|---|---|---|\n",
    );
    let defaults = palc::config::Config::defaults();
    for row in palc::config::keys::rows() {
        let reach = match row.reach {
            palc::config::Reach::Anyone => "",
            palc::config::Reach::Lower => " A repository may lower it and not raise it.",
            palc::config::Reach::Trust => " From a repository only after `palc trust`.",
            palc::config::Reach::User => " Not from a repository.",
        };
        let key = palc::config::Key::parse(&row.name).unwrap();
        let default = match defaults.entry(&key).map(|entry| &entry.value) {
            Some(value) if value.is_object() => "see `palc vocab list`".to_owned(),
            Some(value) => format!("`{}`", palc::config::toml_text(value)),
            None => String::new(),
        };
        text += &format!("| `{}` | {}{reach} | {} | {default} |\n", row.name, row.doc, row.kind.describe());
    }
    in_step("docs/settings.md", &text);
}

/// The document with every `console` block as it comes out when its commands run, one block after the other, in the
/// folder of a demo.
fn played(text: &str) -> String {
    let repo = Repo::without_git();
    let mut folder = String::new();
    let mut out = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(&format!("{line}\n"));
        if line != "```console" {
            continue;
        }
        while let Some(line) = lines.next_if(|line| *line != "```") {
            let Some(command) = line.strip_prefix("$ ") else { continue };
            out.push_str(&format!("{line}\n"));
            out.push_str(&answer(&repo, &mut folder, command));
        }
    }
    out
}

/// What a terminal shows after a command. `cd` holds for the commands that follow.
fn answer(repo: &Repo, folder: &mut String, command: &str) -> String {
    if let Some(to) = command.strip_prefix("cd ") {
        *folder = to.to_owned();
        assert!(repo.path(folder).is_dir(), "{command}: there is no such folder");
        return String::new();
    }
    let code = command.split(" # ").next().unwrap_or(command);
    repo.shell(folder, &format!("{{ {code}\n}} 2>&1"))
        .stdout
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

#[test]
fn sessions_are_what_palc_answers() {
    let text = fs::read_to_string(path("README.md")).unwrap();
    assert!(text.contains("```console"), "README.md shows no session");
    in_step("README.md", &played(&text));
}

#[test]
fn links_lead_to_files() {
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let text = fs::read_to_string(path(name)).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap();
            let outside = target.starts_with("http");
            assert!(outside || file.is_empty() || path(file).exists(), "{name} links to {target}, which is not there");
        }
    }
}

#[test]
fn the_reference_is_the_command_line() {
    let mut out = String::from(REFERENCE);
    let mut command = palc::cli::command().term_width(100);
    command.build();
    chapter(&mut out, &mut command, "palc");
    out.push_str("\n## Exit codes\n\n| code | meaning |\n|---|---|\n");
    for (code, meaning) in EXIT_CODES {
        out.push_str(&format!("| {code} | {meaning} |\n"));
    }
    out.push_str("\n## Environment variables\n\n| name | meaning |\n|---|---|\n");
    for variable in palc::base::env::ALL {
        out.push_str(&format!("| `{}` | {} |\n", variable.name, variable.help));
    }
    in_step("docs/cli.md", &out);
}

const REFERENCE: &str = "# Command line reference

This file is made from the program; `UPDATE=1 cargo test docs` writes it anew.
";

const EXIT_CODES: &[(u8, &str)] = &[
    (0, "Done."),
    (1, "The answer is no: findings, nothing found, something differs."),
    (2, "The command line cannot be understood."),
    (3, "A setting or an input file is wrong."),
    (4, "A model provider refused or failed."),
    (5, "Reading or writing files or git failed."),
    (70, "A bug in palc."),
    (130, "Stopped by a signal."),
];

/// A command and those below it, each with its whole help.
fn chapter(out: &mut String, command: &mut Command, name: &str) {
    let help = command.render_long_help().to_string();
    // They are the same everywhere, so they stand in the first chapter alone.
    let help = if name == "palc" { &help[..] } else { help.split("\nGlobal options:").next().unwrap() };
    let help: String = help.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    out.push_str(&format!("\n## {name}\n\n```text\n{}\n```\n", help.trim_end()));
    for sub in command.get_subcommands_mut() {
        if !sub.is_hide_set() && sub.get_name() != "help" {
            let name = format!("{name} {}", sub.get_name());
            chapter(out, sub, &name);
        }
    }
}

#[test]
fn exit_codes_are_those_of_the_kinds() {
    use palc::base::Kind::{Bug, Interrupted, Invalid, No, Provider, Storage, Usage};
    let codes: Vec<u8> = EXIT_CODES.iter().skip(1).map(|(code, _)| *code).collect();
    let kinds = [No, Usage, Invalid, Provider, Storage, Bug, Interrupted].map(palc::base::Kind::exit_code);
    assert_eq!(codes, kinds);
}
