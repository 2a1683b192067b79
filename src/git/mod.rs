//! Git as palc needs it: bytes, ids, revisions. The only module that names gix, which changes with every release.

mod changes;
mod commit;
pub mod hooks;
mod index;
mod init;
pub mod message;
mod record;
mod refs;
mod repository;
mod session;
mod sign;
mod state;
mod worktree;

pub use commit::{Content, NewCommit, Signature, Writer};
pub use hooks::Hooks;
pub use index::{Staged, Staging};
pub use record::{Commit, Message, Record, Recorded};
pub use refs::Move;
pub use repository::{Git, Reader, TreeFile};
pub use session::{Dates, Draft, Entry, Head, Mode, Session, Step};
