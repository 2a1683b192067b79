//! Find prompts by what they say.

pub mod current;
pub mod embedders;
mod filter;
pub mod index;
mod meaning;
pub mod past;
mod place;
pub mod remote;

use std::collections::{HashMap, HashSet};

use crate::base::{Error, Finding, Result};
use crate::format::Dialect;
use crate::model::Name;
use crate::search::index::{Bits, Index, NameWords, View};
use crate::search::query::Query;
use crate::search::rank::{Lists, Mixed, Reasons, Scored, Weights};
use crate::search::reading::Reading;
use crate::search::snippet::{Snippet, snippet};
use crate::search::words::words;
use crate::search::{clauses, grams, lists, near};

use self::current::Current;
use self::meaning::Meaning;
use self::place::Place;

use super::App;
use super::filter::Condition;

#[derive(Debug, Default)]
pub struct Request {
    pub query: String,
    pub how: How,
    /// Only what means the same this nearly.
    pub min_similarity: Option<f32>,
    /// Only prompts with these names, folders or globs.
    pub names: Vec<String>,
    pub conditions: Vec<Condition>,
    pub revision: Option<String>,
    /// Everything that was ever committed, on any branch.
    pub all_history: bool,
    /// Last changed not before this, and not after that.
    pub since: Option<String>,
    pub until: Option<String>,
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
    /// The commit that brought it, where all of history was searched.
    pub commit: Option<String>,
    pub title: String,
    pub description: String,
    pub score: f32,
    pub reasons: Reasons,
    /// The words of the question that it holds.
    pub matched: Vec<String>,
    pub snippet: Option<Snippet>,
}

pub fn search(app: &App, request: &Request) -> Result<Outcome> {
    let query = Query::parse(&request.query);
    if query.is_empty() {
        return Err(Error::usage("there is nothing to search for").hint("palc search \"calm an angry customer\""));
    }
    let place = Place::of(app, request)?;
    let Current { index, view, .. } = &place.current;
    let mut rows = view.rows.clone();
    for clause in &query.needed {
        rows.keep(&clauses::documents(index, clause)?);
    }
    for clause in &query.unwanted {
        rows.remove(&clauses::documents(index, clause)?);
    }
    let findings = filter::keep(app, request, &place, &mut rows)?;
    let meaning = Meaning::of(app, request, &place, &query)?;
    if let Some(least) = request.min_similarity {
        rows.keep(&meaning.nearer(least)?);
    }
    let notes = place.current.note.iter().map(|why| format!("the search index was made anew: {why}"));
    let notes = notes.chain(meaning.note.clone()).chain(query.hints.iter().cloned()).collect();
    let mixed = mixed(index, view, &query, &rows, request.how, &meaning)?;
    let asked: HashSet<String> = words(&query.text).into_iter().map(|(word, _)| word).collect();
    let (page, more) = page(&place, &mixed, &rows, request);
    let line = |scored: &Scored| meaning.lines(scored.row).map(|lines| lines.first);
    let hit = |scored: &Scored| hit(&place, scored, &mixed, &asked, line(scored));
    let hits = page.iter().map(hit).collect::<Result<Vec<_>>>()?;
    Ok(Outcome { hits, more, notes, findings })
}

/// The hits that are to be shown, and whether there are further ones. Of the contents that a prompt has had at a path
/// only the best is a hit.
fn page(place: &Place<'_>, mixed: &Mixed, rows: &Bits, request: &Request) -> (Vec<Scored>, bool) {
    let index = &place.current.index;
    let wanted = request.offset.saturating_add(request.limit).saturating_add(1);
    // How many contents fall together is not known before; there is only a first guess.
    let mut look = if place.is_past() { wanted.saturating_mul(8) } else { wanted };
    loop {
        let order = mixed.order(index, rows, look);
        let mut seen = HashSet::new();
        let sorted = order.iter().take(look).filter(|scored| seen.insert(index.rows.path(scored.row)));
        let found: Vec<Scored> = sorted.take(wanted).copied().collect();
        if found.len() == wanted || look >= order.len() {
            let more = found.len() == wanted;
            return (found.into_iter().skip(request.offset).take(request.limit).collect(), more);
        }
        look = look.saturating_mul(4);
    }
}

/// All lists of scores, ready to be asked for an order.
fn mixed(index: &Index, view: &View, query: &Query, rows: &Bits, how: How, meaning: &Meaning) -> Result<Mixed> {
    let all = query.text.is_empty() || !query.needed.is_empty();
    if how == How::Meaning {
        let weights = Weights { words: 0.0, grams: 0.0, meaning: 1.0 };
        return Ok(Mixed::new(Lists { meaning: meaning.cosines.clone(), ..Lists::default() }, weights, view, all));
    }
    let terms: Vec<String> = words(&query.text).into_iter().map(|(word, _)| word).collect();
    let pieces = grams::grams(&query.text);
    let (words, grams) = rayon::join(|| lists::words(index, view, &terms), || lists::grams(index, view, &pieces));
    let words = words?;
    let named = if terms.is_empty() { Bits::default() } else { index.rows.named(NameWords::of(&query.text)).collect() };
    let weights = Weights { words: 0.5, grams: 1.0, meaning: meaning.weight };
    let lists =
        Lists { words: words.scores, grams: grams?, meaning: meaning.cosines.clone(), named, near: HashMap::new() };
    let mut mixed = Mixed::new(lists, weights, view, all);
    let best = mixed.best(index, rows);
    mixed.look_at(near::nearness(index, &best, &terms, &words.rarities)?);
    Ok(mixed)
}

fn hit(
    place: &Place<'_>,
    scored: &Scored,
    mixed: &Mixed,
    asked: &HashSet<String>,
    passage: Option<u32>,
) -> Result<Hit> {
    let path = place.current.index.rows.path(scored.row);
    let name = place.workspace().layout().name_of_prompt(path).unwrap_or_else(|| Name::of_path(path));
    let bytes = place.text(scored.row)?.unwrap_or_default();
    let reading = Reading::of(name.as_str(), &bytes, Dialect::of_path(path));
    let tags = reading.tags.join(" ");
    let parts = [&reading.name, &reading.title, &reading.description, &tags, &reading.input, &reading.body];
    let held: HashSet<String> = parts.iter().flat_map(|part| words(part)).map(|(word, _)| word).collect();
    let mut matched: Vec<String> = asked.iter().filter(|word| held.contains(*word)).cloned().collect();
    matched.sort_unstable();
    Ok(Hit {
        path: path.to_owned(),
        commit: place.commit(scored.row).map(str::to_owned),
        score: scored.score,
        reasons: mixed.reasons(scored.row),
        matched,
        snippet: snippet(&reading, asked, passage),
        title: reading.title,
        description: reading.description,
        name,
    })
}
