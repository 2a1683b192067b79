//! The JSON Schema of suites, made from the table of kinds: editors complete and check with it.

use serde_json::json;

use super::Kind;
use super::checks::KINDS;
use crate::format::suite::OPTIONS;
use crate::model::{Map, Value};

/// The schema of `evals/*.eval.yaml` (draft 07, which editors of YAML read).
pub fn suite() -> Value {
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Suite",
        "description": "Prompts, models and cases of a palc evaluation, and what must be true of the answers",
        "type": "object",
        "additionalProperties": false,
        "allOf": [
            {"anyOf": [{"required": ["prompt"]}, {"required": ["prompts"]}]},
            {"anyOf": [{"required": ["cases"]}, {"required": ["dataset"]}, {"required": ["datasets"]}]},
        ],
        "properties": {
            "description": text("What the suite is for."),
            "prompt": words("The prompt: a name or an id, with `@version` if need be."),
            "prompts": words("The prompts, each held against every case."),
            "model": words("`service/model`, `echo` or `replay:<folder>`."),
            "models": words("The models, each asked with every prompt. Each prompt's own if there is none."),
            "dataset": words("A data file, from the suite's folder: each row is a case."),
            "datasets": words("Data files, from the suite's folder: each row is a case."),
            "vars": map("Variables in every case, where neither its data nor its own say otherwise."),
            "params": map("Parameters in place of the prompt's own."),
            "sweep": {
                "type": "object",
                "description": "Parameters or variables that are tried with each of these values, and with each other.",
                "propertyNames": {"pattern": r"^(params|vars)\.."},
                "additionalProperties": {"type": "array", "minItems": 1},
            },
            "repeat": {"type": "integer", "minimum": 1, "maximum": 1000, "description": "How often each case is asked."},
            "judge": text("`service/model` that judges where a check does not say it."),
            "checks": checks("What must be true of every answer."),
            "cases": {"type": "array", "items": case(), "description": "Cases that are written out."},
            "derived": {
                "type": "object",
                "description": "Numbers computed from metrics: `f1: 2 * p * r / (p + r)`.",
                "additionalProperties": {"type": ["string", "number"]},
            },
            "splits": {
                "type": "object",
                "description": "Shares of the cases by the name of the split; they add up to 1.",
                "additionalProperties": share(),
            },
            "cluster": text("A variable that says which cases belong together and are no independent evidence."),
            "gate": gate(),
        },
        "definitions": {
            "template": {"type": "string", "pattern": r"\{[{%]", "description": "Filled in with the variables of the case."},
            "check": check(),
            "values": values(),
        },
    })
}

/// What each kind takes.
fn values() -> Value {
    let value = |kind: &&Kind| {
        let value = json!({
            "description": format!("{} Example: `{}`", kind.about, kind.example),
            "anyOf": [templated((kind.schema)()), {"$ref": "#/definitions/template"}],
        });
        (kind.name.to_owned(), value)
    };
    Value::Object(KINDS.iter().map(value).collect())
}

fn text(about: &str) -> Value {
    json!({"type": "string", "description": about})
}

fn words(about: &str) -> Value {
    let word = json!({"type": "string", "minLength": 1});
    json!({"anyOf": [word, {"type": "array", "items": word, "uniqueItems": true}], "description": about})
}

fn map(about: &str) -> Value {
    json!({"type": "object", "description": about})
}

fn share() -> Value {
    json!({"type": "number", "minimum": 0, "maximum": 1})
}

fn checks(about: &str) -> Value {
    json!({"type": "array", "items": {"$ref": "#/definitions/check"}, "description": about})
}

fn case() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "id": {"type": ["string", "number"], "description": "Its name in results; one that is made of its values if there is none."},
            "description": text("What is special about it."),
            "vars": map("Its variables."),
            "tags": {"type": "array", "items": {"type": "string"}, "description": "Words to choose cases by."},
            "split": text("One of the suite's splits."),
            "checks": checks("What must be true of this answer, besides what must be of all."),
        },
    })
}

fn gate() -> Value {
    let least = |about: &str| json!({"type": "number", "minimum": 0, "maximum": 1, "description": about});
    let most = |about: &str| json!({"type": "number", "minimum": 0, "description": about});
    json!({
        "type": "object",
        "additionalProperties": false,
        "description": "What a run must reach.",
        "properties": {
            "min_pass_rate": least("The least share of cases that pass."),
            "min_score": least("The least mean score."),
            "max_regression": least("How much worse than before it may be."),
            "max_undecided": least("The largest share of cases that may stay undecided."),
            "max_cost": most("The largest cost of one answer in dollars, of 95 in 100."),
            "max_latency_ms": most("The longest time in milliseconds, of 95 in 100."),
            "metrics": {"type": "object", "additionalProperties": {"type": "number"}, "description": "The least of named metrics."},
        },
    })
}

