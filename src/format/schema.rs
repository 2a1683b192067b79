//! The JSON Schema of the prompt file, made from the table of fields: editors complete and check with it.

use serde_json::{Value, json};

use super::fields::FIELDS;
use super::shape::{Rest, object};

/// The schema of a native file's front matter (draft 07, which editors of YAML read).
pub fn prompt() -> Value {
    let mut schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Prompt",
        "description": "Front matter of a palc prompt file",
    });
    if let (Some(schema), Value::Object(fields)) = (schema.as_object_mut(), object(FIELDS, Rest::Refused)) {
        schema.extend(fields);
    }
    schema
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;
    use crate::format::fields::PARAMS;
    use crate::format::{Dialect, Document, parse};

    static VALIDATOR: LazyLock<jsonschema::Validator> =
        LazyLock::new(|| jsonschema::validator_for(&prompt()).expect("the schema is one"));

    /// What the checks say against a front matter. A parameter that palc does not know is passed on, so it is no fault.
    fn faults(front: &Value) -> Vec<String> {
        let text = format!("---\n{front}\n---\n");
        let document = Document::split("x.md", text.as_bytes(), Dialect::Native).expect("splits");
        let passed_on = |message: &String| message.contains("passed on");
        parse(document).findings.into_iter().map(|finding| finding.message).filter(|m| !passed_on(m)).collect()
    }

    fn scalar() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0..300i64).prop_map(Value::from),
            (1..400i64).prop_filter("a fraction", |n| n % 100 != 0).prop_map(|n| json!(n as f64 / 100.0)),
            prop::sample::select(vec!["text", "json", "jinja", "user", "prompt", "strict", "manual", "a b"])
                .prop_map(Value::from),
            (0..300usize).prop_map(|n| Value::from("語".repeat(n))),
        ]
    }

    fn value() -> impl Strategy<Value = Value> {
        let keys: Vec<&str> = ["name", "email", "id", "role", "content", "engine", "schema", "format", "x", "family"]
            .into_iter()
            .chain(PARAMS.iter().map(|field| field.name))
            .collect();
        scalar().prop_recursive(2, 12, 4, move |inner| {
            let key = prop::sample::select(keys.clone()).prop_map(str::to_owned);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map(key, inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    fn front() -> impl Strategy<Value = Value> {
        let keys: Vec<&str> = FIELDS.iter().map(|field| field.name).chain(["unknown"]).collect();
        let key = prop::sample::select(keys).prop_map(str::to_owned);
        prop::collection::hash_map(key, value(), 1..3).prop_map(|map| Value::Object(map.into_iter().collect()))
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 600, rng_seed: RngSeed::Fixed(5), failure_persistence: None, ..ProptestConfig::default()
        })]

        #[test]
        fn the_schema_and_the_checks_agree(front in front()) {
            let errors: Vec<String> = VALIDATOR.iter_errors(&front).map(|error| error.to_string()).collect();
            let faults = faults(&front);
            prop_assert_eq!(errors.is_empty(), faults.is_empty(), "{}\nschema {:?}\nchecks {:?}", front, errors, faults);
        }
    }

    #[test]
    fn every_field_is_described() {
        let schema = prompt();
        for field in FIELDS {
            assert_eq!(schema["properties"][field.name]["description"], field.doc);
        }
    }
}
