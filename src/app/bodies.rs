//! Request bodies, as they would be sent: for `palc render --format`, and for traces.

use serde_json::Value;

use super::App;
use super::calls;
use super::models::locate_at;
use crate::base::http::Request;
use crate::model::Prompt;
use crate::provider::presets::{PRESETS, preset_of};
use crate::provider::{Protocol, Service};
use crate::render::Message;

/// The body of a request, and a sentence for everything of the prompt that it does not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    pub body: Value,
    pub notes: Vec<String>,
}

/// The language of the service that a prompt's model belongs to; most others speak OpenAI's.
pub fn protocol(prompt: &Prompt) -> Protocol {
    asked(prompt).and_then(preset_of).map_or(Protocol::OpenAi, |preset| preset.protocol)
}

/// The body in a language, whatever the settings say of its services: the same on every machine, so that a trace can be
/// replayed.
pub fn plain(protocol: Protocol, prompt: &Prompt, messages: &[Message]) -> Body {
    let model = match protocol {
        // There, models have the names that they have everywhere.
        Protocol::OpenRouter => prompt.model().map(|model| model.strip_prefix("openrouter/").unwrap_or(model)),
        _ => bare_model(prompt),
    };
    written(&usual(protocol), model.unwrap_or_default(), prompt, messages)
}

/// The body that `palc run` sends, if the prompt's service speaks this language; else the one that the service of this
/// language would be sent.
pub fn sent(app: &App, protocol: Protocol, prompt: &Prompt, messages: &[Message]) -> Body {
    let located = prompt.model().and_then(|model| locate_at(app, prompt.provider.as_deref(), model).ok());
    match located.filter(|(service, _)| service.protocol == protocol) {
        Some((service, model)) => written(&service, &model, prompt, messages),
        None => plain(protocol, prompt, messages),
    }
}

fn written(service: &Service, model: &str, prompt: &Prompt, messages: &[Message]) -> Body {
    let drafted = calls::draft(prompt, messages, &service.name, model);
    let built = service.protocol.wire().build(&drafted.call, service, false);
    let mut notes = about_model(service, prompt);
    notes.extend(drafted.notes);
    notes.extend(built.notes);
    let mut body = json(&built.request);
    if model.is_empty() {
        body.as_object_mut().and_then(|body| body.shift_remove("model"));
    }
    Body { body, notes }
}

fn json(request: &Request) -> Value {
    serde_json::from_slice(&request.body).expect("every wire writes JSON")
}

/// The service that people mean by the name of a language.
fn usual(protocol: Protocol) -> Service {
    let named = || PRESETS.iter().find(|preset| preset.name == protocol.word());
    let first = || PRESETS.iter().find(|preset| preset.protocol == protocol);
    match named().or_else(first).map(|preset| preset.service()) {
        Some(service) => service,
        None => Service { protocol, ..preset_of("openai").expect("it is known").service() },
    }
}

fn about_model(service: &Service, prompt: &Prompt) -> Vec<String> {
    if prompt.model().is_none() {
        return vec!["the prompt names no model".to_owned()];
    }
    if service.protocol == Protocol::OpenRouter {
        return Vec::new();
    }
    let other = asked(prompt).filter(|asked| *asked != service.name && preset_of(asked).is_some());
    let note = |other: &str| format!("the prompt's model is one of {other}, not of {}", service.name);
    other.map(note).into_iter().collect()
}

/// The service that a prompt names, beside its model or in front of it.
fn asked(prompt: &Prompt) -> Option<&str> {
    prompt.provider.as_deref().or_else(|| Some(prompt.model()?.split_once('/')?.0))
}

/// The model's name at its service.
fn bare_model(prompt: &Prompt) -> Option<&str> {
    let model = prompt.model()?;
    let bare = match &prompt.provider {
        Some(provider) => model.strip_prefix(provider.as_str()).and_then(|rest| rest.strip_prefix('/')),
        None => model.split_once('/').map(|(_, name)| name),
    };
    Some(bare.unwrap_or(model))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::format::{Dialect, Document, parse};
    use crate::render::Turn;

    fn prompt(front: &str) -> Prompt {
        let text = format!("---\n{front}\n---\nHi\n");
        parse(Document::split("p.md", text.as_bytes(), Dialect::Native).expect("splits")).prompt
    }

    fn hi() -> Vec<Message> {
        let said = |role: &str, text: &str| Turn { role: role.into(), content: text.into(), name: None }.into();
        vec![said("system", "Be brief."), said("user", "Hi")]
    }

    fn written(protocol: Protocol, front: &str) -> (Value, Vec<String>) {
        let Body { body, notes } = plain(protocol, &prompt(front), &hi());
        (body, notes)
    }

    #[test]
    fn one_prompt_in_every_language() {
        const FRONT: &str = "model: openai/gpt-4o-mini\nparams: {temperature: 0.2, max_tokens: 200}";
        let keys = |protocol: Protocol| {
            let (body, _) = written(protocol, FRONT);
            body.as_object().expect("an object").keys().cloned().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(keys(Protocol::OpenAi), "model messages temperature max_completion_tokens");
        assert_eq!(keys(Protocol::OpenRouter), "model messages temperature max_tokens");
        assert_eq!(keys(Protocol::Responses), "model instructions input temperature max_output_tokens store");
        assert_eq!(keys(Protocol::Anthropic), "model system messages max_tokens temperature");
        assert_eq!(keys(Protocol::Google), "systemInstruction contents generationConfig");
        assert_eq!(keys(Protocol::Ollama), "model messages stream options");
    }

    #[test]
    fn a_model_of_another_is_said() {
        let (body, notes) = written(Protocol::Anthropic, "model: openai/gpt-4o");
        assert_eq!(body["model"], "gpt-4o");
        assert_eq!(notes[0], "the prompt's model is one of openai, not of anthropic");
        let (body, notes) = written(Protocol::OpenAi, "title: none");
        assert_eq!(
            body,
            json!({"messages": [
            {"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]})
        );
        assert_eq!(notes, ["the prompt names no model"]);
        for front in
            ["provider: openrouter\nmodel: openai/gpt-4o", "model: openrouter/openai/gpt-4o", "model: openai/gpt-4o"]
        {
            let (body, notes) = written(Protocol::OpenRouter, front);
            assert_eq!((body["model"].as_str(), notes.len()), (Some("openai/gpt-4o"), 0), "{front}");
        }
    }

    #[test]
    fn a_prompt_speaks_the_language_of_its_service() {
        let of = |front: &str| protocol(&prompt(front));
        assert_eq!(of("model: anthropic/claude-x"), Protocol::Anthropic);
        assert_eq!(of("provider: google\nmodel: gemini-x"), Protocol::Google);
        assert_eq!(of("model: xai/grok-4"), Protocol::OpenAi);
        assert_eq!(of("model: mine/llama"), Protocol::OpenAi);
        assert_eq!(of("title: none"), Protocol::OpenAi);
    }
}
