//! From the name of a model to the service that runs it.

use crate::app::App;
use crate::base::near::did_you_mean;
use crate::base::{Error, Result};
use crate::model::Map;
use crate::provider::service::Limits;
use crate::provider::{Protocol, Service, presets};

/// The model that needs no network: it answers with the last user message.
pub const ECHO: &str = "echo";
/// The beginning of the name of a model that answers from a cassette: `replay:cassette/`.
pub const REPLAY: &str = "replay";

/// `anthropic/claude-x`, or a model of the default service, or one of those built in: the service and the model's name
/// there.
pub fn locate(app: &App, model: &str) -> Result<(Service, String)> {
    if model == ECHO {
        return Ok((built_in(ECHO), ECHO.to_owned()));
    }
    if let Some(folder) = model.strip_prefix("replay:") {
        return Ok((built_in(REPLAY), folder.to_owned()));
    }
    let services = services(app)?;
    let find = |name: &str| services.iter().find(|service| service.name == name).cloned();
    let named = model.split_once('/').and_then(|(service, model)| Some((find(service)?, model.to_owned())));
    if let Some(named) = named {
        return Ok(named);
    }
    let default = app.settings()?.defaults.provider.clone();
    match default.as_deref().and_then(find) {
        Some(service) => Ok((service, model.to_owned())),
        None => Err(unknown(model, &services)),
    }
}

fn unknown(model: &str, services: &[Service]) -> Error {
    let names = || services.iter().map(|service| service.name.as_str());
    let Some((service, _)) = model.split_once('/') else {
        return Error::invalid(format!("`{model}` does not say which service runs it"))
            .hint(format!("write it as `service/{model}`, or set the key `provider`"));
    };
    Error::invalid(format!("there is no service `{service}`"))
        .hint_if(did_you_mean(service, names()))
        .hint(format!("known: {}", names().chain([ECHO, "replay:FOLDER"]).collect::<Vec<_>>().join(", ")))
}

/// A service inside palc.
pub(super) fn built_in(name: &str) -> Service {
    Service {
        name: name.to_owned(),
        protocol: Protocol::OpenAi,
        base_url: String::new(),
        key_variable: None,
        headers: Vec::new(),
        options: Map::new(),
        limits: Limits::default(),
    }
}

/// All services that the settings know.
pub fn services(app: &App) -> Result<Vec<Service>> {
    app.settings()?;
    Ok(presets::PRESETS.iter().map(presets::Preset::service).collect())
}
