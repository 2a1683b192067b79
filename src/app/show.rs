//! Show one prompt: what it is, and its text.

use crate::base::Result;

use super::App;
use super::load::{Loaded, load};

#[derive(Debug)]
pub struct Request {
    pub what: String,
}

pub fn show(app: &App, request: &Request) -> Result<Loaded> {
    let (source, file) = app.resolve(&request.what)?;
    load(app, &source, file)
}
