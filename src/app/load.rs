//! One prompt, read and understood.

use crate::base::{Error, Finding, Result};
use crate::format::{Dialect, Document, naming, parse_with};
use crate::model::Prompt;
use crate::repo::{PromptFile, Source};

use super::App;

#[derive(Debug, Clone)]
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
    understand(source, file, &bytes)
}

/// As [`load`], with bytes that were read already.
pub fn understand(source: &Source<'_>, file: PromptFile, bytes: &[u8]) -> Result<Loaded> {
    let dialect = Dialect::of_path(&file.path);
    let beside_path = naming::sidecar_of(&file.path).unwrap_or_default();
    let beside = if beside_path.is_empty() { None } else { source.read(&beside_path)? };
    let unreadable =
        |path: &str, finding: Box<Finding>| Error::findings(format!("{path} cannot be read"), vec![*finding]);
    let beside = beside.as_deref().map(|bytes| Document::split(&beside_path, bytes, Dialect::Sidecar)).transpose();
    let beside = beside.map_err(|finding| unreadable(&beside_path, finding))?;
    let document = Document::split(&file.path, bytes, dialect).map_err(|finding| unreadable(&file.path, finding))?;
    let (dialect, text) = (document.dialect, document.text.to_owned());
    let parsed = parse_with(document, beside.as_ref());
    let (prompt, findings) = (parsed.prompt, parsed.findings);
    Ok(Loaded { file, dialect, text, prompt, findings })
}
