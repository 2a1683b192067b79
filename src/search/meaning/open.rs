//! The embedder that the settings ask for, or the next best one.

use super::{Builtin, Embedder};
use crate::base::env::Env;
use crate::base::{Error, Result};
use crate::config::{Embedder as Wanted, Search};

/// What there is to make vectors with.
pub struct Opened {
    /// Nothing where the settings want nothing.
    pub embedder: Option<Box<dyn Embedder>>,
    /// Why it is the built-in one although another was asked for.
    pub instead: Option<Error>,
}

/// Open what the settings ask for. Whatever keeps it from working, search goes on with the built-in vectors and says so.
pub fn open(search: &Search, env: &Env) -> Opened {
    match &search.embedder {
        Wanted::None => Opened { embedder: None, instead: None },
        Wanted::Builtin => Opened { embedder: Some(Box::new(Builtin::new())), instead: None },
        Wanted::Fastembed(folder) => match encoder(folder, search, env) {
            Ok(encoder) => Opened { embedder: Some(encoder), instead: None },
            Err(error) => Opened { embedder: Some(Box::new(Builtin::new())), instead: Some(error) },
        },
    }
}

#[cfg(feature = "fastembed")]
fn encoder(folder: &str, search: &Search, env: &Env) -> Result<Box<dyn Embedder>> {
    let library = super::library::find(search.onnxruntime.as_deref(), env)?;
    Ok(Box::new(super::encoder::Encoder::open(&env.own_path(folder), &library)?))
}

#[cfg(not(feature = "fastembed"))]
fn encoder(folder: &str, _: &Search, _: &Env) -> Result<Box<dyn Embedder>> {
    let error = Error::invalid(format!("this palc cannot run the model in {folder}: it was built without `fastembed`"));
    Err(error.hint("build it with `cargo install prompt-alchemy --features fastembed`"))
}
