//! Projects: a folder of prompts with settings that its nested folders inherit and every file may override.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::texts;
use crate::config::layers::Values;

/// What a prompt uses that says nothing itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Defaults {
    pub model: Option<String>,
    pub provider: Option<String>,
    pub params: Map<String, Value>,
}

impl Defaults {
    pub(super) fn read(values: Values<'_>) -> Self {
        let param = |(words, value): (&[String], &Value)| Some((words.first()?.clone(), value.clone()));
        Defaults {
            model: values.maybe_text("model"),
            provider: values.maybe_text("provider"),
            params: values.below("params").filter_map(param).collect(),
        }
    }
}

/// A folder's settings; for a prompt, what all projects around it come to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Project {
    /// The folder as prompt names say it: `support/mail`. The nearest one, where several apply.
    pub folder: String,
    pub title: Option<String>,
    pub description: Option<String>,
    pub owners: Option<Vec<String>>,
    pub tags: Option<Vec<String>>,
    pub type_: Option<String>,
    pub category: Option<String>,
    pub persona: Option<String>,
    pub defaults: Defaults,
}

#[derive(Debug, Clone, Default)]
pub struct Projects(BTreeMap<String, Project>);

impl Projects {
    pub(super) fn read(values: Values<'_>) -> Self {
        let mut projects: BTreeMap<String, Project> = BTreeMap::new();
        for (words, value) in values.below("projects") {
            let [folder, field @ ..] = words else { continue };
            let folder = folder.trim_matches('/');
            let project = projects.entry(folder.to_owned()).or_default();
            project.folder = folder.to_owned();
            project.set(field, value);
        }
        Projects(projects)
    }

    /// The projects as they are declared, by folder.
    pub fn iter(&self) -> impl Iterator<Item = &Project> {
        self.0.values()
    }

    pub fn get(&self, folder: &str) -> Option<&Project> {
        self.0.get(folder.trim_matches('/'))
    }

    /// What holds for a prompt or folder of this name: the nearest project's word on each setting, if there is one.
    pub fn around(&self, name: &str) -> Option<Project> {
        let folders = name.match_indices('/').map(|(at, _)| &name[..at]).chain([name]);
        folders.filter_map(|folder| self.0.get(folder)).cloned().reduce(Project::with)
    }
}

impl Project {
    fn set(&mut self, field: &[String], value: &Value) {
        let text = || value.as_str().map(str::to_owned);
        let field: Vec<&str> = field.iter().map(String::as_str).collect();
        match field[..] {
            ["title"] => self.title = text(),
            ["description"] => self.description = text(),
            ["owners"] => self.owners = Some(texts(value)),
            ["tags"] => self.tags = Some(texts(value)),
            ["type"] => self.type_ = text(),
            ["category"] => self.category = text(),
            ["persona"] => self.persona = text(),
            ["model"] => self.defaults.model = text(),
            ["provider"] => self.defaults.provider = text(),
            ["params", name] => drop(self.defaults.params.insert(name.to_owned(), value.clone())),
            _ => {}
        }
    }

    /// This project overridden by one inside it.
    #[must_use]
    fn with(self, inner: Project) -> Project {
        Project {
            folder: inner.folder,
            title: inner.title.or(self.title),
            description: inner.description.or(self.description),
            owners: inner.owners.or(self.owners),
            tags: inner.tags.or(self.tags),
            type_: inner.type_.or(self.type_),
            category: inner.category.or(self.category),
            persona: inner.persona.or(self.persona),
            defaults: self.defaults.with(inner.defaults),
        }
    }
}

impl Defaults {
    /// These defaults overridden by nearer ones. A model named nearer comes with its own provider.
    #[must_use]
    pub fn with(mut self, nearer: Defaults) -> Defaults {
        if nearer.model.is_some() {
            self.provider = None;
        }
        self.params.extend(nearer.params);
        Defaults {
            model: nearer.model.or(self.model),
            provider: nearer.provider.or(self.provider),
            params: self.params,
        }
    }
}
