//! The model in a folder, run by ONNX Runtime, whose shared library is loaded when it is first needed.

pub mod folder;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use fastembed::{InitOptionsUserDefined, TextEmbedding, TokenizerFiles, UserDefinedEmbeddingModel};
use ort::environment::Environment;

use super::{Embedder, Model, Recipe, Vector};
use crate::base::{Error, Result};
use folder::{Files, Pooling};

/// A model reads so many word pieces of a text, the two that mark its ends included. More made search worse.
const MOST_PIECES: usize = 128;

pub struct Encoder {
    model: Model,
    session: Mutex<TextEmbedding>,
}

impl Encoder {
    /// Load a model. The library is loaded once for the whole process; later calls go on with the first one.
    pub fn open(folder: &Path, library: &Path) -> Result<Encoder> {
        let files = Files::read(folder)?;
        let environment = environment(library)?;
        let model =
            Model { name: files.name.clone(), dimensions: 0, digest: files.digest(), recipe: Recipe::Beginning };
        let session = session(files, environment).map_err(|error| unusable(folder, error))?;
        let mut encoder = Encoder { model, session: Mutex::new(session) };
        // Also shows whether it wants other inputs than texts have.
        let sample = encoder.raw(&["a"]).map_err(|error| unusable(folder, error))?;
        encoder.model.dimensions = sample.first().map_or(0, Vec::len);
        Ok(encoder)
    }

    /// The texts go through the model one by one. Together they would take as long, because one text keeps all
    /// processors busy; a model that is quantised as it runs would give each text another vector in other company; and
    /// the tokenizer would share a batch out to threads that may be waiting for this very session.
    fn raw(&self, texts: &[&str]) -> fastembed::Result<Vec<Vec<f32>>> {
        let mut session = self.session();
        let mut vectors = Vec::with_capacity(texts.len());
        for text in texts {
            vectors.extend(session.embed([text], Some(1))?);
        }
        Ok(vectors)
    }

    /// A thread that panicked while it embedded left nothing half done that matters to the next text.
    fn session(&self) -> MutexGuard<'_, TextEmbedding> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Embedder for Encoder {
    fn model(&self) -> &Model {
        &self.model
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vector>> {
        let vectors = self.raw(texts);
        let vectors =
            vectors.map_err(|error| Error::invalid(format!("the model {} failed", self.model.name)).because(error))?;
        Ok(vectors.iter().map(|values| Vector::of(values)).collect())
    }
}

fn unusable(folder: &Path, error: fastembed::Error) -> Error {
    Error::invalid(format!("the model in {} cannot be used", folder.display())).because(error)
}

fn session(files: Files, environment: Environment) -> fastembed::Result<TextEmbedding> {
    let tokenizer_files = TokenizerFiles {
        tokenizer_file: files.tokenizer,
        config_file: files.config,
        special_tokens_map_file: files.special_tokens,
        tokenizer_config_file: files.tokenizer_config,
    };
    let pooling = match files.pooling {
        Pooling::Mean => fastembed::Pooling::Mean,
        Pooling::First => fastembed::Pooling::Cls,
    };
    let model = UserDefinedEmbeddingModel::new(files.onnx, tokenizer_files).with_pooling(pooling);
    let options = InitOptionsUserDefined::new().with_environment(environment).with_max_length(MOST_PIECES);
    TextEmbedding::try_new_from_user_defined(model, options)
}

/// ONNX Runtime allows one environment in a process, for good. Nothing of it is palc's to decide, so it is no state of
/// palc's either.
static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);

fn environment(library: &Path) -> Result<Environment> {
    let mut environment = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = &*environment {
        return Ok(environment.clone());
    }
    let failed = || Error::invalid(format!("{} cannot be loaded as ONNX Runtime", library.display()));
    let hint = format!("palc needs version 1.{} or later", ort::MINOR_VERSION);
    let builder = ort::init_from(library).map_err(|error| failed().hint(hint).because(error))?;
    let made = builder.with_telemetry(false).build().map_err(|error| failed().because(error))?;
    Ok(environment.insert(made).clone())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use rayon::prelude::*;

    use super::*;
    use crate::base::env::Env;

    /// The library, which `.ci/onnx` gets before it runs these tests.
    fn library() -> PathBuf {
        let env = Env::system().expect("there is a folder");
        env.get("PALC_TEST_ONNXRUNTIME").expect("PALC_TEST_ONNXRUNTIME names ONNX Runtime; `.ci/onnx` sets it").into()
    }

    fn tiny() -> Encoder {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/encoder");
        Encoder::open(&folder, &library()).expect("the model opens")
    }

    #[test]
    #[ignore = "needs ONNX Runtime; `.ci/onnx` gets it"]
    fn onnx_makes_vectors_of_the_model_in_a_folder() {
        let encoder = tiny();
        assert_eq!((encoder.model().name.as_str(), encoder.model().dimensions), ("encoder", 8));
        let texts = ["calm an angry customer", "Soothe the UPSET client!", "draw a map of the railway", ""];
        let vectors = encoder.embed(&texts).expect("vectors");
        assert!(vectors[0].cosine(&vectors[1]) > 0.95, "{}", vectors[0].cosine(&vectors[1]));
        assert!(vectors[0].cosine(&vectors[2]) < 0.2, "{}", vectors[0].cosine(&vectors[2]));
        assert_eq!(vectors[3].cosine(&vectors[0]), 0.0);
    }

    #[test]
    #[ignore = "needs ONNX Runtime; `.ci/onnx` gets it"]
    fn onnx_gives_a_text_one_vector_whatever_it_comes_with() {
        let encoder = tiny();
        let texts: Vec<String> = (0..9).map(|at| "a map ".repeat(at) + "train").collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let together = encoder.embed(&texts).expect("vectors");
        for (text, vector) in texts.iter().zip(together) {
            assert_eq!(encoder.embed(&[text]).expect("a vector"), [vector]);
        }
    }

    /// Threads that wait for the model must not be needed by the one that has it.
    #[test]
    #[ignore = "needs ONNX Runtime; `.ci/onnx` gets it"]
    fn onnx_serves_many_threads() {
        let encoder = tiny();
        let embed = |at: usize| encoder.embed(&["calm", "a map", "draw"][..1 + at % 3]).expect("vectors").len();
        let counts: Vec<usize> = (0..600).into_par_iter().map(embed).collect();
        assert_eq!(counts.iter().sum::<usize>(), 1200);
    }

    #[test]
    #[ignore = "needs ONNX Runtime; `.ci/onnx` gets it"]
    fn onnx_says_why_a_model_cannot_be_used() {
        let folder = tempfile::tempdir().expect("a folder");
        for file in ["tokenizer.json", "config.json", "tokenizer_config.json"] {
            std::fs::copy(Path::new("fixtures/encoder").join(file), folder.path().join(file)).expect("copied");
        }
        std::fs::write(folder.path().join("model.onnx"), "no model").expect("written");
        let error = Encoder::open(folder.path(), &library()).err().expect("it is no model");
        assert!(error.message().ends_with("cannot be used") && !error.causes().is_empty(), "{error:?}");
    }
}
