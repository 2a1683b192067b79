//! What every program needs: errors, findings, text, files, time, the environment.

pub mod build;
pub mod clock;
pub mod diag;
pub mod disk;
pub mod env;
pub mod error;
pub mod fence;
pub mod hash;
pub mod http;
pub mod log;
pub mod near;
pub mod process;
pub mod secret;
pub mod stats;
pub mod text;

pub use diag::{Edit, Finding, Fix, Place, Severity, Span};
pub use error::{Error, Kind, Result};
