//! Which files of a repository are prompts.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::base::{Error, Result};
use crate::format::naming;
use crate::model::Name;

/// Folders that hold prompts, patterns that say which files below them are prompts, and where their labels are.
#[derive(Debug, Clone)]
pub struct Layout {
    /// From the repository's root, with forward slashes; the empty one is the root itself.
    roots: Vec<String>,
    /// Where it is empty, every file with a prompt's suffix is one.
    include: GlobSet,
    exclude: GlobSet,
    labels: String,
    /// Roots and patterns as text, for what depends on them.
    described: String,
}

impl Default for Layout {
    fn default() -> Self {
        Layout {
            roots: vec!["prompts".into()],
            include: GlobSet::empty(),
            exclude: GlobSet::empty(),
            labels: "labels.yaml".into(),
            described: describe(&["prompts".into()], &[], &[]),
        }
    }
}

impl Layout {
    pub fn new(roots: &[String], include: &[String], exclude: &[String]) -> Result<Layout> {
        let roots: Vec<String> = roots.iter().map(|root| plain(root)).collect();
        Ok(Layout {
            described: describe(&roots, include, exclude),
            roots,
            include: globs(include)?,
            exclude: globs(exclude)?,
            ..Layout::default()
        })
    }

    #[must_use]
    pub fn labelled(self, labels: &str) -> Layout {
        Layout { labels: labels.to_owned(), ..self }
    }

    /// The path of the file of labels.
    pub fn labels(&self) -> &str {
        &self.labels
    }

    /// Layouts with the same text take the same files for prompts and name them the same.
    pub fn described(&self) -> &str {
        &self.described
    }

    pub fn roots(&self) -> &[String] {
        &self.roots
    }

    /// The name of the prompt in a file, if a file at this path is one.
    pub fn name(&self, path: &str) -> Option<Name> {
        if self.is_prompt(path) { self.name_of_prompt(path) } else { None }
    }

    /// The name of a prompt in a file that [`Layout::is_prompt`] has accepted.
    pub fn name_of_prompt(&self, path: &str) -> Option<Name> {
        let below = self.roots.iter().find_map(|root| below(path, root))?;
        Some(Name::of_path(naming::name_of(below).name))
    }

    pub fn is_prompt(&self, path: &str) -> bool {
        self.roots.iter().find_map(|root| below(path, root)).is_some_and(|below| self.holds(below))
    }

    /// The path of a new prompt of this name.
    pub fn path_of(&self, name: &Name) -> String {
        let root = self.roots.first().map_or("", String::as_str);
        join(root, &format!("{name}.md"))
    }

    /// Every path that a prompt of this name could have, the likeliest first.
    pub fn candidates(&self, name: &str) -> impl Iterator<Item = String> {
        self.roots
            .iter()
            .flat_map(move |root| naming::suffixes().iter().map(move |suffix| join(root, &format!("{name}{suffix}"))))
    }

    fn holds(&self, below: &str) -> bool {
        let wanted = self.include.is_empty() || self.include.is_match(below);
        wanted && naming::is_prompt_file(below) && !self.exclude.is_match(below)
    }
}

fn describe(roots: &[String], include: &[String], exclude: &[String]) -> String {
    format!("{roots:?} {include:?} {exclude:?}")
}

fn plain(root: &str) -> String {
    let root = root.trim_end_matches('/');
    if root == "." { String::new() } else { root.strip_prefix("./").unwrap_or(root).to_owned() }
}

fn join(root: &str, below: &str) -> String {
    if root.is_empty() { below.to_owned() } else { format!("{root}/{below}") }
}

fn below<'p>(path: &'p str, root: &str) -> Option<&'p str> {
    if root.is_empty() { Some(path) } else { path.strip_prefix(root)?.strip_prefix('/') }
}

fn globs(patterns: &[String]) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = GlobBuilder::new(pattern).literal_separator(true).build();
        set.add(glob.map_err(|error| Error::invalid(format!("`{pattern}` is not a pattern")).because(error))?);
    }
    set.build().map_err(|error| Error::invalid("these patterns cannot be used together").because(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_and_patterns_decide() {
        let list = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>();
        let layout =
            Layout::new(&list(&["./prompts/", "more"]), &list(&["**/*.md"]), &list(&["old/**"])).expect("builds");
        let name = |path: &str| layout.name(path).map(|name| name.to_string());
        assert_eq!(name("prompts/a/b.md").as_deref(), Some("a/b"));
        assert_eq!(name("more/x.md").as_deref(), Some("x"));
        assert_eq!(name("prompts/old/x.md"), None);
        assert_eq!(name("prompts.md"), None);
        assert_eq!(name("promptsx/a.md"), None);
    }
}
