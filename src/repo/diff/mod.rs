//! What differs between two states of a prompt, as people who write prompts speak of it.
//!
//! Pure values: two texts in, a [`Diff`] out. The front matter is compared by the path of each value, the body by its
//! messages, headings, list items, fenced blocks and examples, and inside of those word by word. Whatever is told to
//! people, [`operations`] are exact: [`apply`] makes the second text out of the first, to the byte.

mod align;
pub mod blocks;
mod body;
mod class;
mod fields;
mod operation;
mod summary;
mod variables;
mod words;

#[cfg(test)]
mod laws;

pub use body::{BlockChange, BlockEdit};
pub use class::Class;
pub use fields::{FieldChange, FieldEdit};
pub use operation::{Operation, apply};
pub use variables::{Used, VariableChange, VariableEdit};
pub use words::{Cut, Mark, Piece, pieces, whole, words};

use crate::base::Span;
use crate::base::text::{BOM, Ending};
use crate::format::document::Document;
use crate::format::{Dialect, Parsed, parse};

use align::{Side, align};
use blocks::Block;

/// One state of a prompt.
#[derive(Debug, Clone, Copy)]
pub struct State<'a> {
    pub parsed: &'a Parsed<'a>,
    /// The variables of its template, where they are known.
    pub used: &'a [Used],
}

impl<'a> State<'a> {
    pub fn of(parsed: &'a Parsed<'a>) -> State<'a> {
        State { parsed, used: &[] }
    }
}

/// All that differs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Diff {
    pub fields: Vec<FieldChange>,
    pub variables: Vec<VariableChange>,
    /// Where no value changed and the front matter's text did, how.
    pub formatting: Option<Formatting>,
    /// What changed in the body.
    pub blocks: Vec<BlockChange>,
    /// The class of the body's change, if there is one.
    pub body: Option<Class>,
}

/// What changed in a front matter whose values did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formatting {
    Comments,
    /// Order, quotes, blanks.
    Layout,
    /// LF or CRLF, a byte order mark.
    Endings,
}

impl Diff {
    /// The gravest class of all changes; nothing if nothing changed.
    pub fn class(&self) -> Option<Class> {
        let fields = self.fields.iter().map(|change| change.class);
        let variables = self.variables.iter().map(|change| change.class);
        let formatting = self.formatting.map(|_| Class::Cosmetic);
        fields.chain(variables).chain(self.body).chain(formatting).max()
    }

    /// The changes of fields that no change of a variable tells already.
    pub fn told_fields(&self) -> impl Iterator<Item = &FieldChange> {
        let told = |change: &&FieldChange| {
            let about = |name: &str| {
                let renamed = |edit: &VariableEdit| matches!(edit, VariableEdit::Renamed { from } if from == name);
                self.variables.iter().any(|variable| variable.name == name || renamed(&variable.edit))
            };
            let required = change.path == "input.required" && !self.variables.is_empty();
            !required && !change.variable().is_some_and(about)
        };
        self.fields.iter().filter(told)
    }

    /// `temperature 0.2 → 0.7, user message reworded`.
    pub fn summary(&self) -> String {
        summary::summary(self)
    }
}

/// One line that says what changed between two states; a state that is missing was not there yet, or is gone.
pub fn summary(before: Option<State<'_>>, after: Option<State<'_>>) -> String {
    match (before, after) {
        (Some(before), Some(after)) => compare(before, after, &words).summary(),
        (None, Some(_)) => "new prompt".into(),
        (Some(_), None) => "prompt removed".into(),
        (None, None) => "nothing changed".into(),
    }
}

/// Read a text that may be anything. What has no readable front matter is body from its first byte.
pub fn read<'a>(path: &'a str, text: &'a str) -> Parsed<'a> {
    let dialect = Dialect::of_path(path);
    let plain = || Document {
        path,
        text,
        dialect,
        front: None,
        body: Span::new(0, text.len()),
        ending: Ending::of(text),
        bom: text.starts_with(BOM),
    };
    let document = Document::split(path, text.as_bytes(), dialect).unwrap_or_else(|_| plain());
    parse(document)
}

/// Compare two states. `cut` says what a word is.
pub fn compare(before: State<'_>, after: State<'_>, cut: &Cut<'_>) -> Diff {
    let (old, new) = (before.parsed, after.parsed);
    let fields = fields::changes(old.fields(), new.fields(), new.prompt.kind);
    let variables = variables::changes((&old.prompt, before.used), (&new.prompt, after.used));
    let (old_blocks, new_blocks) = (body_blocks(&old.document), body_blocks(&new.document));
    let body = Comparison::new(&old_blocks, &new_blocks, old, new);
    let comments = matches!(new.prompt.template.engine.as_deref(), None | Some("jinja" | "jinja2" | "nunjucks"));
    Diff {
        formatting: if fields.is_empty() && variables.is_empty() { formatting(old, new) } else { None },
        blocks: body::changes(body.before, body.after, &body.steps, cut),
        body: body::class(body.before, body.after, comments),
        fields,
        variables,
    }
}

/// The way from the first file to the second.
pub fn operations(before: &Parsed<'_>, after: &Parsed<'_>, cut: &Cut<'_>) -> Vec<Operation> {
    let front = |document: &Document<'_>| blocks::lines(document.text, Span::new(0, document.body.start));
    let (old_front, new_front) = (front(&before.document), front(&after.document));
    let (old_body, new_body) = (body_blocks(&before.document), body_blocks(&after.document));
    let mut operations = Comparison::new(&old_front, &new_front, before, after).operations(cut);
    operations.extend(Comparison::new(&old_body, &new_body, before, after).operations(cut));
    operations
}

fn body_blocks(document: &Document<'_>) -> Vec<Block> {
    blocks::of(document.text, document.body)
}

struct Comparison<'a> {
    before: Side<'a>,
    after: Side<'a>,
    steps: Vec<align::Step>,
}

impl<'a> Comparison<'a> {
    fn new(before: &'a [Block], after: &'a [Block], old: &Parsed<'a>, new: &Parsed<'a>) -> Comparison<'a> {
        let before = Side { text: old.document.text, blocks: before };
        let after = Side { text: new.document.text, blocks: after };
        Comparison { before, after, steps: align(before, after) }
    }

    fn operations(&self, cut: &Cut<'_>) -> Vec<Operation> {
        operation::of(self.before, self.after, &self.steps, cut)
    }
}

fn formatting(old: &Parsed<'_>, new: &Parsed<'_>) -> Option<Formatting> {
    let head = |parsed: &Parsed<'_>| parsed.document.text[..parsed.document.body.start].to_owned();
    let (before, after) = (head(old), head(new));
    let bare = |text: &str| text.replace("\r\n", "\n").trim_start_matches(BOM).to_owned();
    let comments = |parsed: &Parsed<'_>| {
        parsed.tree.comments.iter().map(|comment| comment.text.trim().to_owned()).collect::<Vec<_>>()
    };
    if before == after {
        return None;
    }
    Some(match () {
        () if bare(&before) == bare(&after) => Formatting::Endings,
        () if comments(old) != comments(new) => Formatting::Comments,
        () => Formatting::Layout,
    })
}
