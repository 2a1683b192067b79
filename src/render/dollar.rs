//! Dollar templates, as the `llm` command line uses them: `$name`, `${name}`, and `$$` for a dollar sign.

use crate::base::Result;
use crate::model::Map;

use super::analyse::Uses;
use super::event::Event;
use super::pieces::{self, Piece};
use super::request::{Body, Request};

pub fn expand(request: &Request<'_>, variables: &Map) -> Result<Vec<Event>> {
    pieces::expand(request, cut, variables)
}

pub fn uses(body: Body<'_>) -> Uses {
    pieces::uses(body, cut)
}

fn cut(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut at, mut literal) = (0, 0);
    while let Some(found) = text[at..].find('$') {
        let start = at + found;
        if literal < start {
            pieces.push(Piece::Literal(literal..start));
        }
        let (piece, end) = special(text, start);
        pieces.push(piece);
        (at, literal) = (end, end);
    }
    if literal < text.len() {
        pieces.push(Piece::Literal(literal..text.len()));
    }
    pieces
}

fn special(text: &str, start: usize) -> (Piece, usize) {
    let rest = &text[start + 1..];
    if rest.starts_with('$') {
        return (Piece::Escape(start..start + 2, "$"), start + 2);
    }
    let (inside, braces) = match rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        Some((inside, _)) => (inside, 2),
        None => (&rest[..word(rest)], 0),
    };
    let end = start + 1 + inside.len() + braces;
    if !inside.is_empty() && word(inside) == inside.len() {
        (Piece::Name(start..end, inside.into()), end)
    } else {
        let hint = "write `$$` for a dollar sign";
        (Piece::Wrong(start..start + 1, "no name follows the `$`".into(), hint), start + 1)
    }
}

/// The length of the name a text starts with.
fn word(text: &str) -> usize {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    if text.starts_with(|c: char| c.is_ascii_digit()) { 0 } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_braces_and_doubled_signs() {
        let show = |text: &str| -> String {
            let piece = |piece: Piece| match piece {
                Piece::Literal(range) => text[range].to_owned(),
                Piece::Escape(_, text) => format!("<{text}>"),
                Piece::Name(_, name) => format!("[{name}]"),
                Piece::Wrong(range, ..) => format!("({})", range.start),
            };
            cut(text).into_iter().map(piece).collect()
        };
        assert_eq!(show("$input costs $$5, ${who}s"), "[input] costs <$>5, [who]s");
        assert_eq!(show("$5 ${a.b} $"), "(0)5 (3){a.b} (10)");
    }
}
