//! JSON output against the schemas that are published for it.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schemas/output")
}

/// Panics unless the object is what the schema it names says.
pub fn check(value: &Value) {
    let name = value["schema"].as_str().unwrap_or_else(|| panic!("no schema is named in {value}"));
    let known = palc::view::schemas::all();
    let Some((_, schema)) = known.into_iter().find(|(known, _)| *known == name) else {
        panic!("`{name}` is not listed in src/view/schemas.rs");
    };
    let validator = jsonschema::validator_for(&schema.to_value()).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{name}: {}", errors.join("\n"));
}

/// `UPDATE=1 cargo test schemas` writes the files; otherwise they must be in step.
#[test]
fn published_schemas_are_in_step() {
    let update = std::env::var_os("UPDATE").is_some();
    for (name, schema) in palc::view::schemas::all() {
        let path = folder().join(format!("{name}.json"));
        let text = format!("{:#}\n", schema.to_value());
        if update {
            fs::create_dir_all(folder()).unwrap();
            fs::write(&path, &text).unwrap();
        }
        let there = fs::read_to_string(&path).unwrap_or_default();
        assert!(there == text, "schemas/output/{name}.json is out of step; run `UPDATE=1 cargo test schemas`");
    }
}
