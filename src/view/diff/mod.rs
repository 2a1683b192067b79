//! Changed prompts for people and programs.

pub mod html;
pub mod json;
mod lines;
pub mod markdown;
pub mod text;

pub use lines::{Line, Sign, of_block, of_file, of_pieces};

use crate::app::diff::pairs::Version;
use crate::app::diff::{Changed, Tokens};
use crate::model::Value;
use crate::render::tokens::Count;
use crate::repo::diff::blocks::Home;
use crate::repo::diff::{Class, FieldChange, FieldEdit, Mark, Piece, VariableChange, VariableEdit, pieces, words};

use super::paint::visible;

/// How much of a difference is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shown {
    /// Only the front matter.
    pub meta: bool,
}

/// What became of a prompt as a whole.
pub fn became(changed: &Changed) -> &'static str {
    match (&changed.pair.before, &changed.pair.after) {
        (None, _) => "added",
        (_, None) => "removed",
        (Some(before), Some(after)) if before.path != after.path => "renamed",
        _ => "changed",
    }
}

/// The name, with the former one if there was another.
pub fn heading(changed: &Changed) -> String {
    match changed.pair.renamed_from() {
        Some(before) => format!("{} → {}", visible(before.name.as_str()), visible(changed.pair.name())),
        None if changed.pair.after.as_ref().or(changed.pair.before.as_ref()).is_some_and(Version::is_beside) => {
            format!("{}, beside it", visible(changed.pair.name()))
        }
        None => visible(changed.pair.name()),
    }
}

pub fn class_word(class: Option<Class>) -> &'static str {
    class.map_or("unchanged", Class::word)
}

/// A line of the front matter's table: what, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub what: String,
    pub change: Change,
    pub class: Class,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Added(String),
    Removed(String),
    /// `before → after`
    Became(String, String),
    /// Long text, word by word.
    Words(Vec<Piece>),
    /// What came into a list, and what left it.
    Items(Vec<String>, Vec<String>),
    Note(String),
}

/// The variables and fields that changed.
pub fn facts(changed: &Changed) -> Vec<Fact> {
    let diff = &changed.diff;
    let variables = diff.variables.iter().map(variable);
    let fields = diff.told_fields().map(field);
    let formatting = diff.formatting.map(|formatting| Fact {
        what: "front matter".into(),
        change: Change::Note(format!("only {}", formatting.words().trim_end_matches(" of the front matter"))),
        class: Class::Cosmetic,
    });
    variables.chain(fields).chain(formatting).collect()
}

fn variable(change: &VariableChange) -> Fact {
    let note = |text: &str| Change::Note(text.to_owned());
    let value = |value: &Option<Value>| value.as_ref().map_or("nothing".into(), shown);
    let change_of = match &change.edit {
        VariableEdit::Added { needed: true } => note("added, and must be given"),
        VariableEdit::Added { needed: false } => note("added"),
        VariableEdit::Removed => note("removed"),
        VariableEdit::Renamed { from } => Change::Note(format!("was {}", visible(from))),
        VariableEdit::Retyped { before, after } => Change::Became(visible(before), visible(after)),
        VariableEdit::Needed => note("must be given now"),
        VariableEdit::Optional => note("need not be given now"),
        VariableEdit::Default { before, after } => {
            Change::Became(format!("default {}", value(before)), format!("default {}", value(after)))
        }
    };
    Fact { what: format!("variable {}", visible(&change.name)), change: change_of, class: change.class }
}

fn field(change: &FieldChange) -> Fact {
    let list = |items: &[Value]| items.iter().map(shown).collect::<Vec<_>>();
    let change_of = match &change.edit {
        FieldEdit::Added(value) => Change::Added(shown(value)),
        FieldEdit::Removed(value) => Change::Removed(shown(value)),
        FieldEdit::Changed(Value::String(before), Value::String(after)) if is_long(before) || is_long(after) => {
            Change::Words(pieces(before, after, &words))
        }
        FieldEdit::Changed(before, after) => Change::Became(shown(before), shown(after)),
        FieldEdit::Items { added, removed } => Change::Items(list(added), list(removed)),
    };
    Fact { what: visible(&change.path), change: change_of, class: change.class }
}

