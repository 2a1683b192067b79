//! Bytes to values and back: documents with spans, fields with their checks, dialects, lossless edits, schemas.

pub mod assembly;
pub mod card;
pub mod change;
pub mod conflict;
pub mod dialect;
pub mod document;
pub mod edit;
pub mod fields;
pub mod fmt;
pub mod generation;
pub mod labels;
pub mod naming;
pub mod prompt;
pub mod rating;
pub mod results;
pub mod rubric;
pub mod scenario;
pub mod schema;
pub mod session;
pub mod shape;
pub mod strict;
pub mod suite;
pub mod yaml;

pub use dialect::Dialect;
pub use document::Document;
pub use prompt::{Parsed, parse, parse_with};
