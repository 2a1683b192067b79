//! Assertions become checks.

use serde_json::json;

use super::config::checks;
use super::pattern::translated;
use super::providers;
use super::sources::{File, Notes, extension, has_template, joined};
use super::table::{Known, TABLE, find};
use crate::base::near::did_you_mean;
use crate::base::{Place, Span};
use crate::format::yaml::Node;
use crate::model::{Map, Value};

/// An assertion, wherever it was written.
#[derive(Debug, Clone)]
pub struct Assertion {
    pub type_: String,
    pub value: Value,
    pub threshold: Option<f64>,
    pub weight: Option<f64>,
    pub metric: Option<String>,
    /// Who judges.
    pub provider: Option<String>,
    /// Those of a set.
    pub inner: Vec<Assertion>,
    pub place: Place,
}

impl Assertion {
    pub fn new(type_: &str, value: Value, place: Place) -> Assertion {
        let type_ = type_.to_owned();
        Assertion {
            type_,
            value,
            threshold: None,
            weight: None,
            metric: None,
            provider: None,
            inner: Vec::new(),
            place,
        }
    }

    /// A list of assertions. What one says that cannot be imported loses it as a whole: half of it would be another one.
    pub fn list(file: &File, node: &Node, templates: Option<&Node>, notes: &mut Notes<'_>) -> Vec<Assertion> {
        node.items().iter().filter_map(|node| Assertion::read(file, node, templates, notes)).collect()
    }

    fn read(file: &File, node: &Node, templates: Option<&Node>, notes: &mut Notes<'_>) -> Option<Assertion> {
        let place = file.place(node.entry("type").map_or(Span::at(node.span.start), |entry| entry.value.span));
        if let Some(reference) = node.get("$ref").and_then(Node::text) {
            let name = reference.rsplit('/').next().unwrap_or_default();
            return match templates.and_then(|templates| templates.get(name)) {
                Some(template) => Assertion::read(file, template, None, notes),
                None => {
                    notes.lost(place, format!("there is no assertion template `{name}`"));
                    None
                }
            };
        }
        let Some(type_) = node.get("type").and_then(Node::text) else {
            notes.lost(place, "an assertion has a `type`");
            return None;
        };
        let mut assertion = Assertion::new(type_, Value::Null, place);
        let known = find(type_.strip_prefix("not-").unwrap_or(type_));
        if known.is_none_or(|known| known.ours.is_none()) {
            return Some(assertion);
        }
        let mut is_whole = true;
        for entry in node.entries() {
            let number = || entry.value.value().as_f64();
            match entry.key.as_str() {
                "type" | "description" => {}
                "value" => assertion.value = entry.value.value(),
                "threshold" => assertion.threshold = number(),
                "weight" => assertion.weight = number(),
                "metric" => assertion.metric = entry.value.text().map(str::to_owned),
                "provider" if type_.ends_with("llm-rubric") => {
                    assertion.provider = entry.value.text().map(str::to_owned);
                }
                "provider" if type_.contains("similar") => {}
                "assert" => assertion.inner = Assertion::list(file, &entry.value, templates, notes),
                key => {
                    notes.lost(file.place(entry.key_span), format!("`{key}` of `{type_}` cannot be said in a suite"));
                    is_whole = false;
                }
            }
        }
        is_whole.then_some(assertion)
    }
}

