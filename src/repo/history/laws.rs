//! Random histories, held against a model that knows what was done because it did it.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;

use super::{History, PromptHistory};
use crate::base::hash::BlobId;
use crate::git::{Content, Git, NewCommit, Signature};
use crate::repo::Workspace;

#[derive(Debug, Clone)]
enum Op {
    Create {
        with_id: bool,
    },
    Edit(usize),
    /// To the content before the last.
    Back(usize),
    Rename {
        prompt: usize,
        edit: bool,
    },
    Delete(usize),
    /// Where it was, or with an id anywhere.
    Restore {
        prompt: usize,
        elsewhere: bool,
    },
    /// Two prompts with ids take each other's place.
    Swap(usize, usize),
    /// A commit about something else.
    Other,
}

#[derive(Debug, Clone)]
enum Move {
    /// Several things in one commit.
    Commit(Vec<Op>),
    /// Commits on a branch that is merged.
    Merge(Vec<Op>),
    /// Bring the index up to date in between.
    Look,
}

fn op() -> impl Strategy<Value = Op> {
    let prompt = 0..8usize;
    prop_oneof![
        3 => any::<bool>().prop_map(|with_id| Op::Create { with_id }),
        4 => prompt.clone().prop_map(Op::Edit),
        2 => prompt.clone().prop_map(Op::Back),
        3 => (prompt.clone(), any::<bool>()).prop_map(|(prompt, edit)| Op::Rename { prompt, edit }),
        2 => prompt.clone().prop_map(Op::Delete),
        2 => (prompt.clone(), any::<bool>()).prop_map(|(prompt, elsewhere)| Op::Restore { prompt, elsewhere }),
        1 => (prompt.clone(), prompt).prop_map(|(a, b)| Op::Swap(a, b)),
        1 => Just(Op::Other),
    ]
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        6 => prop::collection::vec(op(), 1..4).prop_map(Move::Commit),
        2 => prop::collection::vec(op(), 1..4).prop_map(Move::Merge),
        1 => Just(Move::Look),
    ];
    prop::collection::vec(one, 1..24)
}

#[derive(Debug, Clone, Default)]
struct Prompt {
    id: Option<String>,
    path: String,
    /// Nothing while it is deleted.
    content: Option<String>,
    versions: Vec<String>,
    written: usize,
    /// The side commits behind the last version.
    via: usize,
}

struct Model {
    prompts: Vec<Prompt>,
    paths: usize,
    git: Git,
    head: Option<String>,
    commits: usize,
    /// For each commit of the line, how many versions each prompt had.
    known: Vec<(String, Vec<usize>)>,
}

impl Model {
    fn fresh(&mut self) -> String {
        self.paths += 1;
        format!("prompts/p{}.md", self.paths)
    }

    fn text(&self, at: usize) -> String {
        let prompt = &self.prompts[at];
        let front = prompt.id.as_ref().map(|id| format!("---\nid: {id}\n---\n")).unwrap_or_default();
        let body: String = (0..6).map(|line| format!("prompt {at} says this in line {line}\n")).collect();
        format!("{front}{body}revision {}\n", prompt.written)
    }

    fn rewrite(&mut self, at: usize) {
        self.prompts[at].written += 1;
        self.prompts[at].content = Some(self.text(at));
    }

