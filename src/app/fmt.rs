//! Bring prompt files into their canonical form.

use crate::base::{Finding, Result};
use crate::format::change::Files;
use crate::format::{Dialect, Document, fmt};
use crate::repo::{Source, listing};

use super::App;
use super::write::{Selection, Work, Written};

#[derive(Debug)]
pub struct Request {
    /// All prompts if none is named.
    pub prompts: Selection,
    /// Say what would change, and change nothing.
    pub check: bool,
}

/// What was or would be formatted, and what cannot be.
#[derive(Debug)]
pub struct Outcome {
    pub written: Written,
    pub refused: Vec<Finding>,
}

pub fn fmt(app: &App, request: &Request) -> Result<Outcome> {
    let settings = &app.settings()?.fmt;
    let style = fmt::Style {
        sort_keys: settings.sort_keys,
        trim_trailing_space: settings.trim_trailing_space,
        final_newline: settings.final_newline,
    };
    let mut work = Work::begin(app)?;
    let everything = request.prompts.names.is_empty() && request.prompts.conditions.is_empty();
    let files =
        if everything { listing::files(&Source::Worktree(work.workspace()))? } else { work.select(&request.prompts)? };
    let mut refused = Vec::new();
    // The form of other formats is their own programs' business.
    for file in files.iter().filter(|file| Dialect::of_path(&file.path) == Dialect::Native) {
        match work.open(file).and_then(|opened| Ok((formatted(&opened.files, style)?, opened))) {
            Ok((files, opened)) => work.save(&opened, &files),
            Err(error) if !error.places().is_empty() => refused.extend(error.places().iter().cloned()),
            Err(error) => return Err(error),
        }
    }
    Ok(Outcome { written: work.finish(request.check)?, refused })
}

fn formatted(files: &Files, style: fmt::Style) -> Result<Files> {
    let document = Document::split(&files.path, files.text.as_bytes(), files.dialect)
        .map_err(|finding| crate::base::Error::findings("it cannot be read", vec![*finding]))?;
    Ok(Files { text: fmt::format(&document, style)?, ..files.clone() })
}
