//! What collides between the branches of a repository, each compared with each other and with where they parted.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Error, Finding, Place, Result, Severity, Span};
use crate::check::branches::{Claim, Scope, Standing, Subject, View, clashes};
use crate::check::rules::branches::{SPLIT_ID, SPLIT_LABEL, SPLIT_SCOPE, SPLIT_VERSION};
use crate::check::{self, Filter};
use crate::format::{Dialect, Document, labels};
use crate::git::Git;
use crate::model::Pin;
use crate::repo::Source;

use super::super::App;
use super::super::list::cards;
use super::super::select::{facts, is_plain};

/// Everything that two branches, local or fetched, cannot both keep.
pub fn findings(app: &App, filter: &Filter) -> Result<Vec<Finding>> {
    let workspace = app.workspace()?;
    let Some(git) = workspace.git() else { return Ok(Vec::new()) };
    let branches = branches(git)?;
    let mut views = Views { app, known: BTreeMap::new() };
    let mut claims: BTreeMap<Subject, BTreeSet<(usize, Claim)>> = BTreeMap::new();
    for (at, one) in branches.iter().enumerate() {
        for (number, other) in branches.iter().enumerate().skip(at + 1) {
            // Without a common history, there is nothing that either has not come to by itself.
            let base = git.reader().merge_base(&one.commit, &other.commit).ok();
            if base.as_ref().is_some_and(|base| *base == one.commit || *base == other.commit) {
                continue;
            }
            let base = base.map(|base| views.at(&base).cloned()).transpose()?.unwrap_or_default();
            let one = views.at(&one.commit)?.clone();
            for (subject, here, there) in clashes(&base, &one, views.at(&other.commit)?) {
                claims.entry(subject).or_default().extend([(at, here), (number, there)]);
            }
        }
    }
    let mut found = Vec::new();
    for (subject, claims) in &claims {
        let finding = told(app, &branches, &views, subject, claims)?;
        found.extend(check::weigh(finding, app.settings()?, filter));
    }
    Finding::sort(&mut found);
    Ok(found)
}

/// A branch under the shortest name that git understands.
struct Branch {
    name: String,
    commit: String,
}

/// All branches, those of remotes among them; of several at one commit the first. What is checked out comes first.
fn branches(git: &Git) -> Result<Vec<Branch>> {
    let mut branches: Vec<Branch> = Vec::new();
    let current = git.head()?.name;
    let mut refs = git.refs("refs/heads/")?;
    refs.sort_by_key(|one| current.as_deref() != Some(one.name.as_str()));
    for one in refs.into_iter().chain(git.refs("refs/remotes/")?) {
        if branches.iter().all(|branch| branch.commit != one.commit) {
            let name = one.name.trim_start_matches("refs/heads/").trim_start_matches("refs/remotes/").to_owned();
            branches.push(Branch { name, commit: one.commit });
        }
    }
    Ok(branches)
}

/// What commits hold, each read once.
struct Views<'a> {
    app: &'a App,
    known: BTreeMap<String, View>,
}

impl Views<'_> {
    fn at(&mut self, commit: &str) -> Result<&View> {
        if !self.known.contains_key(commit) {
            let view = self.read(commit)?;
            self.known.insert(commit.to_owned(), view);
        }
        Ok(&self.known[commit])
    }

    fn read(&self, commit: &str) -> Result<View> {
        let workspace = self.app.workspace()?;
        let vocabulary = &self.app.settings()?.vocabulary;
        let source = Source::Revision(workspace, commit.to_owned());
        let path = workspace.layout().labels();
        let text = String::from_utf8_lossy(&source.read(path)?.unwrap_or_default()).into_owned();
        let found = cards(&source, |listed| {
            let facts = facts(&listed.card, vocabulary);
            let is_plain = is_plain(&listed.file, &listed.card);
            Some((listed.card.id?, listed.file, facts, is_plain))
        })?;
        let standing = |(id, file, facts, is_plain): (String, crate::repo::PromptFile, crate::select::Facts, bool)| {
            // Prompts without a type are for people to name, not for programs to select.
            let type_ = facts.type_.filter(|_| is_plain && facts.serves);
            let phases: Vec<Option<String>> = match &facts.phases[..] {
                [] => vec![None],
                phases => phases.iter().cloned().map(Some).collect(),
            };
            let scope = |phase| Some(Scope { type_: Some(type_.clone()?), phase });
            let scopes = phases.into_iter().filter_map(scope).collect();
            (id, Standing { name: file.name.to_string(), path: file.path, scopes })
        };
        let prompts = found.facts.into_iter().map(standing).collect();
        Ok(View { prompts, labels: labels::read(path, &text).labels() })
    }
}

type Claims = BTreeSet<(usize, Claim)>;

