//! A model's folder: which of its files are needed, and what they say.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::base::hash::sha256;
use crate::base::{Error, Result};

/// What a model's folder holds.
pub struct Files {
    pub name: String,
    pub onnx: Vec<u8>,
    pub tokenizer: Vec<u8>,
    pub config: Vec<u8>,
    pub tokenizer_config: Vec<u8>,
    pub special_tokens: Vec<u8>,
    pub pooling: Pooling,
}

/// How the vectors of a text's word pieces become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pooling {
    Mean,
    /// The vector of the first one counts, which stands for the whole.
    First,
}

/// Where a model is in its folder, the likeliest first.
const MODELS: &[&str] = &[
    "model.onnx",
    "onnx/model.onnx",
    "model_optimized.onnx",
    "onnx/model_optimized.onnx",
    "model_quantized.onnx",
    "onnx/model_quantized.onnx",
];

/// What exporters write, and what every one of them needs.
const CONFIG: &str = "config.json";
const TOKENIZER: &str = "tokenizer.json";
const TOKENIZER_CONFIG: &str = "tokenizer_config.json";

impl Files {
    pub fn read(folder: &Path) -> Result<Files> {
        if !folder.is_dir() {
            return Err(
                Error::invalid(format!("the model's folder {} is not there", folder.display())).hint(HOW_TO_GET)
            );
        }
        let missing: Vec<&str> =
            [CONFIG, TOKENIZER, TOKENIZER_CONFIG].into_iter().filter(|name| !folder.join(name).is_file()).collect();
        let model = model_in(folder);
        if !missing.is_empty() || model.is_none() {
            let model = model.is_none().then_some("an .onnx file");
            let missing: Vec<&str> = model.into_iter().chain(missing).collect();
            let message = format!("the model's folder {} lacks {}", folder.display(), missing.join(", "));
            return Err(Error::invalid(message).hint(HOW_TO_GET));
        }
        let read = |name: &Path| {
            let path = folder.join(name);
            fs::read(&path).map_err(|error| Error::storage(format!("{} cannot be read", path.display())).because(error))
        };
        Ok(Files {
            name: folder.file_name().map_or_else(|| "model".into(), |name| name.to_string_lossy().into_owned()),
            onnx: read(&model.expect("its absence was an error"))?,
            tokenizer: read(Path::new(TOKENIZER))?,
            config: read(Path::new(CONFIG))?,
            tokenizer_config: read(Path::new(TOKENIZER_CONFIG))?,
            // Newer exporters leave it out, because the tokenizer's own file says it too.
            special_tokens: read(Path::new("special_tokens_map.json")).unwrap_or_else(|_| b"{}".to_vec()),
            pooling: pooling(folder)?,
        })
    }

    /// A hash of everything in the folder that decides on a vector.
    pub fn digest(&self) -> String {
        let parts = [&self.onnx, &self.tokenizer, &self.config, &self.tokenizer_config, &self.special_tokens];
        let hashes: Vec<String> = parts.iter().map(|part| sha256(part)).collect();
        sha256(format!("{}\n{:?}", hashes.join("\n"), self.pooling).as_bytes())
    }
}

const HOW_TO_GET: &str = "for example: hf download sentence-transformers/all-MiniLM-L6-v2 --local-dir ~/models/minilm";

/// The model's file below the folder: one with a usual name, or the only one.
fn model_in(folder: &Path) -> Option<PathBuf> {
    let usual = MODELS.iter().map(PathBuf::from).find(|path| folder.join(path).is_file());
    usual.or_else(|| ["", "onnx"].into_iter().find_map(|below| only_model(folder, below)))
}

fn only_model(folder: &Path, below: &str) -> Option<PathBuf> {
    let entries = fs::read_dir(folder.join(below)).ok()?.flatten();
    let names = entries.map(|entry| PathBuf::from(below).join(entry.file_name()));
    let mut models = names.filter(|name| name.extension().is_some_and(|suffix| suffix == "onnx"));
    models.next().filter(|_| models.next().is_none())
}

/// What the model was trained with, as sentence-transformers notes it beside the model. Most are trained with means.
fn pooling(folder: &Path) -> Result<Pooling> {
    let path = folder.join("1_Pooling/config.json");
    let Ok(text) = fs::read(&path) else {
        return Ok(Pooling::Mean);
    };
    let config: Value = serde_json::from_slice(&text)
        .map_err(|error| Error::invalid(format!("{} is no JSON", path.display())).because(error))?;
    let is_set = |mode: &str| {
        config[format!("pooling_mode_{mode}")] == Value::Bool(true)
            || config["pooling_mode"].as_str().is_some_and(|word| mode.starts_with(word))
    };
    match (is_set("mean_tokens"), is_set("cls_token")) {
        (true, false) => Ok(Pooling::Mean),
        (false, true) => Ok(Pooling::First),
        _ => Err(Error::invalid(format!("{} asks for a pooling other than mean and cls", path.display()))
            .hint("choose another model; these two are what palc can do")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
        folder
    }

    fn read(folder: &tempfile::TempDir) -> Result<Files, String> {
        Files::read(folder.path()).map_err(|error| error.message().replace(&folder.path().display().to_string(), "X"))
    }

    #[test]
    fn all_that_is_missing_is_told_at_once() {
        let error = read(&folder(&["tokenizer.json"])).err();
        let expected = "the model's folder X lacks an .onnx file, config.json, tokenizer_config.json";
        assert_eq!(error.as_deref(), Some(expected));
        assert!(Files::read(Path::new("/nowhere/model")).err().unwrap().message().ends_with("is not there"));
    }

    #[test]
    fn the_model_is_the_usual_file_or_the_only_one() {
        let files = |names: &[&str]| folder(names);
        assert_eq!(model_in(files(&["onnx/model.onnx", "onnx/model_O3.onnx"]).path()), Some("onnx/model.onnx".into()));
        assert_eq!(model_in(files(&["model_int8.onnx"]).path()), Some("model_int8.onnx".into()));
        assert_eq!(model_in(files(&["a.onnx", "b.onnx"]).path()), None);
    }

    #[test]
    fn pooling_is_what_the_model_was_trained_with() {
        let of = |text: &str| {
            let folder = folder(&["1_Pooling/config.json"]);
            fs::write(folder.path().join("1_Pooling/config.json"), text).unwrap();
            pooling(folder.path()).map_err(|error| error.message().split(" asks ").last().unwrap().to_owned())
        };
        assert_eq!(of(r#"{"pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true}"#), Ok(Pooling::Mean));
        assert_eq!(of(r#"{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}"#), Ok(Pooling::First));
        assert_eq!(of(r#"{"pooling_mode": "cls"}"#), Ok(Pooling::First));
        assert_eq!(of(r#"{"pooling_mode": "lasttoken"}"#), Err("for a pooling other than mean and cls".into()));
        assert_eq!(pooling(folder(&[]).path()).ok(), Some(Pooling::Mean));
    }

    #[test]
    fn the_digest_changes_with_every_file_that_matters() {
        let folder = folder(&["model.onnx", "tokenizer.json", "config.json", "tokenizer_config.json"]);
        let before = read(&folder).ok().unwrap().digest();
        for file in ["model.onnx", "tokenizer.json", "special_tokens_map.json"] {
            fs::write(folder.path().join(file), r#"{"other": 1}"#).unwrap();
            assert_ne!(read(&folder).ok().unwrap().digest(), before, "{file}");
            fs::write(folder.path().join(file), "{}").unwrap();
        }
        assert_eq!(read(&folder).ok().unwrap().digest(), before);
    }
}
