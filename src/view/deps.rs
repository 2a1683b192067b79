//! What needs what.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::deps::{Link, Outcome, Target};

use super::json::PlaceV1;
use super::paint::{Paint, printable};
use super::table::columns;

/// One line a link: from, to, and where it is written.
pub fn table(outcome: &Outcome, reverse: bool, paint: Paint, width: Option<usize>) -> String {
    let row = |link: &Link| {
        let to = match &link.to {
            Target::File(path) => printable(path),
            Target::Missing(name) => paint.red(&format!("{} (missing)", printable(name))),
            Target::Computed => paint.yellow("(computed)"),
        };
        let place = format!("{}:{}:{}", link.place.path, link.place.line, link.place.column);
        let first = if reverse { paint.bold(&printable(&link.from)) } else { paint.bold(&to) };
        let second = if reverse { to } else { String::new() };
        vec![first, second, paint.dim(&printable(&place))]
    };
    let trimmed = |row: Vec<String>| row.into_iter().filter(|cell| reverse || !cell.is_empty()).collect();
    columns(&outcome.links.iter().map(row).map(trimmed).collect::<Vec<_>>(), width)
}

pub fn object(outcome: &Outcome) -> DepsV1<'_> {
    DepsV1 { path: &outcome.path, links: outcome.links.iter().map(LinkV1::of).collect() }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct DepsV1<'a> {
    path: &'a str,
    links: Vec<LinkV1<'a>>,
}

/// A file names another.
#[derive(Debug, Serialize, JsonSchema)]
struct LinkV1<'a> {
    from: &'a str,
    /// The file it means; absent where the name is computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    found: bool,
    place: PlaceV1,
}

impl<'a> LinkV1<'a> {
    fn of(link: &'a Link) -> Self {
        let (to, found) = match &link.to {
            Target::File(path) => (Some(path.as_str()), true),
            Target::Missing(name) => (Some(name.as_str()), false),
            Target::Computed => (None, false),
        };
        LinkV1 { from: &link.from, to, found, place: PlaceV1::of(&link.place) }
    }
}
