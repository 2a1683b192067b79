//! The write layer. Every change to a user's file and to derived data goes through here: a temporary file in the same
//! folder, synced, compared with what was read, renamed, the folder synced.

mod lock;
mod write;

pub use lock::Lock;
pub use write::{Expect, Snapshot, Stamp, read, remove, write};
