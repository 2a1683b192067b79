//! The one test binary: commands as users see them, and the rules the sources must keep.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot go on must fail")]

mod architecture;
mod checks;
mod cli;
mod corpus;
mod docs;
mod harness;
