//! The cases of a suite, one at a time: those in its file first, then the rows of its data.

use std::collections::HashSet;
use std::fs::File;
use std::path::Path;

use super::suites::beside;
use crate::app::App;
use crate::app::given;
use crate::base::hash::sha256;
use crate::base::{Error, Finding, Place, Result, disk};
use crate::eval::split::{self, Member, Splits};
use crate::format::suite::id_of;
use crate::model::suite::{Case, Suite};
use crate::model::{Map, Value};
use crate::render::dataset::{Row, Rows};

/// Which cases are wanted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wanted {
    /// Ids, each with `*` for anything.
    pub ids: Vec<String>,
    pub tags: Vec<String>,
    pub splits: Vec<String>,
    pub first: Option<u64>,
    /// So many, chosen by their ids: the same ones every time.
    pub sample: Option<u64>,
    pub shard: Option<(u32, u32)>,
    /// Only these, as an earlier run says it.
    pub only: Option<HashSet<String>>,
}

impl Wanted {
    /// In the words of the command, for the manifest.
    pub fn words(&self) -> String {
        let mut words = Vec::new();
        words.extend(self.ids.iter().map(|id| format!("--case {id}")));
        words.extend(self.tags.iter().map(|tag| format!("--tag {tag}")));
        words.extend(self.splits.iter().map(|split| format!("--split {split}")));
        words.extend(self.first.map(|first| format!("--first {first}")));
        words.extend(self.sample.map(|sample| format!("--sample {sample}")));
        words.extend(self.only.as_ref().map(|_| "--retry-errors".to_owned()));
        words.join(" ")
    }

    fn takes(&self, case: &Case) -> bool {
        let matches =
            |pattern: &String| globset::Glob::new(pattern).is_ok_and(|it| it.compile_matcher().is_match(&case.id));
        (self.ids.is_empty() || self.ids.iter().any(matches))
            && (self.tags.is_empty() || self.tags.iter().any(|tag| case.tags.contains(tag)))
            && (self.splits.is_empty() || case.split.as_ref().is_some_and(|split| self.splits.contains(split)))
            && self.shard.is_none_or(|(share, of)| place(&case.id) % u64::from(of) == u64::from(share - 1))
            && self.only.as_ref().is_none_or(|only| only.contains(&case.id))
    }
}

/// A number that hangs on the id alone.
fn place(id: &str) -> u64 {
    u64::from_str_radix(&sha256(id.as_bytes())[..15], 16).expect("a hash is digits")
}

type Cases<'a> = Box<dyn Iterator<Item = Result<Case>> + 'a>;

/// All cases of a suite, whatever is wanted of them; each with its split, if the suite has any.
pub fn all<'a>(app: &'a App, suite: &'a Suite) -> Result<Cases<'a>> {
    if suite.splits.is_empty() {
        return written(app, suite);
    }
    let splits = splits(app, suite)?;
    let placed = move |case: Case| Case { split: splits.of.get(&case.id).cloned(), ..case };
    Ok(Box::new(written(app, suite)?.map(move |case| case.map(&placed))))
}

/// Which case is in which split. All of them are read for this.
pub fn splits(app: &App, suite: &Suite) -> Result<Splits> {
    let mut members = Vec::new();
    for case in written(app, suite)? {
        let case = case?;
        members.push(Member { text: split::text(&case.vars), id: case.id, said: case.split });
    }
    Ok(split::assign(&members, &suite.splits))
}

