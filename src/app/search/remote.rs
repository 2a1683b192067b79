//! Vectors that a provider makes. The user's own settings ask for it, as every prompt and every question is sent there.
//!
//! How many numbers its vectors have is known once it was asked, and kept: it is part of the name under which vectors
//! lie, so that those of different lengths never meet.

use std::fs;
use std::path::PathBuf;

use serde_json::json;

use crate::app::models::{plain, trouble};
use crate::app::{App, services};
use crate::base::hash::sha256;
use crate::base::secret::Secret;
use crate::base::{Error, Result, disk};
use crate::model::{Call, Trouble, Value};
use crate::provider::Service;
use crate::search::meaning::{Embedder, Model, Recipe, Vector};

/// So many texts are sent at once; every service takes them.
const TEXTS: usize = 64;

pub struct Remote {
    service: Service,
    key: Option<Secret>,
    name: String,
    model: Model,
    /// Where its dimensions are kept.
    path: PathBuf,
}

impl Remote {
    /// Without asking: it was asked before, or the error says how it comes to be.
    pub fn open(app: &App, provider: &str, name: &str) -> Result<Remote> {
        let mut remote = Remote::unmet(app, provider, name)?;
        remote.model.dimensions = remote.kept().ok_or_else(|| {
            let message = format!("`palc index update` has not asked {} for vectors yet", remote.model.name);
            Error::no(message).hint("palc index update")
        })?;
        Ok(remote)
    }

    /// Ask for one vector, unless it is known how long they are.
    pub fn meet(app: &App, provider: &str, name: &str) -> Result<()> {
        let remote = Remote::unmet(app, provider, name)?;
        if remote.kept().is_some() {
            return Ok(());
        }
        let dimensions = remote.ask(&["prompt".to_owned()])?.first().map_or(0, Vec::len);
        disk::write_derived(&remote.path, json!({"dimensions": dimensions}).to_string().as_bytes())
    }

    fn unmet(app: &App, provider: &str, name: &str) -> Result<Remote> {
        let service = services::service(app, provider)?;
        let full = format!("{provider}:{name}");
        let digest = sha256(format!("{}\n{}\n{name}", service.protocol.word(), service.base_url).as_bytes());
        let path = app.kept_folder(app.workspace()?, "embedders")?.join(format!("{}.json", &digest[..16]));
        let key = plain::key(app, &service).map_err(|why| told(&service, name, &why))?;
        let model = Model { name: full, dimensions: 0, digest, recipe: Recipe::Beginning };
        Ok(Remote { service, key, name: name.to_owned(), model, path })
    }

    fn kept(&self) -> Option<usize> {
        let value: Value = serde_json::from_str(&fs::read_to_string(&self.path).ok()?).ok()?;
        value["dimensions"].as_u64().map(|dimensions| dimensions as usize).filter(|dimensions| *dimensions > 0)
    }

    fn ask(&self, texts: &[String]) -> Result<Vec<Vec<f32>>> {
        let answer = plain::vectors_with(&self.service, self.key.as_ref(), &self.name, texts);
        let none =
            || Error::no(format!("{} makes no vectors", self.service.name)).hint("choose another search.embedder");
        let vectors = answer.map_err(|why| told(&self.service, &self.name, &why))?.ok_or_else(none)?.vectors;
        match vectors.len() == texts.len() {
            true => Ok(vectors),
            false => {
                Err(Error::no(format!("{} gave {} vectors for {} texts", self.model.name, vectors.len(), texts.len())))
            }
        }
    }
}

impl Embedder for Remote {
    fn model(&self) -> &Model {
        &self.model
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vector>> {
        let mut all = Vec::with_capacity(texts.len());
        for some in texts.chunks(TEXTS) {
            // Services refuse to embed nothing.
            let some: Vec<String> =
                some.iter().map(|text| if text.trim().is_empty() { "-" } else { *text }.to_owned()).collect();
            for vector in self.ask(&some)? {
                if vector.len() != self.model.dimensions {
                    // It is another model now, so it is met anew.
                    let _ = disk::remove_derived(&self.path);
                    let message = format!("{} gives other vectors than before", self.model.name);
                    return Err(Error::no(message).hint("`palc index update` begins anew"));
                }
                all.push(Vector::of(&vector));
            }
        }
        Ok(all)
    }

    fn is_remote(&self) -> bool {
        true
    }
}

fn told(service: &Service, model: &str, why: &Trouble) -> Error {
    let call = Call { service: service.name.clone(), model: model.to_owned(), ..Call::default() };
    trouble::error(&call, Some(service), why)
}
