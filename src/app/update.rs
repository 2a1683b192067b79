//! Put another body into a prompt.

use crate::base::{Error, Result};
use crate::format::change::Files;
use crate::format::document::MAX_FILE;
use crate::format::{Document, edit};

use super::App;
use super::write::{Work, Written};

#[derive(Debug)]
pub struct Request {
    pub what: String,
    /// The new body, byte for byte.
    pub body: Vec<u8>,
    pub dry_run: bool,
}

pub fn update(app: &App, request: &Request) -> Result<Written> {
    let mut work = Work::begin(app)?;
    let opened = work.open(&work.one(&request.what)?)?;
    let body = text(&request.body)?;
    let files = with_body(&opened.files, body)?;
    work.save(&opened, &files);
    work.finish(request.dry_run)
}

/// What was given as a body, if it can be one.
pub fn text(bytes: &[u8]) -> Result<&str> {
    if bytes.len() > MAX_FILE {
        let size = bytes.len() as f64 / f64::from(1 << 20);
        return Err(Error::invalid(format!("the body has {size:.1} MiB; a prompt may have {}", MAX_FILE >> 20))
            .hint("put data into a dataset, and its place into a variable"));
    }
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        return Err(Error::invalid(format!("the body holds a NUL character at byte {at}")).hint("remove it"));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        Error::invalid(format!("the body is not UTF-8 at byte {}", error.valid_up_to())).hint("save it as UTF-8")
    })
}

pub fn with_body(files: &Files, body: &str) -> Result<Files> {
    let document = Document::split(&files.path, files.text.as_bytes(), files.dialect)
        .map_err(|finding| Error::findings(format!("{} cannot be read", files.path), vec![*finding]))?;
    Ok(Files { text: edit::replace_body(&document, body)?, ..files.clone() })
}
