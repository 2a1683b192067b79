//! What two branches say that cannot both hold once they are merged: values, whatever git is.
//!
//! A difference counts only if both branches came to it since they parted: where one of them is as both were before,
//! merging takes the other one's word.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Labels, Pin};

/// A branch, or the commit where two of them parted.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// By id.
    pub prompts: BTreeMap<String, Standing>,
    pub labels: Labels,
}

/// A prompt on a branch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    pub name: String,
    pub path: String,
    /// The types and phases that it serves.
    pub scopes: BTreeSet<Scope>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope {
    pub type_: Option<String>,
    pub phase: Option<String>,
}

/// What is claimed twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An id, by prompts of different names.
    Id(String),
    /// A label of an id, for different contents.
    Label(String, String),
    /// A version of an id, for different contents.
    Version(String, u32),
    /// A type and phase, by different prompts.
    Scope(Scope),
}

/// What a branch makes of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// A prompt's id.
    Prompt(String),
    Pin(Pin),
    /// The label is gone.
    Nothing,
}

/// Everything that two branches claim differently.
pub fn clashes(base: &View, one: &View, other: &View) -> Vec<(Subject, Claim, Claim)> {
    let mut found = Vec::new();
    ids(base, one, other, &mut found);
    labels(base, one, other, &mut found);
    versions(base, one, other, &mut found);
    scopes(base, one, other, &mut found);
    found
}

type Found = Vec<(Subject, Claim, Claim)>;

/// An id that both have taken since they parted, for files of different names, is two prompts.
fn ids(base: &View, one: &View, other: &View, found: &mut Found) {
    for (id, here) in &one.prompts {
        let Some(there) = other.prompts.get(id).filter(|_| !base.prompts.contains_key(id)) else { continue };
        if here.name != there.name {
            found.push((Subject::Id(id.clone()), Claim::Prompt(id.clone()), Claim::Prompt(id.clone())));
        }
    }
}

fn labels(base: &View, one: &View, other: &View, found: &mut Found) {
    let all = [base, one, other].into_iter().flat_map(|view| &view.labels.pins);
    let keys: BTreeSet<(&str, &str)> =
        all.flat_map(|(id, labels)| labels.keys().map(move |label| (id.as_str(), label.as_str()))).collect();
    for (id, label) in keys {
        let [was, here, there] = [base, one, other].map(|view| view.labels.pin(id, label));
        if here != there && here != was && there != was {
            let claim = |pin: Option<&Pin>| pin.map_or(Claim::Nothing, |pin| Claim::Pin(pin.clone()));
            found.push((Subject::Label(id.to_owned(), label.to_owned()), claim(here), claim(there)));
        }
    }
}

/// A number beside two contents: each branch has counted on by itself, and only one of them can be right afterwards.
fn versions(base: &View, one: &View, other: &View, found: &mut Found) {
    let [was, here, there] = [base, one, other].map(pins);
    for (id, pin) in here.iter().filter(|pin| !was.contains(*pin)) {
        let rival = there.iter().find(|(other, rival)| {
            other == id && rival.version == pin.version && rival.blob != pin.blob && !was.contains(&(*id, *rival))
        });
        if let Some((_, rival)) = rival {
            let claim = |pin: &Pin| Claim::Pin(pin.clone());
            found.push((Subject::Version((*id).to_owned(), pin.version), claim(pin), claim(rival)));
        }
    }
}

fn pins(view: &View) -> BTreeSet<(&str, &Pin)> {
    let labelled = view.labels.pins.iter().flat_map(|(id, labels)| labels.values().map(move |pin| (id.as_str(), pin)));
    let off = view.labels.inactive.iter().flat_map(|(id, pins)| pins.iter().map(move |pin| (id.as_str(), pin)));
    labelled.chain(off).collect()
}

/// Prompts that have come to serve the same scope, each on its own branch: afterwards only the newer one does.
fn scopes(base: &View, one: &View, other: &View, found: &mut Found) {
    let new = |view: &View| -> BTreeMap<Scope, BTreeSet<String>> {
        let mut new: BTreeMap<Scope, BTreeSet<String>> = BTreeMap::new();
        for (id, standing) in &view.prompts {
            let known = base.prompts.get(id).map(|standing| &standing.scopes);
            for scope in standing.scopes.iter().filter(|scope| known.is_none_or(|known| !known.contains(scope))) {
                new.entry(scope.clone()).or_default().insert(id.clone());
            }
        }
        new
    };
    let there = new(other);
    for (scope, ids) in new(one) {
        let Some(rivals) = there.get(&scope) else { continue };
        let own = ids.difference(rivals).next();
        if let (Some(id), Some(rival)) = (own, rivals.difference(&ids).next()) {
            found.push((Subject::Scope(scope), Claim::Prompt(id.clone()), Claim::Prompt(rival.clone())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(prompts: &[(&str, &str, &str)], pins: &[(&str, &str, u32, &str)]) -> View {
        let mut view = View::default();
        for (id, name, phase) in prompts {
            let scope = Scope { type_: None, phase: Some((*phase).to_owned()) };
            let standing = Standing { name: (*name).into(), path: String::new(), scopes: BTreeSet::from([scope]) };
            view.prompts.insert((*id).into(), standing);
        }
        for (id, label, version, blob) in pins {
            view.labels.set(id, label, Pin { version: *version, blob: (*blob).into() });
        }
        view
    }

    fn subjects(base: &View, one: &View, other: &View) -> Vec<Subject> {
        let mut found: Vec<Subject> = clashes(base, one, other).into_iter().map(|(subject, ..)| subject).collect();
        let mut mirrored: Vec<Subject> = clashes(base, other, one).into_iter().map(|(subject, ..)| subject).collect();
        found.sort();
        mirrored.sort();
        assert_eq!(found, mirrored);
        found
    }

    #[test]
    fn only_what_both_changed_counts() {
        let base = view(&[("a", "x", "p")], &[("a", "qa", 1, "1")]);
        let moved = view(&[("a", "y", "p")], &[("a", "qa", 2, "2")]);
        assert_eq!(subjects(&base, &base, &moved), []);
        let also = view(&[("a", "z", "p")], &[("a", "qa", 2, "3")]);
        let expected = [Subject::Label("a".into(), "qa".into()), Subject::Version("a".into(), 2)];
        assert_eq!(subjects(&base, &moved, &also), expected);
    }

    #[test]
    fn ids_and_scopes_are_taken_once() {
        let (one, other) = (view(&[("a", "x", "p")], &[]), view(&[("a", "y", "q"), ("b", "z", "p")], &[]));
        let scope = Scope { type_: None, phase: Some("p".into()) };
        assert_eq!(subjects(&View::default(), &one, &other), [Subject::Id("a".into()), Subject::Scope(scope)]);
        assert_eq!(subjects(&one, &one, &other), []);
    }
}
