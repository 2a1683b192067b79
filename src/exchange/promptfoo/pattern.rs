//! Patterns of JavaScript as palc's.

use std::iter::Peekable;
use std::str::Chars;

/// The same pattern where both mean the same. The error says what palc's patterns do not know.
pub fn translated(pattern: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => escape(&mut chars, &mut out)?,
            '[' if in_class => out.push_str("\\["),
            '&' | '~' if in_class => out.extend(['\\', c]),
            '[' => {
                in_class = true;
                out.push('[');
                if chars.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
            }
            ']' => {
                in_class = false;
                out.push(']');
            }
            '{' if !in_class && !counts(chars.clone()) => out.push_str("\\{"),
            other => out.push(other),
        }
    }
    match regex::Regex::new(&out) {
        Ok(_) => Ok(out),
        Err(error) => {
            let error = error.to_string();
            Err(error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned())
        }
    }
}

/// Digits and letters are those of ASCII there, and before a letter that means nothing the backslash means nothing.
fn escape(chars: &mut Peekable<Chars<'_>>, out: &mut String) -> Result<(), String> {
    match chars.next() {
        Some('d') => out.push_str("[0-9]"),
        Some('w') => out.push_str("[0-9A-Za-z_]"),
        Some('/') => out.push('/'),
        Some(c) if c.is_ascii_alphabetic() && !"DWsSbBnrtfvuxkpP".contains(c) => {
            return Err(format!("`\\{c}` means nothing that both know"));
        }
        Some(other) => out.extend(['\\', other]),
        None => return Err("the pattern ends in a backslash".into()),
    }
    Ok(())
}

/// Whether what follows a brace says how often: `2}`, `2,}`, `2,5}`. Otherwise the brace is only a brace.
fn counts(chars: Peekable<Chars<'_>>) -> bool {
    let inside: String = chars.take_while(|c| c.is_ascii_digit() || matches!(c, ',' | '}')).collect();
    let Some((numbers, _)) = inside.split_once('}') else { return false };
    let (least, most) = numbers.split_once(',').unwrap_or((numbers, ""));
    !least.is_empty() && !most.contains(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_the_same_or_are_refused() {
        let same = |theirs: &str, ours: &str| assert_eq!(translated(theirs).as_deref(), Ok(ours), "{theirs}");
        same(r"^\d{2,3}\/\w+$", "^[0-9]{2,3}/[0-9A-Za-z_]+$");
        same(r#"{"a": \d}"#, r#"\{"a": [0-9]}"#);
        same("[[a]]", r"[\[a]]");
        same("[^&&~~x]", r"[^\&\&\~\~x]");
        same(r"(?<year>\d+)", "(?<year>[0-9]+)");
        for theirs in ["(?=a)", r"(a)\1", r"\Za", "(", "a\\"] {
            assert!(translated(theirs).is_err(), "{theirs}");
        }
    }
}
