//! Tags with what is known of them.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use crate::app::tag::Tag;

pub fn table(tags: &[Tag], paint: Paint) -> String {
    let width = tags.iter().map(|tag| tag.name.chars().count()).max().unwrap_or(0);
    let line = |tag: &Tag| {
        let about = match (&tag.description, tag.known) {
            (Some(text), _) => format!("  {}", paint.dim(&printable(text))),
            (None, false) => format!("  {}", paint.yellow("not in the vocabulary")),
            (None, true) => String::new(),
        };
        format!("{:<width$}  {:>5}{about}\n", printable(&tag.name), tag.prompts)
    };
    tags.iter().map(line).collect()
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct TagV1 {
    name: String,
    /// How many prompts have it.
    prompts: usize,
    description: Option<String>,
    color: Option<String>,
    /// Whether the vocabulary has it; true where there is no vocabulary.
    known: bool,
}

pub fn objects(tags: &[Tag]) -> Vec<TagV1> {
    let object = |tag: &Tag| TagV1 {
        name: tag.name.clone(),
        prompts: tag.prompts,
        description: tag.description.clone(),
        color: tag.color.clone(),
        known: tag.known,
    };
    tags.iter().map(object).collect()
}
