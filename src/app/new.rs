//! Make a prompt: a new one, one from a text, or one from another prompt.

use crate::base::hash::BlobId;
use crate::base::{Error, Result};
use crate::format::change::{Change, Files};
use crate::format::{Dialect, naming};
use crate::model::{Kind, Name, Value};

use super::App;
use super::set::{key_path, value};
use super::update::{text, with_body};
use super::write::{Work, Written};

#[derive(Debug, Default)]
pub struct Request {
    pub name: String,
    pub kind: Option<String>,
    /// Fields and their values as typed, in the order they shall have in the file.
    pub fields: Vec<(String, Vec<String>)>,
    /// The prompt to start from, which becomes the parent.
    pub from: Option<String>,
    /// The text to start from: a body, or a whole file with front matter.
    pub text: Option<Vec<u8>>,
    pub dry_run: bool,
}

#[derive(Debug)]
pub struct Outcome {
    pub name: Name,
    pub path: String,
    pub id: String,
    pub written: Written,
}

pub fn new(app: &App, request: &Request) -> Result<Outcome> {
    let mut work = Work::begin(app)?;
    let name = name(request)?;
    let parent = request.from.as_ref().map(|from| work.open(&work.one(from)?)).transpose()?;
    let suffix = parent.as_ref().map_or(".md", |parent| suffix(&parent.files.path));
    let path = work.workspace().layout().path_of(&name);
    let path = format!("{}{suffix}", path.strip_suffix(".md").unwrap_or(&path));
    must_be_free(&work, &name, &path)?;
    let id = app.clock.id();
    let start = match &parent {
        Some(parent) => Files { path: path.clone(), ..parent.files.clone() },
        None => Files { path: path.clone(), dialect: Dialect::of_path(&path), text: String::new(), beside: None },
    };
    let mut files = match &request.text {
        Some(bytes) if parent.is_some() => with_body(&start, text(bytes)?)?,
        Some(bytes) => Files { text: text(bytes)?.to_owned(), ..start },
        None => start,
    };
    files = files.changed(Change::Set(&["id"], &Value::from(id.as_str())))?;
    if let Some(parent) = &parent {
        files = descend(&files, &parent.files, parent.file.name.as_str())?;
    }
    if let Some(kind) = request.kind.as_deref().filter(|&kind| Kind::parse(kind) != Some(Kind::Prompt)) {
        files = files.changed(Change::Set(&["kind"], &Value::from(kind)))?;
    }
    for (key, typed) in &request.fields {
        let path = key_path(key)?;
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        files = files.changed(Change::Set(&path, &value(&path, typed, false)?))?;
    }
    work.add(&files);
    Ok(Outcome { name, path, id, written: work.finish(request.dry_run)? })
}

/// The name as typed; a partial's file begins with `_`.
fn name(request: &Request) -> Result<Name> {
    let wrong = |reason| Error::usage(format!("`{}` cannot be a name: {reason}", request.name));
    let typed = naming::suffixes().iter().find_map(|suffix| request.name.strip_suffix(suffix)).unwrap_or(&request.name);
    let name = Name::new(typed).map_err(wrong)?;
    if let Some(kind) = &request.kind
        && Kind::parse(kind).is_none()
    {
        let words: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
        return Err(Error::usage(format!("`{kind}` is not a kind of prompt")).hint(format!("use {}", words.join(", "))));
    }
    let is_partial = request.kind.as_deref() == Some("partial");
    if !is_partial || name.stem().starts_with('_') {
        return Ok(name);
    }
    let folder = if name.folder().is_empty() { String::new() } else { format!("{}/", name.folder()) };
    Name::new(&format!("{folder}_{}", name.stem())).map_err(wrong)
}

fn suffix(path: &str) -> &str {
    let fits = naming::suffixes().iter().filter(|suffix| path.ends_with(**suffix));
    fits.max_by_key(|suffix| suffix.len()).copied().unwrap_or(".md")
}

/// Nothing is ever overwritten, and no two files may have one name, not even where letters differ only in case.
pub fn must_be_free(work: &Work<'_>, name: &Name, path: &str) -> Result<()> {
    let workspace = work.workspace();
    let taken = workspace
        .layout()
        .candidates(name.as_str())
        .chain([path.to_owned()])
        .find(|path| workspace.path(path).symlink_metadata().is_ok());
    match taken {
        None => Ok(()),
        Some(path) => Err(Error::no(format!("there is a prompt `{name}` already, in {path}"))
            .hint("choose another name, or change that one with `palc edit` or `palc set`")),
    }
}

/// Note where a copy comes from. What was said of the parent's own making is not true of the copy.
fn descend(files: &Files, parent: &Files, name: &str) -> Result<Files> {
    let id = parent.field(&["id"])?.and_then(|id| id.as_str().map(str::to_owned)).unwrap_or_else(|| name.to_owned());
    let blob = BlobId::of(parent.text.as_bytes()).to_string();
    let origin = serde_json::json!({"source_type": "forked", "parent": format!("{id}@{}", &blob[..12])});
    let files = files.changed(Change::Unset(&["origin"]))?;
    files.changed(Change::Set(&["origin"], &origin))
}
