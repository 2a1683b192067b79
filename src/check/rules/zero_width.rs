//! Characters without width inside of words.

use crate::base::{Edit, Fix, Severity, Span};

use crate::check::file::File;
use crate::check::hit::Hit;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "zero-width",
    doc: "A character without width stands where no script needs it.",
    why: "It is most often left over from copying out of a web page. Models and searches see another word than people do. \
          Joiners in emoji and in Arabic, Persian, Indic and similar scripts are fine.",
    severity: Severity::Warning,
    fix: false,
    how: How::File(check),
};

fn check(file: &File<'_>, out: &mut Vec<Hit>) {
    if file.plain {
        return;
    }
    let text = file.text();
    let content = if file.parsed.document.bom { '\u{feff}'.len_utf8() } else { 0 };
    for (at, c) in text[content..].char_indices().map(|(at, c)| (at + content, c)).filter(|&(_, c)| has_no_width(c)) {
        let span = Span::new(at, at + c.len_utf8());
        if !is_at_home(c, &text[..span.start], &text[span.end..]) {
            let message = format!("an invisible character (U+{:04X}) stands here", c as u32);
            let edits = vec![Edit { span, text: String::new() }];
            let fix = Fix { title: "remove it".into(), edits, safe: false };
            out.push(Hit { fix: Some(fix), ..Hit::at(RULE.name, span, message) });
        }
    }
}

fn has_no_width(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{180e}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
}

/// Joiners between letters of scripts that join, or between emoji; spaces without width in scripts without spaces;
/// fillers in Korean.
fn is_at_home(c: char, before: &str, after: &str) -> bool {
    let previous = before.chars().rev().find(|c| !is_mark(*c));
    let next = after.chars().find(|c| !is_mark(*c));
    let both = |kind: fn(char) -> bool| previous.is_some_and(kind) && next.is_some_and(kind);
    let either = |kind: fn(char) -> bool| previous.is_some_and(kind) || next.is_some_and(kind);
    match c {
        '\u{200d}' => both(is_emoji) || either(joins),
        '\u{200c}' => either(joins),
        '\u{200b}' => either(is_spaceless),
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => either(is_hangul),
        _ => false,
    }
}

/// Variation selectors and skin tones stand between an emoji and its joiner.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '\u{a9}' | '\u{ae}')
}

/// Scripts from Hebrew and Arabic to Mongolian, and the presentation forms of Arabic.
fn joins(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{dff}' | '\u{f00}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{1a00}'..='\u{1cff}' | '\u{a840}'..='\u{abff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10a00}'..='\u{11fff}' | '\u{1e900}'..='\u{1e95f}')
}

/// Thai, Lao, Tibetan, Burmese, Khmer and the East Asian scripts.
fn is_spaceless(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{19e0}'..='\u{1aaf}' | '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}' | '\u{ffa1}'..='\u{ffdc}')
        && !matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}')
}
