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
        // Whoever can ask a service does so; these are what serves until then.
        Wanted::Builtin | Wanted::Service { .. } => Opened { embedder: Some(Box::new(Builtin::new())), instead: None },
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

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(embedder: Wanted) -> (Option<String>, Option<String>) {
        let search = Search { embedder, onnxruntime: Some("/nowhere/onnxruntime.so".into()) };
        let opened = open(&search, &Env::default());
        (opened.embedder.map(|it| it.model().name.clone()), opened.instead.map(|error| error.message().to_owned()))
    }

    #[test]
    fn what_cannot_be_had_is_replaced_and_told() {
        assert_eq!(opened(Wanted::None), (None, None));
        assert_eq!(opened(Wanted::Builtin), (Some("static-256".into()), None));
        let (instead, why) = opened(Wanted::Fastembed("/nowhere/model".into()));
        assert_eq!(instead.as_deref(), Some("static-256"));
        assert!(why.is_some_and(|why| !why.is_empty()));
    }
}
