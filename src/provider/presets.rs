//! The services that palc knows by name. Settings overlay them.

use super::protocol::Protocol;
use super::service::Service;

#[derive(Debug)]
pub struct Preset {
    pub name: &'static str,
    pub protocol: Protocol,
    pub base_url: &'static str,
    /// Where its key is looked for, in order; a service without any needs no key.
    pub key_variables: &'static [&'static str],
}

pub const PRESETS: &[Preset] = &[
    preset("anthropic", Protocol::Anthropic, "https://api.anthropic.com", &["ANTHROPIC_API_KEY"]),
    preset(
        "google",
        Protocol::Google,
        "https://generativelanguage.googleapis.com",
        &["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    ),
    preset("mistral", Protocol::OpenAi, "https://api.mistral.ai/v1", &["MISTRAL_API_KEY"]),
    preset("ollama", Protocol::Ollama, "http://localhost:11434", &[]),
    preset("openai", Protocol::OpenAi, "https://api.openai.com/v1", &["OPENAI_API_KEY"]),
    preset("openrouter", Protocol::OpenRouter, "https://openrouter.ai/api/v1", &["OPENROUTER_API_KEY"]),
    preset("xai", Protocol::OpenAi, "https://api.x.ai/v1", &["XAI_API_KEY"]),
];

const fn preset(
    name: &'static str,
    protocol: Protocol,
    base_url: &'static str,
    key_variables: &'static [&'static str],
) -> Preset {
    Preset { name, protocol, base_url, key_variables }
}

pub fn preset_of(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

impl Preset {
    pub fn service(&self) -> Service {
        let key_variable = self.key_variables.first().map(|&name| name.to_owned());
        Service { key_variable, ..Service::new(self.name, self.protocol, self.base_url) }
    }
}
