//! Erase a prompt from history: for privacy, not for tidiness.
//!
//! The new history is written beside the old one, then all refs move at once, then everything that still names the old
//! one is swept away and git throws its objects out. A note in the derived folder says what is being erased, from before
//! the refs move until nothing is left, so that a palc that was killed can be followed by one that ends its work.

mod note;
mod scope;

use std::collections::BTreeSet;

use super::App;
use super::links::{Link, Map, links_to};
use crate::base::disk::{self, Expect};
use crate::base::{Error, Finding, Place, Result};
use crate::format::labels;
use crate::git::{Edits, Git, Occurrence, RefMove, Rewritten};
use crate::model::Labels;
use crate::repo::{PromptFile, Workspace};

use note::Note;

/// What is to be erased, and what that comes to.
#[derive(Debug)]
pub struct Plan<'a> {
    app: &'a App,
    workspace: &'a Workspace,
    git: &'a Git,
    note: Note,
    /// Whether a palc was killed while it erased this.
    pub is_resumed: bool,
    pub told: Told,
}

/// What there is to know about an erasure, before it and after it.
#[derive(Debug, Default)]
pub struct Told {
    pub name: String,
    pub id: Option<String>,
    /// Every path that the prompt had, and how many contents.
    pub paths: Vec<String>,
    pub contents: usize,
    /// How many commits are written anew, and how many signatures are lost by that.
    pub commits: usize,
    pub signatures: usize,
    pub moves: Vec<RefMove>,
    pub stashes: usize,
    /// Whether `labels.yaml` spoke of it.
    pub labelled: bool,
    /// The same content at other paths, where it stays.
    pub shared: Vec<Occurrence>,
    /// How many messages of commits mention it. They are kept.
    pub messages: usize,
    /// Prompts that need it or name it.
    pub dependants: Vec<Link>,
    /// Commands that put the new history where the old one was pushed to.
    pub pushes: Vec<String>,
    /// What could not be done, and what is odd.
    pub findings: Vec<Finding>,
    pub dry_run: bool,
}

/// What would be erased. Without a name, it is what a palc that was killed had begun to erase.
pub fn plan<'a>(app: &'a App, prompt: Option<&str>) -> Result<Plan<'a>> {
    let workspace = app.workspace()?;
    let git = workspace.git().ok_or_else(|| {
        Error::no("there is no git repository here, so there is no history").hint("`palc rm` removes a prompt")
    })?;
    let begun = Note::read(workspace)?;
    let note = match (&begun, prompt) {
        (Some(note), None) => note.clone(),
        (None, None) => return Err(Error::usage("which prompt?").hint("nothing that was begun waits to be ended")),
        (Some(note), Some(typed)) if typed != note.name && Some(typed) != note.id.as_deref() => {
            return Err(Error::no(format!("the erasure of {} was begun and not ended", note.name))
                .hint("`palc purge` without a name ends it"));
        }
        (Some(note), Some(_)) => note.clone(),
        (None, Some(typed)) => scope::find(app, workspace, git, typed)?,
    };
    must_be_possible(git)?;
    if begun.is_none() {
        scope::must_be_clean(workspace, git, &note)?;
    }
    let (edits, findings) = edits(workspace, git, &note, false)?;
    let rewritten = git.rewrite_plan(&edits)?;
    let told = Told { findings, ..tell(workspace, git, &note, rewritten)? };
    Ok(Plan { app, workspace, git, note, is_resumed: begun.is_some(), told })
}

fn must_be_possible(git: &Git) -> Result<()> {
    let obstacles = git.obstacles()?;
    if obstacles.is_empty() {
        return Ok(());
    }
    let what: Vec<&str> = obstacles.iter().map(|obstacle| obstacle.what.as_str()).collect();
    let error = Error::no(format!("history cannot be written anew here: {}", what.join("; ")));
    Err(obstacles.iter().fold(error, |error, obstacle| error.hint(obstacle.remedy)))
}

