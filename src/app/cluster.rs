//! Prompts in clusters, each with the words that tell it from the others.

use std::cmp::Reverse;

use crate::base::{Error, Finding, Result};
use crate::repo::{PromptFile, Source};
use crate::search::alike::cluster::divide;
use crate::search::alike::naming::naming;

use super::alike::gists;
use super::{App, list};

#[derive(Debug, Default)]
pub struct Request {
    pub prompts: list::Request,
    /// How many clusters at most; nothing for as many as suit the number of prompts.
    pub count: Option<usize>,
}

#[derive(Debug)]
pub struct Outcome {
    /// The largest first.
    pub clusters: Vec<Cluster>,
    pub findings: Vec<Finding>,
}

#[derive(Debug)]
pub struct Cluster {
    /// Words that are frequent in it and rare elsewhere.
    pub words: Vec<String>,
    /// The most typical first.
    pub members: Vec<PromptFile>,
}

pub fn cluster(app: &App, request: &Request) -> Result<Outcome> {
    if request.count == Some(0) {
        return Err(Error::usage("there cannot be 0 clusters").hint("use --count 1 or more"));
    }
    let source = Source::at(app.workspace()?, request.prompts.revision.as_deref())?;
    let all = gists(&source)?.chosen(app, &request.prompts)?;
    let vectors: Vec<_> = all.gists.iter().map(|gist| &gist.vector).collect();
    let division = divide(&vectors, request.count.unwrap_or_else(|| fitting(vectors.len())));
    let mut placed = vec![false; vectors.len()];
    let members = |members: Vec<(usize, f32)>| members.into_iter().map(|(at, _)| at).collect();
    let mut groups: Vec<Vec<usize>> = division.members.into_iter().map(members).collect();
    groups.iter().flatten().for_each(|&at| placed[at] = true);
    // What has no meaning of its own, such as an empty file, stands together at the end.
    groups.sort_by_key(|group| (Reverse(group.len()), group.iter().min().copied()));
    groups.push((0..placed.len()).filter(|&at| !placed[at]).collect());
    groups.retain(|group| !group.is_empty());
    let names = naming(&groups, &all.gists);
    let cluster = |(group, words): (Vec<usize>, _)| Cluster {
        words,
        members: group.iter().map(|&at| all.files[at].clone()).collect(),
    };
    Ok(Outcome { clusters: groups.into_iter().zip(names).map(cluster).collect(), findings: all.findings })
}

/// Few enough to look through, and small enough to hold together.
fn fitting(prompts: usize) -> usize {
    ((prompts as f64 / 2.0).sqrt().round() as usize).max(1)
}
