//! Patterns of JavaScript as palc's.

/// The same pattern where both mean the same. The error says what palc's patterns do not know.
pub fn translated(pattern: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                // Digits and letters are those of ASCII there.
                Some('d') => out.push_str("[0-9]"),
                Some('w') => out.push_str("[0-9A-Za-z_]"),
                Some('/') => out.push('/'),
                Some(other) => out.extend(['\\', other]),
                None => return Err("the pattern ends in a backslash".into()),
            },
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
