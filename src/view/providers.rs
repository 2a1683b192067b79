//! Services and how they stand. Never a key.

use schemars::JsonSchema;
use serde::Serialize;

use super::auth::{OriginV1, place};
use super::paint::{Paint, printable};
use super::table;
use crate::app::providers::{Note, Row, State, Tested, Verdict, abilities};
use crate::model::call::What;

pub fn table(rows: &[Row], paint: Paint) -> String {
    let head = ["PROVIDER", "STATE", "KEY", "MODEL", "PROTOCOL", "ADDRESS", "CAN"];
    let mut lines: Vec<Vec<String>> = vec![head.iter().map(|word| paint.dim(word)).collect()];
    lines.extend(rows.iter().map(|row| line(row, paint)));
    table::columns(&lines, None)
}

fn line(row: &Row, paint: Paint) -> Vec<String> {
    let state = match row.state {
        State::Configured => paint.green("configured"),
        State::NoKey => paint.dim("no key"),
        State::Untrusted => paint.red("not trusted"),
    };
    let Some(service) = &row.service else { return vec![printable(&row.name), state] };
    let key = match (&row.key, &service.key_variable) {
        (Some(origin), _) => place(origin),
        (None, Some(variable)) => paint.dim(&format!("${variable}?")),
        (None, None) => paint.dim("none needed"),
    };
    let model = service.model.as_deref().map_or_else(|| paint.dim("none set"), printable);
    let abilities = abilities(service).join(", ");
    let address = printable(&service.base_url);
    vec![printable(&row.name), state, key, model, service.protocol.word().to_owned(), address, abilities]
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct RowV1<'a> {
    name: &'a str,
    /// configured, missing-key or untrusted.
    state: &'static str,
    /// Where its key comes from.
    key: Option<OriginV1>,
    /// The environment variable in which its key is looked for first; none if it needs no key.
    key_variable: Option<&'a str>,
    protocol: Option<&'static str>,
    base_url: Option<&'a str>,
    /// The model that is meant where only the provider is named.
    model: Option<&'a str>,
    embedding_model: Option<&'a str>,
    /// Who is asked next, in order.
    fallback: &'a [String],
    /// tools, schemas, vectors.
    can: Vec<&'static str>,
}

pub fn objects(rows: &[Row]) -> Vec<RowV1<'_>> {
    rows.iter().map(RowV1::of).collect()
}

impl RowV1<'_> {
    fn of(row: &Row) -> RowV1<'_> {
        let service = row.service.as_ref();
        RowV1 {
            name: &row.name,
            state: row.state.word(),
            key: row.key.as_ref().map(OriginV1::of),
            key_variable: service.and_then(|service| service.key_variable.as_deref()),
            protocol: service.map(|service| service.protocol.word()),
            base_url: service.map(|service| service.base_url.as_str()),
            model: service.and_then(|service| service.model.as_deref()),
            embedding_model: service.and_then(|service| service.embedding_model.as_deref()),
            fallback: service.map_or(&[], |service| service.fallback.as_slice()),
            can: service.map(abilities).unwrap_or_default(),
        }
    }
}

pub fn tested(all: &[Tested], paint: Paint) -> String {
    let line = |note: &Note| {
        let verdict = match note.verdict {
            Verdict::Good => paint.green("ok   "),
            Verdict::Odd => paint.yellow("odd  "),
            Verdict::Bad => paint.red("wrong"),
        };
        let hint = note.hint.as_ref().map(|hint| format!("        {} {}\n", paint.cyan("hint:"), printable(hint)));
        format!("  {verdict} {}\n{}", printable(&note.text), hint.unwrap_or_default())
    };
    let one = |tested: &Tested| {
        format!("{}\n{}", paint.bold(&printable(&tested.name)), tested.notes.iter().map(line).collect::<String>())
    };
    all.iter().map(one).collect()
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct TestedV1<'a> {
    name: &'a str,
    /// The worst of all notes: ok, odd or wrong.
    verdict: &'static str,
    notes: Vec<NoteV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct NoteV1<'a> {
    /// What was looked at: key, address, model, fallback, trust, answer or vectors.
    about: &'static str,
    /// ok, odd or wrong.
    verdict: &'static str,
    text: &'a str,
    hint: Option<&'a str>,
    /// What went wrong when it was asked: auth, permission, not-found, network, timeout, server and so on.
    trouble: Option<&'static str>,
}

pub fn tested_objects(all: &[Tested]) -> Vec<TestedV1<'_>> {
    all.iter().map(TestedV1::of).collect()
}

impl TestedV1<'_> {
    fn of(tested: &Tested) -> TestedV1<'_> {
        TestedV1 {
            name: &tested.name,
            verdict: tested.verdict().word(),
            notes: tested.notes.iter().map(NoteV1::of).collect(),
        }
    }
}

impl NoteV1<'_> {
    fn of(note: &Note) -> NoteV1<'_> {
        NoteV1 {
            about: note.about,
            verdict: note.verdict.word(),
            text: &note.text,
            hint: note.hint.as_deref(),
            trouble: note.trouble.map(What::word),
        }
    }
}
