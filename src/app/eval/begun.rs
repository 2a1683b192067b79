//! Runs that were begun: where they are, and what they were asked, so that they can go on.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::cases::Wanted;
use super::{Request, book};
use crate::app::App;
use crate::app::models::folder as runs;
use crate::base::disk::{self, Durability};
use crate::base::near::did_you_mean;
use crate::base::{Error, Result};
use crate::model::{Map, Value};

/// What a run was asked, so that it can go on.
const PLAN: &str = "plan.json";

/// The folder of a run: a new one, or that of a run that goes on.
pub fn folder(app: &App, request: &Request, resume: Option<&str>) -> Result<(String, PathBuf)> {
    if let Some(id) = resume {
        let folder = find(app, id)?;
        return Ok((name(&folder), folder));
    }
    new_folder(app, &json!({"suite": request.suite, "request": asked(request)}))
}

/// A folder for a new run, with what it was asked.
pub fn new_folder(app: &App, plan: &Value) -> Result<(String, PathBuf)> {
    let all = runs::runs(app)?;
    let mut id = runs::fresh(app);
    while all.join(&id).exists() {
        id = runs::fresh(app);
    }
    let folder = all.join(&id);
    disk::append_lines(&folder.join(book::JOURNAL), b"{\"line\":\"begin\"}\n", Durability::Eventual)?;
    disk::write_derived(&folder.join(PLAN), plan.to_string().as_bytes())?;
    Ok((id, folder))
}

/// The name of the suite that a run is of, even if it did not come to its end.
pub fn suite_of(folder: &Path) -> Option<String> {
    let text = std::fs::read_to_string(folder.join(PLAN)).ok()?;
    let value: Value = serde_json::from_str(&text).ok()?;
    Some(value["suite"].as_str()?.to_owned())
}

pub(super) fn name(folder: &Path) -> String {
    folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The folder of the one run of a suite whose id begins so; `latest` is the last.
pub fn find(app: &App, id: &str) -> Result<PathBuf> {
    let mut ids: Vec<String> = all(app)?;
    if id == "latest" {
        ids.reverse();
        ids.truncate(1);
    } else {
        ids.retain(|known| known.starts_with(id));
    }
    match &ids[..] {
        [one] => Ok(runs::runs(app)?.join(one)),
        [] => {
            let known = all(app)?;
            let error = Error::no(format!("there is no run {id} of a suite"));
            Err(error
                .hint_if(did_you_mean(id, known.iter().map(String::as_str)))
                .hint_if(known.last().map(|last| format!("the latest is {last}"))))
        }
        many => Err(Error::no(format!("{} runs begin with {id}", many.len()))),
    }
}

/// The ids of all runs of suites, the latest last.
pub fn all(app: &App) -> Result<Vec<String>> {
    let folder = runs::runs(app)?;
    let entries = std::fs::read_dir(&folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    // Ids begin with the second in which they began, and a second may see several.
    let began = |path: &PathBuf| path.join(PLAN).metadata().and_then(|it| it.modified()).ok();
    let mut ids: Vec<_> = entries.filter_map(|path| Some((began(&path)?, name(&path)))).collect();
    ids.sort();
    Ok(ids.into_iter().map(|(_, id)| id).collect())
}

/// What of a request a run that goes on must know. Limits and ways of asking are said anew.
fn asked(request: &Request) -> Value {
    let wanted = &request.wanted;
    json!({
        "prompts": request.prompts,
        "models": request.models,
        "at": request.at,
        "params": request.params,
        "sweep": request.sweep,
        "repeat": request.repeat,
        "wanted": {
            "ids": wanted.ids,
            "tags": wanted.tags,
            "splits": wanted.splits,
            "first": wanted.first,
            "sample": wanted.sample,
            "shard": wanted.shard,
            "only": wanted.only,
        },
    })
}

/// What a run was asked; what is said anew is in `request`.
pub fn resumed(app: &App, id: &str, request: &Request) -> Result<(String, Request)> {
    let folder = find(app, id)?;
    let path = folder.join(PLAN);
    let text = std::fs::read_to_string(&path)
        .map_err(|error| Error::storage(format!("cannot read {}", path.display())).because(error))?;
    let read = || {
        let value: Value = serde_json::from_str(&text).ok()?;
        let asked = &value["request"];
        let wanted = &asked["wanted"];
        fn of<T: serde::de::DeserializeOwned>(value: &Value) -> Option<T> {
            serde_json::from_value(value.clone()).ok()
        }
        Some(Request {
            suite: value["suite"].as_str()?.to_owned(),
            prompts: of(&asked["prompts"])?,
            models: of(&asked["models"])?,
            at: of(&asked["at"])?,
            params: of::<Map>(&asked["params"])?,
            sweep: of(&asked["sweep"])?,
            repeat: of(&asked["repeat"])?,
            wanted: Wanted {
                ids: of(&wanted["ids"])?,
                tags: of(&wanted["tags"])?,
                splits: of(&wanted["splits"])?,
                first: of(&wanted["first"])?,
                sample: of(&wanted["sample"])?,
                shard: of(&wanted["shard"])?,
                only: of(&wanted["only"])?,
            },
            yes: true,
            ..request.clone()
        })
    };
    let request = read().ok_or_else(|| Error::storage(format!("{} is damaged", path.display())))?;
    Ok((name(&folder), request))
}
