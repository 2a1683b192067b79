//! Outcomes become bytes: text for people, versioned JSON for programs.

pub mod check;
pub mod config;
pub mod finding;
pub mod github;
pub mod init;
pub mod json;
pub mod list;
pub mod paint;
pub mod patch;
pub mod prompt;
pub mod sarif;
pub mod schemas;
pub mod table;

pub use json::envelope;
pub use paint::Paint;
