//! Everything that is known of a prompt: the results that were kept, now and in the history, and those of runs.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};

use crate::app::report::found::{self, Found};
use crate::app::{App, fingerprint, load};
use crate::base::Result;
use crate::format::results::LINES;
use crate::format::{Document, naming, parse_with};
use crate::model::results::{Line, Moment, Tried};
use crate::repo::Source;

/// A prompt in one of its versions.
#[derive(Debug)]
pub struct Meant {
    /// As it was typed.
    pub typed: String,
    pub name: String,
    /// The prompt's id, or its name if it has none: as lines of results say it.
    pub id: String,
    pub path: String,
    /// What makes results its own, whatever its description says.
    pub meaning: String,
}

pub fn meant(app: &App, typed: &str) -> Result<Meant> {
    let (source, file) = app.resolve(typed)?;
    let (name, path) = (file.name.to_string(), file.path.clone());
    let loaded = load::load(app, &source, file)?;
    let id = loaded.prompt.id.clone().unwrap_or_else(|| name.clone());
    Ok(Meant { typed: typed.to_owned(), name, id, path, meaning: fingerprint::meaning(&loaded.prompt) })
}

impl Meant {
    /// Whether a run tried this prompt, in any version.
    pub fn is_of(&self, tried: &Tried) -> bool {
        tried.id == self.id || tried.prompt.split('@').next() == Some(&self.name)
    }
}

/// What contents mean, by their blobs.
pub struct Meanings<'a> {
    app: &'a App,
    path: String,
    known: RefCell<HashMap<String, Option<String>>>,
}

impl<'a> Meanings<'a> {
    /// `path` says how contents are to be read.
    pub fn new(app: &'a App, path: &str) -> Meanings<'a> {
        Meanings { app, path: path.to_owned(), known: RefCell::default() }
    }

    /// None if git does not have the content, and it is not the one in the work tree.
    pub fn of(&self, blob: &str) -> Option<String> {
        if let Some(known) = self.known.borrow().get(blob) {
            return known.clone();
        }
        let meaning = self.content(blob).and_then(|bytes| self.read(&bytes));
        self.known.borrow_mut().insert(blob.to_owned(), meaning.clone());
        meaning
    }

    fn content(&self, blob: &str) -> Option<Vec<u8>> {
        let workspace = self.app.workspace().ok()?;
        let reader = workspace.git()?.reader();
        let here = || {
            let bytes = Source::at(workspace, None).ok()?.read(&self.path).ok()??;
            reader.blob_id(&bytes).is_ok_and(|id| id == blob).then_some(bytes)
        };
        reader.blob(blob).ok().or_else(here)
    }

    fn read(&self, bytes: &[u8]) -> Option<String> {
        let dialect = crate::format::Dialect::of_path(&self.path);
        let beside = naming::sidecar_of(&self.path).unwrap_or_default();
        let source = Source::at(self.app.workspace().ok()?, None).ok()?;
        let beside_bytes = if beside.is_empty() { None } else { source.read(&beside).ok()? };
        let beside = beside_bytes
            .as_deref()
            .and_then(|bytes| Document::split(&beside, bytes, crate::format::Dialect::Sidecar).ok());
        let document = Document::split(&self.path, bytes, dialect).ok()?;
        Some(fingerprint::meaning(&parse_with(document, beside.as_ref()).prompt))
    }
}

/// All results: those that were kept in the work tree, runs from the newest, and what was kept earlier. One set at a time is held.
pub fn each_set(app: &App, suites: &[String], mut take: impl FnMut(&Found) -> Result<()>) -> Result<()> {
    let wanted = |found: &Found| suites.is_empty() || suites.contains(&found.manifest.suite);
    let mut named: BTreeSet<String> = found::suites(app)?.into_iter().collect();
    let mut seen = HashSet::new();
    for suite in &named {
        let source = Source::at(app.workspace()?, None)?;
        let found = found::of_source(&source, &found::results_of(app, suite)?, suite.clone(), "kept")?;
        found.filter(|found| wanted(found)).map_or(Ok(()), |found| take(&found))?;
    }
    for run in found::all_runs(app)? {
        named.insert(run.manifest.suite.clone());
        if wanted(&run) {
            take(&run)?;
        }
    }
    let Some(git) = app.workspace()?.git().filter(|git| git.has_head()) else { return Ok(()) };
    named.extend(suites.iter().cloned());
    for suite in named.iter().filter(|suite| suites.is_empty() || suites.contains(suite)) {
        let path = format!("{}/{LINES}", found::results_of(app, suite)?);
        for step in git.reader().trail("HEAD", &path)? {
            if step.after.is_some_and(|blob| seen.insert(blob)) {
                take(&found::at(app, suite, &step.commit.id)?)?;
            }
        }
    }
    Ok(())
}

/// Lines of a prompt wherever they are, each answer once: what is kept counts before what runs hold, and the newest
/// before what is older. `tried` says whether a set's prompt is meant, and what to call it.
pub fn each_line<T>(
    app: &App,
    suites: &[String],
    tried: impl Fn(&Tried) -> Option<T>,
    mut take: impl FnMut(&T, &Found, &Line, Option<&Moment>) -> Result<()>,
) -> Result<()> {
    let mut seen: HashMap<String, bool> = HashMap::new();
    each_set(app, suites, |found| {
        let of: HashMap<&str, T> =
            found.manifest.prompts.iter().filter_map(|it| Some((it.prompt.as_str(), tried(it)?))).collect();
        if of.is_empty() {
            return Ok(());
        }
        for line in found.lines()? {
            let line = line?;
            let Some(name) = of.get(line.about.prompt.as_str()) else { continue };
            let moment = found.moment(&line);
            // Kept results know nothing of the moment, so an answer may come once more with its time and cost.
            match seen.get_mut(&identity(found, &line)) {
                Some(timed) if *timed || moment.is_none() => continue,
                Some(timed) => *timed = true,
                None => drop(seen.insert(identity(found, &line), moment.is_some())),
            }
            take(name, found, &line, moment)?;
        }
        Ok(())
    })
}

/// Of an answer: the same call, repeated as often, in the same suite.
pub fn identity(found: &Found, line: &Line) -> String {
    let about = &line.about;
    let params = serde_json::to_string(&about.params).expect("a map is JSON");
    let parts = [&found.manifest.suite, &about.id, &about.fingerprint, &about.model, &about.case, &params, &about.key];
    format!("{}\n{}", parts.map(String::as_str).join("\n"), about.repeat)
}
