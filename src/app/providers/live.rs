//! Ask a service whether it answers: for its list of models, for a word, for a vector.

use super::{Note, Verdict};
use crate::app::App;
use crate::app::models::{How, Models, plain};
use crate::base::near::did_you_mean;
use crate::model::call::{Call, Message, Role, What};
use crate::model::engine::Ask;
use crate::model::{Map, Trouble};
use crate::provider::{Listed, Service};

pub(super) fn notes(app: &App, service: &Service) -> Vec<Note> {
    let mut notes = Vec::new();
    match plain::listed(app, service) {
        Ok(models) => notes.extend(of_list(service, &models)),
        Err(trouble) => {
            let is_over = matches!(trouble.what, What::Auth | What::Network | What::Timeout | What::Refused);
            notes.push(bad("answer", service, &trouble, "its list of models"));
            // Whoever is not there, or does not know the key, answers nothing else either.
            if is_over {
                return notes;
            }
        }
    }
    notes.extend(service.model.as_ref().map(|model| answer(app, service, model)));
    notes.extend(service.embedding_model.as_ref().map(|model| vector(app, service, model)));
    notes
}

fn of_list(service: &Service, models: &[Listed]) -> Vec<Note> {
    let names: Vec<&str> = models.iter().map(|model| model.name.as_str()).collect();
    let mut notes = vec![Note::new("answer", Verdict::Good, format!("it answers, and lists {} models", names.len()))];
    // A tag after the name is the service's business.
    let is_listed = |wanted: &str| names.iter().any(|name| *name == wanted || name.split(':').next() == Some(wanted));
    for wanted in [&service.model, &service.embedding_model].into_iter().flatten() {
        if !names.is_empty() && !is_listed(wanted) {
            let note = Note::new("model", Verdict::Odd, format!("{wanted} is not among the models it lists"));
            let near = did_you_mean(wanted, names.iter().copied());
            notes.push(note.hint(near.unwrap_or_else(|| format!("`palc models {}` lists them", service.name))));
        }
    }
    notes
}

fn answer(app: &App, service: &Service, model: &str) -> Note {
    let params = Map::from_iter([("max_tokens".to_owned(), 16.into())]);
    let messages = vec![Message::new(Role::User, "Answer with the word ok.")];
    let call = Call { service: service.name.clone(), model: model.to_owned(), messages, params, ..Call::default() };
    let ask = Ask { ticket: "test".into(), call, purpose: "test" };
    let models = match Models::open(app, &How { cache: Some(false), ..How::default() }) {
        Ok(models) => models,
        Err(error) => return Note::new("answer", Verdict::Bad, error.message()),
    };
    match models.ask(&ask, &mut |_| {}) {
        Ok(answered) => {
            let cost = answered.cost.map_or("for a cost nobody knows".to_owned(), |cost| format!("for {cost}"));
            Note::new("answer", Verdict::Good, format!("{model} answered {cost}"))
        }
        Err(trouble) => bad("answer", service, &trouble, model),
    }
}

fn vector(app: &App, service: &Service, model: &str) -> Note {
    match plain::vectors(app, service, model, &["ok".to_owned()]) {
        Ok(Some(made)) => {
            let size = made.vectors.first().map_or(0, Vec::len);
            Note::new("vectors", Verdict::Good, format!("{model} makes vectors of {size} numbers"))
        }
        Ok(None) => Note::new("vectors", Verdict::Bad, "it makes no vectors"),
        Err(trouble) => bad("vectors", service, &trouble, model),
    }
}

/// What was asked for did not come: who or what is to blame, told apart.
fn bad(about: &'static str, service: &Service, trouble: &Trouble, what: &str) -> Note {
    let name = &service.name;
    let status = trouble.status.map_or(String::new(), |status| format!(" (status {status})"));
    let (verdict, hint) = match trouble.what {
        What::Network | What::Timeout => {
            ("it is down, or not there", format!("it is looked for at {}", service.base_url))
        }
        What::Server | What::Overloaded => ("it is in trouble", "try again later".into()),
        What::Auth => ("it does not know the key", format!("`palc auth set {name}` keeps another one")),
        What::Permission => ("the key may not do this", "the service's own settings say what it may".into()),
        What::NotFound => {
            ("it has no such model, or nothing at this address", format!("`palc models {name}` lists its models"))
        }
        What::Quota | What::RateLimited => {
            ("it takes no more for now", "its own settings say what may be spent".into())
        }
        _ => ("it did not answer as it should", format!("providers.{name}.protocol says how it is spoken to")),
    };
    let note = Note::new(about, Verdict::Bad, format!("{verdict}: {what}: {}{status}", trouble.message)).hint(hint);
    Note { trouble: Some(trouble.what), ..note }
}
