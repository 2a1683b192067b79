//! Where a set is, and what is in it.

use std::path::{Path, PathBuf};

use crate::app::App;
use crate::app::given;
use crate::base::near::did_you_mean;
use crate::base::{Error, Result, disk};
use crate::model::Map;
use crate::render::dataset::{Format, Row};
use crate::render::examples::Example;

/// The file of a set, which may not be there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// As it is called in messages: a path from the repository's root, or as it was typed.
    pub shown: String,
    pub path: PathBuf,
    pub format: Format,
    /// From the repository's root, if it is in there.
    pub within: Option<String>,
}

impl Found {
    /// The same, as a file of the repository: only those are written.
    pub(super) fn inside(self, app: &App) -> Result<Found> {
        match &self.within {
            Some(path) => in_repository(app, path),
            None => Err(Error::usage(format!("{} is outside the repository", self.shown))),
        }
    }
}

/// An example and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub example: Example,
    /// Its number and its first line, both counted from 1.
    pub row: u64,
    pub line: u64,
    /// The whole row, with keys that mean nothing to palc.
    pub values: Map,
}

/// The suffixes of data files. The first one is given to a set that has none.
const SUFFIXES: [&str; 8] = ["yaml", "yml", "json", "jsonl", "ndjson", "csv", "tsv", "tab"];

/// The file that is meant: a path to a data file, or the name of a set in the folder of sets.
pub fn find(app: &App, typed: &str) -> Result<Found> {
    if let Some(format) = Format::of_path(typed) {
        let within = app.place()?.relative(app.env.folder(), typed).ok();
        return Ok(Found { shown: typed.to_owned(), path: app.env.folder().join(typed), format, within });
    }
    let folder = folder(app)?;
    let there: Vec<Found> = SUFFIXES
        .iter()
        .filter_map(|suffix| in_repository(app, &format!("{folder}/{typed}.{suffix}")).ok())
        .filter(|found| found.path.is_file())
        .collect();
    match &there[..] {
        [] => in_repository(app, &format!("{folder}/{typed}.{}", SUFFIXES[0])),
        [one] => Ok(one.clone()),
        several => {
            let names: Vec<&str> = several.iter().map(|found| found.shown.as_str()).collect();
            Err(Error::usage(format!("`{typed}` could be {}", names.join(" or "))).hint("give the whole path"))
        }
    }
}

/// As [`find`], for a set that must be there.
pub fn existing(app: &App, typed: &str) -> Result<Found> {
    let found = find(app, typed)?;
    if found.path.is_file() || Format::of_path(typed).is_some() {
        return Ok(found);
    }
    let names = names(app)?;
    let near = did_you_mean(typed, names.iter().map(String::as_str));
    let error = Error::no(format!("there is no set of examples `{typed}`"));
    Err(error.hint(near.unwrap_or_else(|| {
        format!("a set is a data file, or the name of one in {}/", folder(app).unwrap_or_default())
    })))
}

/// A file by its path from the root. Nothing that a repository holds leads out of it.
pub(super) fn in_repository(app: &App, path: &str) -> Result<Found> {
    let file = disk::resolve_beneath(app.place()?.root(), Path::new(path))?;
    let format = given::format(Path::new(path))?;
    Ok(Found { shown: path.to_owned(), path: file, format, within: Some(path.to_owned()) })
}

pub(super) fn folder(app: &App) -> Result<String> {
    Ok(app.settings()?.files.examples.trim_start_matches("./").trim_end_matches('/').to_owned())
}

/// The paths of all sets in their folder, in order.
pub(super) fn paths(app: &App) -> Result<Vec<String>> {
    let (workspace, folder) = (app.workspace()?, folder(app)?);
    if !workspace.path(&folder).is_dir() {
        return Ok(Vec::new());
    }
    let listing = disk::walk(workspace.root(), &[&folder], &|path| Format::of_path(path).is_some())?;
    Ok(listing.entries.into_iter().map(|entry| entry.path).collect())
}

/// What the sets are called.
pub fn names(app: &App) -> Result<Vec<String>> {
    let folder = folder(app)?;
    Ok(paths(app)?.iter().map(|path| name(&folder, path).to_owned()).collect())
}

/// `support/triage` of `examples/support/triage.yaml`.
pub(super) fn name<'p>(folder: &str, path: &'p str) -> &'p str {
    let inside = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
    inside.rsplit_once('.').map_or(inside, |(name, _)| name)
}

/// Every example of a set; a row that is none is an error in its place.
pub fn read(found: &Found) -> Result<Vec<Entry>> {
    let file = std::fs::File::open(&found.path).map_err(|error| given::unreadable(Path::new(&found.shown), error))?;
    entries(found.format, &found.shown, file)
}

pub(super) fn entries(format: Format, shown: &str, reader: impl std::io::Read) -> Result<Vec<Entry>> {
    format.rows(shown, reader)?.map(|row| entry(shown, row?)).collect()
}

fn entry(shown: &str, row: Row) -> Result<Entry> {
    let Row { number, line, values } = row;
    let example = Example::read(values.clone()).ok_or_else(|| {
        let lacks: Vec<&str> = ["input", "output"].into_iter().filter(|key| !values.contains_key(*key)).collect();
        let message = format!("row {number} of {shown}, in line {line}, has no `{}`", lacks.join("` and no `"));
        Error::invalid(message).hint("a set lists examples, each with `input` and `output`")
    })?;
    Ok(Entry { example, row: number, line, values })
}
