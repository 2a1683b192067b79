//! One prompt, read and understood.

use crate::base::{Error, Finding, Result};
use crate::format::{Dialect, Document, parse};
use crate::model::Prompt;
use crate::repo::{PromptFile, Source};

use super::App;

#[derive(Debug)]
pub struct Loaded {
    pub file: PromptFile,
    pub dialect: Dialect,
    pub text: String,
    pub prompt: Prompt,
    /// What is wrong with the file; the prompt holds whatever could be read.
    pub findings: Vec<Finding>,
}

/// Read a prompt that must be there. A file that no editor shows as text is an error; anything less is a finding.
pub fn load(app: &App, source: &Source<'_>, file: PromptFile) -> Result<Loaded> {
    let bytes = app.read(source, &file.path)?;
    let dialect = Dialect::of_path(&file.path);
    let document = Document::split(&file.path, &bytes, dialect)
        .map_err(|finding| Error::findings(format!("{} cannot be read", file.path), vec![*finding]))?;
    let text = document.text.to_owned();
    let parsed = parse(document);
    let (prompt, findings) = (parsed.prompt, parsed.findings);
    Ok(Loaded { file, dialect, text, prompt, findings })
}
