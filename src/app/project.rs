//! Projects: folders of prompts with settings that nested folders inherit and files override.

use serde_json::Value;

use super::App;
use super::config::{Edited, Target, change, settle};
use crate::base::{Error, Result};
use crate::config::{Key, Origin, Reach, edit};
use crate::model::Name;
use crate::repo::{Source, listing};

#[derive(Debug)]
pub struct Listed {
    pub folder: String,
    pub title: Option<String>,
    pub owners: Vec<String>,
    pub prompts: usize,
}

/// The projects by folder, with the number of prompts in each.
pub fn list(app: &App) -> Result<Vec<Listed>> {
    let names = names(app)?;
    let listed = app.settings()?.projects.iter().map(|project| Listed {
        folder: project.folder.clone(),
        title: project.title.clone(),
        owners: app.settings().ok().and_then(|it| it.projects.around(&project.folder)?.owners).unwrap_or_default(),
        prompts: names.iter().filter(|name| is_inside(name, &project.folder)).count(),
    });
    Ok(listed.collect())
}

#[derive(Debug)]
pub struct Shown {
    pub folder: String,
    pub prompts: usize,
    pub settings: Vec<Setting>,
}

/// A setting that holds in a folder.
#[derive(Debug)]
pub struct Setting {
    /// Without `projects.<folder>`: `params.temperature`.
    pub field: String,
    pub value: Value,
    /// The project that says so.
    pub project: String,
    pub origin: Origin,
}

/// What holds in a folder: the nearest project's word on each setting.
pub fn show(app: &App, folder: &str) -> Result<Shown> {
    let folder = folder.trim_matches('/');
    app.settings()?.projects.around(folder).ok_or_else(|| missing(app, folder))?;
    let mut settings: Vec<Setting> = Vec::new();
    for project in folders(folder) {
        let prefix = Key::new(["projects", project]);
        for entry in app.config()?.entries(&prefix) {
            let field = Key::new(entry.key.words()[2..].iter().cloned()).to_string();
            settings.retain(|setting| setting.field != field);
            let (value, origin) = (entry.value.clone(), entry.origin.clone());
            settings.push(Setting { field, value, project: project.to_owned(), origin });
        }
    }
    settings.sort_by(|a, b| a.field.cmp(&b.field));
    let prompts = names(app)?.iter().filter(|name| is_inside(name, folder)).count();
    Ok(Shown { folder: folder.to_owned(), prompts, settings })
}

#[derive(Debug, Default)]
pub struct NewRequest {
    pub folder: String,
    pub title: String,
    pub description: Option<String>,
    pub owners: Vec<String>,
    pub tags: Vec<String>,
    pub model: Option<String>,
    pub dry_run: bool,
}

/// Declare a project in the repository's file.
pub fn new(app: &App, request: &NewRequest) -> Result<Edited> {
    let folder = request.folder.trim_matches('/');
    Name::new(folder).map_err(|why| Error::usage(format!("`{folder}` cannot be a folder of prompts: {why}")))?;
    if app.settings()?.projects.get(folder).is_some() {
        let error = Error::no(format!("there is a project in {folder} already"));
        return Err(error.hint(format!("change it: palc config set {}.title …", Key::new(["projects", folder]))));
    }
    let key = Key::new(["projects", folder]);
    let layer = settle(app, Target::Repository, Reach::Anyone)?;
    let list = |items: &[String]| (!items.is_empty()).then(|| Value::from(items.to_vec()));
    let fields = [
        ("title", Some(request.title.clone().into())),
        ("description", request.description.clone().map(Value::from)),
        ("owners", list(&request.owners)),
        ("tags", list(&request.tags)),
        ("model", request.model.clone().map(Value::from)),
    ];
    change(app, &key, layer, request.dry_run, |text| {
        let set = fields.iter().filter_map(|(field, value)| Some((field, value.as_ref()?)));
        set.into_iter().try_fold(text.to_owned(), |text, (field, value)| edit::set(&text, &key.child(field), value))
    })
}

fn missing(app: &App, folder: &str) -> Error {
    let error = Error::no(format!("no project has the folder {folder}"));
    let known: Vec<String> =
        app.settings().map(|it| it.projects.iter().map(|it| it.folder.clone()).collect()).unwrap_or_default();
    match known.is_empty() {
        true => error.hint(format!("make one: palc project new {folder} --title TITLE")),
        false => error.hint(format!("there are {}", known.join(", "))),
    }
}

/// `a/b/c` lies in `a`, in `a/b` and in itself.
fn folders(folder: &str) -> impl Iterator<Item = &str> {
    folder.match_indices('/').map(|(at, _)| &folder[..at]).chain([folder])
}

fn is_inside(name: &Name, folder: &str) -> bool {
    name.as_str().strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn names(app: &App) -> Result<Vec<Name>> {
    let source = Source::at(app.workspace()?, None)?;
    Ok(listing::files(&source)?.into_iter().map(|file| file.name).collect())
}