/// The check that says the same, as it stands in a suite. None if there is none, and then it is named.
pub fn convert(assertion: &Assertion, notes: &mut Notes<'_>) -> Option<Value> {
    let (negated, bare) = match assertion.type_.strip_prefix("not-") {
        Some(bare) => (true, bare),
        None => (false, assertion.type_.as_str()),
    };
    let place = &assertion.place;
    let Some(known) = find(bare) else {
        let near = did_you_mean(bare, TABLE.iter().map(|known| known.theirs));
        notes.lost_but(
            place.clone(),
            format!("`{}` is no type of assertion that promptfoo documents", assertion.type_),
            near.unwrap_or_else(|| "docs/promptfoo.md lists them".into()),
        );
        return None;
    };
    let Some(ours) = known.ours else {
        notes.lost(place.clone(), format!("`{}` is not imported: {}", assertion.type_, known.says));
        return None;
    };
    let (value, threshold) = match value(assertion, known, notes) {
        Ok(found) => found,
        Err(why) => {
            notes.lost(place.clone(), format!("`{}`: {why}", assertion.type_));
            return None;
        }
    };
    if known.warns {
        notes.differs(place.clone(), format!("`{}`: {}", assertion.type_, known.says));
    }
    let name = if negated { format!("not-{ours}") } else { ours.to_owned() };
    let mut check = Map::from_iter([(name.clone(), value)]);
    let beside = [
        ("threshold", threshold.map(number)),
        ("weight", assertion.weight.map(number)),
        ("metric", assertion.metric.clone().map(Value::from)),
    ];
    check.extend(beside.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
    match check.len() == 1 && check[&name].is_null() {
        true => Some(Value::String(name)),
        false => Some(Value::Object(check)),
    }
}

/// A number as people write it: 2, not 2.0.
pub fn number(number: f64) -> Value {
    let whole = number.fract() == 0.0 && number.abs() < 1e15;
    if whole { Value::from(number as i64) } else { Value::from(number) }
}

type Converted = Result<(Value, Option<f64>), String>;

/// The value of the check, and the threshold beside it.
fn value(assertion: &Assertion, known: &Known, notes: &mut Notes<'_>) -> Converted {
    let Assertion { value, threshold, place, .. } = assertion;
    let plain = |value: Value| Ok((value, None));
    match known.theirs {
        "equals" | "contains" | "icontains" | "starts-with" => plain(loaded(value, place, notes)?),
        "contains-any" | "contains-all" | "icontains-any" | "icontains-all" | "tool-call-f1" => {
            Ok((Value::Array(list(value)?), threshold.filter(|_| known.theirs == "tool-call-f1")))
        }
        "regex" => {
            let pattern = value.as_str().ok_or("its value must be a pattern")?;
            match has_template(value) {
                true => plain(value.clone()),
                false => plain(Value::from(translated(pattern)?)),
            }
        }
        "is-json" | "contains-json" => json_check(value, known.theirs == "contains-json", place, notes),
        "is-xml" | "contains-xml" => elements(value),
        "is-html" | "contains-html" | "is-refusal" => plain(Value::Null),
        "is-valid-openai-tools-call" | "is-valid-openai-function-call" | "is-valid-function-call" => plain(Value::Null),
        "levenshtein" => {
            let most = threshold.map_or(5, |most| most as u64);
            plain(json!({"text": loaded(value, place, notes)?, "max": most}))
        }
        "rouge-n" | "bleu" | "gleu" | "similar" | "similar:cosine" => Ok((loaded(value, place, notes)?, *threshold)),
        "cost" | "latency" => {
            let most = threshold.ok_or("it has no `threshold`")?;
            plain(number(most))
        }
        "word-count" => match value {
            Value::Number(_) | Value::Object(_) => plain(value.clone()),
            Value::String(text) => match text.trim().parse::<u64>() {
                Ok(count) => plain(Value::from(count)),
                Err(_) if has_template(value) => plain(value.clone()),
                Err(_) => Err("its value must be a number, or `min` and `max`".into()),
            },
            _ => Err("its value must be a number, or `min` and `max`".into()),
        },
        "finish-reason" => plain(match value.as_str() {
            Some("stop") => "complete".into(),
            Some("content_filter") => "refused".into(),
            Some(word) => word.into(),
            None => return Err("its value must be a reason".into()),
        }),
        "llm-rubric" => rubric(assertion, notes),
        "assert-set" => {
            let inner = checks(&assertion.inner, notes);
            match (inner.len() == assertion.inner.len(), threshold) {
                _ if inner.is_empty() => Err("nothing in it can be imported".into()),
                (false, _) => Err("not all of it can be imported, and a part would mean something else".into()),
                (true, None) => plain(Value::Array(inner)),
                (true, Some(threshold)) => plain(json!({"checks": inner, "threshold": number(*threshold)})),
            }
        }
        other => Err(format!("`{other}` is not imported")),
    }
}

/// A value that may lie in a file.
fn loaded(value: &Value, place: &Place, notes: &mut Notes<'_>) -> Result<Value, String> {
    let Some(named) = value.as_str().and_then(|text| text.strip_prefix("file://")) else {
        return match value {
            Value::Null => Err("it has no `value`".into()),
            value => Ok(value.clone()),
        };
    };
    let missing = || format!("{named} cannot be read");
    match extension(named).as_str() {
        "txt" | "md" => Ok(Value::from(notes.text_of(named, place).ok_or_else(missing)?.1)),
        "json" | "yaml" | "yml" => {
            Ok(notes.tree_of(named, place).and_then(|file| file.root).ok_or_else(missing)?.value())
        }
        _ => Err(format!("{named} is a program")),
    }
}

/// A list, or words between commas, which may stand in quotes.
pub fn list(value: &Value) -> Result<Vec<Value>, String> {
    match value {
        Value::Array(items) if !items.is_empty() => Ok(items.clone()),
        Value::String(text) if !has_template(value) => Ok(words(text)),
        Value::String(_) => Err("a list that a template makes cannot be taken apart".into()),
        _ => Err("its value must be a list".into()),
    }
}

/// Words between commas. One in quotes may hold commas, and quotes that are doubled.
fn words(text: &str) -> Vec<Value> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"') {
            Some(inside) => {
                let ends =
                    |(at, _): &(usize, &str)| !inside[..*at].ends_with('"') && !inside[at + 1..].starts_with('"');
                let end = inside.match_indices('"').find(ends).map_or(inside.len(), |(at, _)| at);
                let after = inside.get(end + 1..).unwrap_or_default();
                (inside[..end].replace("\"\"", "\""), after.split_once(',').map_or("", |(_, after)| after))
            }
            None => rest
                .split_once(',')
                .map_or((rest.trim().to_owned(), ""), |(word, after)| (word.trim().to_owned(), after)),
        };
        if !word.is_empty() {
            words.push(Value::from(word));
        }
        rest = after.trim_start();
    }
    words
}

