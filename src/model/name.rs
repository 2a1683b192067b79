//! What prompts are called.

use std::fmt;

/// A prompt's name: its path under a prompt root without the suffix, `support/triage`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// Refuses what could not be a file below a prompt root; the message says why.
    pub fn new(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("a name cannot be empty".into());
        }
        if text.contains('@') {
            return Err("a name cannot contain `@`, which stands before a version".into());
        }
        for part in text.split('/') {
            check_part(part)?;
        }
        Ok(Name(text.to_owned()))
    }

    /// A name read from a path that exists, so it needs no check.
    pub fn of_path(text: impl Into<String>) -> Self {
        Name(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the last slash.
    pub fn stem(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The part before the last slash; empty at the top.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

fn check_part(part: &str) -> Result<(), String> {
    if part.is_empty() {
        return Err("a name cannot start or end with `/` or contain `//`".into());
    }
    if part.starts_with('.') || part.ends_with('.') {
        return Err(format!("`{part}` starts or ends with a dot"));
    }
    if let Some(bad) = part.chars().find(|c| c.is_control() || r#"<>:"\|?*"#.contains(*c)) {
        return Err(format!("`{}` cannot be part of a file name everywhere", bad.escape_default()));
    }
    if part.starts_with(' ') || part.ends_with(' ') {
        return Err(format!("`{part}` starts or ends with a space"));
    }
    let stem = part.split('.').next().unwrap_or(part).to_ascii_uppercase();
    let numbered =
        |prefix: &str| stem.strip_prefix(prefix).is_some_and(|n| n.len() == 1 && n != "0" && n.parse::<u8>().is_ok());
    if ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str()) || numbered("COM") || numbered("LPT") {
        return Err(format!("`{part}` is a device name on Windows"));
    }
    Ok(())
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a user typed to mean a prompt: a name, an id, a prefix of an id or a path, and a version after `@`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pub what: String,
    pub version: Option<String>,
}

impl Query {
    pub fn parse(text: &str) -> Self {
        match text.split_once('@') {
            Some((what, version)) if !what.is_empty() => Query { what: what.into(), version: Some(version.into()) },
            _ => Query { what: text.into(), version: None },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cannot_be_files_are_refused() {
        for good in ["triage", "support/triage", "a.b", "日本/語", "_tone"] {
            assert!(Name::new(good).is_ok(), "{good}");
        }
        for bad in ["", "/a", "a/", "a//b", "../a", "a/.git", "con", "com1.x", "a:b", "a\nb", "a@3", "a "] {
            assert!(Name::new(bad).is_err(), "{bad:?}");
        }
        assert!(Name::new("com0").is_ok() && Name::new("common").is_ok());
    }

    #[test]
    fn a_version_stands_after_the_at_sign() {
        let query = Query::parse("support/triage@main~3");
        assert_eq!((query.what.as_str(), query.version.as_deref()), ("support/triage", Some("main~3")));
        assert_eq!(Query::parse("triage").version, None);
    }
}
