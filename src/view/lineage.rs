//! Where a prompt comes from and what came of it.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use crate::app::lineage::{Kin, Outcome};

/// A tree: the farthest ancestor first, the prompt itself marked.
pub fn text(outcome: &Outcome, paint: Paint) -> String {
    let mut out = String::new();
    let mut line = |depth: usize, kin: &Kin, own: bool| {
        let name = match (&kin.file, &kin.id) {
            (Some(file), _) => printable(file.name.as_str()),
            (None, Some(id)) => format!("{} (gone)", printable(id)),
            (None, None) => "(unknown)".into(),
        };
        let name = if own { paint.bold(&name) } else { name };
        let about = kin.id.iter().cloned().chain(kin.method.clone()).collect::<Vec<_>>().join(", ");
        let mark = if own { "* " } else { "" };
        out.push_str(&format!(
            "{}{mark}{name} {}\n",
            "  ".repeat(depth),
            paint.dim(&format!("# {}", printable(&about)))
        ));
    };
    let above = outcome.ancestors.len();
    for (depth, kin) in outcome.ancestors.iter().rev().enumerate() {
        line(depth, kin, false);
    }
    line(above, &outcome.prompt, true);
    for (depth, kin) in &outcome.descendants {
        line(above + depth, kin, false);
    }
    if let Some(session) = &outcome.session {
        let idea = session.request.idea.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        out.push_str(&format!(
            "{} {} {}\n",
            paint.dim("session"),
            session.id,
            paint.dim(&format!("# {}", printable(idea)))
        ));
    }
    out
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct LineageV1<'a> {
    prompt: KinV1<'a>,
    /// The nearest first.
    parents: Vec<KinV1<'a>>,
    /// Children before grandchildren.
    children: Vec<ChildV1<'a>>,
    session: Option<&'a str>,
    /// The ids of everything that the session made.
    members: Vec<&'a str>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct KinV1<'a> {
    id: Option<&'a str>,
    /// Null for a prompt that is gone.
    name: Option<&'a str>,
    path: Option<&'a str>,
    phase: &'a [String],
    method: Option<&'a str>,
    /// The content it was made from: `id@blob`.
    parent: Option<&'a str>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ChildV1<'a> {
    /// 1 for a child, 2 for a child's child.
    depth: usize,
    #[serde(flatten)]
    kin: KinV1<'a>,
}

impl KinV1<'_> {
    fn of(kin: &Kin) -> KinV1<'_> {
        KinV1 {
            id: kin.id.as_deref(),
            name: kin.file.as_ref().map(|file| file.name.as_str()),
            path: kin.file.as_ref().map(|file| file.path.as_str()),
            phase: &kin.phase,
            method: kin.method.as_deref(),
            parent: kin.parent.as_deref(),
        }
    }
}

pub fn object(outcome: &Outcome) -> LineageV1<'_> {
    let members = outcome.session.iter().flat_map(|session| &session.members);
    LineageV1 {
        prompt: KinV1::of(&outcome.prompt),
        parents: outcome.ancestors.iter().map(KinV1::of).collect(),
        children: outcome
            .descendants
            .iter()
            .map(|(depth, kin)| ChildV1 { depth: *depth, kin: KinV1::of(kin) })
            .collect(),
        session: outcome.session.as_ref().map(|session| session.id.as_str()),
        members: members.map(|member| member.id.as_str()).collect(),
    }
}
