//! What is alike: near copies, groups, and what a prompt's neighbours say of it.

pub mod groups;
pub mod near;
pub mod sketch;
