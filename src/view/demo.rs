//! What a newcomer reads after `palc demo`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::demo::Outcome;

use super::paint::{Paint, printable};
use super::table::columns;

/// What the new repository holds and what to try in it, in one small window.
pub fn guide(outcome: &Outcome, paint: Paint, width: Option<usize>) -> String {
    let Outcome { commits, authors, branches, prompts, .. } = outcome;
    let prompts = prompts.iter().filter(|listed| listed.card.kind != "partial");
    let rows: Vec<Vec<String>> = prompts
        .map(|listed| {
            let about = listed.card.description.as_deref().unwrap_or_default();
            vec![format!("  {}", paint.bold(listed.file.name.as_str())), about.to_owned()]
        })
        .collect();
    let head = format!(
        "{} prompts of a support team: {commits} commits by {authors} people on {branches} branches.",
        rows.len()
    );
    format!("{head}\n\n{}\nTry this:\n{}", columns(&rows, width), tour(outcome, paint).trim_end())
}

fn tour(outcome: &Outcome, paint: Paint) -> String {
    let enter = format!("cd {}", printable(&outcome.folder.display().to_string()));
    let row = |command: &str, shows: &str| vec![format!("  {}", paint.cyan(command)), paint.dim(shows)];
    let stops = outcome.tour.iter().map(|stop| row(stop.command, stop.shows));
    columns(&std::iter::once(row(&enter, "")).chain(stops).collect::<Vec<_>>(), None)
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct DemoV1 {
    folder: String,
    /// The commit that is checked out.
    head: String,
    commits: usize,
    authors: usize,
    branches: usize,
    /// Names of the prompts.
    prompts: Vec<String>,
    /// Commands to try in the folder.
    tour: Vec<StopV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct StopV1 {
    command: &'static str,
    shows: &'static str,
}

pub fn object(outcome: &Outcome) -> DemoV1 {
    DemoV1 {
        folder: outcome.folder.display().to_string(),
        head: outcome.head.clone(),
        commits: outcome.commits,
        authors: outcome.authors,
        branches: outcome.branches,
        prompts: outcome.prompts.iter().map(|listed| listed.file.name.to_string()).collect(),
        tour: outcome.tour.iter().map(|stop| StopV1 { command: stop.command, shows: stop.shows }).collect(),
    }
}