fn told(app: &App, branches: &[Branch], views: &Views<'_>, subject: &Subject, claims: &Claims) -> Result<Finding> {
    let name = |at: usize, id: &str| {
        let standing = views.known.get(&branches[at].commit).and_then(|view| view.prompts.get(id));
        standing.map_or_else(|| id.to_owned(), |standing| standing.name.clone())
    };
    let (first, claim) = claims.first().ok_or_else(|| Error::bug("a collision of nobody"))?;
    let on = |what: &dyn Fn(usize, &Claim) -> String| {
        let mut grouped: Vec<(String, Vec<&str>)> = Vec::new();
        for (at, claim) in claims {
            let what = what(*at, claim);
            match grouped.iter_mut().find(|(other, _)| *other == what) {
                Some((_, on)) => on.push(&branches[*at].name),
                None => grouped.push((what, vec![&branches[*at].name])),
            }
        }
        let each = |(what, on): &(String, Vec<&str>)| format!("{what} on {}", on.join(" and "));
        grouped.iter().map(each).collect::<Vec<_>>().join(", ")
    };
    let pinned = |_: usize, claim: &Claim| match claim {
        Claim::Pin(pin) => format!("version {} ({})", pin.version, pin.short()),
        _ => "nothing".to_owned(),
    };
    let named = |at: usize, claim: &Claim| match claim {
        Claim::Prompt(id) => name(at, id),
        _ => String::new(),
    };
    let spot = Spot { app, branch: &branches[*first] };
    let finding = |rule: &check::Rule, place, message: String| match rule.severity {
        Severity::Error => Finding::error(rule.name, place, message),
        _ => Finding::warning(rule.name, place, message),
    };
    Ok(match subject {
        Subject::Id(id) => {
            let path = views.known[&spot.branch.commit].prompts.get(id).map(|standing| standing.path.clone());
            let message = format!("`{id}` is {}: these are different prompts", on(&named));
            finding(&SPLIT_ID, spot.of_key(&path.unwrap_or_default(), &["id"])?, message)
                .hint("on one of the branches, take the id out of the file; `palc commit` gives it another one")
        }
        Subject::Label(id, label) => {
            let prompt = name(*first, id);
            let message = format!("`{label}` of {prompt} means {}", on(&pinned));
            finding(&SPLIT_LABEL, spot.of_pin(id, Some(label), None)?, message)
                .hint(format!("on one of the branches: palc label move {label} {prompt}@…"))
        }
        Subject::Version(id, version) => {
            let message = format!(
                "version {version} of {} is {}",
                name(*first, id),
                on(&|at, claim| match claim {
                    Claim::Pin(pin) => pin.short().to_owned(),
                    _ => named(at, claim),
                })
            );
            let pin = if let Claim::Pin(pin) = claim { Some(pin) } else { None };
            finding(&SPLIT_VERSION, spot.of_pin(id, None, pin)?, message)
                .hint("once they are merged, `palc check` says which number the other content has")
        }
        Subject::Scope(Scope { type_, phase }) => {
            let path = match claim {
                Claim::Prompt(id) => {
                    views.known[&spot.branch.commit].prompts.get(id).map(|standing| standing.path.clone())
                }
                _ => None,
            };
            let type_ = type_.as_deref().unwrap_or("none");
            let phase = phase.as_ref().map_or_else(|| "no phase".to_owned(), |phase| format!("phase `{phase}`"));
            let message = format!("type `{type_}` and {phase} are served by {}", on(&named));
            finding(&SPLIT_SCOPE, spot.of_key(&path.unwrap_or_default(), &["phase", "type"])?, message)
                .hint("once they are merged, only the newer one is selected")
        }
    })
}

/// Where something stands on a branch: `main:prompts/a.md`.
struct Spot<'a> {
    app: &'a App,
    branch: &'a Branch,
}

impl Spot<'_> {
    fn text(&self, path: &str) -> Result<String> {
        let source = Source::Revision(self.app.workspace()?, self.branch.commit.clone());
        Ok(String::from_utf8_lossy(&source.read(path)?.unwrap_or_default()).into_owned())
    }

    fn place(&self, path: &str, text: &str, span: Option<Span>) -> Place {
        let path = format!("{}:{path}", self.branch.name);
        span.map_or_else(|| Place::file(&path), |span| Place::in_text(&path, text, span))
    }

    /// The first of these keys that a prompt has.
    fn of_key(&self, path: &str, keys: &[&str]) -> Result<Place> {
        let text = self.text(path)?;
        let document = Document::split(path, text.as_bytes(), Dialect::of_path(path)).ok();
        let tree = document.as_ref().map(Document::tree);
        let root = tree.as_ref().and_then(|tree| tree.root.as_ref());
        let entry = keys.iter().find_map(|key| root?.entry(key));
        Ok(self.place(path, &text, entry.map(|entry| entry.value.span)))
    }

    /// A label of a prompt, or the pin that holds a content.
    fn of_pin(&self, id: &str, label: Option<&str>, pin: Option<&Pin>) -> Result<Place> {
        let path = self.app.workspace()?.layout().labels();
        let text = self.text(path)?;
        let file = labels::read(path, &text);
        let fits = |entry: &&labels::Entry| {
            let same = label.is_some_and(|label| entry.label.as_deref() == Some(label));
            entry.id == id && (same || pin.is_some_and(|pin| entry.pin == *pin))
        };
        let span = file.entries.iter().find(fits).map(|entry| entry.span);
        Ok(self.place(path, &text, span))
    }
}
