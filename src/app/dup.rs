//! Which prompts say the same, or nearly.

use std::collections::{BTreeMap, HashMap};

use crate::base::hash::BlobId;
use crate::base::{Error, Finding, Result};
use crate::model::{Map, Prompt};
use crate::repo::{PromptFile, Source};
use crate::search::alike::groups::Groups;
use crate::search::alike::near::{self, LEAST};
use crate::search::alike::sketch::Sketch;

use super::App;
use super::list;
use super::load::{Loaded, load};
use super::whole::read_as;

#[derive(Debug, Default)]
pub struct Request {
    pub prompts: list::Request,
    /// How alike bodies must be to be told, from 0 to 1; nothing for only those that are the same.
    pub near: Option<f64>,
}

#[derive(Debug)]
pub struct Outcome {
    pub groups: Vec<Vec<Member>>,
    /// How many prompts were compared.
    pub prompts: usize,
    pub findings: Vec<Finding>,
}

/// A prompt of a group. The first of a group is like none before it.
#[derive(Debug)]
pub struct Member {
    pub file: PromptFile,
    pub like: Option<Like>,
}

/// The prompt that most ties a member to its group.
#[derive(Debug, PartialEq)]
pub struct Like {
    pub file: PromptFile,
    pub how: How,
}

#[derive(Debug, PartialEq)]
pub enum How {
    /// The body and the front matter, but for the id.
    Copy,
    /// The body; and these fields of the front matter differ.
    SameBody(Vec<String>),
    /// This share of their runs of three words.
    Near(f64),
}

/// A body that one prompt has, or several.
struct Body {
    files: Vec<PromptFile>,
    sketch: Sketch,
}

pub fn dup(app: &App, request: &Request) -> Result<Outcome> {
    if let Some(share) = request.near
        && !(LEAST..=1.0).contains(&share)
    {
        return Err(Error::usage(format!("{share} is no threshold for near copies"))
            .hint(format!("use a share from {LEAST} to 1; 0.8 means four fifths of all runs of three words")));
    }
    let near = request.near.is_some();
    let sketched = |loaded: Loaded| {
        let text = text(&loaded.prompt);
        let sketch = if near { Sketch::of(&text) } else { Sketch::default() };
        let empty = text.trim().is_empty();
        (loaded.file, (!empty).then(|| (BlobId::of(same(&text).as_bytes()), sketch)))
    };
    let list::Outcome { prompts, findings } = read_as(app, &request.prompts, sketched)?;
    let count = prompts.len();
    let bodies = bodies(prompts);
    let source = Source::at(app.workspace()?, request.prompts.revision.as_deref())?;
    let groups = groups(&bodies, request.near, |one, other| how(app, &source, one, other))?;
    Ok(Outcome { groups, prompts: count, findings })
}

/// What a prompt tells a model: its body, or its messages where those are data.
fn text(prompt: &Prompt) -> String {
    let messages = prompt.messages.iter().map(|message| message.content.as_str());
    std::iter::once(prompt.body.as_str()).chain(messages).collect::<Vec<_>>().join("\n")
}

/// The text without what no reader sees: the kind of line endings, spaces at the end of lines, empty lines around.
fn same(text: &str) -> String {
    text.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// Prompts by their bodies, in the order of the first file of each. A body without text is like no other.
fn bodies(prompts: Vec<(PromptFile, Option<(BlobId, Sketch)>)>) -> Vec<Body> {
    let mut bodies: Vec<Body> = Vec::new();
    let mut known: HashMap<BlobId, usize> = HashMap::new();
    for (file, text) in prompts {
        let Some((id, sketch)) = text else { continue };
        let at = *known.entry(id).or_insert_with(|| {
            bodies.push(Body { files: Vec::new(), sketch });
            bodies.len() - 1
        });
        bodies[at].files.push(file);
    }
    bodies
}

/// The groups with more than one prompt, in the order of their first.
fn groups(
    bodies: &[Body],
    near: Option<f64>,
    how: impl Fn(&PromptFile, &PromptFile) -> Result<How>,
) -> Result<Vec<Vec<Member>>> {
    let mut links: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
    let mut joined = Groups::new(bodies.len());
    if let Some(threshold) = near {
        let sketches: Vec<Sketch> = bodies.iter().map(|body| body.sketch.clone()).collect();
        for pair in near::links(&sketches, threshold) {
            joined.join(pair.one, pair.other);
            links.entry(pair.one).or_default().push((pair.other, pair.likeness));
            links.entry(pair.other).or_default().push((pair.one, pair.likeness));
        }
    }
    let mut found = Vec::new();
    for first in 0..bodies.len() {
        if joined.find(first) != first || (bodies[first].files.len() == 1 && !links.contains_key(&first)) {
            continue;
        }
        let mut group = Vec::new();
        let mut open = vec![(first, None)];
        while let Some((at, like)) = open.pop() {
            let from = like.as_ref().map(|like: &(usize, f64)| like.0);
            let like = like.map(|(from, share)| Like { file: bodies[from].files[0].clone(), how: How::Near(share) });
            let (file, copies) = bodies[at].files.split_first().expect("a body has a file");
            group.push(Member { file: file.clone(), like });
            for copy in copies {
                let like = Some(Like { file: file.clone(), how: how(file, copy)? });
                group.push(Member { file: copy.clone(), like });
            }
            let next = links.get(&at).into_iter().flatten().filter(|(to, _)| Some(*to) != from);
            open.extend(next.map(|&(to, share)| (to, Some((at, share)))));
        }
        group.sort_by(|a, b| a.file.path.cmp(&b.file.path));
        found.push(group);
    }
    Ok(found)
}

/// How two prompts with the same body differ.
fn how(app: &App, source: &Source<'_>, one: &PromptFile, other: &PromptFile) -> Result<How> {
    let front = |file: &PromptFile| Ok(load(app, source, file.clone())?.prompt.front);
    let differing = differing(&front(one)?, &front(other)?);
    Ok(if differing.is_empty() { How::Copy } else { How::SameBody(differing) })
}

/// Every prompt has an id of its own, so that says nothing.
fn differing(one: &Map, other: &Map) -> Vec<String> {
    let other_only = other.keys().filter(|key| !one.contains_key(*key));
    let keys = one.keys().filter(|key| one.get(*key) != other.get(*key)).chain(other_only);
    keys.filter(|key| *key != "id").cloned().collect()
}
