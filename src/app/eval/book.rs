//! What a run of a suite pays for: answers go to the store, and what is on its way stands in a journal, so that a run
//! that was killed can say what may have been paid for.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;

use serde_json::json;

use super::store::Store;
use crate::app::models::Keep;
use crate::base::Result;
use crate::base::disk::{self, Durability};
use crate::model::Value;
use crate::model::engine::{Answered, Outcome};

pub const JOURNAL: &str = "journal.jsonl";

pub struct Book {
    store: Rc<RefCell<Store>>,
    journal: std::path::PathBuf,
}

impl Book {
    pub fn new(store: Rc<RefCell<Store>>, folder: &Path) -> Book {
        Book { store, journal: folder.join(JOURNAL) }
    }

    fn line(&self, value: &Value) -> Result<()> {
        disk::append_lines(&self.journal, format!("{value}\n").as_bytes(), Durability::Eventual)
    }
}

/// The key stands behind the last blank of a ticket.
pub fn key(ticket: &str) -> &str {
    ticket.rsplit(' ').next().unwrap_or(ticket)
}

/// Calls of earlier runs that were sent and never heard of.
pub fn doubtful(folder: &Path, store: &Store) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join(JOURNAL)).unwrap_or_default();
    let mut open = BTreeSet::new();
    for line in text.lines() {
        let Ok(value) = serde_json::from_str::<Value>(line) else { continue };
        let Some(ticket) = value["ticket"].as_str() else { continue };
        match value["line"].as_str() {
            Some("intent") => open.insert(ticket.to_owned()),
            Some("failed") => open.remove(ticket),
            _ => false,
        };
    }
    open.into_iter().filter(|ticket| !store.has(key(ticket))).collect()
}

impl Keep for Book {
    /// What is known was taken before anything was asked.
    fn answer(&self, _: &str, _: &str) -> Option<Answered> {
        None
    }

    fn intend(&mut self, ticket: &str, _: &str) -> Result<()> {
        self.line(&json!({"line": "intent", "ticket": ticket}))
    }

    fn end(&mut self, ticket: &str, _: &str, outcome: &Outcome) -> Result<()> {
        match outcome {
            Ok(answered) => self.store.borrow_mut().add(key(ticket), answered),
            Err(trouble) => self.line(&json!({"line": "failed", "ticket": ticket, "message": trouble.message})),
        }
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }

    fn sync(&mut self) -> Result<()> {
        self.store.borrow_mut().sync()
    }
}
