//! How git comes to run palc, and what came of it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::hook::{Installed, Outcome, Way};

#[derive(Debug, Serialize, JsonSchema)]
pub struct HookV1 {
    /// config, script or manager.
    way: &'static str,
    /// Whether this command changed anything.
    changed: bool,
    /// The script, or the file of the program that manages hooks.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// The program that manages hooks.
    #[serde(skip_serializing_if = "Option::is_none")]
    manager: Option<&'static str>,
    /// What its configuration needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<&'static str>,
    /// Whether a hook was there before, which runs first.
    before: bool,
}

pub fn installed(installed: &Installed) -> HookV1 {
    let plain =
        HookV1 { way: "config", changed: installed.changed, file: None, manager: None, lines: None, before: false };
    match &installed.way {
        Way::Config => plain,
        Way::Script { path, before } => {
            HookV1 { way: "script", file: Some(path.display().to_string()), before: *before, ..plain }
        }
        Way::Manager { name, file, lines } => {
            HookV1 { way: "manager", manager: Some(name), file: Some(file.clone()), lines: Some(lines), ..plain }
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct RanV1 {
    /// The staged prompts.
    checked: usize,
    refused: bool,
}

pub fn ran(outcome: &Outcome) -> RanV1 {
    RanV1 { checked: outcome.checked, refused: outcome.is_refusal() }
}
