//! The exact bytes of a prompt, or of a part of it.

use crate::base::{Error, Result};
use crate::format::{Dialect, Document};
use crate::git::Git;
use crate::model::Query;
use crate::render::messages::Turn;
use crate::render::{Markers, marker};
use crate::repo::{PromptFile, Source, Workspace, selector};

use super::App;
use super::load::understand;
use super::render::options;

#[derive(Debug)]
pub struct Request {
    pub what: String,
    pub part: Part,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    #[default]
    Whole,
    Body,
    FrontMatter,
    Messages,
}

#[derive(Debug)]
pub struct Outcome {
    pub file: PromptFile,
    /// The commit it is from, unless it is from the work tree or a label's.
    pub commit: Option<String>,
    /// The content that a label means.
    pub blob: Option<String>,
    pub got: Got,
}

#[derive(Debug)]
pub enum Got {
    Bytes(Vec<u8>),
    /// As written, before anything is put in.
    Messages(Vec<Turn>),
}

/// Where the bytes are, once it is known which are meant.
struct Found<'a> {
    source: Source<'a>,
    file: PromptFile,
    /// What a label means is a content, whatever became of the commit that had it.
    pinned: Option<String>,
}

pub fn get(app: &App, request: &Request) -> Result<Outcome> {
    let found = find(app, &request.what)?;
    let commit = match (&found.source, &found.pinned) {
        (Source::Revision(workspace, revision), None) => Some(git(workspace)?.reader().commit_id(revision)?),
        _ => None,
    };
    let bytes = found.bytes(app)?;
    let got = match request.part {
        Part::Whole => Got::Bytes(bytes),
        Part::Body => Got::Bytes(split(&found.file, &bytes)?.body_text().into()),
        Part::FrontMatter => Got::Bytes(split(&found.file, &bytes)?.front_text().into()),
        Part::Messages => Got::Messages(messages(app, &found, &bytes)?),
    };
    Ok(Outcome { file: found.file, commit, blob: found.pinned, got })
}

fn find<'a>(app: &'a App, typed: &str) -> Result<Found<'a>> {
    let query = Query::parse(typed);
    let workspace = app.workspace()?;
    if let Some(label) = query.version.as_deref().filter(|_| workspace.git().is_some())
        && let Some((file, pin)) = selector::pinned(workspace, app.env.folder(), &query.what, label)?
    {
        return Ok(Found { source: Source::at(workspace, None)?, file, pinned: Some(pin.blob) });
    }
    let (source, file) = app.resolve(typed)?;
    Ok(Found { source, file, pinned: None })
}

impl Found<'_> {
    fn bytes(&self, app: &App) -> Result<Vec<u8>> {
        match &self.pinned {
            Some(blob) => git(self.source.workspace())?.reader().blob(blob),
            None => app.read(&self.source, &self.file.path),
        }
    }
}

fn git(workspace: &Workspace) -> Result<&Git> {
    workspace.git().ok_or_else(|| Error::bug("a revision without git"))
}

fn split<'d>(file: &'d PromptFile, bytes: &'d [u8]) -> Result<Document<'d>> {
    Document::split(&file.path, bytes, Dialect::of_path(&file.path))
        .map_err(|finding| Error::findings(format!("{} cannot be read", file.path), vec![*finding]))
}

/// The messages that the author wrote, whether as data or as marked lines.
fn messages(app: &App, found: &Found<'_>, bytes: &[u8]) -> Result<Vec<Turn>> {
    let loaded = understand(&found.source, found.file.clone(), bytes)?;
    let options = options(&loaded, app)?;
    let data = loaded.prompt.messages.iter().map(|message| Turn {
        role: message.role.clone(),
        content: message.content.clone(),
        name: message.name.clone(),
    });
    let marked = marked(&loaded.prompt.body, options.markers, &options.first_role);
    Ok(data.chain(marked).collect())
}

fn marked(body: &str, markers: Markers, first: &str) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for line in body.split_inclusive('\n') {
        match marker::heading(line.trim_end_matches(['\n', '\r']), markers) {
            Some(heading) => {
                let name = heading.attributes.iter().find(|(key, _)| key == "name").map(|(_, name)| name.clone());
                turns.push(Turn { role: heading.role, content: String::new(), name });
            }
            None => {
                if turns.is_empty() {
                    turns.push(Turn { role: first.to_owned(), ..Turn::default() });
                }
                turns.last_mut().expect("one was just pushed").content.push_str(line);
            }
        }
    }
    for turn in &mut turns {
        turn.content = turn.content.trim_matches(['\n', '\r']).to_owned();
    }
    turns.retain(|turn| !turn.content.trim().is_empty());
    turns
}
