//! Reports of prompts that want to be more than text.

use proptest::prelude::*;

use crate::app::diff::pairs::{Pair, Version};
use crate::app::diff::{Changed, Tokens};
use crate::app::review::{Dependant, LabelMove, Moved, Outcome};
use crate::base::{Finding, Place, Severity};
use crate::model::{Name, Pin};
use crate::repo::diff::{State, compare, read, words};
use crate::view::Paint;

use super::*;

fn version(path: &str, text: &str) -> Version {
    Version { name: Name::of_path(path), path: path.into(), blob: None, bytes: text.into(), id: None }
}

fn outcome(name: &str, before: &str, after: &str) -> Outcome {
    let pair = Pair { before: Some(version(name, before)), after: Some(version(name, after)) };
    let (old, new) = (read(name, before), read(name, after));
    let diff = compare(State::of(&old), State::of(&new), &words);
    let place = Place { source: after.to_owned(), ..Place::in_text(name, after, crate::base::Span::at(0)) };
    let changed = Changed {
        pair,
        diff,
        operations: Vec::new(),
        tokens: Some(Tokens { before: None, after: None }),
        rendered: None,
    };
    Outcome {
        range: "main..HEAD".into(),
        prompts: vec![changed],
        findings: vec![Finding::new("some-rule", Severity::Error, place, after).hint(after)],
        fail_on: Some(Severity::Error),
        dependants: vec![Dependant { name: name.into(), path: name.into(), through: vec![after.into()] }],
        labels: vec![LabelMove {
            id: name.into(),
            name: Some(after.into()),
            what: Moved::Label {
                label: before.into(),
                before: None,
                after: Some(Pin { version: 1, blob: "x".into() }),
            },
        }],
        ..Outcome::default()
    }
}

/// What a reader of Markdown takes for text: everything outside of fences and code.
fn outside_of_code(markdown: &str) -> String {
    let mut out = String::new();
    let mut fence: Option<usize> = None;
    for line in markdown.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match fence {
            Some(length) => {
                if ticks >= length && line.trim_start_matches('`').trim().is_empty() {
                    fence = None;
                }
            }
            None if ticks >= 3 && !line[ticks..].contains('`') => fence = Some(ticks),
            None => out.push_str(&format!("{}\n", without_spans(line))),
        }
    }
    assert!(fence.is_none(), "a fence is never closed:\n{markdown}");
    out
}

fn without_spans(line: &str) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while let Some(at) = rest.find('`') {
        out.push_str(&rest[..at]);
        let ticks = rest[at..].len() - rest[at..].trim_start_matches('`').len();
        let body = &rest[at + ticks..];
        let mut from = 0;
        let close = loop {
            let Some(next) = body[from..].find('`').map(|next| from + next) else { break None };
            let run = body[next..].len() - body[next..].trim_start_matches('`').len();
            if run == ticks {
                break Some(next);
            }
            from = next + run;
        };
        let Some(close) = close else { panic!("code is never closed: {line}") };
        rest = &body[close + ticks..];
    }
    out + rest
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("::error file=x::boo".to_owned()),
        Just("##[group]x".to_owned()),
        Just("@octocat ".to_owned()),
        Just("![x](https://e.vil/x.png)".to_owned()),
        Just("[x](javascript:x)".to_owned()),
        Just("<img src=x onerror=y>".to_owned()),
        Just("https://e.vil ".to_owned()),
        Just("#123 ".to_owned()),
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\r::stop-commands::x\n".to_owned()),
        Just("| a | b |\n".to_owned()),
        Just("user:\n".to_owned()),
        Just("# Title\n".to_owned()),
        Just("---\ntags: ['@team', '<b>', '`x']\ndescription: '::error::x ![x](y)'\n---\n".to_owned()),
        "`{1,5}",
        "~{3,5}\n",
        "[a-z ]{1,8}",
        "\\PC{0,6}",
        "[\u{0}-\u{1f}\u{85}\u{2028}\u{202e}]{1,3}",
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Signs that make text more than text. Ours are put in by us alone.
fn is_plain(text: &str) -> bool {
    let ours = text.replace("**", "").replace("### ", "").replace("## ", "").replace("|---", "").replace("---", "");
    !ours.contains(['@', '<', '>', '[', ']', '!', '#']) && !ours.contains("e.vil")
}

proptest! {
    #[test]
    fn markdown_holds_text_from_prompts_in_code_alone(name in hostile(), before in hostile(), after in hostile()) {
        let report = markdown::report(&outcome(&name, &before, &after), markdown::ROOM);
        let outside = outside_of_code(&report);
        prop_assert!(is_plain(&outside), "{}\n----\n{}", outside, report);
    }

    #[test]
    fn no_line_is_a_command_but_ours(name in hostile(), before in hostile(), after in hostile()) {
        let outcome = outcome(&name, &before, &after);
        let commands = |text: &str| {
            let lines = text.split(['\n', '\r']);
            lines.filter(|line| line.trim_start().starts_with("::") || line.contains("##[")).count()
        };
        prop_assert_eq!(commands(&text::report(&outcome, Paint::default())), 0);
        prop_assert_eq!(commands(&markdown::report(&outcome, markdown::ROOM)), 0);
        prop_assert_eq!(commands(&junit::report(&outcome)), 0);
        prop_assert_eq!(commands(&github(&outcome)), 2);
    }

    #[test]
    fn pages_and_xml_have_no_tags_but_ours(name in hostile(), before in hostile(), after in hostile()) {
        let outcome = outcome(&name, &before, &after);
        let html = html::report(&outcome);
        prop_assert!(!html.contains("<img") && !html.contains("<b>'") && !html.contains("onerror=y>"));
        let xml = junit::report(&outcome);
        prop_assert!(!xml.contains("<img") && xml.chars().all(|c| c == '\n' || c == '\t' || c >= ' '), "{}", xml);
        prop_assert_eq!(xml.matches("<testcase").count(), xml.matches("</testcase>").count());
    }

    #[test]
    fn markdown_fits_its_room(after in hostile(), room in 1_500..6_000usize) {
        let long = format!("{after}\nword ").repeat(200);
        let report = markdown::report(&outcome("a", "b", &long), room);
        prop_assert!(report.chars().count() <= room, "{} of {}", report.chars().count(), room);
        outside_of_code(&report);
    }
}
