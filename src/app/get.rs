//! The exact bytes of a prompt, or of a part of it.

use crate::base::{Error, Result};
use crate::format::{Dialect, Document};
use crate::render::messages::Turn;
use crate::render::{Markers, marker};
use crate::repo::{PromptFile, Source};

use super::App;
use super::load::load;
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
    /// The commit it is from, unless it is from the work tree.
    pub commit: Option<String>,
    pub got: Got,
}

#[derive(Debug)]
pub enum Got {
    Bytes(Vec<u8>),
    /// As written, before anything is put in.
    Messages(Vec<Turn>),
}

pub fn get(app: &App, request: &Request) -> Result<Outcome> {
    let (source, file) = app.resolve(&request.what)?;
    let commit = match &source {
        Source::Worktree(_) => None,
        Source::Revision(workspace, revision) => {
            let git = workspace.git().ok_or_else(|| Error::bug("a revision without git"))?;
            Some(git.reader().commit_id(revision)?)
        }
    };
    let got = match request.part {
        Part::Whole => Got::Bytes(app.read(&source, &file.path)?),
        Part::Body => Got::Bytes(part(app, &source, &file, |document| document.body_text())?),
        Part::FrontMatter => Got::Bytes(part(app, &source, &file, |document| document.front_text())?),
        Part::Messages => Got::Messages(messages(app, &source, &file)?),
    };
    Ok(Outcome { file, commit, got })
}

fn part(
    app: &App,
    source: &Source<'_>,
    file: &PromptFile,
    of: impl for<'d> Fn(&'d Document<'d>) -> &'d str,
) -> Result<Vec<u8>> {
    let bytes = app.read(source, &file.path)?;
    let document = Document::split(&file.path, &bytes, Dialect::of_path(&file.path))
        .map_err(|finding| Error::findings(format!("{} cannot be read", file.path), vec![*finding]))?;
    Ok(of(&document).as_bytes().to_vec())
}

/// The messages that the author wrote, whether as data or as marked lines.
fn messages(app: &App, source: &Source<'_>, file: &PromptFile) -> Result<Vec<Turn>> {
    let loaded = load(app, source, file.clone())?;
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
