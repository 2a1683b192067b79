//! Which palc this is.

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::build;

#[derive(Debug, Serialize, JsonSchema)]
pub struct VersionV1 {
    version: &'static str,
    /// The commit it was built from, where that is known.
    commit: Option<&'static str>,
    target: &'static str,
    /// release or debug.
    profile: &'static str,
}

pub fn object() -> VersionV1 {
    VersionV1 { version: build::VERSION, commit: build::COMMIT, target: build::TARGET, profile: build::PROFILE }
}

pub fn text() -> String {
    let commit = build::COMMIT.unwrap_or("not known");
    format!("palc {}\ncommit: {commit}\ntarget: {}\nbuild: {}\n", build::VERSION, build::TARGET, build::PROFILE)
}