/// What becomes of every content: the prompt's own go, and every `labels.yaml` loses what it says of the prompt.
fn edits(workspace: &Workspace, git: &Git, note: &Note, store: bool) -> Result<(Edits, Vec<Finding>)> {
    let (mut edits, mut findings) = (Edits::default(), Vec::new());
    for Occurrence { path, blob } in &note.gone {
        edits.remove(path, blob);
    }
    let Some(id) = &note.id else { return Ok((edits, findings)) };
    let path = workspace.layout().labels();
    let reader = git.reader();
    for Occurrence { blob, .. } in git.occurrences(&|other, _| other == path)? {
        let bytes = reader.blob(&blob)?;
        if memchr::memmem::find(&bytes, id.as_bytes()).is_none() {
            continue;
        }
        match unlabelled(path, &bytes, id) {
            Ok(Some(text)) if store => edits.replace(path, &blob, git.store(text.as_bytes())?),
            Ok(Some(text)) => edits.replace(path, &blob, reader.blob_id(text.as_bytes())?),
            Ok(None) => {}
            Err(_) => {
                let short = blob.get(..10).unwrap_or(&blob);
                let message = format!("its content {short} in history names {id} and cannot be changed without harm");
                findings.push(Finding::warning("labels-kept", Place::file(path), message));
            }
        }
    }
    Ok((edits, findings))
}

/// The file of labels without a prompt; nothing if it says nothing of it.
fn unlabelled(path: &str, bytes: &[u8], id: &str) -> Result<Option<String>> {
    let text = labels::utf8(path, bytes)?;
    let file = labels::read(path, text);
    let before = file.strict()?;
    let mut after: Labels = before.clone();
    after.pins.remove(id);
    after.inactive.remove(id);
    if after == before { Ok(None) } else { labels::write(&file, &after, &|_| None).map(Some) }
}

fn tell(workspace: &Workspace, git: &Git, note: &Note, rewritten: Rewritten) -> Result<Told> {
    let blobs = note.blobs();
    let shared = git.occurrences(&|path, blob| blobs.contains(blob) && !note.holds(path, blob))?;
    let needles: Vec<&str> = note.id.as_deref().into_iter().chain([note.name.as_str()]).collect();
    let mut messages = 0;
    git.all_messages(|message| {
        messages +=
            usize::from(needles.iter().any(|needle| memchr::memmem::find(message, needle.as_bytes()).is_some()));
    })?;
    let paths: BTreeSet<&str> = note.gone.iter().map(|one| one.path.as_str()).collect();
    let stash = rewritten.moves.iter().any(|step| step.name == "refs/stash");
    Ok(Told {
        name: note.name.clone(),
        id: note.id.clone(),
        contents: blobs.len(),
        commits: rewritten.commits,
        signatures: rewritten.signatures,
        stashes: if stash { git.stashes() } else { 0 },
        labelled: scope::is_labelled(workspace, note)?,
        shared: shared.into_iter().collect(),
        messages,
        dependants: dependants(workspace, &paths)?,
        pushes: pushes(git, &rewritten.moves)?,
        paths: paths.into_iter().map(str::to_owned).collect(),
        moves: rewritten.moves,
        findings: Vec::new(),
        dry_run: true,
    })
}

/// Links of prompts that stay to one that goes.
fn dependants(workspace: &Workspace, paths: &BTreeSet<&str>) -> Result<Vec<Link>> {
    if workspace.git().is_some_and(Git::is_bare) {
        return Ok(Vec::new());
    }
    let there = paths.iter().filter(|path| workspace.path(path).is_file());
    let goes = there.filter_map(|path| PromptFile::at(workspace, path)).map(|file| file.name).collect();
    let mut links = links_to(workspace, &Map::of(workspace)?, &goes)?;
    links.retain(|link| !goes.contains(&link.from.name));
    Ok(links)
}

/// What was pushed is where palc cannot reach. The lease makes sure that nobody's later work is overwritten there.
fn pushes(git: &Git, moves: &[RefMove]) -> Result<Vec<String>> {
    let remotes = git.remotes()?;
    let mut commands = Vec::new();
    for step in moves {
        let tracked = step.name.strip_prefix("refs/remotes/").and_then(|rest| {
            remotes.iter().find_map(|remote| Some((remote, rest.strip_prefix(remote.as_str())?.strip_prefix('/')?)))
        });
        if let Some((remote, branch)) = tracked {
            let (own, from) = (format!("refs/heads/{branch}"), &step.from);
            let source = if moves.iter().any(|step| step.name == own) { branch } else { step.name.as_str() };
            commands.push(format!("git push --force-with-lease={branch}:{from} {remote} {source}:{own}"));
        }
        if step.name.starts_with("refs/tags/") {
            commands.extend(remotes.iter().map(|remote| format!("git push --force {remote} {}", step.name)));
        }
    }
    Ok(commands)
}

