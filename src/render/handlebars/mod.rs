//! The part of Handlebars that prompt files use, and Mustache: values, `if`, `unless`, `each`, `with`, partials, and
//! dotprompt's helpers for messages. What is not here is an error with a place, never text in the output.

mod expand;
mod parse;
mod scan;
mod uses;

pub use expand::expand;
pub use uses::uses;

/// The two languages differ in what `{{#name}}` means and where names are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    Handlebars,
    Mustache,
}
