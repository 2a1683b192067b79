//! Files that a template includes: found inside the repository only, read once, remembered as dependencies.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::base::{Error, Finding, Place, Result, Span};
use crate::format::{Dialect, Document};

use super::request::{Body, Edge};

/// Where files come from: the worktree, or a revision.
pub trait Source: Send + Sync {
    /// The bytes of a file, its path counted from the repository's root; at another version if one is named.
    fn read(&self, path: &str, version: Option<&str>) -> Result<Option<Vec<u8>>>;
}

/// A file as it was read, under the name that templates know it by.
#[derive(Debug)]
pub struct Loaded {
    /// `path`, or `path@version`.
    pub name: String,
    pub path: String,
    pub file: String,
    pub body: Span,
    /// The template engine the file is written for.
    pub engine: Option<String>,
    /// The file whose blocks it fills, as its front matter says.
    pub base: Option<String>,
}

impl Loaded {
    pub fn body(&self) -> Body<'_> {
        Body { path: &self.name, file: &self.file, span: self.body }
    }
}

/// Everything that has been loaded for one rendering.
pub struct Library {
    source: Arc<dyn Source>,
    roots: Vec<String>,
    partials: Vec<String>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    files: BTreeMap<String, Arc<Loaded>>,
    edges: BTreeSet<Edge>,
    /// Why a name could not be used.
    refused: BTreeMap<String, Refusal>,
}

#[derive(Debug, Clone)]
pub enum Refusal {
    /// The name may not be used at all.
    Forbidden(String),
    /// There is no such file; these were tried.
    Missing(Vec<String>),
    /// It is there and cannot be read.
    Broken(Box<Finding>),
}

impl Refusal {
    pub fn message(&self, name: &str) -> String {
        match self {
            Refusal::Forbidden(reason) => reason.clone(),
            Refusal::Missing(_) => format!("there is no file `{name}` to include"),
            Refusal::Broken(finding) => format!("`{}` cannot be read: {}", finding.place.path, finding.message),
        }
    }
}

impl Library {
    pub fn new(source: Arc<dyn Source>, roots: &[String], partials: &[String]) -> Self {
        Library { source, roots: roots.to_vec(), partials: partials.to_vec(), state: Mutex::default() }
    }

    /// Put in the file everything starts from.
    pub fn start(&self, body: Body<'_>, engine: Option<String>, base: Option<String>) -> Arc<Loaded> {
        let (name, path, file) = (body.path.to_owned(), body.path.to_owned(), body.file.to_owned());
        let loaded = Arc::new(Loaded { name, path, file, body: body.span, engine, base });
        self.state().files.insert(body.path.into(), loaded.clone());
        loaded
    }

    /// The file that `name` means in the file `parent`, loaded.
    pub fn find(&self, name: &str, parent: &str) -> Result<Arc<Loaded>, Refusal> {
        let version = split_version(name).1.or(split_version(parent).1);
        let tried = candidates(name, parent, &self.roots, &self.partials).map_err(Refusal::Forbidden)?;
        for candidate in &tried {
            if let Some(loaded) = self.load(candidate, version)? {
                let edge = Edge {
                    from: split_version(parent).0.into(),
                    to: candidate.clone(),
                    version: version.map(str::to_owned),
                };
                self.state().edges.insert(edge);
                return Ok(loaded);
            }
        }
        Err(Refusal::Missing(tried))
    }

    pub fn get(&self, name: &str) -> Option<Arc<Loaded>> {
        self.state().files.get(name).cloned()
    }

    pub fn refuse(&self, name: &str, refusal: Refusal) {
        self.state().refused.insert(name.into(), refusal);
    }

    pub fn refusal(&self, name: &str) -> Option<Refusal> {
        self.state().refused.get(name).cloned()
    }

    pub fn edges(&self) -> Vec<Edge> {
        self.state().edges.iter().cloned().collect()
    }

