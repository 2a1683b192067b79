//! The labels of prompts: `labels.yaml` of a work tree or of a revision.

use crate::base::near::did_you_mean;
use crate::base::{Error, Result};
use crate::format::labels;
use crate::model::{Labels, Pin};

use super::Source;

/// The file's text; empty where there is none.
pub fn text(source: &Source<'_>) -> Result<String> {
    labels::utf8(source.workspace().layout().labels(), &bytes(source)?).map(str::to_owned)
}

fn bytes(source: &Source<'_>) -> Result<Vec<u8>> {
    Ok(source.read(source.workspace().layout().labels())?.unwrap_or_default())
}

/// Everything the file says, which must be in order.
pub fn open(source: &Source<'_>) -> Result<Labels> {
    labels::read(source.workspace().layout().labels(), &text(source)?).strict()
}

/// What the file says of one prompt: so much is quick for a hundred thousand.
pub fn of(source: &Source<'_>, id: &str) -> Result<Labels> {
    labels::find(source.workspace().layout().labels(), &bytes(source)?, id)
}

/// What a label of a prompt means, if the prompt has it. A version that is switched off serves under no label.
pub fn lookup(source: &Source<'_>, id: &str, label: &str) -> Result<Option<Pin>> {
    let labels = of(source, id)?;
    let Some(pin) = labels.pin(id, label) else { return Ok(None) };
    if labels.off(id).contains(pin) {
        let message = format!("`{label}` means version {} of {id}, which is switched off", pin.version);
        return Err(Error::no(message)
            .hint(format!("put the label on another version: palc label move {label} {id}@…"))
            .hint(format!("or switch it on again: palc activate {id}@{}", pin.version)));
    }
    Ok(Some(pin.clone()))
}

/// What to say to somebody who named a label that a prompt does not have.
pub fn suggestion(source: &Source<'_>, id: &str, label: &str) -> Option<String> {
    let labels = of(source, id).ok()?;
    let known: Vec<&str> = labels.of(id).map(|(label, _)| label).collect();
    let has = (!known.is_empty()).then(|| format!("its labels are {}", known.join(", ")));
    did_you_mean(label, known.iter().copied()).or(has)
}
