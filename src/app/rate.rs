//! Answers of a run before people: a queue that does not tell whose they are, and what is said of them, kept as events.

use std::collections::{BTreeMap, HashSet};

use crate::base::disk::{self, Durability};
use crate::base::hash::sha256;
use crate::base::{Error, Finding, Place, Result, Span};
use crate::format::rating as file;
use crate::model::rating::{Rating, item};
use crate::model::results::Given;
use crate::model::rubric::Scale;
use crate::model::{Rubric, Value, Verdict};

use super::report::Found;
use super::report::found;
use super::{App, ratings, rubric};

#[derive(Debug, Default)]
pub struct Request {
    /// A run, a suite, `suite@revision` or a folder; the newest run if nothing.
    pub which: Option<String>,
    /// By what answers are scored; pass or fail if nothing.
    pub rubric: Option<String>,
    /// Who rates; whoever git says if nothing.
    pub rater: Option<String>,
    pub blind: bool,
    /// Makes the order, together with the rater.
    pub seed: u64,
    /// How many at most.
    pub count: usize,
}

/// Answers that somebody has not rated yet.
#[derive(Debug)]
pub struct Queue {
    pub name: String,
    pub suite: String,
    pub rater: String,
    pub rubric: Option<Rubric>,
    pub blind: bool,
    pub items: Vec<Item>,
    /// Different answers of the run, and how many of them this person has rated.
    pub all: usize,
    pub rated: usize,
    pub findings: Vec<Finding>,
}

/// An answer. The same words to the same case are shown once, whoever said them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: String,
    pub case: String,
    pub answer: String,
    /// One that gave it, and by which prompt. Nobody who rates blindly is told.
    pub prompt: String,
    pub model: String,
}

/// What somebody typed.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    Rated { scores: Vec<(String, f64)>, verdict: Verdict, value: Option<f64>, comment: Option<String> },
    Skip,
    Quit,
}

pub fn queue(app: &App, request: &Request) -> Result<Queue> {
    let found = found::find(app, request.which.as_deref())?;
    let suite = found.manifest.suite.clone();
    let rubric = request.rubric.as_deref().map(|typed| rubric::find(app, typed)).transpose()?.map(|it| it.rubric);
    let rater = rater(app, request.rater.as_deref())?;
    let (known, findings) = ratings::of_suite(app, &suite)?;
    let mut places: BTreeMap<String, String> = BTreeMap::new();
    let (mut all, mut rated) = (HashSet::new(), 0);
    for line in found.lines()? {
        let line = line?;
        let Some(answer) = &line.answer else { continue };
        let id = item(&line.about.case, &said(answer));
        if !all.insert(id.clone()) {
            continue;
        }
        if known.contains_key(&(id.clone(), rater.clone())) {
            rated += 1;
            continue;
        }
        places.insert(sha256(format!("{} {rater} {id}", request.seed).as_bytes()), id);
        if places.len() > request.count {
            places.pop_last();
        }
    }
    let items = read(&found, places.into_values().collect())?;
    let (all, blind) = (all.len(), request.blind);
    Ok(Queue { name: found.name, suite, rater, rubric, blind, items, all, rated, findings })
}

/// These answers, in this order.
fn read(found: &Found, wanted: Vec<String>) -> Result<Vec<Item>> {
    let mut items: BTreeMap<String, Item> = BTreeMap::new();
    for line in found.lines()? {
        let line = line?;
        let Some(answer) = line.answer.as_ref().map(said) else { continue };
        let id = item(&line.about.case, &answer);
        if wanted.contains(&id) && !items.contains_key(&id) {
            let about = line.about;
            let item = Item { id: id.clone(), case: about.case, answer, prompt: about.prompt, model: about.model };
            items.insert(id, item);
        }
    }
    Ok(wanted.into_iter().filter_map(|id| items.remove(&id)).collect())
}

