//! What is being erased, noted where the next palc finds it.

use std::collections::BTreeSet;

use crate::base::disk::{self, Expect};
use crate::base::{Error, Result};
use crate::git::Occurrence;
use crate::repo::Workspace;

/// The note's file in the derived folder.
pub(super) const FILE: &str = "purge";

/// A prompt with everything it ever was. It holds no text of the prompt, only git's names for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Note {
    pub(super) name: String,
    pub(super) id: Option<String>,
    pub(super) gone: BTreeSet<Occurrence>,
}

impl Note {
    pub(super) fn read(workspace: &Workspace) -> Result<Option<Note>> {
        let path = file(workspace)?;
        if !path.is_file() {
            return Ok(None);
        }
        Note::parse(&String::from_utf8_lossy(&disk::read(&path)?.bytes)).map(Some)
    }

    pub(super) fn write(&self, workspace: &Workspace) -> Result<()> {
        disk::write(&file(workspace)?, self.text().as_bytes(), Expect::Whatever)
    }

    /// Nothing is left to be done.
    pub(super) fn end(workspace: &Workspace) -> Result<()> {
        disk::remove(&file(workspace)?, Expect::Whatever)
    }

    /// A line for each content: its path may hold anything but a line break.
    fn text(&self) -> String {
        let id = self.id.iter().map(|id| format!("id {id}\n"));
        let gone = self.gone.iter().map(|one| format!("gone {} {}\n", one.blob, one.path));
        std::iter::once(format!("name {}\n", self.name)).chain(id).chain(gone).collect()
    }

    fn parse(text: &str) -> Result<Note> {
        let mut note = Note::default();
        for line in text.lines() {
            match line.split_once(' ') {
                Some(("name", name)) => name.clone_into(&mut note.name),
                Some(("id", id)) => note.id = Some(id.to_owned()),
                Some(("gone", rest)) if rest.contains(' ') => {
                    let (blob, path) = rest.split_once(' ').unwrap_or_default();
                    note.gone.insert(Occurrence { path: path.to_owned(), blob: blob.to_owned() });
                }
                _ => return Err(Error::storage(format!("palc's note of an erasure cannot be read: {line}"))),
            }
        }
        Ok(note)
    }
}

fn file(workspace: &Workspace) -> Result<std::path::PathBuf> {
    let folder = workspace.derived().ok_or_else(|| Error::bug("an erasure without a derived folder"))?;
    Ok(folder.join(FILE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_as_it_was_written() {
        let one = Occurrence { path: "prompts/a b.md".into(), blob: "b1".into() };
        let note = Note { name: "a b".into(), id: Some("k3".into()), gone: BTreeSet::from([one]) };
        assert_eq!(Note::parse(&note.text()).expect("reads"), note);
        assert!(Note::parse("what\n").is_err());
    }
}
