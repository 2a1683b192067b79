//! Projects and what holds in them.

use serde_json::{Value, json};

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

pub fn list_objects(projects: &[Listed]) -> Vec<Value> {
    let object =
        |it: &Listed| json!({"folder": it.folder, "title": it.title, "owners": it.owners, "prompts": it.prompts});
    projects.iter().map(object).collect()
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

pub fn object(shown: &Shown) -> Value {
    let setting = |it: &Setting| json!({"field": it.field, "value": it.value, "project": it.project, "origin": it.origin.to_string()});
    json!({
        "folder": shown.folder,
        "prompts": shown.prompts,
        "settings": shown.settings.iter().map(setting).collect::<Vec<_>>(),
    })
}
