//! Values that other readers of YAML take for numbers, dates or booleans where text is meant.

use crate::base::Severity;
use crate::format::shape::Shape;
use crate::format::yaml::Style;

use crate::check::file::File;
use crate::check::hit::Hit;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "retyped-scalar",
    doc: "A value is meant as text, and other readers of YAML take it for a number, a date or a boolean.",
    why: "palc keeps `version: 1.10` as `1.10`. Most other programs read it as the number 1.1, `id: 007` as 7, `no` as \
          false and `2024-01-01` as a date. Quotes make it text for everyone.",
    severity: Severity::Warning,
    fix: true,
    how: How::File(check),
};

fn check(file: &File<'_>, out: &mut Vec<Hit>) {
    file.values(|path, node, shape| {
        if !matches!(shape, Shape::Text { .. } | Shape::Vocabulary(..) | Shape::Id) {
            return;
        }
        let Some(scalar) = node.scalar().filter(|scalar| scalar.style == Style::Plain && !scalar.is_null()) else {
            return;
        };
        // In other formats a value may stand for a part of what is written; then there is nothing to quote.
        let written = node.span.text(file.text()) == scalar.text;
        if let Some(other) = other_type(&scalar.text).filter(|_| written) {
            let quoted = format!("\"{}\"", scalar.text);
            let message = format!("`{path}` is text here, and other programs read `{}` as {other}", scalar.text);
            out.push(Hit::at(RULE.name, node.span, message).fix("put it in quotes", node.span, quoted));
        }
    });
}

/// What a plain scalar is to readers of YAML 1.1 or 1.2, if it is not text to all of them.
pub fn other_type(text: &str) -> Option<&'static str> {
    let lower = text.to_ascii_lowercase();
    if ["true", "false", "yes", "no", "on", "off", "y", "n"].contains(&lower.as_str()) {
        return Some("true or false");
    }
    if ["null", "~", ""].contains(&lower.as_str()) {
        return Some("nothing");
    }
    let unsigned = lower.strip_prefix(['+', '-']).unwrap_or(&lower);
    if unsigned == ".inf" || lower == ".nan" {
        return Some("a number");
    }
    if is_date(&lower) {
        return Some("a date");
    }
    (is_number(unsigned) || is_clock(unsigned)).then_some("a number")
}

/// Decimal, octal, hexadecimal and binary numbers with `_` between digits, and floats.
fn is_number(text: &str) -> bool {
    let digits = |rest: &str, good: fn(&char) -> bool| !rest.is_empty() && rest.chars().all(|c| c == '_' || good(&c));
    for (prefix, good) in [
        ("0x", (|c: &char| c.is_ascii_hexdigit()) as fn(&char) -> bool),
        ("0o", |c| c.is_digit(8)),
        ("0b", |c| c.is_digit(2)),
    ] {
        if text.strip_prefix(prefix).is_some_and(|rest| digits(rest, good)) {
            return true;
        }
    }
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let decimal = |c: &char| c.is_ascii_digit();
    let starts = mantissa.trim_start_matches('.').starts_with(|c: char| c.is_ascii_digit());
    let dots = mantissa.matches('.').count() <= 1;
    starts && dots && digits(&mantissa.replacen('.', "", 1), decimal) && digits(exponent, decimal)
}

/// `12:30` and `190:20:30` count in sixties in YAML 1.1.
fn is_clock(text: &str) -> bool {
    let mut parts = text.split(':');
    let first = parts.next().is_some_and(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()));
    let mut count = 0;
    let sixties = parts.all(|part| {
        count += 1;
        let whole = part.split('.').next().unwrap_or(part);
        (1..=2).contains(&whole.len()) && whole.parse::<u8>().is_ok_and(|n| n < 60)
    });
    first && sixties && count > 0
}

fn is_date(text: &str) -> bool {
    let day = text.get(..text.find(['t', ' ']).unwrap_or(text.len())).unwrap_or("");
    let parts: Vec<&str> = day.split('-').collect();
    let number = |part: &str, sizes: std::ops::RangeInclusive<usize>| {
        sizes.contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit())
    };
    let is_day =
        matches!(parts[..], [year, month, day] if number(year, 4..=4) && number(month, 1..=2) && number(day, 1..=2));
    let rest = &text[day.len()..];
    is_day && (rest.is_empty() || rest[1..].trim_start().starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::other_type;

    #[test]
    fn knows_what_other_readers_make_of_a_scalar() {
        for (text, other) in [
            ("1.10", "a number"),
            ("007", "a number"),
            ("1_000", "a number"),
            ("0x1F", "a number"),
            ("1e3", "a number"),
            ("-.5", "a number"),
            ("12:30:45", "a number"),
            (".inf", "a number"),
            ("no", "true or false"),
            ("On", "true or false"),
            ("2024-01-01", "a date"),
            ("2024-1-1T10:00:00Z", "a date"),
        ] {
            assert_eq!(other_type(text), Some(other), "{text}");
        }
        for text in
            ["1.2.3", "v1", "none", "a", "1-2", "2024-01", "1.10-rc", "e3", ".", "_1", "12:99", "a:b", "5m", "+"]
        {
            assert_eq!(other_type(text), None, "{text}");
        }
    }
}
