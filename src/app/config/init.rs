//! A first configuration file: everything in it is a comment, so it changes nothing until somebody edits it.

use std::path::PathBuf;

use crate::app::App;
use crate::base::disk::{self, Expect};
use crate::base::{Error, Result};
use crate::config::{self, Config, Key, Layer, Reach, keys};

#[derive(Debug)]
pub struct InitRequest {
    /// The user's file, not the repository's.
    pub user: bool,
}

#[derive(Debug)]
pub struct Created {
    pub path: PathBuf,
}

pub fn init(app: &App, request: &InitRequest) -> Result<Created> {
    let layer = if request.user { Layer::User } else { Layer::Repository };
    let path = super::edit::path_of(app, layer)?;
    if path.exists() {
        let error = Error::no(format!("{} exists already; it is left as it is", path.display()));
        return Err(error.hint("`palc config show --all` lists what it can hold"));
    }
    disk::write(&path, template(layer).as_bytes(), Expect::Absent)?;
    Ok(Created { path })
}

/// The keys that most people want to know of, each as a comment with its default.
pub fn template(layer: Layer) -> String {
    let mut text = String::from(match layer {
        Layer::Repository => {
            "# How palc treats the prompts of this repository. `palc config show --all` lists every key.\n"
        }
        _ => "# Your own settings for palc, in every repository. `palc config show --all` lists every key.\n",
    });
    let defaults = Config::defaults();
    let wanted: &[&str] = if layer == Layer::Repository { &REPOSITORY } else { &USER };
    let mut section = String::new();
    for name in wanted {
        let key = Key::new(name.split('.'));
        let Some(row) =
            keys::row(&key).filter(|row| layer == Layer::User || !matches!(row.reach, Reach::User | Reach::Trust))
        else {
            continue;
        };
        let (head, last) = name.rsplit_once('.').unwrap_or(("", name));
        if head != section {
            text.push_str(&format!("\n[{head}]\n"));
            section = head.to_owned();
        } else if section.is_empty() {
            text.push('\n');
        }
        let value =
            defaults.entry(&key).map_or_else(|| example(name).to_owned(), |entry| config::toml_text(&entry.value));
        text.push_str(&format!("# {}\n# {last} = {value}\n", row.doc));
    }
    text
}

const REPOSITORY: [&str; 12] = [
    "model",
    "params.temperature",
    "prompts.roots",
    "prompts.exclude",
    "render.on_missing",
    "tokens.model",
    "vocabulary.type",
    "vocabulary.tags",
    "vocabulary.context_keys",
    "vocabulary.actions",
    "checks.fail_on",
    "custom.schema",
];

const USER: [&str; 5] = ["model", "ui.color", "ui.editor", "log.level", "log.keep_days"];

/// What a key that has no default may look like.
fn example(key: &str) -> &'static str {
    match key {
        "model" => "\"openai/gpt-4o-mini\"",
        "params.temperature" => "0.2",
        "custom.schema" => "\"schemas/custom.json\"",
        "ui.editor" => "\"vim\"",
        _ => "\"\"",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Source, Sources};

    /// The template with its settings uncommented is a valid file that says what already holds.
    #[test]
    fn the_template_is_true() {
        for layer in [Layer::Repository, Layer::User] {
            let uncommented = |line: &str| match line.strip_prefix("# ") {
                Some(code) if code.split(' ').nth(1) == Some("=") => format!("{code}\n"),
                _ => format!("{line}\n"),
            };
            let text: String = template(layer).lines().map(uncommented).collect();
            let env = crate::base::env::Env::default();
            let file = Source { layer, name: "x".into(), text };
            let sources = Sources { env: &env, profile: None, flags: &[], trust: None };
            let config = Config::merge(&[file], &sources, Vec::new());
            assert_eq!(config.findings, []);
        }
    }
}
