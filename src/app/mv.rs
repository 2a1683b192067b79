//! Move a prompt or a folder of prompts; whatever names them names them still.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::base::text::apply;
use crate::base::{Edit, Error, Result, disk};
use crate::format::change::{Change, Files};
use crate::format::{Dialect, labels, naming};
use crate::model::{Name, Value};
use crate::repo::PromptFile;

use super::App;
use super::links::{Link, Map, What, links_to};
use super::new::must_be_free;
use super::write::{Opened, Work, Written};

#[derive(Debug)]
pub struct Request {
    pub from: String,
    pub to: String,
    pub dry_run: bool,
}

/// Which files go where.
#[derive(Default)]
struct Moves {
    /// Old path to new file.
    prompts: BTreeMap<String, PromptFile>,
    /// Old name to new name.
    names: BTreeMap<Name, Name>,
    /// Other files of a folder that go along, from path to path.
    others: Vec<(String, String)>,
}

impl Moves {
    fn add(&mut self, from: &PromptFile, to: PromptFile) {
        self.names.insert(from.name.clone(), to.name.clone());
        self.prompts.insert(from.path.clone(), to);
    }
}

pub fn mv(app: &App, request: &Request) -> Result<Written> {
    let mut work = Work::begin(app)?;
    let map = Map::of(work.workspace())?;
    let moves = moves(&work, &map, request)?;
    for file in moves.prompts.values().filter(|file| !moves.prompts.contains_key(&file.path)) {
        must_be_free(&work, &file.name, &file.path)?;
    }
    let mut called = HashMap::new();
    let after = map.moved(&moves.prompts);
    let moving: BTreeSet<Name> = moves.names.keys().cloned().collect();
    let mut links: BTreeMap<String, Vec<Link>> = BTreeMap::new();
    for link in links_to(work.workspace(), &map, &moving)? {
        links.entry(link.from.path.clone()).or_default().push(link);
    }
    for file in &map.files {
        let moved = moves.prompts.get(&file.path);
        if moved.is_none() && !links.contains_key(&file.path) {
            continue;
        }
        let opened = work.open(file)?;
        // A file that moves may name its old neighbours by short names, so all its links are looked at.
        let own = if moved.is_some() {
            map.links(file, opened.files.text.as_bytes())
        } else {
            links.remove(&file.path).unwrap_or_default()
        };
        let text = relinked(&opened, &own, moved.unwrap_or(file), &after, &moves)?;
        match moved {
            Some(moved) => {
                if let Some(Value::String(id)) = opened.files.field(&["id"])? {
                    called.insert(id, (file.name.as_str(), moved.name.as_str()));
                }
                let text = settled(app, &opened, text, moved)?;
                work.relocate(&opened, &moved.path, &text);
            }
            None => work.save(&opened, &Files { text, ..opened.files.clone() }),
        }
    }
    for (from, to) in &moves.others {
        work.carry(from, to)?;
    }
    relabel(&mut work, &called)?;
    work.finish(request.dry_run)
}

/// Names stand beside ids in `labels.yaml`, for people; there, too, the prompts are called what they are called now.
fn relabel(work: &mut Work<'_>, called: &HashMap<String, (&str, &str)>) -> Result<()> {
    let workspace = work.workspace();
    let path = workspace.layout().labels();
    let full = workspace.path(path);
    if called.is_empty() || !full.is_file() {
        return Ok(());
    }
    let snapshot = disk::read(&full)?;
    // A file that is not even text is somebody else's business.
    let Ok(text) = std::str::from_utf8(&snapshot.bytes) else { return Ok(()) };
    let after = labels::renamed(&labels::read(path, text), |id| called.get(id).copied())?;
    work.put(path, Some(&snapshot), &after);
    Ok(())
}

/// A moved native file gets an id if it has none, so that its results and labels find it; a skill bears its folder's name.
fn settled(app: &App, opened: &Opened, text: String, moved: &PromptFile) -> Result<String> {
    let files = Files { text, ..opened.files.clone() };
    if files.dialect == Dialect::Native && files.field(&["id"])?.is_none() {
        let id = Value::from(app.clock.id());
        return Ok(files.changed(Change::Set(&["id"], &id))?.text);
    }
    let old = Value::from(opened.file.name.stem());
    if files.dialect == Dialect::Skill && files.field(&["title"])? == Some(old) {
        return Ok(files.changed(Change::Set(&["title"], &Value::from(moved.name.stem())))?.text);
    }
    Ok(files.text)
}

fn moves(work: &Work<'_>, map: &Map, request: &Request) -> Result<Moves> {
    let from = request.from.trim_end_matches('/');
    let below = |file: &&PromptFile| file.name.as_str().strip_prefix(from).is_some_and(|rest| rest.starts_with('/'));
    let inside: Vec<&PromptFile> = map.files.iter().filter(below).collect();
    let one = work.one(from);
    match one {
        Ok(file) if file.path.ends_with("/SKILL.md") => {
            folder(work, map, file.name.as_str(), &target(map, &request.to, &file.name)?)
        }
        Ok(file) if !request.from.ends_with('/') => single(work, map, &file, request),
        _ if !inside.is_empty() => {
            let into = request.to.ends_with('/') || has_folder(map, &request.to);
            let last = from.rsplit('/').next().unwrap_or(from);
            let to = request.to.trim_end_matches('/');
            let to = if into && to != from { format!("{to}/{last}") } else { to.to_owned() };
            let to = Name::new(&to).map_err(|reason| Error::usage(format!("`{to}` cannot be a name: {reason}")))?;
            folder(work, map, from, &to)
        }
        Ok(file) => single(work, map, &file, request),
        Err(error) => Err(error),
    }
}