    /// Do something to prompts that this commit has not touched yet.
    fn apply(&mut self, op: &Op, touched: &mut Vec<usize>) {
        let count = self.prompts.len();
        let pick = |at: usize| if count == 0 { None } else { Some(at % count) };
        let free = |at: usize| !touched.contains(&at);
        let live = |model: &Model, at: usize| pick(at).filter(|at| free(*at) && model.prompts[*at].content.is_some());
        match *op {
            Op::Create { with_id } => {
                let (id, path) = (with_id.then(|| format!("x{count}y")), self.fresh());
                self.prompts.push(Prompt { id, path, ..Prompt::default() });
                self.rewrite(count);
                touched.push(count);
            }
            Op::Edit(at) => {
                if let Some(at) = live(self, at) {
                    self.rewrite(at);
                    touched.push(at);
                }
            }
            Op::Back(at) => {
                if let Some(at) = live(self, at).filter(|at| self.prompts[*at].versions.len() > 1) {
                    let versions = &self.prompts[at].versions;
                    self.prompts[at].content = Some(versions[versions.len() - 2].clone());
                    touched.push(at);
                }
            }
            Op::Rename { prompt, edit } => {
                if let Some(at) = live(self, prompt) {
                    self.prompts[at].path = self.fresh();
                    if edit {
                        self.rewrite(at);
                    }
                    touched.push(at);
                }
            }
            Op::Delete(at) => {
                if let Some(at) = live(self, at) {
                    self.prompts[at].content = None;
                    touched.push(at);
                }
            }
            Op::Restore { prompt, elsewhere } => {
                let dead = |model: &Model| pick(prompt).filter(|at| free(*at) && model.prompts[*at].content.is_none());
                if let Some(at) = dead(self) {
                    if elsewhere && self.prompts[at].id.is_some() {
                        self.prompts[at].path = self.fresh();
                    }
                    self.prompts[at].content = self.prompts[at].versions.last().cloned();
                    touched.push(at);
                }
            }
            Op::Swap(a, b) => {
                let (a, b) = (live(self, a), live(self, b));
                if let (Some(a), Some(b)) = (a, b)
                    && a != b
                    && self.prompts[a].id.is_some()
                    && self.prompts[b].id.is_some()
                {
                    let path = self.prompts[a].path.clone();
                    self.prompts[a].path = std::mem::replace(&mut self.prompts[b].path, path);
                    touched.extend([a, b]);
                }
            }
            Op::Other => {}
        }
    }

    fn files(&self) -> BTreeMap<String, String> {
        let file = |prompt: &Prompt| Some((prompt.path.clone(), prompt.content.clone()?));
        self.prompts.iter().filter_map(file).collect()
    }

    fn commit(&mut self, branch: &str, parents: &[String], before: &BTreeMap<String, String>) -> String {
        self.commits += 1;
        let after = self.files();
        let other = format!("{}\n", self.commits);
        let mut changes = vec![("other.txt", Content::Bytes(other.as_bytes()))];
        changes.extend(
            before.keys().filter(|path| !after.contains_key(*path)).map(|path| (path.as_str(), Content::Removed)),
        );
        changes.extend(after.iter().map(|(path, text)| (path.as_str(), Content::Bytes(text.as_bytes()))));
        let date = format!("2026-01-01T{:02}:{:02}:00Z", self.commits / 60, self.commits % 60);
        let author = Signature { name: "Ada", email: "ada@example.com", date: &date };
        let new = NewCommit { branch, parents, author: &author, message: "More\n", changes: &changes };
        self.git.writer().commit(&new).expect("committed")
    }

    fn on_line(&mut self, parents: &[String], before: &BTreeMap<String, String>, held: &[Option<String>]) {
        let id = self.commit("main", parents, before);
        for (at, prompt) in self.prompts.iter_mut().enumerate() {
            if let Some(content) = prompt.content.clone()
                && held.get(at).cloned().flatten().as_ref() != Some(&content)
            {
                prompt.versions.push(content);
            }
        }
        self.known.push((id.clone(), self.prompts.iter().map(|prompt| prompt.versions.len()).collect()));
        self.head = Some(id);
    }

