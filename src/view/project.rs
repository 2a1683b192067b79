//! Projects and what holds in them.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::paint::{Paint, printable};
use super::table;
use crate::app::project::{Listed, Setting, Shown};
use crate::config::toml_text;

pub fn list(projects: &[Listed], paint: Paint, width: Option<usize>) -> String {
    let row = |project: &Listed| {
        vec![
            paint.bold(&printable(&project.folder)),
            project.prompts.to_string(),
            printable(&project.owners.join(" ")),
            printable(project.title.as_deref().unwrap_or("")),
        ]
    };
    table::columns(&projects.iter().map(row).collect::<Vec<_>>(), width)
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ListedV1<'a> {
    folder: &'a str,
    title: Option<&'a str>,
    owners: &'a [String],
    /// How many prompts are in the folder and below.
    prompts: usize,
}

pub fn list_objects(projects: &[Listed]) -> Vec<ListedV1<'_>> {
    projects.iter().map(ListedV1::of).collect()
}

impl ListedV1<'_> {
    fn of(project: &Listed) -> ListedV1<'_> {
        let Listed { folder, title, owners, prompts } = project;
        ListedV1 { folder, title: title.as_deref(), owners, prompts: *prompts }
    }
}

pub fn card(shown: &Shown, paint: Paint) -> String {
    let row = |setting: &Setting| {
        let line = printable(&format!("{} = {}", setting.field, toml_text(&setting.value)));
        let from = match setting.project == shown.folder {
            true => setting.origin.to_string(),
            false => format!("{}, from {}", setting.origin, setting.project),
        };
        vec![line, paint.dim(&format!("# {}", printable(&from)))]
    };
    let number = shown.prompts;
    let plural = if number == 1 { "prompt" } else { "prompts" };
    let head = format!("{} ({number} {plural})\n", paint.bold(&printable(&shown.folder)));
    head + &table::columns(&shown.settings.iter().map(row).collect::<Vec<_>>(), None)
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ProjectV1<'a> {
    folder: &'a str,
    prompts: usize,
    settings: Vec<SettingV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SettingV1<'a> {
    field: &'a str,
    value: &'a Value,
    /// The folder of the project that says so.
    project: &'a str,
    origin: String,
}

pub fn object(shown: &Shown) -> ProjectV1<'_> {
    let settings = shown.settings.iter().map(SettingV1::of).collect();
    ProjectV1 { folder: &shown.folder, prompts: shown.prompts, settings }
}

impl SettingV1<'_> {
    fn of(setting: &Setting) -> SettingV1<'_> {
        let Setting { field, value, project, origin } = setting;
        SettingV1 { field, value, project, origin: origin.to_string() }
    }
}
