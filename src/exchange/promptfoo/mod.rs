//! A configuration of promptfoo becomes prompts and a suite.
//!
//! It is read strictly: whatever cannot be said in a suite is named with its place, and so is whatever comes out
//! differently. Nothing is guessed and nothing is left out in silence.

pub mod assertions;
mod cases;
mod config;
mod pattern;
mod prompts;
mod providers;
mod sheet;
mod sources;
pub mod table;
#[cfg(test)]
mod tests;
mod write;

pub use config::{Plan, Where, import};
pub use sources::{World, slug};
