//! Git as palc needs it: bytes, ids, revisions. The only module that names gix, which changes with every release.

mod commit;
mod compare;
mod init;
mod repository;
mod state;
mod time;
mod walk;

pub use commit::{Content, NewCommit, Signature, Writer};
pub use compare::{Delta, Standing, Unstaged};
pub use repository::{Git, Reader, TreeFile};
pub use time::Time;
pub use walk::{Commit, FileChange};
