//! The models that services list: asked for live and kept, so that they can be looked up offline, with their age.

use std::fs;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use crate::app::{App, keys, services};
use crate::base::{Error, Kind, Result, disk};
use crate::model::{Call, Value};
use crate::provider::{Listed, Service};

use super::{plain, trouble};

#[derive(Debug)]
pub struct Request {
    /// Only this service.
    pub service: Option<String>,
    /// Look at what was kept, and ask nobody.
    pub offline: bool,
}

/// A service's models.
#[derive(Debug)]
pub struct Listing {
    pub service: String,
    pub models: Vec<Listed>,
    /// When the service was asked.
    pub at: Timestamp,
    /// How long ago that was; none if it was now.
    pub age: Option<Duration>,
}

/// The models of a service, or of all that can be asked. Why one of all could not be is told beside.
pub fn list(app: &App, request: &Request) -> Result<(Vec<Listing>, Vec<Error>)> {
    let offline = request.offline || app.settings()?.models.offline;
    if let Some(name) = &request.service {
        let service = services::service(app, name)?;
        return Ok((vec![one(app, &service, offline)?], Vec::new()));
    }
    let (mut listings, mut errors) = (Vec::new(), Vec::new());
    for service in services::services(app)? {
        // Nobody said that one runs on this machine, so it is no news if none does.
        let is_guess = service.is_local() && app.settings()?.providers.get(&service.name).is_none();
        if !offline && (is_guess || !can_be_asked(app, &service)?) {
            continue;
        }
        match one(app, &service, offline) {
            Ok(listing) => listings.push(listing),
            // Nobody asked for this one by name, so that there is nothing of it is no news.
            Err(_) if offline => {}
            Err(error) => errors.push(error),
        }
    }
    Ok((listings, errors))
}

/// Whether there is a key, or none is needed.
fn can_be_asked(app: &App, service: &Service) -> Result<bool> {
    Ok(service.key_variable.is_none() || keys::key(app, service)?.is_some())
}

fn one(app: &App, service: &Service, offline: bool) -> Result<Listing> {
    let path = app.kept_folder(app.workspace()?, "listings")?.join(format!("{}.json", service.name));
    if offline {
        return kept(app, service, &path).ok_or_else(|| {
            Error::new(Kind::Provider, format!("{} was never asked for its models, and palc is offline", service.name))
        });
    }
    match plain::listed(app, service) {
        Ok(mut models) => {
            models.sort_by(|one, other| one.name.cmp(&other.name));
            let listing = Listing { service: service.name.clone(), models, at: app.clock.now(), age: None };
            let text = print(&listing).to_string();
            // A list that cannot be kept is a list all the same.
            if let Err(error) = disk::write_derived(&path, text.as_bytes()) {
                tracing::warn!(%error, "a list of models was not kept");
            }
            Ok(listing)
        }
        Err(why) => {
            let call = Call { service: service.name.clone(), model: "models".into(), ..Call::default() };
            let error = trouble::error(&call, Some(service), &why);
            let known = kept(app, service, &path)
                .map(|_| format!("`palc models {} --offline` shows the list that was kept", service.name));
            Err(error.hint_if(known))
        }
    }
}

fn print(listing: &Listing) -> Value {
    let model = |it: &Listed| json!({"context": it.context, "name": it.name, "raw": it.raw, "title": it.title});
    json!({"at": listing.at.to_string(), "models": listing.models.iter().map(model).collect::<Vec<_>>()})
}

fn kept(app: &App, service: &Service, path: &Path) -> Option<Listing> {
    let value: Value = serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?;
    let at: Timestamp = value["at"].as_str()?.parse().ok()?;
    let model = |value: &Value| {
        Some(Listed {
            name: value["name"].as_str()?.to_owned(),
            title: value["title"].as_str().map(str::to_owned),
            context: value["context"].as_u64(),
            raw: value["raw"].clone(),
        })
    };
    let models = value["models"].as_array()?.iter().filter_map(model).collect();
    let age = Duration::try_from(app.clock.now().duration_since(at)).unwrap_or_default();
    Some(Listing { service: service.name.clone(), models, at, age: Some(age) })
}
