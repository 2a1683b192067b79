//! How a value that is not a collection is written: which quotes, which block.
//!
//! A text is quoted when any reader, of YAML 1.1 or 1.2, would take it for something else: `no`, `1_000`, `12:30`.

use crate::format::yaml::{Style, plain};
use crate::model::Value;

use super::render::{Rendered, Site};

/// Folded text is wrapped at about this many columns.
const WIDTH: usize = 100;

pub(super) fn render(value: &Value, old: Option<Style>, site: Site) -> Rendered {
    match value {
        Value::String(text) => string(text, old, site),
        Value::Number(number) => Rendered::inline(number_text(&number.to_string())),
        other => Rendered::inline(other.to_string()),
    }
}

/// YAML 1.1 reads `1e21` as text, so a float gets its dot.
fn number_text(text: &str) -> String {
    match text.split_once('e') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0e{exponent}"),
        _ => text.to_owned(),
    }
}

/// Keep the style the author chose where it can hold the text; else take the plainest that can.
fn string(text: &str, old: Option<Style>, site: Site) -> Rendered {
    if site.quoted {
        return Rendered::inline(double(text));
    }
    if !site.flow && is_blockable(text) {
        let folds = matches!(old, Some(Style::Folded)) && !text.trim_end_matches('\n').contains('\n');
        match old {
            Some(Style::Folded) if folds => return block('>', text, wrap(text.trim_end_matches('\n')), site),
            Some(Style::Literal) => return block('|', text, lines(text), site),
            _ if text.contains('\n') => return block('|', text, lines(text), site),
            _ => {}
        }
    }
    Rendered::inline(match old {
        Some(Style::Single) if is_printable(text) => single(text),
        Some(Style::Double) => double(text),
        _ => quoted_if_needed(text, site.flow),
    })
}

/// A text on one line, in quotes only where it needs them. Keys are written with this too.
pub(super) fn quoted_if_needed(text: &str, flow: bool) -> String {
    if is_plain(text, flow) {
        text.to_owned()
    } else if is_printable(text) && text.contains(['"', '\\']) {
        single(text)
    } else {
        double(text)
    }
}

fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn double(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_visible(c) => out.push(c),
            c if (c as u32) < 0x100 => out.push_str(&format!("\\x{:02x}", c as u32)),
            c if (c as u32) < 0x1_0000 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push_str(&format!("\\U{:08x}", c as u32)),
        }
    }
    out.push('"');
    out
}

/// Line and paragraph separators break lines for some readers; a byte order mark is lost by others.
fn is_visible(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn is_printable(text: &str) -> bool {
    text.chars().all(is_visible)
}

/// Whether a block scalar can hold it without a reader changing a byte.
fn is_blockable(text: &str) -> bool {
    text.chars().all(|c| c == '\n' || c == '\t' || is_visible(c)) && !text.trim().is_empty() && !text.starts_with('\n')
}

fn lines(text: &str) -> Vec<String> {
    let content = text.strip_suffix('\n').unwrap_or(text);
    content.split('\n').map(str::to_owned).collect()
}

/// Break at single blanks only: a reader folds such a break back into one blank.
fn wrap(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words(text) {
        let line = lines.last_mut().expect("the list starts with a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= WIDTH {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// The text cut at each blank that has no blank beside it.
fn words(text: &str) -> Vec<&str> {
    let is_blank = |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, b' ' | b'\t'));
    let bytes = text.as_bytes();
    let mut words = Vec::new();
    let mut start = 0;
    for at in 1..bytes.len() {
        if bytes[at] == b' ' && !is_blank(bytes.get(at - 1)) && !is_blank(bytes.get(at + 1)) {
            words.push(&text[start..at]);
            start = at + 1;
        }
    }
    words.push(&text[start..]);
    words
}

fn block(mark: char, text: &str, lines: Vec<String>, site: Site) -> Rendered {
    let breaks = text.len() - text.trim_end_matches('\n').len();
    let chomp = match breaks {
        0 => "-",
        1 => "",
        _ => "+",
    };
    let indicator = if text.starts_with([' ', '\t']) { Site::STEP.to_string() } else { String::new() };
    let indent = " ".repeat(site.inner());
    let line = |line: String| if line.is_empty() { line } else { format!("{indent}{line}") };
    Rendered { head: format!("{mark}{indicator}{chomp}"), lines: lines.into_iter().map(line).collect() }
}

/// Whether the text stands for itself without quotes.
fn is_plain(text: &str, flow: bool) -> bool {
    let (Some(first), Some(last)) = (text.chars().next(), text.chars().last()) else { return false };
    let second = text.chars().nth(1);
    let opens = ",[]{}#&*!|>'\"%@`=<~".contains(first)
        || "-?:".contains(first) && second.is_none_or(|c| c == ' ' || ",[]{}".contains(c))
        || text.starts_with("---")
        || text.starts_with("...");
    let inside = text.contains(": ") || text.contains(" #") || text.contains(":\t") || text.contains("\t#");
    is_printable(text)
        && !opens
        && !inside
        && !first.is_whitespace()
        && !last.is_whitespace()
        && last != ':'
        && !(flow && text.contains([',', '[', ']', '{', '}', ':', '?']))
        && plain(text).is_string()
        && !is_retyped(text)
}

/// Whether a reader of YAML 1.1 takes it for a boolean, a number or a time. Better quoted once too often.
fn is_retyped(text: &str) -> bool {
    const WORDS: [&str; 8] = ["y", "n", "yes", "no", "on", "off", ".inf", ".nan"];
    let bare = text.trim_start_matches(['+', '-']);
    let numeric = bare.trim_start_matches('.').starts_with(|c: char| c.is_ascii_digit());
    let radix = ["0x", "0o", "0b"].iter().any(|prefix| bare.to_ascii_lowercase().starts_with(prefix));
    let number = numeric && bare.chars().all(|c| c.is_ascii_digit() || "_:.,+-eETtZz ".contains(c));
    WORDS.contains(&bare.to_ascii_lowercase().as_str()) || number || radix
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(text: &str) -> String {
        quoted_if_needed(text, false)
    }

    #[test]
    fn what_any_reader_would_retype_is_quoted() {
        for text in ["y", "NO", "on", "~", "null", "True", "1_000", "12:30", "2024-01-01", "1.10", "017", "0b1", "1e3"]
        {
            assert_eq!(write(text), format!("\"{text}\""));
        }
        for text in ["", " a", "a ", "a: b", "a #b", "- a", "{{ v }}", "*x", "@x", "#x", "x:", "---", "=", "<<", ".inf"]
        {
            assert_ne!(write(text), text);
        }
        for text in ["a", "a:b", "http://x.y/z", "gpt-4o", "-x", "4o", "a#b", "it's", "日本", "C# \"x\""] {
            assert_eq!(write(text), text);
        }
    }

    #[test]
    fn quotes_need_the_fewest_escapes() {
        assert_eq!(write("say: \"x\""), "'say: \"x\"'");
        assert_eq!(write("it's: x"), "\"it's: x\"");
        assert_eq!(write("a\u{7}: \u{2028}"), "\"a\\x07: \\u2028\"");
        assert_eq!(quoted_if_needed("a,b", true), "\"a,b\"");
    }

    #[test]
    fn folding_breaks_only_at_single_blanks() {
        let text = format!("{} x  y {}", "a".repeat(90), "b".repeat(20));
        assert_eq!(wrap(&text), [format!("{} x  y", "a".repeat(90)), "b".repeat(20)]);
        assert_eq!(wrap(&text).join(" "), text);
    }
}
