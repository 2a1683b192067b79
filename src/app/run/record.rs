//! The record of a run: one JSON line for each answer, with the request that was sent, what came back and what it cost.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::app::models::kept;
use crate::base::Result;
use crate::base::disk::{self, Durability};
use crate::base::secret::redact;
use crate::model::Value;
use crate::provider::stack::Attempt;
use crate::provider::table;

use super::Ran;

pub struct Record {
    path: PathBuf,
    pending: String,
}

impl Record {
    pub fn new(folder: &Path) -> Record {
        Record { path: folder.join("calls.jsonl"), pending: String::new() }
    }

    pub fn add(&mut self, ran: &Ran) {
        self.pending += &redact(&line(ran).to_string());
        self.pending.push('\n');
    }

    pub fn flush(&mut self) -> Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        disk::append_lines(&self.path, self.pending.as_bytes(), Durability::Eventual)?;
        self.pending.clear();
        Ok(())
    }
}

fn line(ran: &Ran) -> Value {
    let Ran { about, done, checked, .. } = ran;
    let answered = done.outcome.as_ref().ok();
    let trouble = done.outcome.as_ref().err();
    json!({
        "answered": answered.map(kept::answered),
        "attempts": done.attempts.iter().map(attempt).collect::<Vec<_>>(),
        "blob": about.blob.to_string(),
        "fingerprint": about.fingerprint,
        "id": about.id,
        "inputs": about.inputs,
        "model": about.model,
        "name": about.name,
        "notes": done.notes,
        "path": about.path,
        "prices": table::table().hash,
        "request": done.exchange.as_ref().map(|exchange| exchange.request.value()),
        "row": about.row.map(|(row, _)| row),
        "ticket": about.ticket,
        "trouble": trouble.map(|trouble| json!({"message": trouble.message, "what": trouble.what.word()})),
        "valid": checked.as_ref().map(|checked| checked.findings.is_empty()),
    })
}

fn attempt(attempt: &Attempt) -> Value {
    let trouble = attempt.trouble.as_ref();
    json!({
        "message": trouble.map(|trouble| &trouble.message),
        "model": attempt.model,
        "request_id": trouble.and_then(|trouble| trouble.request_id.as_ref()),
        "status": trouble.and_then(|trouble| trouble.status),
        "trouble": trouble.map(|trouble| trouble.what.word()),
    })
}
