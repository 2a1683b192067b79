mod completions;
mod config;
mod demo;
mod init;
mod list;
mod man;
mod show;
mod version;
