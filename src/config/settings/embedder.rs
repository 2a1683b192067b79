//! What search by meaning works with.

use crate::base::near::did_you_mean;
use crate::config::kind::{Fault, not_whole};
use crate::config::layers::Values;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    pub embedder: Embedder,
    /// The shared library of ONNX Runtime, as a path that may begin with `~/`.
    pub onnxruntime: Option<String>,
}

/// What makes vectors of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Embedder {
    /// Nothing does: search goes by words alone.
    None,
    Builtin,
    /// The model in a folder, as a path that may begin with `~/`.
    Fastembed(String),
    /// A model of a provider, which is sent what is searched.
    Service {
        provider: String,
        model: String,
    },
}

const FASTEMBED: &str = "fastembed:";

impl Search {
    pub(super) fn read(values: Values<'_>) -> Self {
        let embedder = Embedder::from_text(&values.text("search.embedder"));
        Search {
            embedder: embedder.expect("the text was checked by the same function, and there is a default"),
            onnxruntime: values.maybe_text("search.onnxruntime"),
        }
    }
}

impl Embedder {
    pub fn from_text(text: &str) -> Option<Embedder> {
        match text {
            "none" => Some(Embedder::None),
            "builtin" => Some(Embedder::Builtin),
            _ => match text.strip_prefix(FASTEMBED) {
                Some(folder) => Some(Embedder::Fastembed(folder.to_owned())),
                None => Embedder::of_service(text),
            },
        }
    }

    fn of_service(text: &str) -> Option<Embedder> {
        let (provider, model) = text.split_once(':')?;
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let good = !provider.is_empty() && provider.chars().all(fits) && !model.is_empty();
        good.then(|| Embedder::Service { provider: provider.to_owned(), model: model.to_owned() })
    }
}

/// What is wrong with an embedder's name.
pub(in crate::config) fn fault(text: &str) -> Option<Fault> {
    match Embedder::from_text(text) {
        Some(Embedder::Fastembed(folder)) => not_whole(&folder).map(|fault| not_a_folder(&folder, fault)),
        Some(_) => None,
        None => {
            let message = format!("`{text}` is not one of builtin, none, fastembed:FOLDER, PROVIDER:MODEL");
            let mut fault = Fault::new("config-word", message);
            fault.hint = did_you_mean(text, ["builtin", "none"]);
            Some(fault)
        }
    }
}

/// Most likely the name of a model, which palc does not download.
fn not_a_folder(name: &str, mut fault: Fault) -> Fault {
    fault.message = format!("`{name}` is not the whole path of a model's folder");
    fault.hint = Some(match name.contains('/') && !name.starts_with('.') {
        true => format!("palc downloads no models; `hf download {name} --local-dir ~/models/{}` does", last_part(name)),
        false => "write it from the root, or begin it with `~/` for your own folder".into(),
    });
    fault
}

fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_wrong_and_how_to_get_a_model() {
        assert_eq!(["builtin", "none", "fastembed:~/models/minilm"].map(fault), [None, None, None]);
        assert_eq!(["openai:text-embedding-3-small", "local:nomic-embed-text:v1.5"].map(fault), [None, None]);
        assert!(["openai:", ":m", "/models/x:y"].map(fault).iter().all(Option::is_some));
        assert_eq!(fault("built-in").and_then(|fault| fault.hint).as_deref(), Some("did you mean `builtin`?"));
        let hint = fault("fastembed:BAAI/bge-small-en-v1.5").and_then(|fault| fault.hint).unwrap();
        assert!(hint.contains("hf download BAAI/bge-small-en-v1.5 --local-dir ~/models/bge-small-en-v1.5"), "{hint}");
        assert!(fault("fastembed:models").and_then(|fault| fault.hint).unwrap().contains("from the root"));
        assert!(fault("fastembed:").is_some() && fault("").is_some());
    }
}
