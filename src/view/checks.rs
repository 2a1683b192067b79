//! The reference of kinds of checks.

use crate::eval::Kind;
use crate::eval::checks::KINDS;
use crate::model::Value;

const HEAD: &str = "# Checks

What must be true of answers. This page is written from the kinds themselves. A suite lists checks for every case and for
one case; each is a kind with its value:

```yaml
checks:
  - is-json                                  # a kind that needs no value
  - contains: billing
  - not-contains: As an AI                   # every kind can be turned round
  - {rouge-1: \"{{ expected }}\", threshold: 0.6, weight: 2, metric: likeness}
  - {latency: 2s, required: false}           # counts in the score, and does not decide
```

- **Options** stand beside the kind. `weight` (1 if nothing is said) is how much the check counts in the case's score; with 0
  it only measures. `threshold` is the least value that passes, for kinds that give a number. `metric` is a name under which
  values are counted together. `required: false` keeps a check from failing its case.
- **Templates** in a value are filled in with the variables of the case. A value that is one `{{ name }}` and nothing else
  keeps its kind: a list stays a list. A name that the case does not have is an error.
- **Three outcomes.** A check passes, fails, or is *undecided* where nobody can know: a price that is not known, a judge
  whose reply is no verdict. Undecided is never counted as one of the others, and `not-` leaves it as it is. A check that
  passes or fails counts as 1 or 0; `not-` turns a value v into 1 - v.
- **Text** is compared in Unicode normalisation form C and with `\\n` at the end of each line, so composed and decomposed
  letters are the same, and so are the line ends of all systems. Nothing else is smoothed over: blanks count. Without
  regard to case means that both texts are turned to upper and then to lower case, letter by letter.
- **Patterns** are matched in linear time, whatever the answer: there are no look-around and no backreferences.
- **Before anything is paid**, every value is read; what is wrong is told with its place in the file.

Values are checked by `schemas/suite.v1.json`, which editors read. Not here on purpose: METEOR, which needs a dictionary of
synonyms; SQL, which no light reader can tell from prose; code and web hooks as checks, which a clone could not be trusted with.

| Check | Passes if |
|---|---|
";

/// `docs/checks.md`.
pub fn reference() -> String {
    let mut out = String::from(HEAD);
    for kind in KINDS {
        out += &format!("| [{0}](#{0}) | {1} |\n", kind.name, kind.about);
    }
    KINDS.iter().for_each(|kind| chapter(&mut out, kind));
    out
}

fn chapter(out: &mut String, kind: &Kind) {
    *out += &format!("\n## {}\n\n{}\n\n```yaml\n- {}\n```\n\n", kind.name, kind.about, kind.example);
    *out += &format!("The value is {}.", words(&(kind.schema)()));
    if let Some(least) = kind.threshold {
        *out += &format!(" It gives a number from 0 to 1; {least} passes if no `threshold` stands beside it.");
    }
    *out += "\n";
}

/// What a schema allows, in words.
fn words(schema: &Value) -> String {
    if let Some(choices) = schema["anyOf"].as_array() {
        return joined(choices.iter().map(words), ", or ");
    }
    if let Some(values) = schema["enum"].as_array() {
        let word = |value: &Value| match value {
            Value::Null => "nothing".to_owned(),
            value => format!("`{}`", value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
        };
        return joined(values.iter().map(word), " or ");
    }
    match &schema["type"] {
        Value::String(word) => typed(word, schema),
        Value::Array(types) => joined(types.iter().filter_map(Value::as_str).map(|word| typed(word, schema)), " or "),
        _ => "any value".into(),
    }
}

fn typed(word: &str, schema: &Value) -> String {
    match word {
        "string" => "text".into(),
        "integer" => "a whole number".into(),
        "number" => "a number".into(),
        "boolean" => "true or false".into(),
        "array" if schema["items"].is_object() => format!("a list of which each is {}", words(&schema["items"])),
        "array" => "a list".into(),
        _ => match schema["properties"].as_object().filter(|map| !map.is_empty()) {
            None => "a map".into(),
            Some(map) => {
                let keys = map.iter().map(|(key, value)| format!("`{key}` ({})", words(value)));
                format!("a map with {}", keys.collect::<Vec<_>>().join(", "))
            }
        },
    }
}

fn joined(parts: impl Iterator<Item = String>, between: &str) -> String {
    parts.collect::<Vec<_>>().join(between)
}
