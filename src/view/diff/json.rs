//! Changed prompts for programs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::diff::pairs::Version;
use crate::app::diff::rendered::{Rendering, Turn};
use crate::app::diff::{Changed, Outcome, Tokens};
use crate::base::Span;
use crate::model::Value;
use crate::render::tokens::Count;
use crate::repo::diff::{
    BlockChange, BlockEdit, FieldChange, FieldEdit, Mark, Operation, Piece, VariableChange, VariableEdit,
};

use super::became;

/// Two states of the repository and the prompts that differ.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DiffV1 {
    before: String,
    after: String,
    prompts: Vec<ChangedV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ChangedV1 {
    /// The name now, or the last one it had.
    name: String,
    /// added, removed, renamed or changed.
    change: &'static str,
    /// breaking, behaviour or cosmetic; nothing where only what it includes changed.
    class: Option<&'static str>,
    /// What changed, in a line.
    summary: String,
    before: Option<SideV1>,
    after: Option<SideV1>,
    fields: Vec<FieldV1>,
    variables: Vec<VariableV1>,
    body: Vec<BlockV1>,
    /// Tokens of the bodies, if they were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens: Option<TokensV1>,
    /// The messages that are sent, if they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    rendered: Option<RenderedV1>,
    /// Done in order, they turn the first file into the second, to the byte.
    operations: Vec<OperationV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SideV1 {
    name: String,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Its blob; none for a file of the work tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    blob: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FieldV1 {
    path: String,
    /// added, removed, changed, or items for a list whose order says nothing.
    change: &'static str,
    class: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    added: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    removed: Vec<Value>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct VariableV1 {
    name: String,
    /// added, removed, renamed, retyped, required, optional or default.
    change: &'static str,
    class: &'static str,
    /// The former name, type or default.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Value>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct BlockV1 {
    /// message, heading, list item, fenced block, example, paragraph or blank lines.
    kind: &'static str,
    /// added, removed, changed or moved.
    change: &'static str,
    /// The message it stands in; empty before the first marker.
    message: String,
    headings: Vec<String>,
    /// Bytes of the first file.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<RangeV1>,
    /// Bytes of the second file.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<RangeV1>,
    words: Vec<PieceV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RangeV1 {
    start: usize,
    end: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct PieceV1 {
    /// same, gone or new.
    mark: &'static str,
    text: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct TokensV1 {
    before: Option<usize>,
    after: Option<usize>,
    /// How many more there are now.
    delta: i64,
    encoding: &'static str,
    /// Whether the model's own vocabulary was used.
    exact: bool,
    /// Nothing as long as no price is known.
    cost: Option<f64>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RenderedV1 {
    /// Whether the same messages are sent: a pure refactor.
    same: Option<bool>,
    /// Why it cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<MessageV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct MessageV1 {
    role: String,
    words: Vec<PieceV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct OperationV1 {
    /// keep, move, delete or insert.
    op: &'static str,
    /// Bytes of the first file, for all but insert.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    range: Option<RangeV1>,
    /// What is deleted or inserted.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

pub fn object(outcome: &Outcome) -> DiffV1 {
    let (before, after) = outcome.range.sides();
    DiffV1 { before, after, prompts: outcome.prompts.iter().map(changed).collect() }
}

pub fn changed(changed: &Changed) -> ChangedV1 {
    let diff = &changed.diff;
    ChangedV1 {
        name: changed.pair.name().to_owned(),
        change: became(changed),
        class: changed.class().map(|class| class.word()),
        summary: changed.summary(),
        before: changed.pair.before.as_ref().map(side),
        after: changed.pair.after.as_ref().map(side),
        fields: diff.fields.iter().map(field).collect(),
        variables: diff.variables.iter().map(variable).collect(),
        body: diff.blocks.iter().map(block).collect(),
        tokens: changed.tokens.as_ref().map(tokens),
        rendered: changed.rendered.as_ref().map(rendered),
        operations: changed.operations.iter().map(operation).collect(),
    }
}

fn side(version: &Version) -> SideV1 {
    SideV1 {
        name: version.name.to_string(),
        path: version.path.clone(),
        id: version.id.clone(),
        blob: version.blob.clone(),
    }
}

fn field(change: &FieldChange) -> FieldV1 {
    let empty = FieldV1 {
        path: change.path.clone(),
        change: "changed",
        class: change.class.word(),
        before: None,
        after: None,
        added: Vec::new(),
        removed: Vec::new(),
    };
    match change.edit.clone() {
        FieldEdit::Added(after) => FieldV1 { change: "added", after: Some(after), ..empty },
        FieldEdit::Removed(before) => FieldV1 { change: "removed", before: Some(before), ..empty },
        FieldEdit::Changed(before, after) => FieldV1 { before: Some(before), after: Some(after), ..empty },
        FieldEdit::Items { added, removed } => FieldV1 { change: "items", added, removed, ..empty },
    }
}

fn variable(change: &VariableChange) -> VariableV1 {
    let (word, before, after) = match change.edit.clone() {
        VariableEdit::Added { .. } => ("added", None, None),
        VariableEdit::Removed => ("removed", None, None),
        VariableEdit::Renamed { from } => ("renamed", Some(from.into()), None),
        VariableEdit::Retyped { before, after } => ("retyped", Some(before.into()), Some(after.into())),
        VariableEdit::Needed => ("required", None, None),
        VariableEdit::Optional => ("optional", None, None),
        VariableEdit::Default { before, after } => ("default", before, after),
    };
    VariableV1 { name: change.name.clone(), change: word, class: change.class.word(), before, after }
}

fn block(change: &BlockChange) -> BlockV1 {
    let word = match change.edit {
        BlockEdit::Added => "added",
        BlockEdit::Removed => "removed",
        BlockEdit::Changed => "changed",
        BlockEdit::Moved => "moved",
    };
    BlockV1 {
        kind: change.kind.word(),
        change: word,
        message: change.home.role.clone(),
        headings: change.home.headings.clone(),
        before: change.before.map(range),
        after: change.after.map(range),
        words: pieces(&change.pieces),
    }
}

fn range(span: Span) -> RangeV1 {
    RangeV1 { start: span.start, end: span.end }
}

fn pieces(pieces: &[Piece]) -> Vec<PieceV1> {
    let word = |mark| match mark {
        Mark::Same => "same",
        Mark::Gone => "gone",
        Mark::New => "new",
    };
    pieces.iter().map(|piece| PieceV1 { mark: word(piece.mark), text: piece.text.clone() }).collect()
}

fn tokens(tokens: &Tokens) -> TokensV1 {
    let count = |count: &Option<Count>| count.map(|count| count.tokens);
    let any = tokens.after.or(tokens.before);
    TokensV1 {
        before: count(&tokens.before),
        after: count(&tokens.after),
        delta: super::delta(tokens),
        encoding: any.map_or("", |count| count.encoding),
        exact: any.is_some_and(|count| count.exact),
        cost: None,
    }
}

fn rendered(rendering: &Rendering) -> RenderedV1 {
    let message = |turn: &Turn| MessageV1 { role: turn.role.clone(), words: pieces(&turn.pieces) };
    match rendering {
        Rendering::Same => RenderedV1 { same: Some(true), error: None, messages: Vec::new() },
        Rendering::Differs(turns) => {
            RenderedV1 { same: Some(false), error: None, messages: turns.iter().map(message).collect() }
        }
        Rendering::Failed(error) => {
            RenderedV1 { same: None, error: Some(error.message().to_owned()), messages: Vec::new() }
        }
    }
}

fn operation(operation: &Operation) -> OperationV1 {
    let (op, span, text) = match operation {
        Operation::Keep(span) => ("keep", Some(*span), None),
        Operation::Move(span) => ("move", Some(*span), None),
        Operation::Delete(span, text) => ("delete", Some(*span), Some(text.clone())),
        Operation::Insert(text) => ("insert", None, Some(text.clone())),
    };
    OperationV1 { op, range: span.map(range), text }
}
