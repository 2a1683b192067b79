//! JSON Schemas that answers are held against.

use serde_json::json;

use super::options::type_word;
use crate::eval::Around;
use crate::format::yaml;
use crate::model::{Map, Value};

/// A JSON Schema that is ready to judge.
pub struct Schema(jsonschema::Validator);

impl Schema {
    /// What `schema` may be: a schema, `output.schema`, or a file.
    pub fn schema() -> Value {
        json!({"anyOf": [{"type": "object"}, {"type": "string", "minLength": 1}]})
    }

    /// The one that the option `schema` names, if it names any.
    pub fn read(options: &Map, around: &dyn Around) -> Result<Option<Schema>, String> {
        let schema = match options.get("schema") {
            None => return Ok(None),
            Some(inline @ Value::Object(_)) => inline.clone(),
            Some(Value::String(word)) if word == "output.schema" => {
                around.output_schema().ok_or("the prompt has no `output.schema`")?
            }
            Some(Value::String(path)) => from_file(path, around)?,
            Some(other) => {
                return Err(format!(
                    "`schema` must be a JSON Schema, `output.schema` or a file, and is {}",
                    type_word(other)
                ));
            }
        };
        Schema::new(&schema).map(Some)
    }

    /// Formats such as `date-time` are checked too; references lead nowhere outside of the schema.
    pub fn new(schema: &Value) -> Result<Schema, String> {
        let validator = jsonschema::options().should_validate_formats(true).build(schema);
        validator.map(Schema).map_err(|error| {
            let at = error.instance_path().to_string();
            let at = if at.is_empty() { String::new() } else { format!(" at `{at}`") };
            format!("the schema is no JSON Schema{at}: {error}")
        })
    }

    /// What is wrong with a value, or the first three things.
    pub fn fault(&self, value: &Value) -> Option<String> {
        let mut errors = self.0.iter_errors(value);
        let told: Vec<String> = errors.by_ref().take(3).map(|error| sentence(&error)).collect();
        let more = errors.count();
        match (told.is_empty(), more) {
            (true, _) => None,
            (_, 0) => Some(told.join("; ")),
            _ => Some(format!("{}; and {more} more", told.join("; "))),
        }
    }
}

fn sentence(error: &jsonschema::ValidationError<'_>) -> String {
    let text: String = error.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let at = error.instance_path().to_string();
    if at.is_empty() { text } else { format!("{at}: {text}") }
}

fn from_file(path: &str, around: &dyn Around) -> Result<Value, String> {
    let text = around.file(path).map_err(|error| error.message().to_owned())?;
    if path.ends_with(".json") {
        return serde_json::from_str(&text).map_err(|error| format!("{path} is not JSON: {error}"));
    }
    let tree = yaml::read(&text, 0);
    match (tree.problems.first(), tree.root) {
        (Some(problem), _) => Err(format!("{path} is not YAML: {}", problem.message)),
        (None, Some(root)) => Ok(root.value()),
        (None, None) => Err(format!("{path} is empty")),
    }
}