/// As they are written.
fn written<'a>(app: &'a App, suite: &'a Suite) -> Result<Cases<'a>> {
    let mut seen: HashSet<u64> = suite.cases.iter().map(|case| place(&case.id)).collect();
    let written = suite.cases.iter().cloned().map(Ok);
    let mut data: Vec<(String, Rows<'a>)> = Vec::new();
    for dataset in &suite.datasets {
        let named = |error: Error| {
            Error::findings(
                format!("{} cannot be run", suite.path),
                vec![Finding::error("suite", dataset.place.clone(), error.message().to_owned())],
            )
        };
        let path = beside(&suite.path, &dataset.it).map_err(named)?;
        let rows = rows(app, &path).map_err(named)?;
        data.push((path, rows));
    }
    let rows = data.into_iter().flat_map(|(path, rows)| rows.map(move |row| row.map(|row| (path.clone(), row))));
    let rows = rows.map(move |row| {
        let (path, row) = row?;
        let case = of_row(&path, row, suite)?;
        match seen.insert(place(&case.id)) {
            true => Ok(case),
            false => {
                let id = &case.id;
                let finding = Finding::error("suite", case.place.clone(), format!("the case `{id}` is there twice"));
                Err(Error::findings(
                    format!("{path} is not in order"),
                    vec![finding.hint("rows without a column `id` are named by their values: take the second one out")],
                ))
            }
        }
    });
    Ok(Box::new(written.chain(rows)))
}

fn rows<'a>(app: &App, path: &str) -> Result<Rows<'a>> {
    let file = disk::resolve_beneath(app.workspace()?.root(), Path::new(path))?;
    let file = File::open(file).map_err(|error| given::unreadable(Path::new(path), error))?;
    given::format(Path::new(path))?.rows(path, file)
}

/// Columns are variables. `id`, `tags` and `split` say more about the case as well.
fn of_row(path: &str, row: Row, suite: &Suite) -> Result<Case> {
    let place = Place { path: path.to_owned(), line: row.line as u32, column: 1, ..Place::default() };
    let word = |name: &str| row.values.get(name).and_then(text).filter(|text| !text.is_empty());
    let split = word("split");
    if let Some(split) = split.as_ref().filter(|split| !suite.splits.iter().any(|(name, _)| name == *split)) {
        let known: Vec<&str> = suite.splits.iter().map(|(name, _)| name.as_str()).collect();
        // Without splits in the suite, a column of that name is a variable like any other.
        if !known.is_empty() {
            let finding = Finding::error("suite", place, format!("`{split}` is not one of the suite's splits"));
            return Err(Error::findings(format!("{path} is not in order"), vec![finding]));
        }
    }
    let tags = match row.values.get("tags") {
        Some(Value::Array(tags)) => tags.iter().filter_map(text).collect(),
        Some(Value::String(tags)) => {
            tags.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect()
        }
        _ => Vec::new(),
    };
    Ok(Case {
        id: word("id").unwrap_or_else(|| id_of(&row.values)),
        description: word("description"),
        split: split.filter(|_| !suite.splits.is_empty()),
        tags,
        vars: row.values,
        checks: Vec::new(),
        place,
    })
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Only those that are wanted.
pub fn wanted<'a>(app: &'a App, suite: &'a Suite, wanted: &'a Wanted) -> Result<Cases<'a>> {
    let taken = |case: &Result<Case>| case.as_ref().map_or(true, |case| wanted.takes(case));
    let cases = all(app, suite)?.filter(taken);
    let Some(count) = wanted.sample else {
        let first = wanted.first.map_or(usize::MAX, |first| first as usize);
        return Ok(Box::new(cases.take(first)));
    };
    // The ids with the lowest numbers: the choice stays when cases come or go elsewhere.
    let mut places = Vec::new();
    for case in cases {
        places.push(place(&case?.id));
    }
    places.sort_unstable();
    places.truncate(count as usize);
    let chosen: HashSet<u64> = places.into_iter().collect();
    let chosen = move |case: &Result<Case>| case.as_ref().map_or(true, |case| chosen.contains(&place(&case.id)));
    Ok(Box::new(all(app, suite)?.filter(taken).filter(chosen)))
}

/// The variables of a case: those of the suite, then its own.
pub fn vars(suite: &Suite, case: &Case) -> Map {
    suite.vars.clone().into_iter().chain(case.vars.clone()).collect()
}