fn has_folder(map: &Map, name: &str) -> bool {
    let name = name.trim_end_matches('/');
    map.files.iter().any(|file| file.name.as_str().strip_prefix(name).is_some_and(|rest| rest.starts_with('/')))
}

/// The new name: as typed, or inside the folder that was typed.
fn target(map: &Map, typed: &str, name: &Name) -> Result<Name> {
    let into = typed.ends_with('/') || has_folder(map, typed);
    let typed = typed.trim_end_matches('/');
    let typed = naming::suffixes().iter().find_map(|suffix| typed.strip_suffix(suffix)).unwrap_or(typed);
    let to = if into { format!("{typed}/{}", name.stem()) } else { typed.to_owned() };
    Name::new(&to).map_err(|reason| Error::usage(format!("`{typed}` cannot be a name: {reason}")))
}

/// A prompt goes with its variants.
fn single(work: &Work<'_>, map: &Map, file: &PromptFile, request: &Request) -> Result<Moves> {
    let to = target(map, &request.to, &file.name)?;
    let mut moves = Moves::default();
    for other in &map.files {
        let tail = other.name.as_str().strip_prefix(file.name.as_str());
        let is_variant = naming::name_of(other.name.as_str()).base == file.name.as_str();
        let Some(tail) = tail.filter(|tail| tail.is_empty() || is_variant && tail.starts_with('.')) else { continue };
        moves.add(other, moved(work, other, &format!("{to}{tail}")));
    }
    Ok(moves)
}

/// A folder goes with everything in it.
fn folder(work: &Work<'_>, map: &Map, from: &str, to: &Name) -> Result<Moves> {
    if to.as_str().strip_prefix(from).is_some_and(|rest| rest.starts_with('/')) {
        return Err(Error::usage(format!("`{from}` cannot move into itself")));
    }
    let mut moves = Moves::default();
    let mut folders = BTreeSet::new();
    for file in &map.files {
        let Some(rest) = file.name.as_str().strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with('/'))
        else {
            continue;
        };
        let is_skill = file.path.ends_with("/SKILL.md");
        if rest.is_empty() && !is_skill {
            continue;
        }
        let moved = moved(work, file, &format!("{to}{rest}"));
        let depth = rest.matches('/').count() + usize::from(is_skill);
        folders.insert((above(&file.path, depth), above(&moved.path, depth)));
        moves.add(file, moved);
    }
    let root = work.workspace().root();
    for (old, new) in folders {
        for entry in disk::walk(root, &[&old], &|_| true)?.entries {
            let beside = entry.path.strip_suffix(".palc.yaml").is_some_and(|path| moves.prompts.contains_key(path));
            if !moves.prompts.contains_key(&entry.path) && !beside {
                let to = format!("{new}{}", &entry.path[old.len()..]);
                moves.others.push((entry.path, to));
            }
        }
    }
    Ok(moves)
}

/// The folder that many levels above a file.
fn above(path: &str, levels: usize) -> String {
    (0..levels)
        .fold(path.to_owned(), |path, _| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned()))
}

/// A file under another name, in the same root and with the same suffix.
fn moved(work: &Work<'_>, file: &PromptFile, name: &str) -> PromptFile {
    let layout = work.workspace().layout();
    let roots = layout.roots().iter().filter(|root| root.is_empty() || file.path.starts_with(&format!("{root}/")));
    let root = roots.max_by_key(|root| root.len()).map_or("", String::as_str);
    let slash = if root.is_empty() { "" } else { "/" };
    let suffix = &file.path[root.len() + slash.len() + file.name.as_str().len()..];
    PromptFile { name: Name::of_path(name), path: format!("{root}{slash}{name}{suffix}") }
}

/// The text with every link leading where it led.
fn relinked(opened: &Opened, links: &[Link], now: &PromptFile, after: &Map, moves: &Moves) -> Result<String> {
    let mut edits = Vec::new();
    let mut fields: Vec<(&[String], String)> = Vec::new();
    for link in links {
        // What the target is called afterwards.
        let new = moves.names.get(&link.to).unwrap_or(&link.to);
        if after.target(&now.path, &link.written, &[]) == Some(new) {
            continue;
        }
        let suffix = if link.written.ends_with(".md") { ".md" } else { "" };
        let written = format!("{new}{suffix}");
        match &link.what {
            What::Include(span) => edits.push(Edit { span: *span, text: written }),
            What::Field(path) => fields.push((path, written)),
        }
    }
    let mut files = Files { text: apply(&opened.files.text, &edits)?, ..opened.files.clone() };
    for (path, written) in fields {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let old = files.field(&path[..1])?.and_then(|value| {
            path[1..].iter().try_fold(value, |value, key| {
                value.get(*key).or_else(|| value.get(key.parse::<usize>().ok()?)).cloned()
            })
        });
        let version = old
            .as_ref()
            .and_then(Value::as_str)
            .and_then(|text| text.split_once('@'))
            .map(|(_, version)| format!("@{version}"));
        let value = Value::from(written + &version.unwrap_or_default());
        files = files.changed(Change::Set(&path, &value))?;
    }
    Ok(files.text)
}
