//! Services that palc knows without being told.

use super::protocol::Protocol;
use super::service::Service;

#[derive(Debug, Clone, Copy)]
pub struct Preset {
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    pub protocol: Protocol,
    pub base_url: &'static str,
    pub key_variable: Option<&'static str>,
}

const fn preset(
    name: &'static str,
    title: &'static str,
    protocol: Protocol,
    base_url: &'static str,
    key_variable: Option<&'static str>,
) -> Preset {
    Preset { name, title, protocol, base_url, key_variable }
}

#[rustfmt::skip]
pub const PRESETS: &[Preset] = &[
    preset("anthropic", "Anthropic", Protocol::Anthropic, "https://api.anthropic.com", Some("ANTHROPIC_API_KEY")),
    preset("google", "Google Gemini", Protocol::Google, "https://generativelanguage.googleapis.com", Some("GEMINI_API_KEY")),
    preset("mistral", "Mistral", Protocol::OpenAi, "https://api.mistral.ai/v1", Some("MISTRAL_API_KEY")),
    preset("ollama", "Ollama", Protocol::Ollama, "http://localhost:11434", None),
    preset("openai", "OpenAI", Protocol::OpenAi, "https://api.openai.com/v1", Some("OPENAI_API_KEY")),
    preset("openrouter", "OpenRouter", Protocol::OpenRouter, "https://openrouter.ai/api/v1", Some("OPENROUTER_API_KEY")),
    preset("xai", "xAI", Protocol::OpenAi, "https://api.x.ai/v1", Some("XAI_API_KEY")),
];

impl Preset {
    pub fn service(&self) -> Service {
        let key_variable = self.key_variable.map(str::to_owned);
        Service { key_variable, ..Service::new(self.name, self.protocol, self.base_url) }
    }
}

pub fn preset_of(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

/// A known service as it is before any setting.
pub fn service(name: &str) -> Option<Service> {
    preset_of(name).map(Preset::service)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_in_order_and_addresses_have_no_slash_at_their_end() {
        assert!(PRESETS.windows(2).all(|pair| pair[0].name < pair[1].name));
        assert!(PRESETS.iter().all(|preset| !preset.base_url.ends_with('/')));
    }
}
