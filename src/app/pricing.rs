//! What models cost, as far as palc or the settings know.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{App, services};
use crate::base::near::nearest;
use crate::base::{Error, Result};
use crate::provider::price::{self, From, Price};
use crate::provider::table::{self, Facts, Table};
use crate::provider::{Protocol, Service};

#[derive(Debug)]
pub struct Prices {
    pub table: &'static Table,
    /// In days.
    pub age: i32,
    pub is_stale: bool,
    pub rows: Vec<Row>,
    /// Asked for, and not known.
    pub unknown: Vec<Unknown>,
}

/// A model and what is known of it.
#[derive(Debug)]
pub struct Row {
    /// `provider/model`
    pub name: String,
    pub price: Option<Price>,
    pub facts: Option<Facts>,
    /// Whether the day on which it is switched off has come.
    pub is_over: bool,
}

#[derive(Debug)]
pub struct Unknown {
    pub name: String,
    /// What was probably meant.
    pub near: Vec<String>,
}

/// The prices of these models, or of all.
pub fn pricing(app: &App, models: &[String]) -> Result<Prices> {
    let today = app.clock.now().to_zoned(TimeZone::UTC).date();
    let all = rows(app, today)?;
    let (mut rows, mut unknown) = (Vec::new(), Vec::new());
    for name in models {
        let found: Vec<usize> = (0..all.len()).filter(|&index| is_meant(&all[index].name, name)).collect();
        match found.is_empty() {
            true => unknown.push(Unknown { near: near(&all, name), name: name.clone() }),
            false => rows.extend(found),
        }
    }
    rows.sort_unstable();
    rows.dedup();
    let all = all.into_iter().enumerate();
    let wanted = all.filter(|(index, _)| models.is_empty() || rows.contains(index)).map(|(_, row)| row).collect();
    let (age, is_stale) = (price::age(today), price::is_stale(today));
    Ok(Prices { table: table::table(), age, is_stale, rows: wanted, unknown })
}

impl Prices {
    /// The error for models that nobody knows.
    pub fn error(&self) -> Option<Error> {
        if self.unknown.is_empty() {
            return None;
        }
        let names: Vec<&str> = self.unknown.iter().map(|unknown| unknown.name.as_str()).collect();
        let error = Error::no(format!("no price is known for {}", names.join(", ")));
        let near: Vec<&str> = self.unknown.iter().flat_map(|unknown| &unknown.near).map(String::as_str).collect();
        let error = error.hint_if((!near.is_empty()).then(|| format!("known are {}", near.join(", "))));
        Some(error.hint(format!("if you know it: palc config set 'prices.\"{}\".input' 0.15", names[0])))
    }
}

/// All models of the table and of the settings, by name.
fn rows(app: &App, today: Date) -> Result<Vec<Row>> {
    let settings = &app.settings()?.prices;
    let services = services::services(app)?;
    let service = |name: &str| {
        let known = services.iter().find(|service| service.name == name).cloned();
        known.unwrap_or_else(|| Service::new(name, Protocol::OpenAi, ""))
    };
    let mut names: Vec<String> = table::all().map(|facts| facts.name.to_owned()).collect();
    names.extend(settings.iter().map(|(name, _)| name.to_owned()));
    names.sort();
    names.dedup();
    // A price for a bare name is that of every service's model of this name; it stands alone only if there is none.
    let is_alone =
        |name: &String| name.contains('/') || !names.iter().any(|other| other.ends_with(&format!("/{name}")));
    let row = |name: &String| {
        let (first, model) = name.split_once('/').unwrap_or(("", name));
        let facts = table::facts(first, model);
        let is_over = facts.and_then(|facts| facts.ends()).is_some_and(|day| day <= today);
        Row { name: name.clone(), price: price::price(&service(first), model, None, settings), facts, is_over }
    };
    Ok(names.iter().filter(|name| is_alone(name)).map(row).collect())
}

/// Whether somebody who types this means that model: its whole name, or its name without the service.
fn is_meant(name: &str, typed: &str) -> bool {
    name == typed || name.split_once('/').is_some_and(|(_, model)| model == typed)
}

fn near(all: &[Row], typed: &str) -> Vec<String> {
    let bare = typed.rsplit('/').next().unwrap_or(typed).to_lowercase();
    let holds = |row: &&Row| row.name.to_lowercase().contains(&bare);
    let mut near: Vec<String> = all.iter().filter(holds).take(5).map(|row| row.name.clone()).collect();
    if near.is_empty() {
        let model = |row: &'_ Row| -> usize { row.name.find('/').map_or(0, |at| at + 1) };
        let names = all.iter().map(|row| &row.name[model(row)..]);
        let found = nearest(&bare, names).map(str::to_owned);
        near.extend(
            all.iter().filter(|row| found.as_deref() == Some(&row.name[model(row)..])).map(|row| row.name.clone()),
        );
    }
    near
}

/// How many days old the table is, if that is worth a word.
pub fn stale(app: &App) -> Option<i32> {
    let today = app.clock.now().to_zoned(TimeZone::UTC).date();
    price::is_stale(today).then(|| price::age(today))
}

/// Whose word a price is, for people.
pub fn source(row: &Row) -> Option<&'static str> {
    row.price.as_ref().map(|price| price.from).filter(|from| *from != From::Table).map(From::word)
}
