//! Where keys are. Never a key.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use super::table;
use crate::app::auth::{Kept, Removed, Row};
use crate::app::keys::{self, Origin};

/// `the keyring`, `$OPENAI_API_KEY`
pub fn place(origin: &Origin) -> String {
    match origin {
        Origin::Environment(name) => format!("${name}"),
        Origin::Keyring => "the keyring".into(),
        Origin::File(path) => printable(&path.display().to_string()),
    }
}

pub fn table(rows: &[Row], paint: Paint) -> String {
    let line = |row: &Row| {
        let origin = match row.origins.first() {
            Some(origin) => paint.green(&place(origin)),
            None if row.service.key_variable.is_none() => paint.dim("needs no key"),
            None => paint.dim(&format!("no key: `palc auth set {0}` or ${1}", row.service.name, variable(row))),
        };
        let others: Vec<String> = row.origins.iter().skip(1).map(place).collect();
        let others = if others.is_empty() { String::new() } else { format!("also in {}", others.join(", ")) };
        vec![row.service.name.clone(), origin, paint.dim(&others)]
    };
    table::columns(&rows.iter().map(line).collect::<Vec<_>>(), None)
}

fn variable(row: &Row) -> &str {
    row.service.key_variable.as_deref().unwrap_or_default()
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct RowV1 {
    provider: String,
    /// The environment variables in which its key is looked for; none if it needs no key.
    variables: Vec<String>,
    /// Every place that has a key; the first one counts.
    origins: Vec<OriginV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct OriginV1 {
    /// environment, keyring or file.
    kind: &'static str,
    /// The variable or the file.
    name: Option<String>,
}

impl OriginV1 {
    pub fn of(origin: &Origin) -> OriginV1 {
        OriginV1 { kind: origin.word(), name: origin.name() }
    }
}

pub fn objects(rows: &[Row]) -> Vec<RowV1> {
    let object = |row: &Row| RowV1 {
        provider: row.service.name.clone(),
        variables: keys::variables(&row.service),
        origins: row.origins.iter().map(OriginV1::of).collect(),
    };
    rows.iter().map(object).collect()
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct KeptV1 {
    provider: String,
    origin: OriginV1,
    /// A place that comes first, so that this key is not used for now.
    hidden_by: Option<OriginV1>,
}

pub fn kept(kept: &Kept) -> KeptV1 {
    KeptV1 {
        provider: kept.name.clone(),
        origin: OriginV1::of(&kept.origin),
        hidden_by: kept.hidden_by.as_ref().map(OriginV1::of),
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct RemovedV1 {
    provider: String,
    from: Vec<OriginV1>,
    /// Where a key still comes from.
    left: Option<OriginV1>,
}

pub fn removed(removed: &Removed) -> RemovedV1 {
    RemovedV1 {
        provider: removed.name.clone(),
        from: removed.from.iter().map(OriginV1::of).collect(),
        left: removed.left.as_ref().map(OriginV1::of),
    }
}
