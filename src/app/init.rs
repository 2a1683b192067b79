//! Make a folder ready for prompts. What is there already is never changed, except that `.gitattributes` gains lines.

use std::path::{Path, PathBuf};

use super::{App, config, drivers};
use crate::base::disk::{self, Batch, Expect};
use crate::base::text::Ending;
use crate::base::{Error, Result};
use crate::config::{FILE, Layer, schema};
use crate::git::Git;
use crate::repo::{Layout, Workspace};

#[derive(Debug, Default)]
pub struct Request {
    pub folder: Option<PathBuf>,
    /// Also write the JSON Schema of `palc.toml`, and name it there.
    pub schema: bool,
    /// Also let git show prompts in their canonical form when it compares them.
    pub textconv: bool,
    pub dry_run: bool,
}

#[derive(Debug)]
pub struct Outcome {
    pub root: PathBuf,
    pub steps: Vec<Step>,
    /// Whether there was a prompt before; a newcomer gets one to look at.
    pub has_prompts: bool,
}

/// One thing that is needed, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// From the root.
    pub path: String,
    pub done: Done,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    Created,
    Extended,
    Kept,
}

impl Outcome {
    pub fn changed(&self) -> bool {
        self.steps.iter().any(|step| step.done != Done::Kept)
    }
}

/// Where git keeps the settings of one repository.
const SETTINGS: &str = ".git/config";
const SCHEMA: &str = ".palc.schema.json";

pub fn init(app: &App, request: &Request) -> Result<Outcome> {
    let folder = app.env.folder().join(request.folder.as_deref().unwrap_or(Path::new("")));
    let (root, git) = settle(&folder, request.dry_run)?;
    let journal = if request.dry_run { None } else { Some(app.journal_folder(&Workspace::discover(&root)?)?) };
    if let Some(journal) = &journal {
        disk::recover(journal)?;
    }
    let mut work = Work { root: &root, batch: Batch::new(), steps: Vec::from_iter(git) };
    if request.schema {
        work.create(SCHEMA, &format!("{:#}\n", schema()))?;
    }
    let hint = if request.schema { format!("#:schema ./{SCHEMA}\n") } else { String::new() };
    work.create(FILE, &format!("{hint}{}", config::template(Layer::Repository)))?;
    let has_prompts = holds_files(&root.join("prompts"));
    if !has_prompts {
        let id = app.clock.id();
        work.create("prompts/hello.md", &hello(&id))?;
    }
    work.extend(".gitattributes", &attributes(app, &root))?;
    if let Some(journal) = &journal {
        std::mem::take(&mut work.batch).commit(journal)?;
    }
    if let Some(git) = Git::discover(&root)? {
        let done = if drivers::install(&git, request.textconv, request.dry_run)? { Done::Extended } else { Done::Kept };
        work.steps.push(Step { path: SETTINGS.into(), done });
    }
    Ok(Outcome { steps: work.steps, has_prompts, root })
}

/// What is to be in `.gitattributes`. A new folder has no settings yet.
fn attributes(app: &App, root: &Path) -> Vec<String> {
    match app.workspace().ok().filter(|workspace| workspace.root() == root) {
        Some(workspace) => drivers::attributes(workspace.layout()),
        None => drivers::attributes(&Layout::default()),
    }
}

/// The root to work in, with a step for the repository if one is made.
fn settle(folder: &Path, dry_run: bool) -> Result<(PathBuf, Option<Step>)> {
    let existing = folder.ancestors().find(|folder| folder.is_dir()).unwrap_or(folder);
    if let Some(git) = Git::discover(existing)? {
        let Some(root) = git.worktree() else {
            let error = Error::invalid("a bare repository has no files, so there is nothing to set up");
            return Err(error.hint("run `palc init` in a clone of it"));
        };
        // A repository around a folder that does not exist yet is another one's: the new folder gets its own.
        if folder.is_dir() {
            return Ok((root.to_owned(), None));
        }
    }
    if !dry_run {
        Git::init(folder)?;
    }
    Ok((folder.to_owned(), Some(Step { path: ".git".into(), done: Done::Created })))
}

fn holds_files(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

struct Work<'a> {
    root: &'a Path,
    batch: Batch,
    steps: Vec<Step>,
}

impl Work<'_> {
    fn create(&mut self, path: &str, text: &str) -> Result<()> {
        let full = self.root.join(path);
        let done = if full.symlink_metadata().is_ok() { Done::Kept } else { Done::Created };
        if done == Done::Created {
            self.batch = std::mem::take(&mut self.batch).write(full, text, Expect::Absent);
        }
        self.steps.push(Step { path: path.to_owned(), done });
        Ok(())
    }

    /// Add the lines that a file lacks. A pattern that has attributes already is its owner's business.
    fn extend(&mut self, path: &str, lines: &[String]) -> Result<()> {
        let full = self.root.join(path);
        if !full.exists() {
            let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
            return self.create(path, &text);
        }
        let file = disk::read(&full)?;
        let text = String::from_utf8_lossy(&file.bytes);
        let lacks = |line: &&String| !text.lines().any(|old| pattern(old) == pattern(line));
        let missing: Vec<&String> = lines.iter().filter(lacks).collect();
        let done = if missing.is_empty() { Done::Kept } else { Done::Extended };
        self.steps.push(Step { path: path.to_owned(), done });
        if done == Done::Kept {
            return Ok(());
        }
        let ending = Ending::of(&text).as_str();
        let mut bytes = file.bytes.clone();
        if !bytes.is_empty() && !bytes.ends_with(b"\n") {
            bytes.extend_from_slice(ending.as_bytes());
        }
        for line in missing {
            bytes.extend_from_slice(format!("{line}{ending}").as_bytes());
        }
        self.batch = std::mem::take(&mut self.batch).write(full, bytes, Expect::Same(&file.stamp));
        Ok(())
    }
}

/// What a line of attributes is about.
fn pattern(line: &str) -> &str {
    match line.strip_prefix('"').and_then(|rest| rest.find('"')) {
        Some(end) => &line[..end + 2],
        None => line.split_whitespace().next().unwrap_or_default(),
    }
}

/// A first prompt that shows the parts of one.
fn hello(id: &str) -> String {
    format!(
        "---\nid: {id}\ndescription: A first prompt, to be changed or removed\ninput:\n  required: [name]\n---\n\
         system:\nYou greet people in one friendly sentence.\n\nuser:\nPlease greet {{{{ name }}}}.\n"
    )
}