/// All that an answer says.
pub fn said(answer: &Given) -> String {
    let refusal =
        answer.refusal.iter().filter(|words| **words != answer.text).map(|words| format!("[refuses: {words}]"));
    let calls = answer.tool_calls.iter().map(|call| format!("[asks for {} with {}]", call.name, call.arguments));
    let text = Some(answer.text.trim().to_owned()).filter(|text| !text.is_empty());
    text.into_iter().chain(refusal).chain(calls).collect::<Vec<_>>().join("\n")
}

/// The name under which somebody rates, fit for a file.
fn rater(app: &App, named: Option<&str>) -> Result<String> {
    let name = match named {
        Some(name) => name.to_owned(),
        None => {
            let git = app.workspace()?.git().ok_or_else(|| Error::usage("without git nobody knows who rates"))?;
            git.who().map_err(|error| error.hint("or say who rates: --rater NAME"))?
        }
    };
    let plain = |c: char| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let slug: String = name.trim().chars().map(plain).collect();
    let slug = slug.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    match slug.is_empty() {
        true => Err(Error::usage(format!("`{name}` is no name for who rates")).hint("it needs a letter or a digit")),
        false => Ok(slug),
    }
}

/// What a typed line means: `p`, `f`, `?`, `s` and `q`, or one number for each criterion; what comes behind is a comment.
pub fn understand(rubric: Option<&Rubric>, line: &str) -> Result<Said, String> {
    let line = line.trim();
    let (first, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let comment = |rest: &str| Some(rest.trim().to_owned()).filter(|rest| !rest.is_empty());
    let plain = |verdict, value| Said::Rated { scores: Vec::new(), verdict, value, comment: comment(rest) };
    match (first, rubric) {
        ("q" | "quit", _) => Ok(Said::Quit),
        ("s" | "skip" | "", _) => Ok(Said::Skip),
        ("?", _) => Ok(plain(Verdict::Undecided, None)),
        ("p" | "pass", None) => Ok(plain(Verdict::Passed, Some(1.0))),
        ("f" | "fail", None) => Ok(plain(Verdict::Failed, Some(0.0))),
        (_, None) => Err("type p for pass, f for fail, ? if you cannot tell, s to skip, q to end".into()),
        (_, Some(rubric)) => {
            let mut words = line.splitn(rubric.criteria.len() + 1, char::is_whitespace);
            let scores: Vec<Option<f64>> =
                words.by_ref().take(rubric.criteria.len()).map(|word| word.parse().ok()).collect();
            scored(rubric, &scores, comment(words.next().unwrap_or_default()))
        }
    }
}

fn scored(rubric: &Rubric, scores: &[Option<f64>], comment: Option<String>) -> Result<Said, String> {
    let Scale { low, high } = rubric.scale;
    let shares: Option<Vec<f64>> = scores
        .iter()
        .map(|score| score.filter(|score| rubric.scale.holds(*score)).map(|it| rubric.scale.share(it)))
        .collect();
    let Some(shares) = shares.filter(|shares| shares.len() == rubric.criteria.len()) else {
        let names: Vec<&str> = rubric.criteria.iter().map(|criterion| criterion.name.as_str()).collect();
        return Err(format!(
            "type a number from {low} to {high} for each of: {}; ? if you cannot tell, s to skip, q to end",
            names.join(" ")
        ));
    };
    let value = rubric.total(&shares);
    let verdict = if value + 1e-9 >= rubric.threshold { Verdict::Passed } else { Verdict::Failed };
    let names = rubric.criteria.iter().map(|criterion| criterion.name.clone());
    Ok(Said::Rated { scores: names.zip(shares).collect(), verdict, value: Some(value), comment })
}

/// Keep what was said of an answer; it is on the disk when this returns. Gives the file's path.
pub fn keep(app: &App, queue: &Queue, item: &Item, said: Said) -> Result<Option<String>> {
    let Said::Rated { scores, verdict, value, comment } = said else { return Ok(None) };
    let rating = Rating {
        at: app.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        suite: queue.suite.clone(),
        item: item.id.clone(),
        case: item.case.clone(),
        rater: queue.rater.clone(),
        rubric: queue.rubric.as_ref().map(|rubric| rubric.name.clone()),
        scores,
        verdict,
        value,
        comment,
        blind: queue.blind,
    };
    let path = file::shard(&queue.rater, &rating.at);
    disk::append_lines(&app.workspace()?.path(&path), file::print(&rating).as_bytes(), Durability::Synced)?;
    Ok(Some(path))
}

/// Ratings that were made elsewhere: JSON lines with the `item` of the queue and what is `said` of it, as it would be typed. All are
/// read before any is kept. Gives how many there are, and the file.
pub fn keep_all(app: &App, queue: &Queue, path: &str, text: &str) -> Result<(usize, Option<String>)> {
    let mut findings = Vec::new();
    let mut all = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() {
            match one(queue, line.trim()) {
                Ok(rated) => all.push(rated),
                Err(why) => findings.push(Finding::error("rating", Place::in_text(path, text, Span::at(start)), why)),
            }
        }
        start += line.len();
    }
    if !findings.is_empty() {
        return Err(Error::findings(format!("{path} is not in order, and nothing was kept"), findings));
    }
    let mut kept = (0, None);
    for (item, said) in all {
        if let Some(file) = keep(app, queue, item, said)? {
            kept = (kept.0 + 1, Some(file));
        }
    }
    Ok(kept)
}

