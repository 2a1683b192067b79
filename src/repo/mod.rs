//! The prompt repository: where it is, what its prompts are called, what a version holds.

pub mod bisect;
pub mod blame;
pub mod change;
pub mod diff;
pub mod history;
pub mod known;
pub mod labels;
pub mod layout;
pub mod listing;
pub mod merge;
pub mod resolve;
pub mod selector;
pub mod source;
pub mod watch;
pub mod workspace;

pub use change::Change;
pub use history::History;
pub use layout::Layout;
pub use listing::PromptFile;
pub use source::Source;
pub use workspace::Workspace;
