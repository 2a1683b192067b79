//! The services that run models: those that palc knows, overlaid by the settings, and those that only the settings know.

use super::{App, keys};
use crate::base::env::Env;
use crate::base::near::did_you_mean;
use crate::base::secret;
use crate::base::{Error, Finding, Kind, Result};
use crate::config::settings::Provider;
use crate::config::{Key, Settings};
use crate::provider::presets::{PRESETS, preset_of};
use crate::provider::service::Limits;
use crate::provider::{Protocol, Service};

/// All of them, by name. What a repository sets and its reader did not grant is not part of it.
pub fn services(app: &App) -> Result<Vec<Service>> {
    let settings = app.settings()?;
    let mut services: Vec<Service> = PRESETS.iter().map(|preset| overlaid(preset.service(), settings)).collect();
    let others = settings.providers.iter().filter(|(name, _)| preset_of(name).is_none());
    services.extend(others.filter_map(|(name, provider)| of_settings(name, provider)));
    services.iter_mut().for_each(|service| fill_headers(&app.env, service));
    services.sort_by(|one, other| one.name.cmp(&other.name));
    services.iter().for_each(|service| keys::guard(&app.env, service));
    Ok(services)
}

/// The service of a name, for a use case that needs it. Why there is none, if there is none.
pub fn service(app: &App, name: &str) -> Result<Service> {
    let services = services(app)?;
    if let Some(error) = untrusted(app, name)? {
        return Err(error);
    }
    if let Some(service) = services.iter().find(|service| service.name == name) {
        return Ok(service.clone());
    }
    Err(unknown(app.settings()?, &services, name))
}

/// What keeps a service from being used: settings of a clone that its reader did not grant.
pub fn untrusted(app: &App, name: &str) -> Result<Option<Error>> {
    let below = Key::new(["providers", name]);
    let finding = |entry: &crate::config::Entry| {
        let message = format!("`{}` is not used: this repository is not trusted with it", entry.key);
        Finding::error("trust", entry.origin.place.clone(), message)
    };
    let findings: Vec<Finding> = app.config()?.wants.withheld(&below).map(finding).collect();
    if findings.is_empty() {
        return Ok(None);
    }
    let error = Error::new(Kind::Provider, format!("the provider `{name}` needs settings that are not trusted"));
    Ok(Some(error.with_findings(findings).hint("`palc trust` shows them and asks")))
}

fn unknown(settings: &Settings, services: &[Service], name: &str) -> Error {
    if settings.providers.get(name).is_some() {
        let error = Error::invalid(format!("nobody says where the provider `{name}` is"));
        return error.hint(format!("palc config set providers.{}.base_url https://…", Key::new([name])));
    }
    let names: Vec<&str> = services.iter().map(|service| service.name.as_str()).collect();
    let error = Error::invalid(format!("there is no provider `{name}`"));
    let near = did_you_mean(name, names.iter().copied());
    let error = error.hint(near.unwrap_or_else(|| format!("there are: {}", names.join(", "))));
    error
        .hint(format!("any other needs its address: palc config set providers.{}.base_url https://…", Key::new([name])))
}

/// Headers whose value is `${NAME}` get what that variable holds, which may be a secret; without it they are not sent.
fn fill_headers(env: &Env, service: &mut Service) {
    let filled = |(name, value): (String, String)| {
        let held = keys::resolved(env, &value)?.to_owned();
        if held != value {
            secret::know(&held);
        }
        Some((name, held))
    };
    service.headers = std::mem::take(&mut service.headers).into_iter().filter_map(filled).collect();
}

/// A service that palc does not know. Without an address it is none.
fn of_settings(name: &str, provider: &Provider) -> Option<Service> {
    let base_url = provider.base_url.as_deref()?;
    Some(with(Service::new(name, Protocol::OpenAi, base_url), provider))
}

fn overlaid(service: Service, settings: &Settings) -> Service {
    match settings.providers.get(&service.name) {
        Some(provider) => with(service, provider),
        None => service,
    }
}

/// A service with what the settings say about it.
fn with(service: Service, provider: &Provider) -> Service {
    let base_url = provider.base_url.clone().unwrap_or(service.base_url);
    let mut options = service.options;
    options.extend(provider.options.clone());
    let headers = provider.headers.iter().map(|(name, value)| (name.clone(), value.clone()));
    Service {
        protocol: provider.protocol.as_deref().and_then(Protocol::from_word).unwrap_or(service.protocol),
        base_url: base_url.trim_end_matches('/').to_owned(),
        key_variable: provider.key_env.clone().or(service.key_variable),
        headers: service.headers.into_iter().chain(headers).collect(),
        options,
        model: provider.model.clone().or(service.model),
        embedding_model: provider.embedding_model.clone().or(service.embedding_model),
        fallback: provider.fallback.clone().unwrap_or(service.fallback),
        limits: limits(&service.limits, provider),
        name: service.name,
    }
}

fn limits(limits: &Limits, provider: &Provider) -> Limits {
    Limits {
        connect: provider.connect_timeout.unwrap_or(limits.connect),
        idle: provider.timeout.unwrap_or(limits.idle),
        embedding: provider.embedding_timeout.unwrap_or(limits.embedding),
        retries: provider.retries.map_or(limits.retries, |number| number as u32),
        concurrency: provider.concurrency.map_or(limits.concurrency, |number| number as usize),
        requests_per_minute: provider.requests_per_minute.or(limits.requests_per_minute),
        tokens_per_minute: provider.tokens_per_minute.or(limits.tokens_per_minute),
        answer_bytes: provider.answer_bytes.map_or(limits.answer_bytes, |number| number as usize),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::keys::PROTOCOLS;

    #[test]
    fn settings_and_services_have_the_same_words_for_protocols() {
        assert!(Protocol::ALL.iter().all(|protocol| PROTOCOLS.contains(&protocol.word())));
    }

    #[test]
    fn a_preset_is_overlaid_and_anything_else_needs_an_address() {
        let provider = Provider {
            base_url: Some("https://proxy.example/v1/".into()),
            retries: Some(0),
            model: Some("m".into()),
            ..Provider::default()
        };
        let openai = with(preset_of("openai").expect("known").service(), &provider);
        assert_eq!((openai.base_url.as_str(), openai.limits.retries), ("https://proxy.example/v1", 0));
        assert_eq!(openai.key_variable.as_deref(), Some("OPENAI_API_KEY"));
        assert_eq!(of_settings("acme", &provider).expect("it has an address").protocol, Protocol::OpenAi);
        assert_eq!(of_settings("acme", &Provider { model: Some("m".into()), ..Provider::default() }), None);
    }
}
