//! Where prompts should be, and how many there are.

use super::{Note, count};
use crate::app::App;
use crate::base::disk;
use crate::repo::{Source, Workspace, listing};

pub(super) fn notes(app: &App, workspace: &Workspace) -> Vec<Note> {
    let files = Source::at(workspace, None).and_then(|source| listing::files(&source));
    let files = match files {
        Ok(files) => files,
        Err(error) => return vec![Note::wrong(error.message(), "see what `git status` says")],
    };
    let mut notes: Vec<Note> = workspace.layout().roots().iter().map(|root| root_note(workspace, root)).collect();
    match files.len() {
        0 => notes.push(Note::odd("there is no prompt", "write one: palc new NAME, or put a .md file into the folder")),
        number => notes.push(Note::fine(count(number, "prompt"))),
    }
    notes.extend(custom_schema(app, files.is_empty()));
    notes.extend(leftovers(workspace));
    notes
}

fn root_note(workspace: &Workspace, root: &str) -> Note {
    let name = if root.is_empty() { "the repository's root" } else { root };
    let is_bare = workspace.git().is_some_and(crate::git::Git::is_bare);
    match is_bare || workspace.path(root).is_dir() {
        true => Note::fine(format!("prompts are in {name}")),
        false => Note::odd(
            format!("{name} is not there"),
            "make it, or say where prompts are: palc config set prompts.roots …",
        ),
    }
}

/// A schema that is named and not there would check nothing.
fn custom_schema(app: &App, no_prompts: bool) -> Option<Note> {
    let settings = &app.config().ok()?.settings;
    let schema = settings.custom_schema.as_ref().filter(|_| !no_prompts)?;
    let path = app.place().ok()?.path(schema);
    (!path.is_file())
        .then(|| Note::wrong(format!("custom.schema names {schema}, which is not there"), "write it, or unset the key"))
}

/// Temporary files that a killed palc left behind. The next write of the same file clears them away.
fn leftovers(workspace: &Workspace) -> Option<Note> {
    let folders = workspace.layout().roots().iter().map(|root| workspace.path(root));
    let found: usize = folders.map(|folder| temporary_below(&folder)).sum();
    let hint = "they are called .palc-tmp-…; remove them when no palc is at work";
    (found > 0).then(|| Note::odd(format!("{} left by a palc that was stopped", count(found, "temporary file")), hint))
}

fn temporary_below(folder: &std::path::Path) -> usize {
    let entries = ignore::WalkBuilder::new(folder).hidden(false).git_ignore(false).build();
    entries.flatten().filter(|entry| entry.file_name().to_str().is_some_and(disk::is_temporary)).count()
}
