//! What a repository wants of its reader, and what was granted.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::PlaceV1;
use super::paint::{Paint, printable};
use crate::app::trust::{Standing, State, Want};
use crate::config::Granted;

pub fn text(standing: &Standing, paint: Paint) -> String {
    let head = match (standing.state, &standing.since) {
        (State::Nothing, _) => format!("{} wants nothing that would need trust\n", printable(&standing.root)),
        (State::Granted, Some(since)) => format!("{} is trusted since {since} with\n", printable(&standing.root)),
        (State::Granted, None) => format!("{} is trusted with\n", printable(&standing.root)),
        (State::Told, _) => format!("PALC_TRUST lets {} set\n", printable(&standing.root)),
        (State::Asked, _) => format!("{} wants to set\n", printable(&standing.root)),
    };
    // What is new stands out only where something was granted before.
    let changed =
        standing.state == State::Asked && (!standing.gone.is_empty() || standing.wants.iter().any(|want| !want.is_new));
    let wants: String = standing.wants.iter().map(|want| line(want, changed, paint)).collect();
    let gone: String = if standing.state == State::Asked {
        standing.gone.iter().map(|line| paint.red(&format!("- {}", printable(line))) + "\n").collect()
    } else {
        String::new()
    };
    head + &wants + &gone
}

fn line(want: &Want, changed: bool, paint: Paint) -> String {
    let place = format!("{}:{}:{}", want.place.path, want.place.line, want.place.column);
    let said = match (changed, want.is_new) {
        (true, true) => paint.green(&format!("+ {}", printable(&want.line))),
        _ => format!("  {}", printable(&want.line)),
    };
    format!("{said}  {}\n", paint.dim(&format!("# {}", printable(&place))))
}

pub fn list(all: &[Granted], paint: Paint) -> String {
    let one = |granted: &Granted| {
        let settings: String = granted.settings.iter().map(|line| format!("  {}\n", printable(line))).collect();
        format!("{} {}\n{settings}", paint.bold(&printable(&granted.root)), paint.dim(&granted.since))
    };
    all.iter().map(one).collect()
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct StandingV1<'a> {
    root: &'a str,
    /// What `PALC_TRUST` takes.
    digest: &'a str,
    /// nothing, granted, environment or asked.
    state: &'static str,
    since: Option<&'a str>,
    settings: Vec<WantV1<'a>>,
    /// What was granted before and is wanted no more.
    gone: &'a [String],
}

#[derive(Debug, Serialize, JsonSchema)]
struct WantV1<'a> {
    setting: &'a str,
    place: PlaceV1,
    /// Whether it is not part of what was granted before.
    new: bool,
}

impl WantV1<'_> {
    fn of(want: &Want) -> WantV1<'_> {
        WantV1 { setting: &want.line, place: PlaceV1::of(&want.place), new: want.is_new }
    }
}

pub fn object(standing: &Standing) -> StandingV1<'_> {
    StandingV1 {
        root: &standing.root,
        digest: &standing.digest,
        state: standing.state.word(),
        since: standing.since.as_deref(),
        settings: standing.wants.iter().map(WantV1::of).collect(),
        gone: &standing.gone,
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct GrantedV1<'a> {
    root: &'a str,
    digest: &'a str,
    since: &'a str,
    settings: &'a [String],
}

impl GrantedV1<'_> {
    fn of(granted: &Granted) -> GrantedV1<'_> {
        GrantedV1 { root: &granted.root, digest: &granted.digest, since: &granted.since, settings: &granted.settings }
    }
}

pub fn granted(all: &[Granted]) -> Vec<GrantedV1<'_>> {
    all.iter().map(GrantedV1::of).collect()
}
