//! What must hold of every diff, whatever the texts.

use proptest::prelude::*;

use super::*;

fn diff(before: &str, after: &str) -> (Diff, Vec<Operation>) {
    let (old, new) = (read("x.md", before), read("x.md", after));
    (compare(State::of(&old), State::of(&new), &words), operations(&old, &new, &words))
}

/// Lines of prompts and anything else that a text may hold.
fn text() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("---\n".to_owned()),
        Just("user:\n".to_owned()),
        Just("system:\r\n".to_owned()),
        Just("\n".to_owned()),
        Just("```\n".to_owned()),
        Just("<example>\n".to_owned()),
        Just("</example>\n".to_owned()),
        "(temperature|model|tags): [a-c0-9.]{1,3}\n",
        "#{1,3} [a-c ]{1,5}\r?\n",
        "[-*] ([a-d]{1,2} ){1,5}\n",
        "([a-d]{1,2} ){1,8}\r?\n?",
        "[日本語界世👩‍👧é\u{301}\u{200b}\u{feff}🇩🇪 ]{1,6}\n",
        "\\PC{0,12}",
        "[ \t\r\n\u{2028}\u{85}]{0,4}",
    ];
    proptest::collection::vec(line, 0..14).prop_map(|lines| lines.concat())
}

/// A text, and the same text after a few lines were dropped, doubled, moved or replaced.
fn edited() -> impl Strategy<Value = (String, String)> {
    (text(), proptest::collection::vec((0..20usize, 0..20usize, 0..4u8, text()), 0..4)).prop_map(|(before, edits)| {
        let mut lines: Vec<String> = before.split_inclusive('\n').map(str::to_owned).collect();
        for (at, to, what, new) in edits {
            let at = at.min(lines.len());
            match what {
                0 if at < lines.len() => drop(lines.remove(at)),
                1 if at < lines.len() => {
                    let line = lines.remove(at);
                    lines.insert(to.min(lines.len()), line);
                }
                2 if at < lines.len() => lines[at] = lines[at].replace('a', "zz"),
                _ => lines.insert(at, new),
            }
        }
        (before, lines.concat())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn operations_make_the_second_text_of_the_first((before, after) in edited()) {
        prop_assert_eq!(apply(&before, &diff(&before, &after).1).expect("applies"), after);
    }

    #[test]
    fn any_two_texts_are_told_apart(before in text(), after in text()) {
        let (diff, operations) = diff(&before, &after);
        prop_assert_eq!(apply(&before, &operations).expect("applies"), after.as_str());
        prop_assert_eq!(diff.class().is_none(), before == after);
    }

    #[test]
    fn words_never_end_within_a_character(text in "[👩‍👧é\u{301}e\u{1f1e9}\u{1f1ea}\r\n 각ᄀ\u{11a8}ก็x]{0,12}") {
        use similar::DiffableStr as _;
        let pieces = words(&text);
        prop_assert_eq!(pieces.concat(), text.as_str());
        let characters: usize = pieces.iter().map(|piece| piece.tokenize_graphemes().len()).sum();
        prop_assert_eq!(characters, text.tokenize_graphemes().len());
    }
}

/// Few in everyday runs; `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    ProptestConfig::default().cases.clamp(1, 10_000_000)
}

#[test]
fn what_was_reported_belongs_to_its_text_alone() {
    let (_, operations) = diff("one two\n", "one three\n");
    assert!(apply("one 2\n", &operations).is_err());
    assert!(apply("one two\nmore\n", &operations).is_err());
}
