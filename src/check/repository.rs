//! All files together, as the rules over the repository see them.

use std::collections::HashMap;

use crate::config::Settings;
use crate::repo::PromptFile;

use super::facts::{Facts, Include};
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
    by_path: HashMap<&'a str, usize>,
    by_name: HashMap<&'a str, usize>,
    by_id: HashMap<&'a str, usize>,
}

impl<'a> Repository<'a> {
    pub fn new(members: &'a [Member<'a>], settings: &'a Settings, outside: &'a dyn Outside) -> Repository<'a> {
        let all = || members.iter().enumerate();
        Repository {
            members,
            settings,
            outside,
            by_path: all().map(|(at, member)| (member.file.path.as_str(), at)).collect(),
            by_name: all().rev().map(|(at, member)| (member.file.name.as_str(), at)).collect(),
            by_id: all().rev().filter_map(|(at, member)| Some((member.summary.facts.id?.text, at))).collect(),
        }
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
        let find = |map: &HashMap<&str, usize>| map.get(text).copied();
        find(&self.by_name).or_else(|| find(&self.by_id)).or_else(|| find(&self.by_path))
    }

    /// The file that an include in a file means: beside that file, then below the prompt roots.
    pub fn included(&self, from: usize, name: &str) -> Option<usize> {
        let folder = self.path(from).rsplit_once('/').map_or("", |(folder, _)| folder);
        let beside = joined(folder, name)?;
        let roots = self.settings.prompts.roots.iter().filter_map(|root| joined(root, name));
        std::iter::once(beside).chain(roots).find_map(|path| self.with_suffix(&path))
    }

    /// The includes of a file that lead somewhere: where each stands, and the file it means.
    pub fn includes(&self, index: usize) -> impl Iterator<Item = (Spot, usize)> {
        let includes = self.members[index].summary.facts.includes.iter();
        includes.filter_map(move |include| Some((include.at, self.included(index, include.name?)?)))
    }

    /// A file and everything it includes, near and far.
    pub fn reach(&self, index: usize) -> Vec<usize> {
        let mut reached = vec![index];
        let mut next = 0;
        while let Some(&file) = reached.get(next) {
            let new: Vec<usize> = self.includes(file).map(|(_, target)| target).collect();
            for target in new {
                if !reached.contains(&target) {
                    reached.push(target);
                }
            }
            next += 1;
        }
        reached
    }

    /// As [`Repository::reach`], or nothing if some part of it cannot be known.
    pub fn closure(&self, index: usize) -> Option<Vec<usize>> {
        let reached = self.reach(index);
        let known = |&file: &usize| {
            let facts = &self.members[file].summary.facts;
            let lost = |include: &Include<'_>| include.name.is_none_or(|name| self.included(file, name).is_none());
            facts.complete && !facts.includes.iter().any(lost)
        };
        reached.iter().all(known).then_some(reached)
    }

    fn with_suffix(&self, path: &str) -> Option<usize> {
        let find = |path: &str| self.by_path.get(path).copied();
        let suffixes = crate::format::naming::suffixes().iter();
        find(path).or_else(|| suffixes.into_iter().find_map(|suffix| find(&format!("{path}{suffix}"))))
    }
}

/// A path below a folder with `.` and `..` resolved; nothing if it leads outside the repository.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn paths_stay_inside_the_repository() {
        assert_eq!(joined("prompts/a", "../_x.md").as_deref(), Some("prompts/_x.md"));
        assert_eq!(joined("", "./_x.md").as_deref(), Some("_x.md"));
        assert_eq!(joined("a", "../../x"), None);
    }
}