/// A kind with its value, and perhaps options beside it.
fn check() -> Value {
    let mut properties = Map::new();
    let (mut bare, mut one) = (Vec::new(), Vec::new());
    for kind in KINDS {
        let alone = jsonschema::is_valid(&(kind.schema)(), &Value::Null);
        let value = json!({"$ref": format!("#/definitions/values/{}", kind.name)});
        for name in [kind.name.to_owned(), format!("not-{}", kind.name)] {
            if alone {
                bare.push(name.clone());
            }
            one.push(json!({"required": [name]}));
            properties.insert(name, value.clone());
        }
    }
    let options = json!({
        "weight": {"type": "number", "minimum": 0, "description": "How much it counts in the case's score; with 0 it only measures."},
        "threshold": {"type": "number", "minimum": 0, "maximum": 1, "description": "The least value that passes, where the kind gives a number."},
        "metric": text("A name under which its values are counted together."),
        "required": {"type": "boolean", "description": "Whether the case fails with it, whatever the others say. So it is if nothing is said."},
    });
    for name in OPTIONS {
        properties.insert(name.to_owned(), options[name].clone());
    }
    json!({"anyOf": [
        {"enum": bare},
        {"type": "object", "additionalProperties": false, "properties": properties, "oneOf": one},
    ]})
}

/// The schema of a value in which any part may be a template, as it is filled in before the kind reads it.
fn templated(mut schema: Value) -> Value {
    let or_template = |part: &mut Value| {
        let inner = templated(part.take());
        *part = json!({"anyOf": [inner, {"$ref": "#/definitions/template"}]});
    };
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.values_mut().for_each(or_template);
    }
    if let Some(items) = schema.get_mut("items") {
        or_template(items);
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.iter_mut().for_each(|choice| *choice = templated(choice.take()));
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::suite::{CASE, KEYS, read};
    use crate::format::yaml;

    fn is_valid(text: &str) -> bool {
        let value = yaml::read(text, 0).root.expect("is not empty").value();
        jsonschema::validator_for(&suite()).expect("is a schema").is_valid(&value)
    }

    #[test]
    fn every_key_is_described() {
        let schema = suite();
        let described = |at: &Value| at["properties"].as_object().map(|map| map.keys().cloned().collect::<Vec<_>>());
        assert_eq!(described(&schema), Some(KEYS.map(str::to_owned).to_vec()));
        assert_eq!(described(&schema["properties"]["cases"]["items"]), Some(CASE.map(str::to_owned).to_vec()));
    }

    #[test]
    fn the_schema_and_the_reader_agree() {
        for (text, fine) in [
            ("prompts: a\nchecks: [is-json]\ncases: [{vars: {x: 1}}]", true),
            ("prompt: a\ndataset: d.csv\nchecks: [{not-contains: '{{ x }}', weight: 2, metric: m}]", true),
            ("prompts: [a]\nsplits: {train: 1}\ncases: [{id: 1, split: train, checks: [{equals: x}]}]", true),
            ("prompts: [a]\ncases: []\nsweep: {temperature: [1]}\nchecks: [is-json]", false),
            ("prompts: [a]\nasserts: []\ncases: [{checks: [is-json]}]", false),
            ("cases: [{checks: [is-json]}]", false),
            ("prompts: [a]", false),
            ("prompts: [a]\ncases: [{checks: [{contains: x, regex: y}]}]", false),
            ("prompts: [a]\ncases: [{checks: [{contains: x, weigth: 1}]}]", false),
            ("prompts: [a]\nrepeat: 0\ncases: [{checks: [is-json]}]", false),
            ("prompts: [a]\ngate: {min_pass_rate: 2}\ncases: [{checks: [is-json]}]", false),
        ] {
            assert_eq!(is_valid(text), fine, "{text}");
            assert_eq!(read("s", "s", text).is_ok(), fine, "{text}");
        }
    }

    /// What a kind would refuse, the schema refuses; and a template may stand anywhere.
    #[test]
    fn values_of_kinds_are_checked() {
        let with = |check: &str| is_valid(&format!("prompts: a\ncases: [{{vars: {{}}, checks: [{check}]}}]"));
        for kind in KINDS {
            assert!(with(&format!("{{{}}}", kind.example.replace(": >", ":"))), "{}", kind.example);
        }
        assert!(with("{length: {max: '{{ most }}'}}") && with("{number: '{{ expected }}'}") && with("is-json"));
        assert!(with("{set: [{contains: a}, is-json]}") && with("not-tool-called"));
        for wrong in
            ["{lenght: 3}", "{length: {maxi: 3}}", "{contains: ''}", "contains", "{cost: cheap}", "{is-json: false}"]
        {
            assert!(!with(wrong), "{wrong}");
        }
    }
}
