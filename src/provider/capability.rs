//! What a model takes, by the family that its name shows. Wires ask here for parameter names and for what to leave out.

use super::protocol::Protocol;
use super::service::Service;
use super::{anthropic, google, table};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capability {
    /// What Chat Completions calls `max_tokens`.
    pub max_tokens: &'static str,
    /// What the service calls `seed`, if it takes one.
    pub seed: Option<&'static str>,
    pub sampling: Sampling,
    pub top_k: bool,
    /// Penalties for words that occurred.
    pub penalties: bool,
    pub stop: bool,
    pub reasoning_effort: bool,
    /// Whether the role `developer` is known beside `system`.
    pub developer: bool,
    pub tools: bool,
    /// Whether the service makes vectors of texts.
    pub embeddings: bool,
    /// Whether a JSON Schema may be asked for, and not only JSON.
    pub structured_output: bool,
    /// Whether a stream must be asked for its usage.
    pub stream_usage: bool,
    /// Whether the start of the answer may be given.
    pub prefill: bool,
    /// The largest limit of an answer, where a limit must be sent.
    pub max_output: Option<u64>,
}

/// Whether `temperature`, `top_p` and their like may be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sampling {
    Free,
    Refused,
    /// One of them, not both.
    One,
    /// Only while the model does not think; how hard it does so if nobody says, is `default`.
    WithoutEffort {
        default: &'static str,
    },
}

impl Capability {
    pub fn of(service: &Service, model: &str) -> Capability {
        let mut capability = of_service(service);
        match service.protocol {
            Protocol::Anthropic => return anthropic::models::of(service, model, capability).known("anthropic", model),
            Protocol::Google => return google::models::capability(model, capability).known("google", model),
            Protocol::Ollama => return capability,
            _ => {}
        }
        // OpenRouter's names begin with whose model it is.
        let (maker, name) = model.split_once('/').unwrap_or((service.name.as_str(), model));
        if let Some(default) = default_effort(maker, name) {
            if service.protocol != Protocol::OpenRouter {
                capability.max_tokens = "max_completion_tokens";
            }
            capability.sampling = Sampling::WithoutEffort { default };
            capability.penalties = false;
            capability.stop = false;
            capability.reasoning_effort = true;
        }
        if name.starts_with("grok-4") || name.starts_with("grok-3-mini") {
            capability.penalties = false;
            capability.stop = false;
        }
        if name == "grok-4" || name.starts_with("grok-4-0") {
            capability.reasoning_effort = false;
        }
        capability.known(maker, name)
    }

    /// With what the table knows of exactly this model.
    fn known(self, service: &str, model: &str) -> Capability {
        let Some(facts) = table::facts(service, model) else { return self };
        let fixed = facts.can("sampling") == Some(false);
        Capability {
            sampling: if fixed { Sampling::Refused } else { self.sampling },
            top_k: self.top_k && !fixed,
            prefill: facts.can("prefill").unwrap_or(self.prefill),
            structured_output: facts.can("schema").unwrap_or(self.structured_output),
            tools: facts.can("tools").unwrap_or(self.tools),
            max_output: facts.answer().or(self.max_output),
            ..self
        }
    }
}

/// What a model takes of which nothing is known but where it is.
fn of_service(service: &Service) -> Capability {
    let capability = Capability {
        max_tokens: "max_tokens",
        seed: Some("seed"),
        sampling: Sampling::Free,
        top_k: true,
        penalties: true,
        stop: true,
        reasoning_effort: true,
        developer: false,
        tools: true,
        embeddings: true,
        structured_output: true,
        stream_usage: true,
        prefill: true,
        max_output: None,
    };
    if service.protocol == Protocol::OpenRouter {
        return Capability { developer: true, ..capability };
    }
    if is_openai(service) {
        let max_tokens = "max_completion_tokens";
        return Capability { max_tokens, top_k: false, reasoning_effort: false, developer: true, ..capability };
    }
    match service.name.as_str() {
        "xai" => Capability { max_tokens: "max_completion_tokens", top_k: false, embeddings: false, ..capability },
        "mistral" => Capability { seed: Some("random_seed"), top_k: false, stream_usage: false, ..capability },
        _ => capability,
    }
}

