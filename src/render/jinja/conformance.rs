//! Our Jinja against the reference: `fixtures/jinja/cases.json` holds templates with what Jinja2 makes of them. Where
//! we differ, `palc` says what comes out here, and `why`; a difference that nobody has written down fails.
//!
//! Set `PALC_BLESS=1` while compiling the tests to write down what comes out now.

use std::path::Path;

use serde_json::json;

use crate::model::Value;

use super::super::fixtures::run;

#[test]
fn differences_from_the_reference_are_written_down() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/jinja/cases.json");
    let mut table: Value = serde_json::from_str(&std::fs::read_to_string(&path).expect("reads")).expect("is JSON");
    let settings = json!({"variables": table["variables"]});
    let mut wrong = Vec::new();
    for case in table["cases"].as_array_mut().expect("a list") {
        let body = case["template"].as_str().unwrap_or_default().to_owned();
        // The bars keep what stands at the edges from being dropped as empty lines.
        let given = match run("p.md", &[("p.md", &format!("|{body}|"))], &settings) {
            Ok(rendered) => {
                let text: String = rendered.messages.iter().map(super::super::Message::text).collect();
                json!(text[1..text.len() - 1])
            }
            Err(error) => json!({"fails": error.places().first().map(|finding| finding.message.clone())}),
        };
        let map = case.as_object_mut().expect("a map");
        let both_fail = map.contains_key("fails") && given.is_object();
        if map.get("gives") == Some(&given) || both_fail {
            assert!(map.get("palc").is_none(), "{body}: written down as different, and it is not");
        } else if map.get("palc") != Some(&given) {
            wrong.push(format!("{body}\n  reference: {:?}\n  here: {given}", map.get("gives")));
            map.insert("palc".into(), given);
        }
    }
    if option_env!("PALC_BLESS").is_some() {
        std::fs::write(&path, format!("{table:#}\n")).expect("writes");
        return;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
