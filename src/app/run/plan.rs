//! What a run was asked, as its journal keeps it: enough to go on with it in another process.

use std::path::PathBuf;

use serde_json::json;

use crate::app::App;
use crate::app::given::Given;
use crate::app::models::How;
use crate::base::Result;
use crate::config::OnMissing;
use crate::model::Value;

use super::Request;

const KIND: &str = "run";

pub fn write(request: &Request) -> Value {
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
    json!({
        "data": path(&request.data),
        "files": request.given.files.iter().map(|path| path.display().to_string()).collect::<Vec<_>>(),
        "history": path(&request.history),
        "kind": KIND,
        "model": request.model,
        "names": request.names,
        "on_missing": request.on_missing.map(OnMissing::word),
        "params": request.params,
        "row": request.row,
        "tools": path(&request.tools),
        "vars": request.given.vars,
    })
}

/// The request of a run that is taken up; how models are asked is said anew.
pub fn read(plan: &Value, how: &How) -> Option<Request> {
    if plan["kind"] != KIND {
        return None;
    }
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let list = |name: &str| plan[name].as_array()?.iter().map(text).collect::<Option<Vec<_>>>();
    let path = |name: &str| text(&plan[name]).map(PathBuf::from);
    let files = list("files")?.into_iter().map(PathBuf::from).collect();
    Some(Request {
        names: list("names")?,
        given: Given { vars: list("vars")?, files },
        data: path("data"),
        row: plan["row"].as_u64(),
        on_missing: plan["on_missing"].as_str().and_then(OnMissing::from_word),
        history: path("history"),
        model: text(&plan["model"]),
        params: plan["params"].as_object()?.clone(),
        tools: path("tools"),
        stream: false,
        how: how.clone(),
    })
}

/// Variables with their texts in place of the files and pipes they come from, which may be gone when the run goes on.
pub fn settled(app: &App, given: &Given) -> Result<Given> {
    let named = given.named(app)?;
    let var = |(name, value): (&String, &Value)| {
        let text = value.as_str().unwrap_or_default();
        let before = if text.starts_with('@') { "@" } else { "" };
        format!("{name}={before}{text}")
    };
    Ok(Given { vars: named.iter().map(var).collect(), files: given.files.clone() })
}
