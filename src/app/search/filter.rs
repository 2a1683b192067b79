//! Which documents may be hits by what is known of them beside their words.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use crate::app::filter::{Condition, Globs};
use crate::app::list::{self, Listed};
use crate::app::{App, log};
use crate::base::{Finding, Result};
use crate::format::Dialect;
use crate::format::card::{self, Card};
use crate::git::Time;
use crate::repo::{History, PromptFile};
use crate::search::index::Bits;

use super::Request;
use super::place::Place;

/// Keep the documents that fulfil every condition. Files that could not be read for it are said.
pub fn keep(app: &App, request: &Request, place: &Place<'_>, rows: &mut Bits) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    if !request.names.is_empty() || !request.conditions.is_empty() {
        findings =
            if place.is_past() { keep_past(request, place, rows)? } else { keep_listed(app, request, place, rows)? };
    }
    if request.since.is_some() || request.until.is_some() {
        findings.extend(keep_changed(app, request, place, rows)?);
    }
    Ok(findings)
}

/// Of a work tree or revision, the cards of all prompts are known.
fn keep_listed(app: &App, request: &Request, place: &Place<'_>, rows: &mut Bits) -> Result<Vec<Finding>> {
    let wanted = list::Request {
        names: request.names.clone(),
        conditions: request.conditions.clone(),
        revision: request.revision.clone(),
    };
    let listed = list::list_as(app, &wanted, |listed| listed.file.path)?;
    let paths: HashSet<String> = listed.prompts.into_iter().collect();
    *rows = rows.iter().filter(|&row| paths.contains(place.current.index.rows.path(row))).collect();
    Ok(listed.findings)
}

/// Of the past, every content is read for its card.
fn keep_past(request: &Request, place: &Place<'_>, rows: &mut Bits) -> Result<Vec<Finding>> {
    let globs = Globs::new(&request.names)?;
    let all: Vec<u32> = rows.iter().collect();
    let fulfils = |&row: &u32| -> Result<Option<u32>> {
        let path = place.current.index.rows.path(row);
        let Some(file) = PromptFile::at(place.workspace(), path).filter(|file| globs.matches(&file.name)) else {
            return Ok(None);
        };
        if request.conditions.is_empty() {
            return Ok(Some(row));
        }
        let Some(bytes) = place.text(row)? else { return Ok(None) };
        let dialect = Dialect::of_path(path);
        let deep = request.conditions.iter().any(Condition::is_deep);
        let front = if deep {
            serde_json::from_slice(&card::front(&bytes, dialect)).unwrap_or_default()
        } else {
            Default::default()
        };
        let listed = Listed { file, card: Card::of(&bytes, dialect), front };
        Ok(request.conditions.iter().all(|condition| condition.holds(&listed)).then_some(row))
    };
    let kept: Vec<Option<u32>> = all.par_iter().map(fulfils).collect::<Result<_>>()?;
    *rows = kept.into_iter().flatten().collect();
    Ok(Vec::new())
}

/// By the commit that changed the prompt last; what is not committed changes now.
fn keep_changed(app: &App, request: &Request, place: &Place<'_>, rows: &mut Bits) -> Result<Vec<Finding>> {
    let now = app.clock.now();
    let moment = |text: &Option<String>| text.as_deref().map(|text| Time::parse(text, now)).transpose();
    let (since, until) = (moment(&request.since)?, moment(&request.until)?);
    let fits = |time: i64| since.is_none_or(|since| time >= since) && until.is_none_or(|until| time <= until);
    let index = &place.current.index;
    if place.is_past() {
        *rows = rows.iter().filter(|&row| place.time(row).is_some_and(fits)).collect();
        return Ok(Vec::new());
    }
    let history = History::open(place.workspace(), request.revision.as_deref())?;
    let changed = |(path, blob, time): &(String, String, i64)| ((path.clone(), blob.clone()), *time);
    let last: Vec<(String, String, i64)> = history
        .prompts()?
        .into_iter()
        .filter(|prompt| prompt.alive)
        .filter_map(|prompt| {
            prompt.versions.last().map(|last| (prompt.path.clone(), last.blob.clone(), last.time.seconds))
        })
        .collect();
    let last: HashMap<(String, String), i64> = last.iter().map(changed).collect();
    let time = |row: u32| {
        let key = (index.rows.path(row).to_owned(), index.rows.blob(row).to_string());
        last.get(&key).copied().unwrap_or_else(|| now.as_second())
    };
    *rows = rows.iter().filter(|&row| fits(time(row))).collect();
    Ok(log::caveats(&history))
}
