//! From git to facts: the commits of a line, what each of them did to prompts, and what merges brought in.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::base::{Error, Result};
use crate::git::{Commit, FileChange, Git, Reader};
use crate::repo::Layout;

use super::fact::{Fact, File, Pair, facts};
use super::id::id_in;
use super::track::LineCommit;

/// The commits along first parents from a known one, which is left out, to the tip; oldest first, with their facts.
pub fn gather(git: &Git, layout: &Layout, tip: &str, known: Option<&str>) -> Result<Vec<LineCommit>> {
    let commits = git.reader().reachable(tip, known)?;
    let line = line(&commits, tip);
    let on_line = |commit| (commit, true);
    let beside = |commit| (commit, false);
    let jobs: Vec<(&Commit, bool)> = line
        .iter()
        .flat_map(|(commit, sides)| std::iter::once(on_line(*commit)).chain(sides.iter().copied().map(beside)))
        .collect();
    // Neighbours share most of their trees, so each thread takes long runs of them, and goes on with what the last one
    // has left in memory.
    let run = (jobs.len() / (4 * rayon::current_num_threads())).max(32);
    let teller = Teller::new(git, layout);
    let is_forward = jobs.len() > MANY && older_are_packed_first(&teller, &jobs, &commits)?;
    let idle = Mutex::new(vec![teller]);
    let tell_all = |jobs: &[(&Commit, bool)]| -> Result<Vec<Vec<Fact>>> {
        let free = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut teller = free.unwrap_or_else(|| Teller::new(git, layout));
        let mut tell = |(commit, on_line): &(&Commit, bool)| teller.tell(commit, &commits, *on_line);
        let told = if is_forward {
            jobs.iter().map(tell).collect::<Result<_>>()?
        } else {
            let mut told = jobs.iter().rev().map(&mut tell).collect::<Result<Vec<_>>>()?;
            told.reverse();
            told
        };
        idle.lock().unwrap_or_else(PoisonError::into_inner).push(teller);
        Ok(told)
    };
    let told: Vec<Vec<Vec<Fact>>> = jobs.par_chunks(run).map(tell_all).collect::<Result<_>>()?;
    let mut told = told.into_iter().flatten();
    let mut take = || told.next().unwrap_or_default();
    let with_facts = |(commit, sides): (&Commit, Vec<&Commit>)| LineCommit {
        commit: commit.clone(),
        facts: take(),
        sides: sides.into_iter().map(|side| (side.clone(), take())).collect(),
    };
    Ok(line.into_iter().map(with_facts).collect())
}

/// For so many commits it matters in which order they are read.
const MANY: usize = if cfg!(test) { 4 } else { 100 };
/// So many folders tell which order that is.
const FEW: usize = 27;

/// Git packs older trees as what differs from newer ones; `git fast-import` does the reverse. The folders above some
/// changed prompts tell, since folders are most of what is read.
fn older_are_packed_first(
    teller: &Teller<'_>,
    jobs: &[(&Commit, bool)],
    commits: &HashMap<String, Commit>,
) -> Result<bool> {
    let (mut older, mut asked) = (0, 0);
    for (commit, _) in jobs.iter().skip(1).step_by(jobs.len() / MANY + 1) {
        let Some(parent) = commit.parents.first().and_then(|id| commits.get(id)) else { continue };
        let Some(change) = teller.changes(commit, commits)?.into_iter().next() else { continue };
        let folders = |commit: &Commit| teller.reader.folders_to(&commit.tree, &change.path);
        for (before, after) in folders(parent)?.iter().zip(&folders(commit)?) {
            older += usize::from(teller.reader.is_packed_before(before, after));
            asked += 1;
        }
        if asked >= FEW {
            break;
        }
    }
    Ok(2 * older > asked)
}

/// First parents, oldest first, each with the commits that came in with it, newest first. A commit comes in once.
fn line<'c>(commits: &'c HashMap<String, Commit>, tip: &str) -> Vec<(&'c Commit, Vec<&'c Commit>)> {
    let mut line = Vec::new();
    let mut next = commits.get(tip);
    while let Some(commit) = next {
        line.push(commit);
        next = commit.parents.first().and_then(|id| commits.get(id));
    }
    line.reverse();
    let mut seen: HashSet<&str> = line.iter().map(|commit| commit.id.as_str()).collect();
    line.into_iter().map(|commit| (commit, brought_in(commits, commit, &mut seen))).collect()
}

/// What a merge reaches by its other parents and nobody before it did; children before their parents.
fn brought_in<'c>(
    commits: &'c HashMap<String, Commit>,
    merge: &'c Commit,
    seen: &mut HashSet<&'c str>,
) -> Vec<&'c Commit> {
    let mut done = Vec::new();
    let mut open: Vec<(&Commit, usize)> = vec![(merge, 1)];
    while let Some((commit, parent)) = open.pop() {
        match commit.parents.get(parent) {
            Some(id) => {
                open.push((commit, parent + 1));
                if let Some((id, next)) = commits.get_key_value(id).filter(|(id, _)| seen.insert(id.as_str())) {
                    debug_assert_eq!(*id, next.id);
                    open.push((next, 0));
                }
            }
            None if !std::ptr::eq(commit, merge) => done.push(commit),
            None => {}
        }
    }
    done.reverse();
    done
}

/// Tells facts, and remembers the ids it has read on the way.
struct Teller<'a> {
    reader: Reader,
    layout: &'a Layout,
    ids: HashMap<String, Option<String>>,
}

impl<'a> Teller<'a> {
    fn new(git: &Git, layout: &'a Layout) -> Teller<'a> {
        Teller { reader: git.reader_of_many().remembering(), layout, ids: HashMap::new() }
    }

    /// What a commit did since its first parent. A merge within a side branch did nothing of its own.
    fn tell(&mut self, commit: &Commit, commits: &HashMap<String, Commit>, on_line: bool) -> Result<Vec<Fact>> {
        if commit.parents.len() > 1 && !on_line {
            return Ok(Vec::new());
        }
        let prompts = self.changes(commit, commits)?.into_iter();
        let pairs = prompts.map(|change| self.pair(change)).collect::<Result<Vec<_>>>()?;
        facts(pairs, |blob| self.reader.blob(blob)).map_err(|error: Error| error)
    }

    /// The prompts' files that are not what they were in the first parent.
    fn changes(&self, commit: &Commit, commits: &HashMap<String, Commit>) -> Result<Vec<FileChange>> {
        let parent = match commit.parents.first() {
            None => None,
            Some(id) => Some(match commits.get(id) {
                Some(parent) => parent.tree.clone(),
                None => self.reader.commit(id)?.tree,
            }),
        };
        let mut changes = self.reader.changes(parent.as_deref(), &commit.tree, self.layout.roots())?;
        changes.retain(|change| self.layout.is_prompt(&change.path));
        Ok(changes)
    }

    fn pair(&mut self, change: FileChange) -> Result<Pair> {
        let mut side = |blob: Option<String>| -> Result<Option<File>> {
            let Some(blob) = blob else { return Ok(None) };
            let id = self.id(&change.path, &blob)?;
            Ok(Some(File { path: change.path.clone(), blob, id }))
        };
        Ok((side(change.before)?, side(change.after)?))
    }

    fn id(&mut self, path: &str, blob: &str) -> Result<Option<String>> {
        if let Some(known) = self.ids.get(blob) {
            return Ok(known.clone());
        }
        let id = id_in(path, &self.reader.blob(blob)?);
        self.ids.insert(blob.to_owned(), id.clone());
        Ok(id)
    }
}
