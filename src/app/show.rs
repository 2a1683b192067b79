//! Show one prompt: what it is, and its text.

use std::sync::Arc;

use crate::base::Result;
use crate::model::Prompt;
use crate::render::expand;
use crate::render::include::Library;

use super::App;
use super::files::Files;
use super::load::{Loaded, load};
use super::render::{body, options, settle};

#[derive(Debug)]
pub struct Request {
    pub what: String,
    /// Write the text of includes in their place.
    pub resolved: bool,
}

pub fn show(app: &App, request: &Request) -> Result<Loaded> {
    let (source, file) = app.resolve(&request.what)?;
    let mut loaded = load(app, &source, file)?;
    if request.resolved {
        // Defaults of the settings decide how the body is read; they are not part of what is shown.
        let written = loaded.prompt.clone();
        settle(&mut loaded, app)?;
        let options = options(&loaded, app)?;
        let library = Library::new(Arc::new(Files::of(&source)), &options.roots, &loaded.prompt.partials);
        let root = library.start(body(&loaded), loaded.prompt.template.engine.clone(), None);
        let expanded = expand::expand(&root, &library, &loaded.prompt.template)?;
        loaded.prompt = Prompt { body: expanded.text, ..written };
        loaded.findings.extend(expanded.findings);
    }
    Ok(loaded)
}
