//! Variables are settled before anything is rendered: defaults put in, texts converted, everything that is missing
//! or of the wrong type reported at once.

use jsonschema::error::ValidationErrorKind;
use serde_json::json;

use crate::base::near::did_you_mean;
use crate::base::{Error, Finding, Place, Result};
use crate::config::OnMissing;
use crate::model::{Input, Map, Value};

use super::analyse::Closure;
use super::request::Request;
use super::schema;

/// Variables ready for the template.
#[derive(Debug, Clone, Default)]
pub struct Settled {
    pub variables: Map,
    pub warnings: Vec<Finding>,
}

/// A variable as the front matter declares it.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    pub name: String,
    /// JSON Schema of its values; `true` if anything goes.
    pub schema: Value,
    pub required: bool,
    pub default: Option<Value>,
}

/// Everything `input` declares, in its order.
pub fn declared(input: &Input) -> Result<Vec<Declared>, String> {
    let schema = input.schema.as_ref().map(schema::normalise).transpose()?.unwrap_or_else(|| json!({}));
    let empty = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
    let demanded = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let demanded: Vec<&str> = demanded.chain(input.required.iter().map(String::as_str)).collect();
    let mut names: Vec<&str> = properties.keys().map(String::as_str).collect();
    names.extend(demanded.iter().copied().chain(input.default.keys().map(String::as_str)));
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(*name));
    let one = |name: &str| {
        let schema = properties.get(name).cloned().unwrap_or(Value::Bool(true));
        let default = input.default.get(name).or_else(|| schema.get("default")).cloned();
        Declared { name: name.into(), required: demanded.contains(&name), schema, default }
    };
    Ok(names.into_iter().map(one).collect())
}

/// Settle the variables of a request.
pub fn settle(request: &Request<'_>, closure: &Closure) -> Result<Settled> {
    let failed = |findings| Err(Error::findings(format!("cannot render `{}`", request.body.path), findings));
    let whole = Place::file(request.body.path);
    let declared = match declared(&request.prompt.input) {
        Ok(declared) => declared,
        Err(message) => return failed(vec![Finding::error("wrong-value", whole, message)]),
    };
    let mut variables = wanted(request, &declared, closure);
    variables.extend(request.variables.clone());
    for one in &declared {
        match (variables.get_mut(&one.name), &one.default) {
            (Some(value), _) => convert(value, &one.schema),
            (None, Some(default)) => drop(variables.insert(one.name.clone(), default.clone())),
            (None, None) => {}
        }
    }
    let mut errors = mistyped(&request.prompt.input, &variables, &whole);
    let mut warnings = unknown(request, &declared, closure);
    let missing = missing(request, &declared, closure, &variables);
    match request.options.on_missing {
        OnMissing::Error => {
            errors.extend(missing.into_iter().filter(|(demanded, _)| *demanded).map(|(_, finding)| finding));
        }
        OnMissing::Warn => warnings.extend(
            missing.into_iter().map(|(_, finding)| Finding { severity: crate::base::Severity::Warning, ..finding }),
        ),
        OnMissing::Empty => {}
    }
    if errors.is_empty() { Ok(Settled { variables, warnings }) } else { failed(errors) }
}

/// Variables without a value, each with whether the front matter demands it.
fn missing(request: &Request<'_>, declared: &[Declared], closure: &Closure, variables: &Map) -> Vec<(bool, Finding)> {
    let absent = |name: &str| variables.get(name).is_none_or(Value::is_null);
    let demanded: Vec<&Declared> = declared.iter().filter(|one| one.required && absent(&one.name)).collect();
    let demanded: Vec<&Declared> = demanded.into_iter().filter(|one| !is_null_allowed(one, variables)).collect();
    let mut told: Vec<&str> = declared.iter().filter(|one| one.required).map(|one| one.name.as_str()).collect();
    let mut findings: Vec<(bool, Finding)> = Vec::new();
    for one in demanded {
        let used = closure.variables().find(|(_, used)| used.name == one.name);
        let place = used.map_or_else(|| Place::file(request.body.path), |(file, used)| file.body().place(used.span));
        let expected = one.schema.get("type").map(|kind| format!(" ({})", words(kind))).unwrap_or_default();
        let message = format!("`{}` is required and not given{expected}", one.name);
        let finding = Finding::error("missing-variable", place, message);
        findings.push((true, finding.hint(format!("give it with --var {}=…", one.name))));
    }
    for (file, used) in closure.variables().filter(|(_, used)| !used.guarded && !reaches(variables, &used.path)) {
        if !told.contains(&used.name.as_str()) && !told.contains(&used.path.as_str()) {
            told.push(&used.path);
            let message = format!("`{}` is not given", used.path);
            findings.push((false, Finding::error("missing-variable", file.body().place(used.span), message)));
        }
    }
    findings
}

/// A render stopped at a missing variable: tell of the others, too.
pub fn with_the_rest(error: Error, request: &Request<'_>, closure: &Closure, variables: &Map) -> Error {
    let stopped = |finding: &Finding| finding.rule == "missing-variable";
    if !error.places().iter().any(stopped) {
        return error;
    }
    let mut findings = error.places().to_vec();
    let declared = declared(&request.prompt.input).unwrap_or_default();
    for (_, finding) in missing(request, &declared, closure, variables) {
        if !findings.iter().any(|told| {
            told.place.path == finding.place.path
                && told.place.line == finding.place.line
                && told.message.split(' ').next() == finding.message.split(' ').next()
        }) {
            findings.push(finding);
        }
    }
    Error::findings(error.message(), findings)
}