fn json_check(value: &Value, is_part: bool, place: &Place, notes: &mut Notes<'_>) -> Converted {
    let schema = match value {
        Value::Null => None,
        Value::Object(_) => Some(value.clone()),
        Value::String(text) => match text.strip_prefix("file://") {
            Some(named) if matches!(extension(named).as_str(), "json" | "yaml" | "yml") => {
                let path =
                    joined(&notes.folder, named).ok_or_else(|| format!("{named} lies outside of the repository"))?;
                Some(Value::from(format!("{}{path}", notes.up)))
            }
            Some(named) => return Err(format!("{named} is a program")),
            None => match notes.tree(place.path.clone(), text.clone()).root.map(|root| root.value()) {
                Some(schema @ Value::Object(_)) => Some(schema),
                _ => return Err("its value must be a JSON Schema".into()),
            },
        },
        _ => return Err("its value must be a JSON Schema".into()),
    };
    let mut map = Map::new();
    map.extend(schema.map(|schema| ("schema".to_owned(), schema)));
    if is_part {
        map.insert("repair".into(), Value::Bool(true));
    }
    Ok((if map.is_empty() { Value::Null } else { Value::Object(map) }, None))
}

/// `{requiredElements: [a.b]}`, a list, or words between commas.
fn elements(value: &Value) -> Converted {
    let wanted = match value {
        Value::Null => return Ok((Value::Null, None)),
        Value::Object(map) => map.get("requiredElements").ok_or("its value must have `requiredElements`")?,
        other => other,
    };
    Ok((json!({"elements": list(wanted)?}), None))
}

fn rubric(assertion: &Assertion, notes: &mut Notes<'_>) -> Converted {
    let Value::String(text) = loaded(&assertion.value, &assertion.place, notes)? else {
        return Err("its value must be a sentence".into());
    };
    let mut map = Map::from_iter([("rubric".to_owned(), Value::from(text))]);
    map.extend(assertion.threshold.map(|threshold| ("threshold".to_owned(), number(threshold))));
    if let Some(provider) = &assertion.provider {
        let judge = providers::model(provider).ok_or_else(|| format!("palc has no service for `{provider}`"))?;
        map.insert("judge".into(), Value::from(judge));
    }
    Ok((Value::Object(map), None))
}
