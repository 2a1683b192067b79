//! Colour, or none: everything must be readable without it.

use std::borrow::Cow;

/// Decides once whether text is coloured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Paint {
    pub colour: bool,
}

impl Paint {
    pub fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    pub fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    pub fn red(self, text: &str) -> String {
        self.wrap("1;31", text)
    }

    pub fn green(self, text: &str) -> String {
        self.wrap("32", text)
    }

    pub fn yellow(self, text: &str) -> String {
        self.wrap("1;33", text)
    }

    pub fn blue(self, text: &str) -> String {
        self.wrap("1;34", text)
    }

    pub fn cyan(self, text: &str) -> String {
        self.wrap("36", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Text from files, made safe for a terminal: control characters are shown, not obeyed.
pub fn printable(text: &str) -> String {
    shown(text).into_owned()
}

/// The same without a copy, where nothing has to be changed.
pub fn shown(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte == b'\n' || (b' '..0x7f).contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let escape = |c: char| match c {
        '\n' | '\t' => c.to_string(),
        c if c.is_control() || is_invisible(c) => c.escape_unicode().to_string(),
        c => c.to_string(),
    };
    Cow::Owned(text.replace("\r\n", "\n").chars().map(escape).collect())
}

/// As [`printable`], for comparing texts: everything that looks like nothing or like a space and is none is shown, too.
/// Joiners stay where they join what is seen as one sign.
pub fn visible(text: &str) -> String {
    if text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut last = ' ';
    for c in text.chars() {
        let joins =
            matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}') && !last.is_ascii() && !last.is_whitespace();
        let hidden = match c {
            '\n' | '\t' => false,
            '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' => !joins,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200e}' | '\u{200f}' => true,
            '\u{2028}' | '\u{2029}' | '\u{3164}' | '\u{ffa0}' => true,
            c => c.is_control() || is_invisible(c) || (c != ' ' && c != '\u{3000}' && c.is_whitespace()),
        };
        if hidden {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
        last = c;
    }
    out
}

/// Characters that change the direction of text or cannot be seen.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{2060}'..='\u{2064}' | '\u{e0000}'..='\u{e01ef}')
}
