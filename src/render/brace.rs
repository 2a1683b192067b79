//! Brace templates: `{name}`, and doubled braces for braces. Nothing else is possible, on purpose: reading attributes
//! or items of a value from a template has leaked secrets in every language that allowed it.

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
    while let Some(found) = text[at..].find(['{', '}']) {
        let start = at + found;
        if literal < start {
            pieces.push(Piece::Literal(literal..start));
        }
        let piece = special(text, start);
        at = match &piece {
            Piece::Literal(range) | Piece::Escape(range, _) | Piece::Name(range, _) | Piece::Wrong(range, ..) => {
                range.end
            }
        };
        literal = at;
        pieces.push(piece);
    }
    if literal < text.len() {
        pieces.push(Piece::Literal(literal..text.len()));
    }
    pieces
}

/// The piece that starts with the brace at `start`.
fn special(text: &str, start: usize) -> Piece {
    let rest = &text[start..];
    if rest.starts_with("{{") {
        return Piece::Escape(start..start + 2, "{");
    }
    if rest.starts_with("}}") {
        return Piece::Escape(start..start + 2, "}");
    }
    if rest.starts_with('}') {
        return Piece::Wrong(start..start + 1, "a single `}` stands here".into(), "write `}}` for a brace");
    }
    let Some(length) = rest[1..].find(['{', '}', '\n']).filter(|at| rest[1 + at..].starts_with('}')) else {
        return Piece::Wrong(start..start + 1, "a `{` is not closed on its line".into(), "write `{{` for a brace");
    };
    let (range, inside) = (start..start + length + 2, &rest[1..=length]);
    let name = inside.trim();
    let plain =
        name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.starts_with(|c: char| c.is_ascii_digit());
    if name.is_empty() {
        Piece::Wrong(range, "the braces hold no name".into(), "name a variable, or write `{{}}` for braces")
    } else if plain {
        Piece::Name(range, name.into())
    } else if name.contains(['.', '[']) {
        let message = format!("`{{{inside}}}` reads a part of a value, which brace templates cannot do");
        Piece::Wrong(range, message, "pass the part as a variable of its own, or use `template: {engine: jinja}`")
    } else if name.contains([':', '!']) {
        let message = format!("`{{{inside}}}` formats a value, which brace templates cannot do");
        Piece::Wrong(range, message, "pass the text as it should appear, or use `template: {engine: jinja}`")
    } else {
        let message = format!("`{{{inside}}}` is not the name of a variable");
        Piece::Wrong(range, message, "write `{{` and `}}` for braces that are text")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> String {
        let piece = |piece: Piece| match piece {
            Piece::Literal(range) => text[range].to_owned(),
            Piece::Escape(_, text) => format!("<{text}>"),
            Piece::Name(_, name) => format!("[{name}]"),
            Piece::Wrong(range, message, _) => format!("({}: {message})", range.start),
        };
        cut(text).into_iter().map(piece).collect()
    }

    #[test]
    fn names_and_doubled_braces() {
        assert_eq!(show("Hi {name}, {{x}} {{{y}}}"), "Hi [name], <{>x<}> <{>[y]<}>");
        assert_eq!(show("{ spaced }{größe}"), "[spaced][größe]");
        assert_eq!(show(""), "");
    }

    #[test]
    fn the_rest_is_refused_with_its_place() {
        assert_eq!(
            show("a {u.__class__}"),
            "a (2: `{u.__class__}` reads a part of a value, which brace templates cannot do)"
        );
        assert_eq!(show("{a[0]}"), "(0: `{a[0]}` reads a part of a value, which brace templates cannot do)");
        assert_eq!(show("{a:>10}{b!r}").matches("formats a value").count(), 2);
        assert_eq!(show("x } y"), "x (2: a single `}` stands here) y");
        assert_eq!(show("{a\n}"), "(0: a `{` is not closed on its line)a\n(3: a single `}` stands here)");
        assert_eq!(show("{}{0}"), "(0: the braces hold no name)(2: `{0}` is not the name of a variable)");
    }
}
