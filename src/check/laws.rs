//! What must hold for files of any shape.

use proptest::prelude::*;

use crate::base::Finding;
use crate::base::text::apply;
use crate::config::Settings;
use crate::format::Dialect;

use super::{Basis, Summary, fix, learn};

fn basis() -> Basis {
    Basis::new(&Settings::default(), None).0
}

fn findings(text: &str, basis: &Basis) -> Vec<Finding> {
    let facts = learn(text.as_bytes(), Dialect::Native, basis);
    Summary::read(&facts).expect("was just encoded").findings("x.md").collect()
}

/// Files made of what makes files hard.
fn file() -> impl Strategy<Value = String> {
    let value = prop::sample::select(vec![
        "1.10",
        "no",
        "007",
        "2024-01-01",
        "'1.0'",
        "\"on\"",
        "[no, 1_000, a]",
        "{a: 1.0}",
        "|\n  1.0\n  two",
        ">-\n  on",
        "~",
        "",
        "a: b",
        "*x",
        "12:30 # palc:allow retyped-scalar it is meant",
        "${env:X}",
        "sk-abcdefghijklmnopqrst",
        "日本",
    ]);
    let key = prop::sample::select(vec![
        "id",
        "version",
        "title",
        "tags",
        "type",
        "owners",
        "params",
        "input",
        "allowed_actions",
        "ext",
        "# comment",
        "mood",
    ]);
    let body = prop::sample::select(vec![
        "user:",
        "User:",
        " # system:",
        "{{ name }}",
        "{{ name | uper }}",
        "{% if x %}",
        "{% endif %}",
        "{# palc:allow",
        "```",
        "text",
        "\u{202e}hidden",
        "👩\u{200d}💻",
        "wo\u{200b}rd",
        "{% include \"_a.md\" %}",
        "<!-- palc:allow near-marker x -->",
    ]);
    let front = prop::collection::vec((key, value), 0..6);
    let body = prop::collection::vec(body, 0..8);
    (front, body, prop::sample::select(vec!["\n", "\r\n"]), any::<bool>()).prop_map(|(front, body, end, bom)| {
        let front: String = front.iter().map(|(key, value)| format!("{key}: {value}\n")).collect();
        let text = format!("{}---\n{front}---\n{}", if bom { "\u{feff}" } else { "" }, body.join("\n"));
        text.replace('\n', end)
    })
}

proptest! {
    #[test]
    fn any_bytes_have_a_summary(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let facts = learn(&bytes, Dialect::Native, &basis());
        prop_assert!(Summary::read(&facts).is_some());
    }

    #[test]
    fn places_lie_in_the_file_and_secrets_stay_in_it(text in file()) {
        for finding in findings(&text, &basis()) {
            prop_assert!(text.get(finding.place.span.range()).is_some(), "{:?}", finding);
            prop_assert!(!finding.message.contains("sk-abcdef") && !finding.place.source.contains("sk-abcdef"), "{:?}", finding);
        }
    }

    /// Fixing comes to an end, leaves nothing that could be fixed, and makes nothing worse.
    #[test]
    fn fixes_come_to_an_end(text in file()) {
        let basis = basis();
        let before = findings(&text, &basis);
        let mut now = text;
        for _ in 0..4 {
            let edits = fix::edits(&findings(&now, &basis));
            now = apply(&now, &edits).expect("edits fit the text");
        }
        let after = findings(&now, &basis);
        prop_assert!(!after.iter().any(fix::is_fixable), "{now}");
        prop_assert!(after.len() <= before.len(), "{now}\n{after:?}");
    }
}
