mod demo;
mod list;
mod show;