    fn load(&self, path: &str, version: Option<&str>) -> Result<Option<Arc<Loaded>>, Refusal> {
        let name = version.map_or_else(|| path.to_owned(), |version| format!("{path}@{version}"));
        if let Some(loaded) = self.get(&name) {
            return Ok(Some(loaded));
        }
        let broken = |error: &Error| {
            Refusal::Broken(Box::new(Finding::error("broken-include", Place::file(path), error.message())))
        };
        let Some(bytes) = self.source.read(path, version).map_err(|error| broken(&error))? else { return Ok(None) };
        let document = Document::split(path, &bytes, Dialect::of_path(path)).map_err(Refusal::Broken)?;
        let engine = document.front.and_then(|_| crate::format::parse(document.clone()).prompt.template.engine);
        let (file, body) = (document.text.to_owned(), document.body);
        let loaded = Arc::new(Loaded { name: name.clone(), path: path.into(), file, body, engine, base: None });
        self.state().files.insert(name, loaded.clone());
        Ok(Some(loaded))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The paths that `name` may mean in the file `parent`, the first that is there wins: beside that file, then in the
/// prompt roots, then where the front matter's `partials` point. Or the reason why the name is refused.
pub fn candidates<S: AsRef<str>>(name: &str, parent: &str, roots: &[S], partials: &[S]) -> Result<Vec<String>, String> {
    let path = safe(split_version(name).0)?;
    let folder = split_version(parent).0.rsplit_once('/').map_or("", |(folder, _)| folder);
    let globs = partials.iter().map(|glob| fixed_folder(glob.as_ref()));
    let folders = std::iter::once(folder).chain(roots.iter().map(AsRef::as_ref)).chain(globs);
    let mut found: Vec<String> = Vec::new();
    for folder in folders {
        for spelling in spellings(&path) {
            let candidate = if folder.is_empty() { spelling } else { format!("{folder}/{spelling}") };
            if !found.contains(&candidate) {
                found.push(candidate);
            }
        }
    }
    Ok(found)
}

/// `_tone.md@v2` asks for a file at a version.
pub fn split_version(name: &str) -> (&str, Option<&str>) {
    match name.rsplit_once('@') {
        Some((path, version)) if !path.is_empty() && !version.is_empty() && !version.contains('/') => {
            (path, Some(version))
        }
        _ => (name, None),
    }
}

/// A path that cannot lead out of the repository, or the reason why it is refused.
fn safe(path: &str) -> Result<String, String> {
    let path = path.strip_prefix("./").unwrap_or(path);
    let refused = if path.is_empty() {
        Some("the name of the included file is empty")
    } else if path.starts_with(['/', '\\', '~']) || path.get(1..2) == Some(":") {
        Some("an absolute path cannot be included")
    } else if path.contains('\\') || path.contains('\0') {
        Some("a path is written with forward slashes")
    } else if path.split('/').any(|part| part == "..") {
        Some("`..` cannot be part of an included path")
    } else if path.split('/').any(|part| part.is_empty() || part == "." || part.eq_ignore_ascii_case(".git")) {
        Some("this path cannot be included")
    } else {
        None
    };
    refused.map_or_else(|| Ok(path.to_owned()), |reason| Err(format!("{reason}: `{path}`")))
}

/// A name without a suffix may leave out `.md`, and the `_` of a partial.
fn spellings(path: &str) -> Vec<String> {
    let (folder, last) = path.rsplit_once('/').map_or(("", path), |(folder, last)| (folder, last));
    let mut spellings = vec![path.to_owned()];
    if !last.contains('.') {
        spellings.push(format!("{path}.md"));
    }
    if !last.contains('.') && !last.starts_with('_') {
        let slash = if folder.is_empty() { "" } else { "/" };
        spellings.push(format!("{folder}{slash}_{last}.md"));
    }
    spellings
}

/// The part of a glob before its first wildcard, up to the last slash.
fn fixed_folder(glob: &str) -> &str {
    let fixed = glob.find(['*', '?', '[', '{']).map_or(glob, |at| &glob[..at]);
    fixed.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Files(BTreeMap<String, String>);

    impl Source for Files {
        fn read(&self, path: &str, version: Option<&str>) -> Result<Option<Vec<u8>>> {
            let name = version.map_or(path.to_owned(), |version| format!("{path}@{version}"));
            Ok(self.0.get(&name).map(|text| text.clone().into_bytes()))
        }
    }

    fn library(names: &[&str]) -> Library {
        let files = Files(names.iter().map(|name| ((*name).to_owned(), format!("---\nid: x\n---\n{name}"))).collect());
        Library::new(Arc::new(files), &["prompts".into()], &["shared/parts/_*.md".into()])
    }

    fn found(library: &Library, name: &str) -> String {
        match library.find(name, "prompts/support/triage.md") {
            Ok(loaded) => loaded.body().text().into(),
            Err(Refusal::Missing(tried)) => format!("missing {}", tried.len()),
            Err(Refusal::Forbidden(reason)) => reason,
            Err(Refusal::Broken(finding)) => finding.message,
        }
    }

    #[test]
    fn the_nearest_file_wins() {
        let all = ["prompts/support/_tone.md", "prompts/_tone.md", "shared/parts/_tone.md"];
        assert_eq!(found(&library(&all), "_tone.md"), all[0]);
        assert_eq!(found(&library(&all[1..]), "_tone.md"), all[1]);
        assert_eq!(found(&library(&all[2..]), "_tone.md"), all[2]);
        assert_eq!(found(&library(&all[1..]), "tone"), all[1]);
        assert_eq!(found(&library(&["prompts/_tone.md@v2"]), "_tone.md@v2"), "prompts/_tone.md@v2");
        assert_eq!(found(&library(&[]), "_tone.md"), "missing 3");
    }

    #[test]
    fn nothing_outside_can_be_named() {
        for name in ["../x", "a/../../x", "/etc/passwd", "C:/x", "a\\..\\x", "", "~/x", ".git/config", "a//b"] {
            assert!(!found(&library(&[]), name).starts_with("missing"), "{name}");
        }
    }
}
