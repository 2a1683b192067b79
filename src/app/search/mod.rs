//! Find prompts by what they say.

pub mod current;

use std::collections::HashSet;

use crate::base::{Error, Finding, Result};
use crate::format::Dialect;
use crate::model::Name;
use crate::repo::Source;
use crate::search::index::{Bits, Index, NameWords, View};
use crate::search::lists::{Terms, scores};
use crate::search::query::Query;
use crate::search::rank::{Lists, Mixed, Reasons, Scored, Weights};
use crate::search::reading::Reading;
use crate::search::snippet::{Snippet, snippet};
use crate::search::words::words;
use crate::search::{clauses, grams};

use self::current::{Current, git_of};

use super::App;
use super::filter::Condition;
use super::list;

#[derive(Debug, Default)]
pub struct Request {
    pub query: String,
    pub how: How,
    /// Only prompts with these names, folders or globs.
    pub names: Vec<String>,
    pub conditions: Vec<Condition>,
    pub revision: Option<String>,
    pub limit: usize,
    pub offset: usize,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum How {
    #[default]
    Both,
    Text,
    Meaning,
}

#[derive(Debug)]
pub struct Outcome {
    /// Best first.
    pub hits: Vec<Hit>,
    /// Whether there are further ones.
    pub more: bool,
    /// What people should know: hints about the query, what happened to the index.
    pub notes: Vec<String>,
    pub findings: Vec<Finding>,
}

#[derive(Debug)]
pub struct Hit {
    pub name: Name,
    pub path: String,
    pub title: String,
    pub description: String,
    pub score: f32,
    pub reasons: Reasons,
    /// The words of the question that it holds.
    pub matched: Vec<String>,
    pub snippet: Option<Snippet>,
}

const WEIGHTS: Weights = Weights { words: 0.5, grams: 1.0, meaning: 0.5 };

pub fn search(app: &App, request: &Request) -> Result<Outcome> {
    let source = Source::at(app.workspace()?, request.revision.as_deref())?;
    let current = Current::of(&source)?;
    let query = Query::parse(&request.query);
    if query.text.trim().is_empty() && query.needed.is_empty() && query.unwanted.is_empty() {
        return Err(Error::usage("there is nothing to search for").hint("palc search \"calm an angry customer\""));
    }
    let mut findings = Vec::new();
    let rows = candidates(app, request, &current, &query, &mut findings)?;
    let mixed = Mixed::new(lists(&current.index, &current.view, &query)?, WEIGHTS, &current.view);
    let wanted = request.offset + request.limit + 1;
    let order = mixed.order(&current.index, &rows, wanted);
    let asked: HashSet<String> = words(&query.text).into_iter().map(|(word, _)| word).collect();
    let page = order.iter().skip(request.offset).take(request.limit);
    let hit = |scored: &Scored| hit(&source, &current.index, scored, &mixed, &asked);
    let hits = page.map(hit).collect::<Result<Vec<_>>>()?;
    let notes = current.note.map(|why| format!("the search index was made anew: {why}"));
    let notes = notes.into_iter().chain(query.hints).collect();
    Ok(Outcome { more: order.len() > request.offset + hits.len(), hits, notes, findings })
}

/// The documents that may be hits at all.
fn candidates(
    app: &App,
    request: &Request,
    current: &Current,
    query: &Query,
    findings: &mut Vec<Finding>,
) -> Result<Bits> {
    let mut rows = current.view.rows.clone();
    for clause in &query.needed {
        rows.keep(&clauses::documents(&current.index, clause)?);
    }
    for clause in &query.unwanted {
        rows.remove(&clauses::documents(&current.index, clause)?);
    }
    if !request.names.is_empty() || !request.conditions.is_empty() {
        let request = list::Request {
            names: request.names.clone(),
            conditions: request.conditions.clone(),
            revision: request.revision.clone(),
        };
        let listed = list::list_as(app, &request, |listed| listed.file.path)?;
        let paths: HashSet<String> = listed.prompts.into_iter().collect();
        findings.extend(listed.findings);
        rows.keep(&current.view.rows.iter().filter(|&row| paths.contains(current.index.rows.path(row))).collect());
    }
    Ok(rows)
}

fn lists(index: &Index, view: &View, query: &Query) -> Result<Lists> {
    let terms: Vec<String> = words(&query.text).into_iter().map(|(word, _)| word).collect();
    let pieces = grams::grams(&query.text);
    let (words, grams) = rayon::join(
        || scores(index, view, Terms::Words, &terms),
        || scores(index, view, Terms::Grams, &pieces),
    );
    let named = if terms.is_empty() { Bits::default() } else { index.rows.named(NameWords::of(&query.text)).collect() };
    Ok(Lists { words: words?, grams: grams?, meaning: Vec::new(), named })
}

fn hit(source: &Source<'_>, index: &Index, scored: &Scored, mixed: &Mixed, asked: &HashSet<String>) -> Result<Hit> {
    let path = index.rows.path(scored.row);
    let layout = source.workspace().layout();
    let name = layout.name_of_prompt(path).unwrap_or_else(|| Name::of_path(path));
    let bytes = text(source, index, scored.row)?.unwrap_or_default();
    let reading = Reading::of(name.as_str(), &bytes, Dialect::of_path(path));
    let all = [&reading.name, &reading.title, &reading.description, &reading.tags.join(" "), &reading.input, &reading.body];
    let held: HashSet<String> = all.iter().flat_map(|part| words(part)).map(|(word, _)| word).collect();
    let mut matched: Vec<String> = asked.iter().filter(|word| held.contains(*word)).cloned().collect();
    matched.sort_unstable();
    Ok(Hit {
        path: path.to_owned(),
        score: scored.score,
        reasons: mixed.reasons(scored.row),
        matched,
        snippet: snippet(&reading, asked, None),
        title: reading.title,
        description: reading.description,
        name,
    })
}

/// What a document was made of.
fn text(source: &Source<'_>, index: &Index, row: u32) -> Result<Option<Vec<u8>>> {
    let path = index.rows.path(row);
    match source {
        Source::Worktree(_) => source.read(path),
        Source::Revision(workspace, _) => match git_of(workspace)?.blob(&index.rows.blob(row).to_string()) {
            Ok(bytes) => Ok(Some(bytes)),
            // In a SHA-256 repository the index does not know the ids of git.
            Err(_) => source.read(path),
        },
    }
}
