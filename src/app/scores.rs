//! What kept results say of each content that a prompt had, in all of history.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::App;
use super::report::found;
use crate::base::Result;
use crate::eval::Tally;
use crate::eval::tally::{Column, Sum};
use crate::format::results::{LINES, SUMMARY, parse, parse_manifest};
use crate::git::{Git, Reader};
use crate::model::Value;
use crate::model::results::Manifest;

/// The sums of a content of a prompt with one model.
#[derive(Debug, Clone)]
pub struct Scored {
    pub suite: String,
    pub column: Column,
    pub sum: Sum,
}

/// By the blob of the prompt's file. Where a content was run several times, the newest results count.
pub type Scores = HashMap<String, Vec<Scored>>;

/// The scores of a prompt by its id, or its name if it has none, in the history that ends here.
pub fn of(app: &App, id: &str, tip: &str) -> Result<Scores> {
    let mut scores = Scores::new();
    let Some(reader) = app.workspace()?.git().map(Git::reader) else { return Ok(scores) };
    let folder = found::folder(app)?;
    let end = format!("/{LINES}");
    for file in reader.files(tip, &folder)? {
        let Some(home) = file.path.strip_suffix(&end) else { continue };
        let suite = home.strip_prefix(&folder).unwrap_or(home).trim_start_matches('/');
        // To go through all of history is only worth it for suites that know the prompt.
        if manifest(&reader, tip, home).is_some_and(|it| it.prompts.iter().any(|tried| tried.id == id)) {
            add(&mut scores, &reader, (suite, home), id, tip)?;
        }
    }
    Ok(scores)
}

fn add(scores: &mut Scores, reader: &Reader, (suite, home): (&str, &str), id: &str, tip: &str) -> Result<()> {
    let mut seen = BTreeSet::new();
    for step in reader.trail(tip, &format!("{home}/{LINES}"))? {
        let Some((blob, manifest)) = step.after.zip(manifest(reader, &step.commit.id, home)) else { continue };
        let Some(tried) = manifest.prompts.iter().find(|tried| tried.id == id) else { continue };
        if !seen.insert(tried.blob.clone()) {
            continue;
        }
        let columns = columns(&reader.blob(&blob)?, id);
        let scored = |(column, sum)| Scored { suite: suite.to_owned(), column, sum };
        scores.entry(tried.blob.clone()).or_default().extend(columns.into_iter().map(scored));
    }
    Ok(())
}

/// Lines that another version of palc wrote in its own way tell nothing here.
fn columns(lines: &[u8], id: &str) -> BTreeMap<Column, Sum> {
    let mut tally = Tally::default();
    for line in String::from_utf8_lossy(lines).lines() {
        if let Ok(line) = parse(line)
            && line.about.id == id
        {
            tally.add(&line, None);
        }
    }
    tally.columns
}

fn manifest(reader: &Reader, revision: &str, home: &str) -> Option<Manifest> {
    let bytes = reader.read(revision, &format!("{home}/{SUMMARY}")).ok()??;
    let value: Value = serde_json::from_slice(&bytes).ok()?;
    parse_manifest(&value["manifest"]).ok()
}
