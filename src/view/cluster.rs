//! Prompts in clusters.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::cluster::{Cluster, Outcome};
use crate::repo::PromptFile;

use super::paint::{Paint, printable};

/// Each cluster with its name and the first of its prompts.
pub fn text(outcome: &Outcome, shown: usize, paint: Paint) -> String {
    let cluster = |cluster: &Cluster| {
        let count = cluster.members.len();
        let head = format!("{} {}\n", paint.bold(&title(cluster)), paint.dim(&format!("({count})")));
        let members = cluster.members.iter().take(shown).map(|file| format!("  {}\n", printable(file.name.as_str())));
        let rest = count.saturating_sub(shown);
        let rest = if rest > 0 { paint.dim(&format!("  … {rest} more\n")) } else { String::new() };
        format!("{head}{}{rest}", members.collect::<String>())
    };
    outcome.clusters.iter().map(cluster).collect::<Vec<_>>().join("\n")
}

fn title(cluster: &Cluster) -> String {
    if cluster.words.is_empty() { "without a common word".into() } else { printable(&cluster.words.join(", ")) }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ClusterV1<'a> {
    /// Words that are frequent in it and rare elsewhere.
    words: &'a [String],
    /// The most typical first.
    prompts: Vec<MemberV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct MemberV1<'a> {
    name: &'a str,
    path: &'a str,
}

pub fn objects(outcome: &Outcome) -> Vec<ClusterV1<'_>> {
    outcome.clusters.iter().map(object).collect()
}

fn object(cluster: &Cluster) -> ClusterV1<'_> {
    ClusterV1 { words: &cluster.words, prompts: cluster.members.iter().map(member).collect() }
}

fn member(file: &PromptFile) -> MemberV1<'_> {
    MemberV1 { name: file.name.as_str(), path: &file.path }
}
