//! What this program was built from.

pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Known in release builds from a clone, and where the packager said it.
pub const COMMIT: Option<&str> = option_env!("PALC_BUILD_COMMIT");
pub const TARGET: &str = env!("PALC_BUILD_TARGET");
pub const PROFILE: &str = if cfg!(debug_assertions) { "debug" } else { "release" };

/// `0.1.0 (1a2b3c4d5e)`, or the version alone.
pub fn described() -> String {
    match COMMIT.and_then(|commit| commit.get(..10)) {
        Some(commit) => format!("{VERSION} ({commit})"),
        None => VERSION.to_owned(),
    }
}
