//! A message from what changed.

use std::fmt::Write as _;

use super::super::App;
use super::{File, What};
use crate::base::{Result, disk};
use crate::git::Git;
use crate::repo::diff::{self, State};

/// Longer first lines are cut off by many who show them.
const SUBJECT: usize = 72;

/// What changed, in a line or in one for each prompt.
pub fn draft(app: &App, git: &Git, files: &[File]) -> Result<String> {
    let told = prompts(files);
    let one = match &told[..] {
        [Told::Moved { from, to }] => format!("Move {from} to {to}"),
        [Told::Plain(file)] => single(app, git, file)?,
        _ => String::new(),
    };
    if !one.is_empty() {
        return Ok(one);
    }
    let is_prompt = |told: &&Told<'_>| !matches!(told, Told::Plain(file) if file.name.is_none());
    let subject = match (told.iter().filter(is_prompt).count(), told.len()) {
        (0, files) => format!("Change {files} files"),
        (1, _) => "Change a prompt and its surroundings".to_owned(),
        (prompts, _) => format!("Change {prompts} prompts"),
    };
    let mut text = format!("{subject}\n\n");
    for told in told {
        match told {
            Told::Moved { from, to } => drop(writeln!(text, "- {to}: was {from}")),
            Told::Plain(file) => drop(writeln!(text, "- {}: {}", label(file), summary(app, git, file)?)),
        }
    }
    Ok(text)
}

enum Told<'a> {
    Plain(&'a File),
    /// Gone from one path and new at another.
    Moved {
        from: &'a str,
        to: &'a str,
    },
}

fn prompts(files: &[File]) -> Vec<Told<'_>> {
    files.iter().filter_map(|file| tell(file, files)).collect()
}

fn tell<'f>(file: &'f File, files: &'f [File]) -> Option<Told<'f>> {
    let twin = |what: What| files.iter().find(|other| other.what == what && other.id.is_some() && other.id == file.id);
    match file.what {
        What::Added => match twin(What::Removed) {
            Some(old) => Some(Told::Moved { from: label(old), to: label(file) }),
            None => Some(Told::Plain(file)),
        },
        What::Removed if twin(What::Added).is_some() => None,
        _ => Some(Told::Plain(file)),
    }
}

fn single(app: &App, git: &Git, file: &File) -> Result<String> {
    let name = label(file);
    match file.what {
        What::Added => return Ok(format!("Add {name}")),
        What::Removed => return Ok(format!("Remove {name}")),
        What::Changed => {}
    }
    let summary = summary(app, git, file)?;
    let line = format!("{name}: {summary}");
    Ok(if line.chars().count() <= SUBJECT { line } else { format!("Change {name}\n\n{summary}") })
}

fn summary(app: &App, git: &Git, file: &File) -> Result<String> {
    if file.name.is_none() {
        let word = match file.what {
            What::Added => "new file",
            What::Changed => "changed",
            What::Removed => "file removed",
        };
        return Ok(word.to_owned());
    }
    let before = match git.entry(git.head()?.commit.as_deref(), &file.path)? {
        Some(entry) => Some(String::from_utf8_lossy(&git.reader().blob(&entry.id)?).into_owned()),
        None => None,
    };
    let after = match file.what {
        What::Removed => None,
        _ => {
            let bytes = disk::read(&app.workspace()?.path(&file.path))?.bytes;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        }
    };
    let before = before.as_deref().map(|text| diff::read(&file.path, text));
    let after = after.as_deref().map(|text| diff::read(&file.path, text));
    Ok(diff::summary(before.as_ref().map(State::of), after.as_ref().map(State::of)))
}

fn label(file: &File) -> &str {
    file.name.as_deref().unwrap_or(&file.path)
}

/// What the editor shows below the draft.
pub fn with_help(message: &str, files: &[File]) -> String {
    let mut text = format!(
        "{message}\n# Change the message as you like. Lines that start with # are not part of it, and an empty one\n\
         # commits nothing.\n#\n"
    );
    for file in files {
        let word = match file.what {
            What::Added => "added",
            What::Changed => "changed",
            What::Removed => "removed",
        };
        text.push_str(&format!("#   {word} {}\n", file.path));
    }
    text
}
