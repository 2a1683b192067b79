//! What search by meaning works with.

use super::Note;
use crate::app::App;
use crate::app::search::embedders::opened;
use crate::base::Error;
use crate::search::meaning::Embedder;

pub(super) fn notes(app: &App) -> Vec<Note> {
    let opened = opened(app, &app.own_settings().search);
    let using = match opened.embedder {
        Some(embedder) => Note::fine(format!("search by meaning uses {}", described(&*embedder))),
        None => Note::fine("search goes by words alone, as search.embedder says"),
    };
    opened.instead.as_ref().map(missing).into_iter().chain([using]).collect()
}

fn described(embedder: &dyn Embedder) -> String {
    let model = embedder.model();
    format!("the vectors of {}, {} numbers each", model.name, model.dimensions)
}

/// What keeps the model that the settings name from working.
fn missing(error: &Error) -> Note {
    let text = std::iter::once(error.message().to_owned()).chain(error.causes()).collect::<Vec<_>>().join(": ");
    let hint = error.hints().first().cloned();
    Note::wrong(text, hint.unwrap_or_else(|| "choose another model: palc config set search.embedder …".into()))
}
