//! What the shell asks while somebody types: names of prompts, keys and profiles, beside the commands and options.

use std::ffi::{OsStr, OsString};

use clap::Command;
use clap_complete::{ArgValueCompleter, CompleteEnv, CompletionCandidate};

use super::features::{self, How};
use crate::app::{App, complete};
use crate::base::env::{self, Env};

/// Answer the shell if it is the shell that asks.
pub fn answer(env: &Env, arguments: Vec<OsString>) -> bool {
    if env.get(env::COMPLETE).is_none() {
        return false;
    }
    let off = super::switched_off(env, &[]);
    let factory = || with_values(features::without(super::command(), &off, How::Forget), env);
    let answered = CompleteEnv::with_factory(factory).var(env::COMPLETE).try_complete(arguments, Some(env.folder()));
    // There is nobody to tell: whatever is printed now becomes part of what is being typed.
    answered.unwrap_or(true)
}

type Lookup = fn(&App) -> Vec<complete::Candidate>;

/// Every value is completed by what its placeholder in the help says it is.
fn with_values(command: Command, env: &Env) -> Command {
    let names: Vec<String> = command.get_arguments().map(|argument| argument.get_id().to_string()).collect();
    let command = names.into_iter().fold(command, |command, name| {
        command.mut_arg(name, |argument| {
            let placeholder = argument.get_value_names().and_then(|names| names.first()).map(|name| name.to_string());
            match placeholder.as_deref().and_then(lookup) {
                Some(lookup) => {
                    let env = env.clone();
                    argument.add(ArgValueCompleter::new(move |typed: &OsStr| candidates(&env, lookup, typed)))
                }
                None => argument,
            }
        })
    });
    command.mut_subcommands(|sub| with_values(sub, env))
}

fn lookup(placeholder: &str) -> Option<Lookup> {
    match placeholder {
        "PROMPT" | "PROMPTS" | "NAME" => Some(complete::prompts),
        "KEY" | "KEY=VALUE" => Some(complete::keys),
        "PROFILE" => Some(complete::profiles),
        "SET" | "SET[:COUNT]" => Some(complete::sets),
        "VOCABULARY" => Some(complete::vocabularies),
        _ => None,
    }
}

fn candidates(env: &Env, lookup: Lookup, typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let Ok(app) = App::new(env.clone()) else { return Vec::new() };
    let fitting = lookup(&app).into_iter().filter(|candidate| candidate.text.starts_with(&*typed));
    fitting.map(|candidate| CompletionCandidate::new(candidate.text).help(candidate.help.map(Into::into))).collect()
}
