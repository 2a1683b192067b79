//! A prompt and its variables become messages.
//!
//! Everything here is a function over values: files come through [`Source`], nothing reads the clock, and the same
//! request gives the same bytes. The way of a request: `inputs` settles the variables, an engine (`jinja`, `brace`,
//! `dollar`) turns the body into [`event`]s, and `messages` puts those together.

pub mod actions;
pub mod analyse;
pub mod brace;
pub mod dataset;
pub mod dollar;
pub mod event;
pub mod examples;
pub mod expand;
pub mod expect;
pub mod extends;
#[cfg(test)]
mod fixtures;
pub mod form;
pub mod handlebars;
pub mod include;
pub mod inputs;
pub mod jinja;
pub mod marker;
pub mod messages;
pub mod patch;
pub mod pieces;
pub mod plain;
pub mod request;
pub mod run;
pub mod schema;
pub mod tokens;
pub mod trace;

pub use extends::inherit;
pub use include::Source;
pub use jinja::{Fill, Known, known};
pub use messages::{Message, Part, Segment, Turn};
pub use plain::plain;
pub use request::{Body, Edge, Engine, Markers, Options, Rendered, Request, Shots};
pub use run::render;

#[cfg(test)]
mod laws;
