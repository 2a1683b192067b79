//! Text that people cannot see and models can read.

use crate::base::{Severity, Span};

use crate::check::file::File;
use crate::check::hit::Hit;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "hidden-text",
    doc: "Invisible characters carry text, turn its direction around, or control a terminal.",
    why: "Tag characters, variation selectors and bidirectional overrides can hide an instruction from whoever reviews \
          the file, while the model reads it. Flags, emoji and balanced isolates in right-to-left text are fine. Look \
          closely at where the file comes from before you remove them.",
    severity: Severity::Error,
    fix: false,
    how: How::File(check),
};

fn check(file: &File<'_>, out: &mut Vec<Hit>) {
    let text = file.text();
    if !file.plain {
        tags(text, out);
        selectors(text, out);
        directions(text, out);
        controls(text, out);
    }
}

fn is_tag(c: char) -> bool {
    ('\u{e0000}'..='\u{e007f}').contains(&c)
}

/// Runs of tag characters, but for those that spell a flag after the black flag.
fn tags(text: &str, out: &mut Vec<Hit>) {
    const FLAG: char = '\u{1f3f4}';
    const END: char = '\u{e007f}';
    for run in runs(text, is_tag) {
        let inside = run.text(text);
        let flag = text[..run.start].ends_with(FLAG) && inside.ends_with(END) && inside.chars().count() <= 7;
        if !flag {
            let hidden: String = inside.chars().filter_map(|c| char::from_u32(c as u32 - 0xe0000)).collect();
            out.push(hidden_hit(run, "tag characters", &hidden));
        }
    }
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// One selector after a character that can have variants is typography. More carry bytes.
fn selectors(text: &str, out: &mut Vec<Hit>) {
    for run in runs(text, is_selector) {
        let inside = run.text(text);
        let base = text[..run.start].chars().next_back().is_some_and(|c| !c.is_whitespace() && !c.is_control());
        let ideographs = inside.chars().all(|c| c >= '\u{e0100}');
        let typographic = match inside.chars().count() {
            1 => !ideographs || text[..run.start].ends_with(is_ideograph),
            count => count < 4 && !ideographs,
        };
        if !(base && typographic) {
            let bytes: Vec<u8> = inside.chars().map(selector_byte).collect();
            out.push(hidden_hit(run, "variation selectors", &String::from_utf8_lossy(&bytes)));
        }
    }
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The byte that a selector stands for in known ways of smuggling.
fn selector_byte(c: char) -> u8 {
    match c as u32 {
        code @ 0xfe00..=0xfe0f => (code - 0xfe00) as u8,
        code => (code.saturating_sub(0xe0100) + 16) as u8,
    }
}

fn hidden_hit(span: Span, what: &str, hidden: &str) -> Hit {
    let count = hidden.chars().count();
    let readable = hidden.chars().any(|c| c.is_ascii_graphic());
    let shown: String = hidden.chars().filter(|c| !c.is_control()).take(60).collect();
    let message = if readable {
        format!("{count} invisible {what} hide the text \"{shown}\"")
    } else {
        format!("{count} invisible {what} stand here")
    };
    Hit::at(RULE.name, span, message)
}

/// Overrides always; embeddings and isolates that are not closed on their line, and closings of nothing.
fn directions(text: &str, out: &mut Vec<Hit>) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.is_ascii() {
            line_directions(line, start, out);
        }
        start += line.len();
    }
}

fn line_directions(line: &str, start: usize, out: &mut Vec<Hit>) {
    let mut open: Vec<(char, Span)> = Vec::new();
    let hit = |span, message: &str| Hit::at(RULE.name, span, message);
    for (at, c) in line.char_indices() {
        let span = Span::new(start + at, start + at + c.len_utf8());
        match c {
            '\u{202d}' | '\u{202e}' => {
                open.push(('\u{202c}', span));
                out.push(hit(span, "an invisible character turns the direction of the text around"));
            }
            '\u{202a}' | '\u{202b}' => open.push(('\u{202c}', span)),
            '\u{2066}'..='\u{2068}' => open.push(('\u{2069}', span)),
            '\u{202c}' | '\u{2069}' if open.last().is_some_and(|(close, _)| *close == c) => drop(open.pop()),
            '\u{202c}' | '\u{2069}' => {
                out.push(hit(span, "an invisible character ends a direction that was not begun"));
            }
            _ => {}
        }
    }
    let overrides = |span: Span| matches!(line[span.start - start..].chars().next(), Some('\u{202d}' | '\u{202e}'));
    let unclosed = open.into_iter().filter(|&(_, span)| !overrides(span));
    out.extend(
        unclosed.map(|(_, span)| hit(span, "an invisible character begins a direction that the line does not end")),
    );
}

/// Control characters other than tab and line ends; escape sequences can rewrite a terminal.
fn controls(text: &str, out: &mut Vec<Hit>) {
    for run in runs(text, |c| c.is_control() && !matches!(c, '\n' | '\t' | '\r' | '\u{c}')) {
        let codes: Vec<String> = run.text(text).chars().take(4).map(|c| format!("U+{:04X}", c as u32)).collect();
        out.push(Hit::at(RULE.name, run, format!("a control character ({}) stands here", codes.join(" "))));
    }
}

/// Stretches of characters of one kind.
fn runs(text: &str, kind: impl Fn(char) -> bool) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    for (at, c) in text.char_indices().filter(|&(_, c)| kind(c)) {
        let end = at + c.len_utf8();
        match runs.last_mut() {
            Some(last) if last.end == at => last.end = end,
            _ => runs.push(Span::new(at, end)),
        }
    }
    runs
}
