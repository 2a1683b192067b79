//! The settings as the rest of the program uses them: plain structs, one file per area.

mod checks;
pub mod embedder;
mod eval;
mod features;
mod generation;
mod local;
pub mod models;
pub mod prices;
mod projects;
mod prompts;
pub mod providers;
mod ranking;
mod render;
pub mod vocabulary;

pub use checks::{Checks, Fmt, Ignore};
pub use embedder::{Embedder, Search};
pub use eval::{Eval, Evidence};
pub use features::Features;
pub use generation::Generation;
pub use local::{Log, Ui};
pub use models::Models;
pub use prices::Prices;
pub use projects::{Defaults, Project, Projects};
pub use prompts::{Files, Prompts};
pub use providers::{Provider, Providers};
pub use ranking::Ranking;
pub use render::Render;
pub use vocabulary::Vocabularies;

use std::time::Duration;

use serde_json::Value;

use super::kind;
use super::layers::Values;

#[derive(Debug, Clone)]
pub struct Settings {
    pub prompts: Prompts,
    pub features: Features,
    pub files: Files,
    pub eval: Eval,
    pub generation: Generation,
    pub ranking: Ranking,
    pub render: Render,
    pub search: Search,
    pub models: Models,
    pub providers: Providers,
    pub prices: Prices,
    pub vocabulary: Vocabularies,
    pub checks: Checks,
    pub fmt: Fmt,
    pub ui: Ui,
    pub log: Log,
    /// What holds for prompts that say nothing themselves, everywhere.
    pub defaults: Defaults,
    /// What holds for the prompts of a folder.
    pub projects: Projects,
    /// The model whose tokens are counted when a prompt names none.
    pub tokens_model: String,
    /// The JSON Schema file for `custom` in front matter, from the repository's root.
    pub custom_schema: Option<String>,
}

impl Settings {
    pub(super) fn read(values: &Values<'_>) -> Self {
        let values = *values;
        Settings {
            prompts: Prompts::read(values),
            features: Features::read(values),
            files: Files::read(values),
            eval: Eval::read(values),
            generation: Generation::read(values),
            ranking: Ranking::read(values),
            render: Render::read(values),
            search: Search::read(values),
            models: Models::read(values),
            providers: Providers::read(values),
            prices: Prices::read(values),
            vocabulary: Vocabularies::read(values),
            checks: Checks::read(values),
            fmt: Fmt::read(values),
            ui: Ui::read(values),
            log: Log::read(values),
            defaults: Defaults::read(values),
            projects: Projects::read(values),
            tokens_model: values.text("tokens.model"),
            custom_schema: values.maybe_text("custom.schema"),
        }
    }
}

impl Settings {
    /// What a prompt of this name uses where it says nothing itself.
    pub fn defaults_for(&self, name: &str) -> Defaults {
        let project = self.projects.around(name).map(|project| project.defaults).unwrap_or_default();
        self.defaults.clone().with(project)
    }
}

impl Default for Settings {
    /// What holds when nobody says otherwise.
    fn default() -> Self {
        super::Config::defaults().settings
    }
}

/// Typed reading. Every value was checked against the table of keys before it got here, and `defaults.toml` gives one
/// to every key that is read by a name without `maybe`; a test reads them all.
impl Values<'_> {
    fn text(self, key: &str) -> String {
        self.maybe_text(key).unwrap_or_default()
    }

    fn maybe_text(self, key: &str) -> Option<String> {
        self.get(key).and_then(Value::as_str).map(str::to_owned)
    }

    fn flag(self, key: &str) -> bool {
        self.get(key).and_then(Value::as_bool).unwrap_or_default()
    }

    fn whole(self, key: &str) -> u64 {
        self.get(key).and_then(kind::bytes).unwrap_or_default()
    }

    fn number(self, key: &str) -> f64 {
        self.get(key).and_then(Value::as_f64).unwrap_or_default()
    }

    fn span(self, key: &str) -> Duration {
        self.get(key).and_then(kind::duration).unwrap_or_default()
    }

    fn list(self, key: &str) -> Vec<String> {
        self.get(key).map(texts).unwrap_or_default()
    }

    /// One of a few words. The last argument makes the word a value.
    fn choice<T>(self, key: &str, from_word: fn(&str) -> Option<T>) -> T {
        let word = self.get(key).and_then(Value::as_str).and_then(from_word);
        word.expect("the word was checked against the same list, and there is a default")
    }
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, Key, keys};

    /// Keys that are unset until somebody sets them.
    const UNSET: &[&str] = &[
        "model",
        "provider",
        "params",
        "custom",
        "eval.judge",
        "generation.judge",
        "generation.model",
        "generation.target",
        "search.onnxruntime",
        "ui.editor",
    ];

    #[test]
    fn the_defaults_are_right_and_complete() {
        let config = Config::defaults();
        assert_eq!(config.findings, []);
        for row in keys::rows().iter().filter(|row| !row.name.contains('<')) {
            let key = Key::parse(&row.name).expect("a key");
            let unset = UNSET.iter().any(|name| key.starts_with(&Key::parse(name).expect("a key")));
            assert_eq!(config.entry(&key).is_none(), unset, "{}", row.name);
        }
        assert_eq!(config.settings.render.output_bytes, 8 << 20);
        assert_eq!(config.settings.vocabulary.phase.find("idea").expect("an alias").name, "prima-materia");
    }
}
