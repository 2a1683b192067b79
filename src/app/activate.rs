//! Switch versions off and on: the newest version that is on serves, whatever the file says.

use crate::base::{Error, Finding, Place, Result};
use crate::model::{Pin, Query};

use super::App;
use super::label::{Desk, Moved};
use super::write::Written;

#[derive(Debug)]
pub struct Request {
    /// Each `support/triage@8`; a name alone means its newest version, or the only one that is off.
    pub versions: Vec<String>,
    pub dry_run: bool,
}

#[derive(Debug)]
pub struct Outcome {
    pub switched: Vec<Switched>,
    pub written: Written,
}

#[derive(Debug)]
pub struct Switched {
    pub moved: Moved,
    /// The newest version that is on now.
    pub serves: Option<u32>,
    /// Labels that stand on a version that is off now.
    pub labels: Vec<String>,
}

pub fn deactivate(app: &App, request: &Request) -> Result<Outcome> {
    let mut desk = Desk::open(app)?;
    let mut switched = Vec::new();
    let mut findings = Vec::new();
    for typed in &request.versions {
        let target = desk.target(typed)?;
        let moved = Moved {
            prompt: Some(target.name),
            id: target.id.clone(),
            label: None,
            from: None,
            to: Some(target.pin.clone()),
        };
        if desk.labels.deactivate(&target.id, target.pin.clone()) {
            let one = after(&desk, typed, moved)?;
            findings.extend(stranded(app, &one)?);
            switched.push(one);
        }
    }
    let mut written = desk.finish(request.dry_run)?;
    written.findings.extend(findings);
    Ok(Outcome { switched, written })
}

pub fn activate(app: &App, request: &Request) -> Result<Outcome> {
    let mut desk = Desk::open(app)?;
    let mut switched = Vec::new();
    for typed in &request.versions {
        let (history, id) = desk.prompt(&Query::parse(typed).what)?;
        let name = history.name.to_string();
        let Some(pin) = meant(&desk, typed, &name, &id)? else { continue };
        desk.labels.activate(&id, &pin);
        let moved = Moved { prompt: Some(name), id, label: None, from: Some(pin), to: None };
        switched.push(after(&desk, typed, moved)?);
    }
    Ok(Outcome { switched, written: desk.finish(request.dry_run)? })
}

/// The inactive version that was typed; nothing if it is on. By its number it is found even when history was rewritten.
fn meant(desk: &Desk<'_>, typed: &str, name: &str, id: &str) -> Result<Option<Pin>> {
    let off = desk.labels.off(id);
    let Some(version) = Query::parse(typed).version else {
        return match off {
            [] => Ok(None),
            [one] => Ok(Some(one.clone())),
            several => {
                let names: Vec<String> = several.iter().map(|pin| format!("{name}@{}", pin.version)).collect();
                Err(Error::usage(format!("{name} has several versions that are switched off"))
                    .hint(format!("name one: {}", names.join(", "))))
            }
        };
    };
    if let Some(pin) = off.iter().find(|pin| pin.version.to_string() == version) {
        return Ok(Some(pin.clone()));
    }
    let target = desk.target(typed)?;
    Ok(off.iter().find(|pin| pin.blob == target.pin.blob).cloned())
}

fn after(desk: &Desk<'_>, typed: &str, moved: Moved) -> Result<Switched> {
    let (history, id) = desk.prompt(&Query::parse(typed).what)?;
    let off = desk.off(&id, &history);
    let serves = history.versions.iter().rev().map(|version| version.number).find(|number| !off.contains(number));
    let on_it = |pin: &Pin| moved.to.as_ref() == Some(pin);
    let labels = desk.labels.of(&id).filter(|(_, pin)| on_it(pin)).map(|(label, _)| label.to_owned()).collect();
    Ok(Switched { moved, serves, labels })
}

/// A label on a version that is off serves nothing until it is moved.
fn stranded(app: &App, switched: &Switched) -> Result<Vec<Finding>> {
    let path = app.workspace()?.layout().labels();
    let name = switched.moved.prompt.as_deref().unwrap_or(&switched.moved.id);
    let version = switched.moved.to.as_ref().map_or(0, |pin| pin.version);
    let to = switched.serves.map_or("…".into(), |serves| serves.to_string());
    let finding = |label: &String| {
        let message = format!("`{label}` stands on {name}@{version}, so {name}@{label} is refused until it is moved");
        Finding::warning("inactive-label", Place::file(path), message)
            .hint(format!("palc label move {label} {name}@{to}"))
    };
    Ok(switched.labels.iter().map(finding).collect())
}
