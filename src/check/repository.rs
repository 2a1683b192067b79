//! All files together, as the rules over the repository see them.

use std::collections::HashMap;
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::config::Settings;
use crate::render::include;
use crate::repo::PromptFile;

use super::facts::{self, Facts, Include, Use};
use super::judge::Outside;
use super::summary::Spot;

/// A file and its facts.
#[derive(Debug)]
pub struct Member<'a> {
    pub file: &'a PromptFile,
    pub summary: super::Summary<'a>,
}

/// The files in the order of their paths, and the ways to find one.
pub struct Repository<'a> {
    pub members: &'a [Member<'a>],
    pub settings: &'a Settings,
    pub outside: &'a dyn Outside,
    roots: Vec<&'a str>,
    /// Where each include of each file leads.
    targets: Vec<Vec<Target>>,
    // Many repositories have no includes or references, and need none of these.
    by_name: OnceLock<HashMap<&'a str, usize>>,
    by_id: OnceLock<HashMap<&'a str, usize>>,
}

impl<'a> Repository<'a> {
    pub fn new(members: &'a [Member<'a>], settings: &'a Settings, outside: &'a dyn Outside) -> Repository<'a> {
        let mut repository = Repository {
            members,
            settings,
            outside,
            roots: settings.prompts.roots.iter().map(|root| root.trim_end_matches('/')).collect(),
            targets: Vec::new(),
            by_name: OnceLock::new(),
            by_id: OnceLock::new(),
        };
        repository.targets = (0..members.len()).into_par_iter().map(|index| repository.resolve(index)).collect();
        repository
    }

    fn by_path(&self, path: &str) -> Option<usize> {
        self.members.binary_search_by(|member| member.file.path.as_str().cmp(path)).ok()
    }

    fn by_name(&self) -> &HashMap<&'a str, usize> {
        self.by_name.get_or_init(|| self.index(|member| Some(member.file.name.as_str())))
    }

    fn by_id(&self) -> &HashMap<&'a str, usize> {
        self.by_id.get_or_init(|| self.index(|member| Some(member.summary.facts.id?.text)))
    }

    /// The first file of each key.
    fn index(&self, key: impl Fn(&'a Member<'a>) -> Option<&'a str>) -> HashMap<&'a str, usize> {
        let all = self.members.iter().enumerate().rev();
        all.filter_map(|(at, member)| Some((key(member)?, at))).collect()
    }

    fn resolve(&self, index: usize) -> Vec<Target> {
        let includes = &self.members[index].summary.facts.includes;
        includes.iter().map(|include| self.lookup(index, include)).collect()
    }

    /// Where an include leads: the first of its names that is there.
    fn lookup(&self, from: usize, include: &Include<'_>) -> Target {
        let Some(names) = &include.names else { return Target::Elsewhere };
        let mut last = Target::Missing;
        for name in names {
            match self.included(from, name) {
                found @ (Target::Member(_) | Target::Elsewhere) => return found,
                other => last = other,
            }
        }
        last
    }

    pub fn facts(&self) -> impl Iterator<Item = (usize, &'a Facts<'a>)> {
        self.members.iter().enumerate().map(|(at, member)| (at, &member.summary.facts))
    }

    pub fn path(&self, index: usize) -> &'a str {
        &self.members[index].file.path
    }

    pub fn name(&self, index: usize) -> &'a str {
        self.members[index].file.name.as_str()
    }

    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.members.iter().map(|member| member.file.name.as_str())
    }

    /// The prompt that a reference in front matter means: a name, an id, or a path from the root.
    pub fn prompt(&self, text: &str) -> Option<usize> {
        let known = self.by_name().get(text).or_else(|| self.by_id().get(text));
        known.copied().or_else(|| self.by_path(text))
    }

    /// The file that an include in a file means.
    pub fn included(&self, from: usize, name: &str) -> Target {
        let facts = &self.members[from].summary.facts;
        let own = facts.references.iter().filter(|reference| reference.to == facts::Target::Partials);
        let own: Vec<&str> = own.map(|reference| reference.text).collect();
        let candidates = match include::candidates(name, self.path(from), &self.roots, &own) {
            Ok(candidates) => candidates,
            Err(reason) => return Target::Forbidden(reason),
        };
        if include::split_version(name).1.is_some() {
            return Target::Elsewhere;
        }
        let member = candidates.iter().find_map(|path| self.by_path(path));
        match member {
            Some(member) => Target::Member(member),
            None if candidates.iter().any(|path| self.outside.text(path).is_some()) => Target::Elsewhere,
            None => Target::Missing,
        }
    }

    /// The includes of a file, each with where it leads.
    pub fn includes(&self, index: usize) -> impl Iterator<Item = (&'a Include<'a>, &Target)> {
        self.members[index].summary.facts.includes.iter().zip(&self.targets[index])
    }

    /// A file and everything it includes, near and far, each once.
    pub fn reach(&self, index: usize) -> Vec<Reached<'a>> {
        let mut reached = vec![Reached { file: index, via: None, locals: Vec::new(), known: true }];
        let mut next = 0;
        while let Some(Reached { file, via, locals, .. }) = reached.get(next).cloned() {
            for (include, target) in self.includes(file) {
                match *target {
                    Target::Member(target) if reached.iter().any(|known| known.file == target) => {}
                    Target::Member(target) => {
                        let locals = locals.iter().chain(&include.locals).copied().collect();
                        reached.push(Reached { file: target, via: via.or(Some(include.at)), locals, known: true });
                    }
                    _ => reached[next].known = false,
                }
            }
            next += 1;
        }
        reached
    }
}

/// Where an include leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Member(usize),
    /// To a file that is no prompt, or to an older version: it is there, and nothing is known of it.
    Elsewhere,
    Missing,
    /// The name may not be used at all, and why.
    Forbidden(String),
}

/// A file that takes part in rendering another.
#[derive(Debug, Clone)]
pub struct Reached<'a> {
    pub file: usize,
    /// The include of the first file that leads here.
    pub via: Option<Spot>,
    /// Variables that the including files give values to.
    pub locals: Vec<&'a str>,
    /// Whether all its own includes are known.
    pub known: bool,
}

impl<'a> Reached<'a> {
    /// The variables that it needs from outside.
    pub fn used(&self, repository: &Repository<'a>) -> impl Iterator<Item = &'a Use<'a>> {
        let used = repository.members[self.file].summary.facts.used.iter();
        used.filter(|used| !self.locals.contains(&used.name))
    }
}
