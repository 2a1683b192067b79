mod config;
mod demo;
mod init;
mod list;
mod show;