impl Plan<'_> {
    /// Erase it. Until the refs move, everything is as it was; afterwards there is no way back.
    pub fn carry_out(self) -> Result<Told> {
        let Plan { app, workspace, git, note, told, .. } = self;
        let _session = git.session()?;
        note.write(workspace)?;
        let staged = scope::in_worktree(workspace, git, &note)?;
        let (edits, _) = edits(workspace, git, &note, true)?;
        let rewritten = git.rewrite(&edits)?;
        git.move_all(&rewritten.moves, "palc purge")?;
        git.follow(&rewritten)?;
        take_away(app, workspace, git, &staged, &note)?;
        clear_derived(workspace)?;
        git.throw_away()?;
        let shared: BTreeSet<&str> = told.shared.iter().map(|one| one.blob.as_str()).collect();
        let gone = note.blobs().into_iter().filter(|blob| !shared.contains(blob)).map(str::to_owned).collect();
        must_be_gone(git, &gone)?;
        Note::end(workspace)?;
        Ok(Told { dry_run: false, ..told })
    }
}

/// The prompt's files and what the index holds of them, and the labels as they are now.
fn take_away(app: &App, workspace: &Workspace, git: &Git, staged: &[String], note: &Note) -> Result<()> {
    let paths: Vec<&str> = staged.iter().map(String::as_str).collect();
    git.forget_staged(&paths)?;
    if git.is_bare() {
        return Ok(());
    }
    let mut change = crate::repo::Change::new();
    for path in paths {
        if let Ok(file) = disk::read(&workspace.path(path)) {
            change.remove(path, file.stamp);
        }
    }
    let path = workspace.layout().labels();
    if let (Some(id), Ok(file)) = (&note.id, disk::read(&workspace.path(path)))
        && let Ok(Some(text)) = unlabelled(path, &file.bytes, id)
    {
        change.replace(path, text.into_bytes(), file.stamp);
    }
    if !change.is_empty() {
        change.apply(workspace, &app.journal_folder(workspace)?)?;
    }
    match git.entry(git.head()?.commit.as_deref(), path)? {
        Some(entry) if note.id.is_some() => git.restage(path, &entry.id),
        _ => Ok(()),
    }
}

/// Everything that palc has derived may hold a part of what is erased, and all of it can be derived again.
fn clear_derived(workspace: &Workspace) -> Result<()> {
    let Some(folder) = workspace.derived() else { return Ok(()) };
    for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && name != "locks" {
            disk::remove_tree(&path)?;
        } else if !is_folder && !name.ends_with(".lock") && name != note::FILE {
            disk::remove(&path, Expect::Whatever)?;
        }
    }
    Ok(())
}

fn must_be_gone(git: &Git, gone: &BTreeSet<String>) -> Result<()> {
    let left = git.still_here(gone)?;
    if left.is_empty() {
        return Ok(());
    }
    let error =
        Error::storage(format!("{} of its contents are still in the repository: {}", left.len(), left.join(", ")));
    let kept = git.kept_packs();
    Err(match kept.first() {
        Some(pack) => error.hint(format!("git leaves packs alone that have a file like {}", pack.display())),
        None => error.hint(
            "something else keeps them: `git fsck --unreachable` and `git rev-list --all --objects` help to find it",
        ),
    }
    .hint("`palc purge` goes on from here"))
}

impl Note {
    fn holds(&self, path: &str, blob: &str) -> bool {
        self.gone.contains(&Occurrence { path: path.to_owned(), blob: blob.to_owned() })
    }

    fn blobs(&self) -> BTreeSet<&str> {
        self.gone.iter().map(|one| one.blob.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_the_labels_stays_as_it_is() {
        let pin = format!("{{version: 1, blob: a{:039}}}", 1);
        let text = format!(
            "# ours\nlabels:\n  aaaa: # a\n    qa: {pin} # x\n  bbbb:\n    qa: {pin}\ninactive:\n  bbbb:\n    - {pin}\n"
        );
        let after = unlabelled("labels.yaml", text.as_bytes(), "bbbb").expect("writes").expect("changes");
        assert_eq!(after, format!("# ours\nlabels:\n  aaaa: # a\n    qa: {pin} # x\n"));
        assert_eq!(unlabelled("labels.yaml", after.as_bytes(), "bbbb").expect("reads"), None);
    }
}
