//! The terminal: parse the arguments, build a request, call app, print through view.

mod commands;
mod complete;
mod editor;
mod extension;
mod features;
mod filter;
mod given;
mod groups;
mod hidden;
mod input;
mod judging;
mod keeping;
mod log;
mod models;
mod output;
mod panic;
mod task;
mod ui;
mod written;

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::Write as _;
use std::mem::ManuallyDrop;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser};

use crate::app::{App, Overrides, keys};
use crate::base::env::Env;
use crate::base::{Error, Kind, Result, disk, secret};
use crate::config::feature::Feature;
use commands::Command;
use features::How;
use ui::{Colour, Ui};

/// Keep prompts the way good teams keep code
#[derive(Debug, Parser)]
#[command(
    name = "palc",
    version = crate::base::build::described(),
    disable_help_subcommand = false,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(propagate_version = false, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Global options")]
struct Global {
    /// Run as if started in this folder
    #[arg(short = 'C', global = true, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Overlay a configuration profile
    #[arg(long, global = true, value_name = "PROFILE")]
    profile: Option<String>,
    /// Set a configuration key for this run; repeat for several
    #[arg(long, global = true, value_name = "KEY=VALUE")]
    config: Vec<String>,
    /// When to use colour
    #[arg(long, global = true, value_enum, value_name = "WHEN", hide_possible_values = true)]
    color: Option<Colour>,
    /// Print only data and errors
    #[arg(short, long, global = true)]
    quiet: bool,
    /// How much to log: off, error, warn, info, debug, trace
    #[arg(long, global = true, value_name = "LEVEL")]
    log_level: Option<String>,
    /// Say on stderr what is being done, without texts and keys
    #[arg(long, global = true)]
    debug: bool,
}

/// The program: arguments in, exit code out.
pub fn main() -> u8 {
    panic::caught(start)
}

fn start() -> u8 {
    let mut env = match Env::system() {
        Ok(env) => env,
        Err(error) => return ui::fatal(&Error::storage("the current folder cannot be read").because(error)),
    };
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.len() == 2 && ["--version", "-V"].iter().any(|flag| arguments[1] == *flag) {
        return version(&env);
    }
    keys::guard_known(&env);
    if complete::answer(&env, arguments.clone()) {
        return 0;
    }
    run(&mut env, &arguments)
}

/// Scripts and editors ask this often, and clap would build every command with all its help before it answers.
fn version(env: &Env) -> u8 {
    let mut ui = Ui::new(env, Colour::Never, false, false);
    let said = ui.data(&format!("palc {}\n", crate::base::build::described())).and_then(|()| ui.finish());
    said.map_or_else(|error| ui.fail(&error), |()| 0)
}

fn run(env: &mut Env, arguments: &[OsString]) -> u8 {
    // Taking apart what clap built for all commands is left to the end of the process.
    let mut described = ManuallyDrop::new(command());
    let matches = match described.try_get_matches_from_mut(arguments) {
        Ok(matches) => matches,
        Err(error) if is_help(&error) => return help(env, arguments),
        Err(error) if error.kind() == ErrorKind::InvalidSubcommand => return foreign(env, arguments, &error),
        Err(error) => return parse_error(&error),
    };
    let json = output::wants_json(&matches);
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return parse_error(&error),
    };
    if let Some(folder) = &cli.global.folder {
        env.enter(folder);
    }
    let app = match disk::fault::arm(env).and_then(|()| App::new(env.clone())) {
        Ok(app) => app.overridden(Overrides { profile: cli.global.profile, settings: cli.global.config }),
        Err(error) => {
            return Ui::new(env, cli.global.color.unwrap_or_default(), cli.global.quiet, json).fail(&error);
        }
    };
    let settings = app.own_settings();
    keys::guard_set(env, &settings);
    let colour = cli.global.color.unwrap_or_else(|| settings.ui.color.into());
    let mut ui = Ui::new(env, colour, cli.global.quiet, json);
    let wanted = log::Wanted {
        level: cli.global.log_level.as_deref(),
        debug: cli.global.debug,
        command: &command_name(&matches),
    };
    let verbs = features::verbs(&matches);
    let permitted = || verbs.iter().try_for_each(|verb| app.permit(verb));
    let started = log::start(env, &settings.log, &wanted).and_then(|()| permitted());
    let outcome = started.and_then(|()| cli.command.run(&app, &mut ui));
    ui.findings(&app.warnings());
    let code = match outcome.and_then(|code| ui.finish().map(|()| code)) {
        Ok(code) => code,
        Err(error) => ui.fail(&error),
    };
    tracing::info!(code, "ended");
    code
}

