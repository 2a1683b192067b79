//! What may stand where somebody is typing. Wrong settings and broken repositories only mean fewer answers.

use super::App;
use crate::config::settings::Vocabularies;
use crate::config::{Key, keys};
use crate::repo::{Source, listing};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub text: String,
    pub help: Option<String>,
}

impl Candidate {
    fn plain(text: impl Into<String>) -> Self {
        Candidate { text: text.into(), help: None }
    }
}

/// The names of all prompts; no file is opened for them.
pub fn prompts(app: &App) -> Vec<Candidate> {
    let files =
        app.place().and_then(|workspace| Source::at(workspace, None)).and_then(|source| listing::files(&source));
    files.unwrap_or_default().iter().map(|file| Candidate::plain(file.name.as_str())).collect()
}

/// The keys that exist, and those that are set where any word may stand.
pub fn keys(app: &App) -> Vec<Candidate> {
    let known = keys::rows().iter().filter(|row| !row.name.contains('<'));
    let known = known.map(|row| Candidate { text: row.name.to_string(), help: Some(row.doc.to_owned()) });
    let everything = Key::default();
    let set = app.config().map(|config| config.entries(&everything).map(|entry| entry.key.to_string()).collect());
    let set: Vec<String> = set.unwrap_or_default();
    let open = set.into_iter().filter(|key| keys::rows().iter().all(|row| row.name != *key));
    known.chain(open.map(Candidate::plain)).collect()
}

pub fn profiles(app: &App) -> Vec<Candidate> {
    let profiles = app.config().map(|config| config.profiles.clone());
    profiles.unwrap_or_default().into_iter().map(Candidate::plain).collect()
}

/// Sets of examples.
pub fn sets(app: &App) -> Vec<Candidate> {
    super::examples::names(app).unwrap_or_default().into_iter().map(Candidate::plain).collect()
}

pub fn vocabularies(_app: &App) -> Vec<Candidate> {
    Vocabularies::NAMES.iter().map(|name| Candidate::plain(*name)).collect()
}