fn is_long(text: &str) -> bool {
    text.chars().count() > 40 || text.contains('\n')
}

/// A value in a line. Text stands without quotes where nobody can take it for something else.
pub fn shown(value: &Value) -> String {
    let plain = |text: &str| {
        let odd = |c: char| c.is_control() || "\"'[]{}".contains(c);
        !text.is_empty() && text.trim() == text && !text.contains(odd) && !matches!(text, "true" | "false" | "null")
    };
    match value {
        Value::String(text) if plain(text) && text.parse::<f64>().is_err() => visible(text),
        value => visible(&value.to_string()),
    }
}

/// `system › Rules › Tone`
pub fn place(home: &Home) -> String {
    let role = if home.role.is_empty() { "text" } else { &home.role };
    std::iter::once(role).chain(home.headings.iter().map(String::as_str)).map(visible).collect::<Vec<_>>().join(" › ")
}

/// `57 → 61 (+4)`, with `~` before an estimate.
pub fn tokens(tokens: &Tokens) -> String {
    let count = |count: &Count| format!("{}{}", if count.exact { "" } else { "~" }, count.tokens);
    match (&tokens.before, &tokens.after) {
        (Some(before), Some(after)) if before.tokens == after.tokens => count(after),
        (Some(before), Some(after)) => format!("{} → {} ({:+})", count(before), count(after), delta(tokens)),
        (Some(one), None) | (None, Some(one)) => count(one),
        (None, None) => String::new(),
    }
}

/// How many more tokens there are now.
pub fn delta(tokens: &Tokens) -> i64 {
    let count = |count: &Option<Count>| count.map_or(0, |count| count.tokens as i64);
    count(&tokens.after) - count(&tokens.before)
}

/// How many words came and how many went.
pub fn word_counts(changed: &Changed) -> (usize, usize) {
    let count = |mark: Mark| {
        let pieces = changed.diff.blocks.iter().flat_map(|block| &block.pieces);
        let texts = pieces.filter(|piece| piece.mark == mark).map(|piece| words(&piece.text));
        texts.flatten().filter(|word| word.chars().any(char::is_alphanumeric)).count()
    };
    (count(Mark::New), count(Mark::Gone))
}

/// How many send other messages than before.
pub fn rendered_tally(prompts: &[Changed]) -> String {
    let others = prompts.iter().filter(|changed| changed.sends_other()).count();
    match (others, prompts.len() - others) {
        (0, 1) => "1 prompt differs, and it sends the same messages".into(),
        (0, same) => format!("{same} prompts differ, and they send the same messages"),
        (others, same) => {
            let others = if others == 1 { "1 prompt sends".into() } else { format!("{others} prompts send") };
            let same = if same == 0 { String::new() } else { format!("; {same} only written in another way") };
            format!("{others} other messages{same}")
        }
    }
}

/// How many of each class.
pub fn tally(prompts: &[Changed]) -> String {
    let count = |class: Class| prompts.iter().filter(|changed| changed.class() == Some(class)).count();
    let classes = [Class::Breaking, Class::Behaviour, Class::Cosmetic];
    let counts = classes.into_iter().map(|class| (class, count(class))).filter(|(_, count)| *count > 0);
    let counts = counts.map(|(class, count)| format!("{count} {}", class.word())).collect::<Vec<_>>().join(", ");
    let prompts = match prompts.len() {
        1 => "1 prompt differs".to_owned(),
        count => format!("{count} prompts differ"),
    };
    if counts.is_empty() { prompts } else { format!("{prompts}: {counts}") }
}