/// The commands of other people, where the help of palc as a whole is asked for.
fn extensions(env: &Env, arguments: &[OsString]) -> Vec<String> {
    let is_help = |word: &OsString| ["help", "-h", "--help"].iter().any(|help| word == help);
    match arguments.get(1) {
        None => extension::all(env),
        Some(word) if is_help(word) && arguments.len() == 2 => extension::all(env),
        Some(_) => Vec::new(),
    }
}

/// A command that palc does not have: another program's, or a slip.
fn foreign(env: &Env, arguments: &[OsString], error: &clap::Error) -> u8 {
    let known = match arguments {
        [_, help, name] if help == "help" => extension::help(env, name),
        _ => extension::run(env, arguments),
    };
    match known {
        extension::Known::Ran(Ok(code)) => code,
        extension::Known::Ran(Err(error)) => Ui::new(env, Colour::default(), false, false).fail(&error),
        extension::Known::No => parse_error(error),
        extension::Known::Untrusted(path) => {
            let code = parse_error(error);
            let mut ui = Ui::new(env, Colour::default(), false, false);
            ui.hint(&format!(
                "{} is not run: programs in the repository, or on a relative PATH, never are",
                path.display()
            ));
            code
        }
    }
}

/// `config set`
fn command_name(matches: &ArgMatches) -> String {
    match matches.subcommand() {
        Some((name, inner)) => format!("{name} {}", command_name(inner)).trim_end().to_owned(),
        None => String::new(),
    }
}

fn is_help(error: &clap::Error) -> bool {
    matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand)
}

/// Help shows what can be used here, so it needs the settings that everything else learns only after parsing.
fn help(env: &Env, arguments: &[OsString]) -> u8 {
    let shown = features::without(Cli::command(), &switched_off(env, arguments), How::Hide);
    match groups::grouped(shown, &extensions(env, arguments)).try_get_matches_from(arguments) {
        Ok(_) => 0,
        Err(error) => parse_error(&error),
    }
}

/// What is off where these arguments lead, whether or not they can be understood as a whole.
fn switched_off(env: &Env, arguments: &[OsString]) -> Vec<&'static Feature> {
    let lenient = Cli::command().ignore_errors(true).disable_help_flag(true).disable_help_subcommand(true);
    let matches = lenient.try_get_matches_from(arguments).unwrap_or_default();
    let global = Global::from_arg_matches(&matches).ok();
    let mut env = env.clone();
    if let Some(folder) = global.as_ref().and_then(|global| global.folder.as_ref()) {
        env.enter(folder);
    }
    let overrides = global.map(|global| Overrides { profile: global.profile, settings: global.config });
    let app = App::new(env).map(|app| app.overridden(overrides.unwrap_or_default()));
    app.map(|app| app.switched_off()).unwrap_or_default()
}

/// clap words its own errors well; only the exit code is ours.
fn parse_error(error: &clap::Error) -> u8 {
    // It repeats what was typed.
    let text = error.render().to_string();
    match secret::redact(&text) {
        Cow::Borrowed(_) => drop(error.print()),
        Cow::Owned(clean) => drop(std::io::stderr().write_all(clean.as_bytes())),
    }
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => 0,
        _ => Kind::Usage.exit_code(),
    }
}

/// What a command returns: its exit code, 0 or 1.
type Exit = Result<u8>;

/// The whole command line, for completions, manual pages and the reference.
pub fn command() -> clap::Command {
    groups::grouped(Cli::command(), &[])
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_well_formed() {
        super::command().debug_assert();
    }
}
