//! The write layer. Every change to a user's file and to derived data goes through here: a temporary file in the same
//! folder, synced, compared with what was read, moved into place, the folder synced. Several files change together
//! by a journal, one palc works at a time by a kernel lock, and each step can be made to fail for tests.

mod append;
mod batch;
mod build;
mod change;
mod claim;
#[cfg(test)]
mod crash;
pub mod fault;
mod folder;
mod journal;
mod lock;
#[cfg(test)]
mod power;
mod private;
pub mod program;
mod resolve;
mod steps;
mod temp;
mod walk;
mod write;

use std::path::Path;

pub use append::{Durability, append, append_lines, extend};
pub use batch::{Batch, Recovery, recover};
pub use build::build;
pub use claim::{Claim, Claims};
pub use folder::{remove_tree, settle};
pub use lock::Lock;
pub use private::read_private;
pub use resolve::{is_here, resolve_beneath};
pub use temp::is_temporary;
pub use walk::{Entry, Listing, Skipped, Why, walk};
pub use write::{Expect, Snapshot, Stamp, read, remove, remove_derived, write, write_derived, write_private};

use super::error::Error;

fn failed(verb: &str, path: &Path, error: std::io::Error) -> Error {
    Error::storage(format!("cannot {verb} {}", path.display())).because(error)
}