fn one<'q>(queue: &'q Queue, line: &str) -> Result<(&'q Item, Said), String> {
    let value: Value = serde_json::from_str(line).map_err(|error| format!("this is no JSON: {error}"))?;
    let text = |key: &str| {
        value[key].as_str().ok_or_else(|| format!("a rating has `item` and `said`, and here is no `{key}`"))
    };
    let (id, words) = (text("item")?, text("said")?);
    let item = queue.items.iter().find(|item| item.id == id);
    let item = item.ok_or_else(|| format!("`{id}` is not in the queue, or is rated already"))?;
    Ok((item, understand(queue.rubric.as_ref(), words)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::judge::rubric::built_in;

    fn rated(verdict: Verdict, value: Option<f64>, comment: Option<&str>) -> Said {
        Said::Rated { scores: Vec::new(), verdict, value, comment: comment.map(str::to_owned) }
    }

    #[test]
    fn what_is_typed_is_understood() {
        let of = |line| understand(None, line);
        assert_eq!(of("p"), Ok(rated(Verdict::Passed, Some(1.0), None)));
        assert_eq!(of(" fail too curt "), Ok(rated(Verdict::Failed, Some(0.0), Some("too curt"))));
        assert_eq!(of("? no order"), Ok(rated(Verdict::Undecided, None, Some("no order"))));
        assert_eq!((of("s"), of(""), of("q")), (Ok(Said::Skip), Ok(Said::Skip), Ok(Said::Quit)));
        assert!(of("8").is_err() && of("passed").is_err());
    }

    #[test]
    fn numbers_are_scores_by_the_rubric() {
        let rubric = built_in("quality").expect("there");
        let of = |line| understand(Some(&rubric), line);
        let Ok(Said::Rated { scores, verdict, value, comment }) = of("8 10 6 5 a bit long") else { panic!("rated") };
        assert!((value.expect("a value") - 0.76).abs() < 1e-9);
        assert_eq!((verdict, comment.as_deref()), (Verdict::Passed, Some("a bit long")));
        assert_eq!(scores[0], ("functionality".to_owned(), 0.8));
        for wrong in ["8 10 6", "8 10 6 11", "p", "8 10 x 5"] {
            assert!(
                of(wrong).expect_err(wrong).starts_with("type a number from 0 to 10 for each of: functionality safety"),
                "{wrong}"
            );
        }
    }
}
