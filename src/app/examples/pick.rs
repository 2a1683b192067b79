//! The examples that a case would be shown.

use super::PickRequest;
use super::set::{self, Entry, Found};
use crate::app::App;
use crate::base::Result;
use crate::model::{Map, Value};
use crate::render::examples::{Case, Picked, Set};

#[derive(Debug)]
pub struct Chosen {
    pub found: Found,
    /// In the order of the set.
    pub picked: Vec<(Entry, Picked)>,
    /// How many there were to choose from, and those that ask what the case asks, which are never shown.
    pub all: usize,
    pub same: Vec<Entry>,
}

pub fn pick(app: &App, request: &PickRequest) -> Result<Chosen> {
    let found = set::existing(app, &request.set)?;
    let entries = set::read(&found)?;
    let examples = Set::new(entries.iter().map(|entry| entry.example.clone()).collect());
    let case = case(&request.case).without(&request.except);
    let picked = examples.pick(request.choice, &case).into_iter();
    Ok(Chosen {
        picked: picked.map(|picked| (entries[picked.at].clone(), picked)).collect(),
        all: entries.len(),
        same: examples.same(&case).into_iter().map(|at| entries[at].clone()).collect(),
        found,
    })
}

fn case(text: &str) -> Case {
    match serde_json::from_str(text) {
        Ok(Value::Object(map)) => Case::of_values(&Map::new(), &map),
        _ => Case::of_text(text),
    }
}
