//! Files that the author gives with an idea.

use std::collections::BTreeMap;

use crate::base::hash::BlobId;
use crate::base::{Error, Result, disk};
use crate::format::session::Reference;
use crate::generate::plan::Passage;
use crate::render::tokens::Counter;

use super::earlier::content;
use crate::app::App;

/// Contents by git's id of them.
pub type Contents = BTreeMap<String, Vec<u8>>;

/// The files as they are now. One outside the repository goes by its name alone.
pub fn references(app: &App, typed: &[String], contents: &mut Contents) -> Result<Vec<Reference>> {
    let mut reference = |typed: &String| {
        let full = app.env.folder().join(typed);
        let bytes = disk::read(&full)?.bytes;
        if std::str::from_utf8(&bytes).is_err() || bytes.contains(&0) {
            return Err(Error::invalid(format!("{typed} is no text, so it cannot be shown to a model")));
        }
        let workspace = app.workspace()?;
        let name = || full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let path = workspace.relative(app.env.folder(), typed).unwrap_or_else(|_| name());
        let blob = BlobId::of(&bytes).to_string();
        contents.insert(blob.clone(), bytes);
        Ok(Reference { path, blob })
    };
    typed.iter().map(&mut reference).collect()
}

/// The texts of the files, within what is allowed.
pub fn passages(app: &App, references: &[Reference], contents: &Contents, model: &str) -> Result<Vec<Passage>> {
    let passage = |reference: &Reference| {
        let known = contents.get(&reference.blob).cloned();
        let found = known.map_or_else(|| content(app, &reference.path, &reference.blob), |bytes| Ok(Some(bytes)));
        let bytes = found?.ok_or_else(|| {
            Error::invalid(format!("{} is not what it was, and its earlier content is gone", reference.path))
                .hint("commit context files, and a session can always be made again")
        })?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Passage { name: reference.path.clone(), text })
    };
    let passages: Vec<Passage> = references.iter().map(passage).collect::<Result<_>>()?;
    let most = app.settings()?.generation.context_tokens as usize;
    let counter = Counter::of(model);
    let counts: Vec<usize> = passages.iter().map(|passage| counter.count(&passage.text).tokens).collect();
    let sum: usize = counts.iter().sum();
    if sum <= most {
        return Ok(passages);
    }
    let each = passages.iter().zip(&counts).map(|(passage, count)| format!("{} has {count}", passage.name));
    Err(Error::invalid(format!("the context has {sum} tokens, and {most} are allowed"))
        .hint(each.collect::<Vec<_>>().join(", "))
        .hint("leave something out, or raise `generation.context_tokens`"))
}
