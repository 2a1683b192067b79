mod config;
mod list;
mod show;