/// OpenAI itself, perhaps through somebody who passes calls on unchanged.
pub fn is_openai(service: &Service) -> bool {
    service.name == "openai" || service.base_url.contains("//api.openai.com")
}

/// How hard one of OpenAI's thinking models thinks if nobody says; none for models that do not think.
fn default_effort(maker: &str, name: &str) -> Option<&'static str> {
    // `ft:gpt-5:…` is a trained one, and `gpt-5:free` a way to be served.
    let name = name.strip_prefix("ft:").unwrap_or(name).split(':').next()?;
    if name.contains("-chat") {
        return None;
    }
    let facts = table::facts(maker, name).filter(|_| maker == "openai");
    if facts.is_some_and(|facts| facts.can("reasoning") == Some(true)) {
        return Some(facts.and_then(|facts| facts.effort()).unwrap_or("medium"));
    }
    let thinks = |family: &str| name == family || name.strip_prefix(family).is_some_and(|rest| rest.starts_with('-'));
    if ["o1", "o3", "o4"].into_iter().any(thinks) {
        return Some("medium");
    }
    let version = name.strip_prefix("gpt-")?;
    let major = version.split(['.', '-']).next()?.parse::<u32>().ok()?;
    // Azure calls its oldest one gpt-35.
    (5..35).contains(&major).then_some("medium")
}

/// The service as a model of it must be spoken to: some answer in OpenAI's newer language only.
pub fn speaking(service: Service, model: &str) -> Service {
    let newer = || table::facts(&service.name, model).is_some_and(|facts| facts.mode() == "responses");
    match service.protocol == Protocol::OpenAi && newer() {
        true => Service { protocol: Protocol::Responses, ..service },
        false => service,
    }
}

#[cfg(test)]
mod tests {
    use super::super::presets;
    use super::*;

    fn of(service: &str, model: &str) -> Capability {
        Capability::of(&presets::service(service).expect("known"), model)
    }

    #[test]
    fn thinking_models_are_told_by_name() {
        let sampling = |model: &str| of("openai", model).sampling;
        let medium = Sampling::WithoutEffort { default: "medium" };
        assert_eq!(
            ["gpt-4o", "gpt-4.1-mini", "gpt-5-chat-latest", "gpt-35-turbo", "gpt-oss-20b", "o2x"].map(sampling),
            [Sampling::Free; 6]
        );
        assert_eq!(
            ["o3", "o4-mini", "gpt-5", "gpt-5-mini", "gpt-5.1-codex", "gpt-6-sol", "gpt-7"].map(sampling),
            [medium; 7]
        );
        assert_eq!(sampling("gpt-5.1"), Sampling::WithoutEffort { default: "none" });
        assert_eq!(sampling("ft:gpt-5-mini:team::x"), medium);
        assert_eq!(of("openrouter", "openai/gpt-5:nitro").sampling, medium);
        assert_eq!(of("openrouter", "openai/o3").max_tokens, "max_tokens");
    }

    #[test]
    fn some_models_answer_in_the_newer_language_only() {
        let of = |model: &str| speaking(presets::service("openai").expect("known"), model).protocol;
        assert_eq!(
            [of("gpt-5-pro"), of("gpt-5"), of("unheard-of")].map(Protocol::word),
            ["responses", "openai", "openai"]
        );
    }

    #[test]
    fn the_table_knows_single_models() {
        assert!(!of("openai", "o3-deep-research").tools && of("openai", "o3").tools);
        assert!(!of("openrouter", "openai/gpt-5.5-pro").structured_output);
    }

    #[test]
    fn each_service_has_its_own_names() {
        let names = |service: &str| {
            let can = of(service, "some-model");
            (can.max_tokens, can.seed, can.top_k)
        };
        assert_eq!(names("openai"), ("max_completion_tokens", Some("seed"), false));
        assert_eq!(names("mistral"), ("max_tokens", Some("random_seed"), false));
        assert_eq!(names("openrouter"), ("max_tokens", Some("seed"), true));
    }
}
