//! Prompts that say the same, in groups.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::dup::{How, Like, Member, Outcome};

use super::paint::{Paint, printable};
use super::table;

pub fn text(outcome: &Outcome, paint: Paint) -> String {
    let group = |group: &Vec<Member>| {
        let rows: Vec<Vec<String>> = group.iter().map(|member| row(member, paint)).collect();
        table::columns(&rows, None)
    };
    outcome.groups.iter().map(group).collect::<Vec<_>>().join("\n")
}

fn row(member: &Member, paint: Paint) -> Vec<String> {
    let name = printable(member.file.name.as_str());
    match &member.like {
        None => vec![paint.bold(&name)],
        Some(like) => vec![name, paint.dim(&about(like))],
    }
}

fn about(like: &Like) -> String {
    let name = printable(like.file.name.as_str());
    match &like.how {
        How::Copy => format!("a copy of {name}"),
        How::SameBody(fields) => format!("the body of {name}; other {}", printable(&fields.join(", "))),
        How::Near(1.0) => format!("the words of {name}"),
        How::Near(share) => format!("{} of {name}", percent(*share)),
    }
}

/// Less than all is never shown as all.
fn percent(share: f64) -> String {
    let percent = (share * 100.0).round();
    if percent == 100.0 && share < 1.0 { "> 99 %".to_owned() } else { format!("{percent} %") }
}

/// What was found, in a few words.
pub fn summary(outcome: &Outcome) -> String {
    let members: usize = outcome.groups.iter().map(Vec::len).sum();
    match (outcome.groups.len(), outcome.prompts) {
        (0, 0) => "no prompts".to_owned(),
        (0, 1) => "1 prompt, nothing to compare it with".to_owned(),
        (0, prompts) => format!("no duplicates among {prompts} prompts"),
        (groups, prompts) => {
            format!("{members} of {prompts} prompts, in {groups} group{}", if groups == 1 { "" } else { "s" })
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct DupV1<'a> {
    /// How many prompts were compared.
    prompts: usize,
    groups: Vec<GroupV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct GroupV1<'a> {
    members: Vec<MemberV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct MemberV1<'a> {
    name: &'a str,
    path: &'a str,
    /// What it is like; nothing for the first of a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    like: Option<LikeV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LikeV1<'a> {
    name: &'a str,
    /// `copy`: the same but for the id. `same-body`: another front matter. `near`: a similar body.
    how: &'static str,
    /// The share of runs of three words that both have; 1 for the same body.
    similarity: f64,
    /// The fields of the front matter that differ.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    differing: &'a [String],
}

pub fn object(outcome: &Outcome) -> DupV1<'_> {
    DupV1 { prompts: outcome.prompts, groups: outcome.groups.iter().map(|group| group_of(group)).collect() }
}

fn group_of(members: &[Member]) -> GroupV1<'_> {
    GroupV1 { members: members.iter().map(member).collect() }
}

fn member(member: &Member) -> MemberV1<'_> {
    let like = member.like.as_ref().map(like);
    MemberV1 { name: member.file.name.as_str(), path: &member.file.path, like }
}

fn like(like: &Like) -> LikeV1<'_> {
    let (how, similarity, differing) = match &like.how {
        How::Copy => ("copy", 1.0, &[][..]),
        How::SameBody(fields) => ("same-body", 1.0, &fields[..]),
        How::Near(share) => ("near", *share, &[][..]),
    };
    LikeV1 { name: like.file.name.as_str(), how, similarity, differing }
}
