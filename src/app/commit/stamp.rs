//! Ids for prompts that are committed for the first time, so that their history has a name.

use super::super::App;
use super::super::write::{Done, Work};
use super::{File, What};
use crate::base::Result;
use crate::base::disk;
use crate::format::Dialect;
use crate::format::change::Change;
use crate::model::Value;
use crate::repo;

/// What was put into files, so that it can be taken out again.
#[derive(Debug, Default)]
pub struct Stamps {
    done: Vec<Done>,
}

/// Put an id into every new prompt that has none. Partials have no history that somebody would ask for, and files of
/// other programs are left as they are.
pub fn stamp(app: &App, files: &mut [File], dry_run: bool) -> Result<Stamps> {
    let mut work = Work::begin(app)?;
    let workspace = app.workspace()?;
    for file in files.iter_mut().filter(|file| file.what == What::Added && file.id.is_none()) {
        let Some(prompt) = file.prompt(workspace).filter(|it| !it.name.stem().starts_with('_')) else { continue };
        if Dialect::of_path(&prompt.path) != Dialect::Native || workspace.path(&prompt.path).is_symlink() {
            continue;
        }
        // What cannot be read cannot be stamped; whoever commits it unchecked knows.
        let Ok(opened) = work.open(&prompt) else { continue };
        let id = app.clock.id();
        let Ok(changed) = opened.files.changed(Change::Set(&["id"], &Value::from(id.as_str()))) else { continue };
        work.save(&opened, &changed);
        (file.id, file.stamped) = (Some(id), true);
    }
    Ok(Stamps { done: work.finish(dry_run)?.done })
}

impl Stamps {
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.done.iter().map(|done| done.path.as_str())
    }

    /// Nothing was committed, so nothing stays written, unless somebody changed the file since.
    pub fn undo(self, app: &App) -> Result<()> {
        let workspace = app.workspace()?;
        let mut change = repo::Change::new();
        for done in self.done {
            let now = disk::read(&workspace.path(&done.path))?;
            if now.bytes == done.after.as_bytes() {
                change.replace(done.path, done.before.into_bytes(), now.stamp);
            }
        }
        if change.is_empty() { Ok(()) } else { change.apply(workspace, &app.journal_folder(workspace)?) }
    }
}
