mod config;
mod init;
mod list;
mod show;
