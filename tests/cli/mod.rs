mod check;
mod completions;
mod config;
mod init;
mod list;
mod man;
mod show;
mod version;
