//! Outcomes become bytes: text for people, versioned JSON for programs.

pub mod activate;
pub mod check;
pub mod commit;
pub mod config;
pub mod demo;
pub mod deps;
pub mod diff;
pub mod doctor;
pub mod finding;
pub mod github;
pub mod init;
pub mod json;
pub mod labels;
pub mod list;
pub mod paint;
pub mod patch;
pub mod project;
pub mod promote;
pub mod prompt;
pub mod render;
pub mod review;
pub mod sarif;
pub mod schemas;
pub mod select;
pub mod status;
pub mod table;
pub mod tags;
pub mod tokens;
pub mod vars;
pub mod version;
pub mod vocab;
pub mod watch;
pub mod written;

pub use json::envelope;
pub use paint::Paint;
