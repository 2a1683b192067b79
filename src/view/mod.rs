//! Outcomes become bytes: text for people, versioned JSON for programs.

pub mod config;
pub mod finding;
pub mod init;
pub mod json;
pub mod list;
pub mod paint;
pub mod prompt;
pub mod table;

pub use json::envelope;
pub use paint::Paint;
