//! From the name of a model to the service that runs it.

use crate::app::{App, services};
use crate::base::{Error, Result};
use crate::provider::capability::speaking;
use crate::provider::{Protocol, Service};

/// The model that needs no network: it answers with the last user message.
pub const ECHO: &str = "echo";
/// The beginning of the name of a model that answers from a cassette: `replay:cassette/`.
pub const REPLAY: &str = "replay";

/// `anthropic/claude-x`, a model of the default service, a service that has a model of its own, or one of those built in:
/// the service and the model's name there.
pub fn locate(app: &App, model: &str) -> Result<(Service, String)> {
    find(app, model).map(spoken_to)
}

/// As [`locate`], where a prompt names the service beside the model.
pub fn locate_at(app: &App, provider: Option<&str>, model: &str) -> Result<(Service, String)> {
    let is_whole = model == ECHO || model.starts_with("replay:");
    match provider.filter(|_| !is_whole) {
        None => locate(app, model),
        Some(provider) => {
            let name = model.strip_prefix(provider).and_then(|rest| rest.strip_prefix('/')).unwrap_or(model);
            Ok(spoken_to((services::service(app, provider)?, name.to_owned())))
        }
    }
}

fn spoken_to((service, model): (Service, String)) -> (Service, String) {
    (speaking(service, &model), model)
}

fn find(app: &App, model: &str) -> Result<(Service, String)> {
    if model == ECHO {
        return Ok((built_in(ECHO), ECHO.to_owned()));
    }
    if let Some(folder) = model.strip_prefix("replay:") {
        return Ok((built_in(REPLAY), folder.to_owned()));
    }
    let default = app.settings()?.defaults.provider.clone();
    let (first, rest) = match model.split_once('/') {
        Some((first, rest)) => (first, Some(rest)),
        None => (model, None),
    };
    let is_service = services::services(app)?.iter().any(|service| service.name == first);
    match (rest, default) {
        (Some(rest), _) if is_service => Ok((services::service(app, first)?, rest.to_owned())),
        (None, _) if is_service => own_model(services::service(app, first)?),
        // A service of its own may have models with a slash in their names, so it is asked before the name is wrong.
        (_, Some(default)) => Ok((services::service(app, &default)?, model.to_owned())),
        (Some(rest), None) => Ok((services::service(app, first)?, rest.to_owned())),
        (None, None) => Err(Error::invalid(format!("`{model}` does not say which provider runs it"))
            .hint(format!("write it as `PROVIDER/{model}`, or set the key `provider`; `palc providers` lists them"))),
    }
}

fn own_model(service: Service) -> Result<(Service, String)> {
    match service.model.clone() {
        Some(model) => Ok((service, model)),
        None => Err(Error::invalid(format!("which model of {}?", service.name))
            .hint(format!("write {}/MODEL, or set `providers.{}.model`", service.name, service.name))
            .hint(format!("`palc models {}` lists them", service.name))),
    }
}

/// A service inside palc.
pub(super) fn built_in(name: &str) -> Service {
    Service::new(name, Protocol::OpenAi, "")
}

/// Whether a service is inside palc, so that there is nobody to be asked.
pub fn is_built_in(service: &str) -> bool {
    [ECHO, REPLAY].contains(&service)
}
