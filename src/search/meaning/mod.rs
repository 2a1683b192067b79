//! Finding by meaning: passages of prompts become vectors, and so does a question; those whose directions are nearest
//! answer it.

pub mod builtin;
#[cfg(feature = "fastembed")]
pub mod encoder;
pub mod library;
pub mod open;
pub mod passages;
pub mod rows;
pub mod vector;

pub use builtin::Builtin;
pub use open::{Opened, open};
pub use passages::{Passage, Recipe};
pub use rows::{Best, Rows};
pub use vector::Vector;

use crate::base::Result;

/// Makes vectors of texts.
pub trait Embedder: Send + Sync {
    fn model(&self) -> &Model;

    /// One vector for each text, in order. A text gives the same vector whichever others it comes with.
    fn embed(&self, texts: &[&str]) -> Result<Vec<Vector>>;

    /// Whether somebody else is asked: many texts go at once, and that may fail.
    fn is_remote(&self) -> bool {
        false
    }
}

/// Everything that vectors depend on beside the text: only those of equal models may be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    pub name: String,
    pub dimensions: usize,
    /// SHA-256 of the weights and of whatever else decides on a vector.
    pub digest: String,
    /// Which passages of a prompt it is given.
    pub recipe: Recipe,
}

impl Model {
    /// A file name for what is made with this model: another for every difference that matters.
    pub fn key(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c.to_ascii_lowercase() } else { '_' };
        let name: String = self.name.chars().take(40).map(plain).collect();
        let digest = self.digest.get(..16).unwrap_or(&self.digest);
        format!("{name}-{digest}-{}-{}{}-{}", self.dimensions, self.recipe.word(), Recipe::VERSION, rows::VERSION)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_file_name_and_differs_with_the_model() {
        let model = Builtin::new().model().clone();
        assert!(model.key().starts_with("static-256-"), "{}", model.key());
        let odd = Model { name: "../Über model".into(), ..model.clone() };
        assert!(odd.key().chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')), "{}", odd.key());
        let others = [
            Model { dimensions: 128, ..model.clone() },
            Model { digest: "0".repeat(64), ..model.clone() },
            Model { recipe: Recipe::Beginning, ..model.clone() },
        ];
        assert!(others.iter().all(|other| other.key() != model.key()));
    }
}