    fn go(&mut self, step: &Move) {
        let (before, held) =
            (self.files(), self.prompts.iter().map(|prompt| prompt.content.clone()).collect::<Vec<_>>());
        match step {
            Move::Commit(ops) => {
                let mut touched = Vec::new();
                ops.iter().for_each(|op| self.apply(op, &mut touched));
                let parents: Vec<String> = self.head.iter().cloned().collect();
                self.prompts.iter_mut().for_each(|prompt| prompt.via = 0);
                self.on_line(&parents, &before, &held);
            }
            Move::Merge(ops) => {
                let Some(main) = self.head.clone() else { return };
                let (branch, mut tip, mut last) = (format!("side{}", self.commits), main.clone(), before.clone());
                self.prompts.iter_mut().for_each(|prompt| prompt.via = 0);
                for op in ops {
                    // On a branch nothing makes versions, so what goes back or comes back would be what the line had.
                    if matches!(op, Op::Back(_) | Op::Restore { .. } | Op::Delete(_)) {
                        continue;
                    }
                    let mut touched = Vec::new();
                    self.apply(op, &mut touched);
                    tip = self.commit(&branch, &[tip], &last);
                    last = self.files();
                    touched.iter().for_each(|at| self.prompts[*at].via += 1);
                }
                if tip != main {
                    self.on_line(&[main, tip], &before, &held);
                }
            }
            Move::Look => {}
        }
    }
}

fn all(folder: &Path, tip: Option<&str>) -> Vec<PromptHistory> {
    let workspace = Workspace::discover(folder).expect("a repository");
    History::open(&workspace, tip).expect("a history").prompts().expect("prompts")
}

fn blob(text: &str) -> String {
    BlobId::of(text.as_bytes()).to_string()
}

fn check(model: &Model, told: &[PromptHistory]) -> Result<(), TestCaseError> {
    prop_assert_eq!(told.len(), model.prompts.iter().filter(|prompt| !prompt.versions.is_empty()).count());
    for prompt in model.prompts.iter().filter(|prompt| !prompt.versions.is_empty()) {
        let found: Vec<&PromptHistory> = told.iter().filter(|one| one.path == prompt.path).collect();
        // Two prompts may have had a path one after the other; ids tell them apart.
        let found = found.iter().find(|one| prompt.id.is_none() || one.id == prompt.id);
        let found = found.ok_or_else(|| TestCaseError::fail(format!("nothing is known of {}", prompt.path)))?;
        let blobs: Vec<&str> = found.versions.iter().map(|version| version.blob.as_str()).collect();
        let expected: Vec<String> = prompt.versions.iter().map(|text| blob(text)).collect();
        prop_assert_eq!(blobs, expected);
        prop_assert_eq!(found.alive, prompt.content.is_some());
        prop_assert!(found.versions.iter().zip(1..).all(|(version, number)| version.number == number));
        let last = found.steps.last().map(|step| step.commit.id.as_str());
        if prompt.via > 0 && last == model.head.as_deref() {
            prop_assert_eq!(found.steps.last().map(|step| step.via.len()), Some(prompt.via));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn versions_are_what_was_done(moves in moves(), look in 0usize..100) {
        let folder = tempfile::tempdir().expect("a folder");
        let git = Git::init_alone(folder.path(), "main").expect("a repository");
        let mut model =
            Model { prompts: Vec::new(), paths: 0, git, head: None, commits: 0, known: Vec::new() };
        for step in &moves {
            model.go(step);
            if matches!(step, Move::Look) && model.head.is_some() {
                check(&model, &all(folder.path(), None))?;
            }
        }
        prop_assume!(model.head.is_some());
        // Grown bit by bit, and again from nothing.
        let grown = all(folder.path(), None);
        check(&model, &grown)?;
        std::fs::remove_dir_all(folder.path().join(".git/palc")).expect("there");
        prop_assert_eq!(&grown, &all(folder.path(), None));
        // As it was at some commit, from an index that knows more and from one that knows nothing.
        let (commit, counts) = &model.known[look % model.known.len()];
        let then = all(folder.path(), Some(commit));
        let mut told: Vec<usize> = then.iter().map(|prompt| prompt.versions.len()).collect();
        let mut expected: Vec<usize> = counts.iter().copied().filter(|count| *count > 0).collect();
        told.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(told, expected);
        std::fs::remove_dir_all(folder.path().join(".git/palc")).expect("there");
        prop_assert_eq!(then, all(folder.path(), Some(commit)));
    }
}
