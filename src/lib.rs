//! palc keeps prompts the way good teams keep code.
//!
//! This list is the map. Each group below may import only from groups above it, and folders of one group do not
//! import each other; `tests/architecture.rs` reads this file and the sources and fails on a wrong edge.
//!
//! What is absent on purpose: no module but `base` reads the clock, the environment or random numbers; no module
//! but `base::disk` writes a user's file; no module but `git` names gix; nothing below `cli` prints.

// layer: what every program needs
pub mod base;
// layer: plain values, no input or output
pub mod model;
// layer: bytes to values and back: documents with spans, lossless edits, dialects, schemas
pub mod format;
// layer: settings in layers, each value with its origin
pub mod config;
// layer: objects, refs and history; the only user of gix
pub mod git;
// layer: the prompt repository: names, files, facts, a set of edits as one write
pub mod repo;
// layer: a prompt and its variables become messages
pub mod render;
// layer: rules over files, one rule a file
pub mod check;
// layer: full text, meaning, likeness, over sets of contents
pub mod search;
// layer: services that run models: what to send, what an answer means, when to try again
pub mod provider;
// layer: engines: decisions over values that ask for what they need
pub mod eval;
pub mod exchange;
pub mod generate;
pub mod select;
// layer: one use case a file; the only place where files, time and engines meet
pub mod app;
// layer: outcomes become text, JSON, SARIF
pub mod view;
// layer: the terminal: parse, call app, print through view
pub mod cli;
