//! The services that run models: which there are, whether they can be used, and whether they answer.

mod live;

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::keys::{self, Origin};
use super::models::locate;
use super::{App, services};
use crate::base::{Error, Result};
use crate::config::Key;
use crate::model::call::What;
use crate::provider::table::{self, Facts};
use crate::provider::{Capability, Service};

/// A service, and whether it can be used.
#[derive(Debug)]
pub struct Row {
    pub name: String,
    /// None if all that is known of it is not trusted.
    pub service: Option<Service>,
    pub state: State,
    /// Where its key comes from.
    pub key: Option<Origin>,
    /// Whether a setting names it.
    pub is_set: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It has what it needs.
    Configured,
    NoKey,
    /// The repository says something about it that its reader did not grant.
    Untrusted,
}

impl State {
    pub fn word(self) -> &'static str {
        match self {
            State::Configured => "configured",
            State::NoKey => "missing-key",
            State::Untrusted => "untrusted",
        }
    }
}

pub fn list(app: &App) -> Result<Vec<Row>> {
    let mut rows: Vec<Row> = Vec::new();
    for service in services::services(app)? {
        rows.push(row(app, service)?);
    }
    rows.extend(strangers(app, &rows)?);
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(rows)
}

fn row(app: &App, service: Service) -> Result<Row> {
    let key = keys::origins(app, &service)?.into_iter().next();
    let state = match () {
        () if services::untrusted(app, &service.name)?.is_some() => State::Untrusted,
        () if key.is_some() || service.key_variable.is_none() => State::Configured,
        () => State::NoKey,
    };
    let is_set = app.settings()?.providers.get(&service.name).is_some();
    Ok(Row { name: service.name.clone(), service: Some(service), state, key, is_set })
}

/// Services of which only the repository knows, and is not believed.
fn strangers(app: &App, known: &[Row]) -> Result<Vec<Row>> {
    let below = Key::new(["providers"]);
    let wants = &app.config()?.wants;
    let names = wants.withheld(&below).filter_map(|entry| entry.key.words().get(1));
    let mut names: Vec<&String> = names.filter(|name| known.iter().all(|row| row.name != **name)).collect();
    names.sort();
    names.dedup();
    let row =
        |name: &String| Row { name: name.clone(), service: None, state: State::Untrusted, key: None, is_set: true };
    Ok(names.into_iter().map(row).collect())
}

/// What a service can do beside answering, as far as its language and its own model tell.
pub fn abilities(service: &Service) -> Vec<&'static str> {
    let wire = service.protocol.wire();
    let can = Capability::of(service, service.model.as_deref().unwrap_or_default());
    let embeds = wire.embed("m", &["a".to_owned()], None, service).is_some();
    [(can.tools, "tools"), (can.structured_output, "schemas"), (embeds, "vectors")]
        .into_iter()
        .filter_map(|(can, word)| can.then_some(word))
        .collect()
}

/// How a service stood the test.
#[derive(Debug)]
pub struct Tested {
    pub name: String,
    pub notes: Vec<Note>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What was looked at: key, address, model, fallback, trust, answer.
    pub about: &'static str,
    pub verdict: Verdict,
    pub text: String,
    pub hint: Option<String>,
    /// What went wrong when it was asked.
    pub trouble: Option<What>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Good,
    Odd,
    Bad,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Good => "ok",
            Verdict::Odd => "odd",
            Verdict::Bad => "wrong",
        }
    }
}

impl Note {
    pub(super) fn new(about: &'static str, verdict: Verdict, text: impl Into<String>) -> Note {
        Note { about, verdict, text: text.into(), hint: None, trouble: None }
    }

    #[must_use]
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Note {
        self.hint = Some(hint.into());
        self
    }
}

impl Tested {
    pub fn verdict(&self) -> Verdict {
        self.notes.iter().map(|note| note.verdict).max().unwrap_or(Verdict::Good)
    }
}

/// Look at the configuration of these services, or of all that are configured or that a setting names; and ask them, if
/// that is wanted.
pub fn test(app: &App, names: &[String], live: bool) -> Result<Vec<Tested>> {
    let all = list(app)?;
    for name in names.iter().filter(|name| all.iter().all(|row| row.name != **name)) {
        services::service(app, name)?;
    }
    let is_meant = |row: &Row| match names.is_empty() {
        true => row.key.is_some() || row.is_set,
        false => names.contains(&row.name),
    };
    let one = |row: Row| {
        let mut notes = notes(app, &row)?;
        if let Some(service) = row.service.filter(|_| live && row.state == State::Configured) {
            notes.extend(live::notes(app, &service));
        }
        Ok(Tested { notes, name: row.name })
    };
    all.into_iter().filter(is_meant).map(one).collect()
}

fn notes(app: &App, row: &Row) -> Result<Vec<Note>> {
    let mut notes = Vec::new();
    if row.state == State::Untrusted {
        let text = "the repository sets what needs your trust, so it is not used";
        notes.push(Note::new("trust", Verdict::Bad, text).hint("`palc trust` shows it and asks"));
    }
    let Some(service) = &row.service else { return Ok(notes) };
    notes.push(key(row, service));
    notes.push(address(service));
    let today = app.clock.now().to_zoned(TimeZone::UTC).date();
    for name in [&service.model, &service.embedding_model].into_iter().flatten() {
        notes.push(model(service, name, today));
    }
    notes.extend(service.fallback.iter().map(|name| fallback(app, name)));
    Ok(notes)
}

fn key(row: &Row, service: &Service) -> Note {
    match (&row.key, &service.key_variable) {
        (Some(Origin::Environment(name)), _) => Note::new("key", Verdict::Good, format!("the key comes from ${name}")),
        (Some(Origin::Keyring), _) => Note::new("key", Verdict::Good, "the key comes from the keyring"),
        (Some(Origin::File(path)), _) => {
            Note::new("key", Verdict::Good, format!("the key comes from {}", path.display()))
        }
        (None, None) => Note::new("key", Verdict::Good, "it needs no key"),
        (None, Some(variable)) => Note::new("key", Verdict::Bad, "there is no key")
            .hint(format!("`palc auth set {}` keeps one, or set {variable}", row.name)),
    }
}

fn address(service: &Service) -> Note {
    let is_open = service.base_url.starts_with("http://") && !service.is_local();
    match is_open && service.key_variable.is_some() {
        true => Note::new("address", Verdict::Odd, format!("the key goes to {} unencrypted", service.base_url))
            .hint("an address with https:// keeps it from those on the way"),
        false => Note::new("address", Verdict::Good, format!("it is at {}", service.base_url)),
    }
}

fn model(service: &Service, name: &str, today: Date) -> Note {
    let ends = table::facts(&service.name, name).and_then(|facts: Facts| facts.ends());
    let soon = today.checked_add(90.days()).unwrap_or(today);
    match ends {
        Some(day) if day <= today => Note::new("model", Verdict::Bad, format!("{name} is switched off since {day}"))
            .hint(format!("palc config set providers.{}.model …", Key::new([&service.name]))),
        Some(day) if day <= soon => Note::new("model", Verdict::Odd, format!("{name} will be switched off on {day}")),
        _ => Note::new("model", Verdict::Good, format!("its model is {name}")),
    }
}

fn fallback(app: &App, name: &str) -> Note {
    let first = |error: &Error| error.hints().first().cloned().unwrap_or_default();
    match locate(app, name) {
        Ok(_) => Note::new("fallback", Verdict::Good, format!("{name} is asked in its place")),
        Err(error) => Note::new("fallback", Verdict::Bad, format!("{name} cannot be asked in its place: {error}"))
            .hint(first(&error)),
    }
}
