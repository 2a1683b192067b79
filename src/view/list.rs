//! Many prompts: a table, a tree, objects.

use serde_json::{Value, json};

use crate::app::list::{Branch, Listed};

use super::paint::{Paint, printable};
use super::table::columns;

/// One line a prompt: name, tags, what it is for.
pub fn table(prompts: &[Listed], paint: Paint, width: Option<usize>) -> String {
    let row = |listed: &Listed| {
        let card = &listed.card;
        let about = card.description.as_deref().or(card.title.as_deref()).unwrap_or("");
        let about = about.split_whitespace().collect::<Vec<_>>().join(" ");
        let status = match (&card.unreadable, card.status.as_str()) {
            (Some(_), _) => "(unreadable) ".into(),
            (None, "active") => String::new(),
            (None, status) => format!("({status}) "),
        };
        vec![
            paint.bold(&printable(listed.file.name.as_str())),
            paint.dim(&printable(&card.tags.join(" "))),
            printable(&format!("{status}{about}")),
        ]
    };
    columns(&prompts.iter().map(row).collect::<Vec<_>>(), width)
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

/// The stable JSON of a listed prompt. Empty fields are left out.
pub fn object(listed: &Listed) -> Value {
    let card = &listed.card;
    let mut object = json!({
        "name": listed.file.name.as_str(),
        "path": listed.file.path,
        "id": card.id,
        "title": card.title,
        "description": card.description,
        "kind": card.kind,
        "type": card.type_,
        "phase": card.phase,
        "status": card.status,
        "tags": card.tags,
        "category": card.category,
        "persona": card.persona,
        "provider": card.provider,
        "model": card.models,
        "authors": card.authors,
        "owners": card.owners,
        "custom": card.front().get("custom"),
    });
    if let Value::Object(map) = &mut object {
        map.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()));
    }
    object
}
