//! Lines that start a message: `user:`, or `user[name=anna]:` with attributes.

use super::request::Markers;

/// A role and what stands beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heading {
    pub role: String,
    pub attributes: Vec<(String, String)>,
}

const ROLES: &[&str] = crate::format::fields::ROLES;

/// The role a word stands for, if it is one.
pub fn role(word: &str) -> Option<&'static str> {
    let word = if word == "model" { "assistant" } else { word };
    ROLES.iter().copied().find(|role| *role == word)
}

/// The heading a whole line is, if it is one.
pub fn heading(line: &str, markers: Markers) -> Option<Heading> {
    match markers {
        Markers::Calls => None,
        Markers::Lines => strict(line),
        Markers::Loose => strict(&loosened(line)),
    }
}

/// A line that looks as if it was meant to start a message and does not: `User:`, ` user:`, `# user:`, `**user:**`.
/// Gives the line that would.
pub fn near_miss(line: &str) -> Option<String> {
    if strict(line).is_some() {
        return None;
    }
    let bare = line.trim().trim_start_matches(['#', '*', '_', ' ']).trim_end_matches(['*', '_', ' ']);
    let heading = strict(&bare.to_ascii_lowercase().replace(" :", ":"))?;
    (heading.role != "tool" || bare == "tool:").then(|| format!("{}:", heading.role))
}

fn loosened(line: &str) -> String {
    let line = line.trim_start();
    let line = line.strip_prefix('#').map_or(line, str::trim_start);
    let end = line.find(['[', ':']).unwrap_or(line.len());
    format!("{}{}", line[..end].trim_end().to_ascii_lowercase(), line[end..].trim_end())
}

fn strict(line: &str) -> Option<Heading> {
    let line = line.trim_end_matches([' ', '\t']).strip_suffix(':')?;
    let (word, rest) = line.split_once('[').map_or((line, None), |(word, rest)| (word, Some(rest)));
    let role = ROLES.iter().find(|role| **role == word)?;
    let attributes = match rest {
        None => Vec::new(),
        Some(rest) => attributes(rest.strip_suffix(']')?)?,
    };
    Some(Heading { role: (*role).into(), attributes })
}

fn attributes(text: &str) -> Option<Vec<(String, String)>> {
    let pair = |item: &str| {
        let (key, value) = item.split_once('=')?;
        let (key, value) = (key.trim(), value.trim().trim_matches('"'));
        let name = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        (name && !value.contains(['[', ']'])).then(|| (key.to_owned(), value.to_owned()))
    };
    text.split(',').map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(line: &str, markers: Markers) -> String {
        match heading(line, markers) {
            Some(Heading { role, attributes }) => format!("{role} {attributes:?}"),
            None => "-".into(),
        }
    }

    #[test]
    fn a_marker_is_the_whole_line() {
        let strict = |line| show(line, Markers::Lines);
        assert_eq!(strict("user:"), "user []");
        assert_eq!(strict("tool[name=search, id=\"x\"]: \t"), r#"tool [("name", "search"), ("id", "x")]"#);
        for line in ["User:", " user:", "# user:", "user: hi", "users:", "model:", "user[a]:", "user[]:", "user", ":"] {
            assert_eq!(strict(line), "-", "{line}");
        }
    }

    #[test]
    fn prompty_is_looser() {
        let loose = |line| show(line, Markers::Loose);
        assert_eq!(loose("  # System:"), "system []");
        assert_eq!(loose("ASSISTANT[Name=X]:"), r#"assistant [("Name", "X")]"#);
        assert_eq!(loose("user: hi"), "-");
    }

    #[test]
    fn near_misses_name_the_line_that_was_meant() {
        for line in ["User:", " user:", "# user:", "## User:", "**USER:**", "user :"] {
            assert_eq!(near_miss(line).as_deref(), Some("user:"), "{line}");
        }
        for line in ["user:", "The user:", "user: hi", "Tool:", ""] {
            assert_eq!(near_miss(line), None, "{line}");
        }
    }
}
