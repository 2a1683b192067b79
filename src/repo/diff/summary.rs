//! One line that says what changed.

use std::collections::BTreeMap;

use crate::model::Value;

use super::blocks::Kind;
use super::body::{BlockChange, BlockEdit};
use super::fields::{FieldChange, FieldEdit};
use super::variables::{VariableChange, VariableEdit};
use super::words::Mark;
use super::{Diff, Formatting};

/// More than this are counted, not named.
const NAMED: usize = 3;

/// `temperature 0.2 → 0.7, user message reworded`.
pub fn summary(diff: &Diff) -> String {
    let mut parts: Vec<String> = diff.variables.iter().map(variable).collect();
    parts.extend(diff.told_fields().map(field));
    let rest = parts.len().saturating_sub(NAMED);
    if rest > 1 {
        parts.truncate(NAMED);
        parts.push(format!("{rest} more fields"));
    }
    parts.extend(messages(&diff.blocks));
    if parts.is_empty() {
        parts.extend(diff.formatting.map(|formatting| formatting.words().to_owned()));
    }
    if parts.is_empty() { "nothing changed".into() } else { parts.join(", ") }
}

fn variable(change: &VariableChange) -> String {
    let name = &change.name;
    match &change.edit {
        VariableEdit::Added { .. } => format!("variable {name} added"),
        VariableEdit::Removed => format!("variable {name} removed"),
        VariableEdit::Renamed { from } => format!("variable {from} renamed to {name}"),
        VariableEdit::Retyped { before, after } => format!("variable {name} {before} → {after}"),
        VariableEdit::Needed => format!("variable {name} now required"),
        VariableEdit::Optional => format!("variable {name} now optional"),
        VariableEdit::Default { .. } => format!("default of {name} changed"),
    }
}

/// A field by the last part of its path, unless that says too little.
fn field(change: &FieldChange) -> String {
    let path = change.path.strip_prefix("params.").unwrap_or(&change.path);
    match &change.edit {
        FieldEdit::Added(value) if is_short(value) && path != "id" => format!("{path} {}", short(value)),
        FieldEdit::Added(_) => format!("{path} added"),
        FieldEdit::Removed(_) => format!("{path} removed"),
        FieldEdit::Changed(before, after) if is_short(before) && is_short(after) => {
            format!("{path} {} → {}", short(before), short(after))
        }
        FieldEdit::Changed(..) => format!("{path} changed"),
        FieldEdit::Items { added, removed } => {
            let signed = |sign: char, items: &[Value]| {
                items.iter().map(|item| format!("{sign}{}", short(item))).collect::<Vec<_>>()
            };
            let items = [signed('+', added), signed('-', removed)].concat();
            if items.len() > NAMED { format!("{path} changed") } else { format!("{path} {}", items.join(" ")) }
        }
    }
}

fn is_short(value: &Value) -> bool {
    !value.is_array() && !value.is_object() && short(value).chars().count() <= 32 && !short(value).contains('\n')
}

fn short(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What became of each message: `user message reworded`.
fn messages(blocks: &[BlockChange]) -> Vec<String> {
    let mut homes: BTreeMap<(usize, &str), Vec<&BlockChange>> = BTreeMap::new();
    for block in blocks {
        homes.entry((block.home.message, block.home.role.as_str())).or_default().push(block);
    }
    let mut parts: Vec<String> = Vec::new();
    for ((_, role), blocks) in homes {
        let role = role.split('[').next().unwrap_or(role);
        let what = if role.is_empty() { "text".into() } else { format!("{role} message") };
        let part = format!("{what} {}", became(&blocks));
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    if parts.len() > NAMED + 1 { vec![format!("{} messages changed", parts.len())] } else { parts }
}

fn became(blocks: &[&BlockChange]) -> &'static str {
    let all = |edit| blocks.iter().all(|block| block.edit == edit);
    let marker = |edit| blocks.iter().any(|block| block.kind == Kind::Marker && block.edit == edit);
    let words = |mark| {
        let pieces = blocks.iter().flat_map(|block| &block.pieces);
        pieces.filter(|piece| piece.mark == mark && !piece.is_blank()).count()
    };
    match (words(Mark::Gone), words(Mark::New)) {
        _ if all(BlockEdit::Added) && marker(BlockEdit::Added) => "added",
        _ if all(BlockEdit::Removed) && marker(BlockEdit::Removed) => "removed",
        (0, 0) if blocks.iter().any(|block| block.edit == BlockEdit::Moved) => "reordered",
        (0, 0) => "reflowed",
        (0, _) => "extended",
        (_, 0) => "shortened",
        _ => "reworded",
    }
}

impl Formatting {
    pub fn words(self) -> &'static str {
        match self {
            Formatting::Comments => "comments of the front matter",
            Formatting::Layout => "layout of the front matter",
            Formatting::Endings => "line endings",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{State, read, summary};

    fn told(before: &str, after: &str) -> String {
        let (old, new) = (read("x.md", before), read("x.md", after));
        summary(Some(State::of(&old)), Some(State::of(&new)))
    }

    #[test]
    fn one_line_says_what_changed() {
        let before = "---\nparams: {temperature: 0.2}\ntags: [a]\n---\nsystem:\nBe kind.\n\nuser:\nSort this ticket.\n";
        let change = |from: &str, to: &str| told(before, &before.replace(from, to));
        assert_eq!(change("0.2", "0.4"), "temperature 0.2 → 0.4");
        assert_eq!(change("Sort this", "Route that"), "user message reworded");
        assert_eq!(change("Sort this", "Sort"), "user message shortened");
        assert_eq!(change("Be kind.", "Be\nkind."), "system message reflowed");
        assert_eq!(change("Be kind.\n", "Be kind.\nBe brief.\n"), "system message extended");
        assert_eq!(change("user:\nSort this ticket.\n", ""), "user message removed");
        assert_eq!(change("tags: [a]", "tags: [b]  # why"), "tags +b -a");
        assert_eq!(change("tags: [a]", "tags: ['a']"), "layout of the front matter");
        assert_eq!(change("tags: [a]\n", "tags: [a]\nid: x1\n"), "id added");
        assert_eq!(change("nothing", "there"), "nothing changed");
        assert_eq!(told("- a b c\n- d e f\n", "- d e f\n- a b c\n"), "text reordered");
    }
}
