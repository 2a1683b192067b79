//! The Jinja engine: minijinja with the body's markers hidden in it.

#[cfg(test)]
mod conformance;
pub mod env;
pub mod fail;
pub mod fill;
pub mod prepare;
pub mod run;

pub use env::{Known, known};
pub use fill::Fill;
pub use prepare::{lines, syntax};
pub use run::run;