fn is_null_allowed(one: &Declared, variables: &Map) -> bool {
    variables.contains_key(&one.name) && one.schema.get("type").is_some_and(|kind| kind.to_string().contains("null"))
}

/// Whether a dotted path leads to a value. Lists are not followed.
fn reaches(variables: &Map, path: &str) -> bool {
    let mut keys = path.split('.');
    let Some(mut at) = keys.next().and_then(|name| variables.get(name)) else { return false };
    for key in keys {
        match at {
            Value::Object(map) => match map.get(key) {
                Some(next) => at = next,
                None => return map.is_empty() || is_method(key),
            },
            Value::Null => return false,
            _ => return true,
        }
    }
    !at.is_null()
}

fn is_method(key: &str) -> bool {
    matches!(key, "items" | "keys" | "values" | "get")
}

/// Text from the command line or a table becomes what the schema asks for, when there is no doubt.
fn convert(value: &mut Value, schema: &Value) {
    let (Value::String(text), Some(kind)) = (&*value, schema.get("type").and_then(Value::as_str)) else { return };
    let text = text.trim();
    let converted = match kind {
        "integer" => text.parse::<i64>().ok().map(Value::from),
        "number" => text.parse::<f64>().ok().and_then(|_| serde_json::from_str(text).ok()).filter(Value::is_number),
        "boolean" => match text {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        "array" => serde_json::from_str(text).ok().filter(Value::is_array),
        "object" => serde_json::from_str(text).ok().filter(Value::is_object),
        "null" if text == "null" => Some(Value::Null),
        _ => None,
    };
    if let Some(converted) = converted {
        *value = converted;
    }
}

fn mistyped(input: &Input, variables: &Map, place: &Place) -> Vec<Finding> {
    let Some(Ok(mut schema)) = input.schema.as_ref().map(schema::normalise) else { return Vec::new() };
    // What is missing is reported in its own way.
    schema.as_object_mut().map(|map| map.remove("required"));
    let validator = match jsonschema::validator_for(&schema) {
        Ok(validator) => validator,
        Err(error) => {
            let message = format!("`input.schema` is not a valid JSON Schema: {error}");
            return vec![Finding::error("wrong-value", place.clone(), message)];
        }
    };
    let present: Map =
        variables.iter().filter(|(_, value)| !value.is_null()).map(|(k, v)| (k.clone(), v.clone())).collect();
    let instance = Value::Object(present);
    validator
        .iter_errors(&instance)
        .map(|error| Finding::error("wrong-type", place.clone(), sentence(&error)))
        .collect()
}

fn sentence(error: &jsonschema::ValidationError<'_>) -> String {
    let path = error.instance_path().to_string();
    let name = path.trim_start_matches('/').replace('/', ".");
    let instance = short(error.instance());
    match error.kind() {
        ValidationErrorKind::Type { .. } => {
            let text = error.to_string();
            let kind =
                text.rsplit(" of type").next().unwrap_or("").trim().trim_start_matches('s').trim().replace('"', "");
            format!("`{name}` must be {}, and is {instance}", article(&kind))
        }
        ValidationErrorKind::Enum { options } => {
            let options: Vec<String> = options.as_array().into_iter().flatten().map(ToString::to_string).collect();
            format!("`{name}` must be one of {}, and is {instance}", options.join(", "))
        }
        _ if name.is_empty() => error.to_string(),
        _ => format!("`{name}`: {error}"),
    }
}

fn article(kind: &str) -> String {
    match kind {
        "integer" => "a whole number".into(),
        "string" => "text".into(),
        "boolean" => "true or false".into(),
        "array" => "a list".into(),
        "object" => "a map".into(),
        "number" => "a number".into(),
        other => other.replace(", ", " or "),
    }
}

fn words(kind: &Value) -> String {
    match kind {
        Value::String(kind) => article(kind),
        Value::Array(kinds) => kinds.iter().map(words).collect::<Vec<_>>().join(" or "),
        _ => String::new(),
    }
}

/// A value short enough for a message.
fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 60 { text } else { format!("{}…", text.chars().take(60).collect::<String>()) }
}

/// What the prompt asks for of the context; all of it only if nobody can tell what it asks for.
fn wanted(request: &Request<'_>, declared: &[Declared], closure: &Closure) -> Map {
    let known = known(declared, closure);
    let asked = |name: &String| !closure.is_whole() || known.contains(&name.as_str());
    request.context.iter().filter(|(name, _)| asked(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Every name that means something to the prompt.
fn known<'a>(declared: &'a [Declared], closure: &'a Closure) -> Vec<&'a str> {
    let used = closure.variables().map(|(_, used)| used.name.as_str());
    declared.iter().map(|one| one.name.as_str()).chain(used).chain(["history", "examples"]).collect()
}

/// Variables that were given and nothing asks for.
fn unknown(request: &Request<'_>, declared: &[Declared], closure: &Closure) -> Vec<Finding> {
    if !closure.is_whole() {
        return Vec::new();
    }
    let known = known(declared, closure);
    let strange = request.variables.keys().filter(|name| !known.contains(&name.as_str()));
    let finding = |name: &String| {
        let place = Place::file(request.body.path);
        Finding::warning("unknown-variable", place, format!("`{name}` is given, and the prompt does not use it"))
            .hint_if(did_you_mean(name, known.iter().copied()))
    };
    strange.map(finding).collect()
}
