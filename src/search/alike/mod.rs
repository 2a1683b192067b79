//! What is alike: near copies, groups, and what a prompt's neighbours say of it.

pub mod cluster;
pub mod gist;
pub mod groups;
pub mod intents;
pub mod naming;
pub mod near;
pub mod neighbours;
pub mod sketch;
pub mod suggest;
