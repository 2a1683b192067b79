//! Git as palc needs it: bytes, ids, revisions. The only module that names gix, which changes with every release.

mod branches;
mod commit;
mod compare;
pub mod hooks;
mod index;
mod init;
mod merging;
pub mod message;
mod record;
mod refs;
mod repository;
mod rewrite;
mod session;
mod settings;
mod sign;
mod state;
mod sweep;
mod time;
mod trail;
mod walk;
mod worktree;

pub use branches::Ref;
pub use commit::{Content, NewCommit, Signature, Writer};
pub use compare::{Delta, Standing, Unstaged};
pub use hooks::Hooks;
pub use index::{Staged, Staging};
pub use merging::{Choices, Driving, Ending, MergedTree, Unmerged, Why};
pub use record::{Made, Message, Record, Recorded};
pub use refs::Move;
pub use repository::{Git, Reader, TreeFile};
pub use rewrite::{Edits, Occurrence, RefMove, Rewritten};
pub use session::{Dates, Draft, Entry, Head, Mode, Session, Step};
pub use sweep::Obstacle;
pub use time::Time;
pub use trail::Trail;
pub use walk::{Commit, FileChange};
