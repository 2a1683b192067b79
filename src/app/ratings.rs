//! Ratings of people, as they stand in the repository.

use std::collections::BTreeMap;

use crate::base::{Finding, Place, Result, Span, disk};
use crate::format::rating::{self, FOLDER};
use crate::model::rating::Rating;

use super::App;

/// By answer and rater.
pub type Ratings = BTreeMap<(String, String), Rating>;

/// The last word of each rater about each answer of a suite, by answer and rater; and lines that are no events.
pub fn of_suite(app: &App, suite: &str) -> Result<(Ratings, Vec<Finding>)> {
    let workspace = app.workspace()?;
    let mut last = Ratings::new();
    let mut findings = Vec::new();
    let listing = disk::walk(workspace.root(), &[FOLDER], &|path| path.ends_with(".jsonl"))?;
    for entry in listing.entries {
        let bytes = disk::read(&workspace.path(&entry.path))?.bytes;
        let text = String::from_utf8_lossy(&bytes);
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            match rating::read(line.trim()) {
                _ if line.trim().is_empty() => {}
                Ok(None) => {}
                Ok(Some(rating)) if rating.suite == suite => {
                    let key = (rating.item.clone(), rating.rater.clone());
                    let known = last.entry(key).or_insert_with(|| rating.clone());
                    // Union merges put lines in any order: the moment decides, and of two at one moment the later line.
                    if known.at <= rating.at {
                        *known = rating;
                    }
                }
                Ok(Some(_)) => {}
                Err(why) => {
                    let place = Place::in_text(&entry.path, &text, Span::at(start));
                    findings.push(Finding::warning("event", place, why));
                }
            }
            start += line.len();
        }
    }
    Ok((last, findings))
}
