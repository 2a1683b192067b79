//! Many prompts: a table, a tree, objects.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::list::{Branch, Listed};
use crate::model::Map;

use super::paint::{Paint, printable, shown};
use super::table::Row;

/// One line of the table: name, tags, what it is for.
pub fn row(listed: &Listed, paint: Paint) -> Row {
    let card = &listed.card;
    let about = one_line(card.description.as_deref().or(card.title.as_deref()).unwrap_or(""));
    let about = match (&card.unreadable, card.status.as_str()) {
        (Some(_), _) => Cow::Owned(format!("(unreadable) {about}")),
        (None, "active") => about,
        (None, status) => Cow::Owned(format!("({status}) {about}")),
    };
    let tags = card.tags.join(" ");
    let (name, tags, about) = (shown(listed.file.name.as_str()), shown(&tags), shown(&about));
    match paint.colour {
        true => Row::of([&paint.bold(&name), &paint.dim(&tags), &about]),
        false => Row::of([&name, &tags, &about]),
    }
}

fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\t', '\r']) {
        return Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    Cow::Borrowed(text.trim())
}

/// Folders and prompts as they nest.
pub fn tree(branch: &Branch, paint: Paint) -> String {
    let mut out = String::new();
    grow(branch, "", paint, &mut out);
    out
}

fn grow(branch: &Branch, lead: &str, paint: Paint, out: &mut String) {
    let last = branch.folders.len() + branch.prompts.len();
    let mut number = 0;
    let mut twig = |out: &mut String, text: &str| {
        number += 1;
        let (mark, below) = if number == last { ("└── ", "    ") } else { ("├── ", "│   ") };
        out.push_str(&format!("{}{text}\n", paint.dim(&format!("{lead}{mark}"))));
        format!("{lead}{below}")
    };
    for (name, folder) in &branch.folders {
        let lead = twig(
            out,
            &format!("{} {}", paint.blue(&printable(&format!("{name}/"))), paint.dim(&folder.count().to_string())),
        );
        grow(folder, &lead, paint, out);
    }
    for (name, listed) in &branch.prompts {
        let about = listed.card.description.as_deref().unwrap_or("").lines().next().unwrap_or("");
        let gap = if about.is_empty() { "" } else { "  " };
        twig(out, &format!("{}{gap}{}", printable(name), paint.dim(&printable(about))));
    }
}

/// A prompt as listings tell it. Empty fields are left out.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ListedV1 {
    name: String,
    path: String,
    #[serde(flatten)]
    card: CardV1,
    /// Whether the file could be read; the other fields are empty if not.
    readable: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CardV1 {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none", rename = "type")]
    type_: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    phase: Vec<String>,
    status: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    persona: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    model: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    owners: Vec<String>,
    /// The project's own fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    custom: Option<Map>,
}

pub fn objects(prompts: &[Listed]) -> Vec<ListedV1> {
    prompts.iter().map(object).collect()
}

fn object(listed: &Listed) -> ListedV1 {
    let card = &listed.card;
    ListedV1 {
        name: listed.file.name.to_string(),
        path: listed.file.path.clone(),
        readable: card.unreadable.is_none(),
        card: CardV1 {
            id: card.id.clone(),
            title: card.title.clone(),
            description: card.description.clone(),
            kind: card.kind.clone(),
            type_: card.type_.clone(),
            phase: card.phase.clone(),
            status: card.status.clone(),
            tags: card.tags.clone(),
            category: card.category.clone(),
            persona: card.persona.clone(),
            provider: card.provider.clone(),
            model: card.models.clone(),
            authors: card.authors.clone(),
            owners: card.owners.clone(),
            custom: Some(card.custom()).filter(|custom| !custom.is_empty()),
        },
    }
}
