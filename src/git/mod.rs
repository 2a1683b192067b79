//! Git as palc needs it: bytes, ids, revisions. The only module that names gix, which changes with every release.

mod init;
mod repository;

pub use repository::{Git, Reader, TreeFile};
