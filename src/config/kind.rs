//! What a key may hold: recognising a right value, reading one from a word on the command line, and saying what is
//! wrong with the others.

use std::time::Duration;

use globset::GlobBuilder;
use serde_json::Value;

use super::settings::{embedder, prices, providers, vocabulary};
use crate::base::near::did_you_mean;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    Bool,
    Whole {
        min: i64,
        max: i64,
    },
    Number {
        min: f64,
        max: f64,
    },
    /// A number of bytes, or a text such as `256 KiB`.
    Bytes {
        max: u64,
    },
    Text,
    Choice(&'static [&'static str]),
    /// Texts. From the environment they may come separated by commas.
    List,
    /// A list of patterns for paths: `**/*.md`.
    Globs,
    /// A path inside the repository.
    Path,
    /// A list of such paths.
    Folders,
    /// A path on the user's machine, which does not depend on where palc is started.
    OwnPath,
    /// What makes vectors of texts.
    Embedder,
    /// A time span, as `90s` or `2m`, or a number of seconds.
    Duration,
    /// Where a service is.
    Url,
    /// The name of an environment variable.
    Variable,
    /// The value of an HTTP header.
    Header,
    /// US dollars, as a number or a decimal text.
    Price,
    /// A vocabulary: a list of words, or a table from word to what is known of it.
    Words,
    Any,
}

/// What is wrong with a value, and where inside it: list positions and table keys on the way there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub rule: &'static str,
    pub at: Vec<String>,
    /// Whether the last word of `at` is itself what is wrong, and not the value that stands there.
    pub on_key: bool,
    pub message: String,
    pub hint: Option<String>,
}

impl Fault {
    pub(super) fn new(rule: &'static str, message: String) -> Self {
        Fault { rule, at: Vec::new(), on_key: false, message, hint: None }
    }

    #[must_use]
    pub(super) fn inside(mut self, word: impl Into<String>) -> Self {
        self.at.insert(0, word.into());
        self
    }

    fn expected(what: &str, value: &Value) -> Self {
        Fault::new("config-type", format!("expected {what}, found {}", found(value)))
    }
}

impl Kind {
    /// For messages and documentation: what a value is called.
    pub fn describe(self) -> String {
        match self {
            Kind::Bool => "true or false".into(),
            Kind::Whole { .. } => "a whole number".into(),
            Kind::Number { .. } => "a number".into(),
            Kind::Bytes { .. } => "a size such as `4 MiB` or a number of bytes".into(),
            Kind::Text => "a text".into(),
            Kind::Choice(words) => format!("one of {}", words.join(", ")),
            Kind::List => "a list of texts".into(),
            Kind::Globs => "a list of file patterns".into(),
            Kind::Path => "a path inside the repository".into(),
            Kind::Folders => "a list of paths inside the repository".into(),
            Kind::OwnPath => "a whole path: one from the root, or that begins with `~/`".into(),
            Kind::Embedder => "`builtin`, `none`, `fastembed:FOLDER` or `PROVIDER:MODEL`".into(),
            Kind::Duration => "a time span such as `90s`, `2m` or `7d`, or a number of seconds".into(),
            Kind::Url => "a URL such as `https://api.example.com/v1`".into(),
            Kind::Variable => "the name of an environment variable".into(),
            Kind::Header => "a text of one line".into(),
            Kind::Price => "an amount of US dollars such as 0.15".into(),
            Kind::Words => "a list of words or a table of words".into(),
            Kind::Any => "any value".into(),
        }
    }

    /// Everything that is wrong with a value.
    pub fn faults(self, value: &Value) -> Vec<Fault> {
        match self {
            Kind::List => items(value, self, |_| None),
            Kind::Globs => items(value, self, bad_glob),
            Kind::Folders => items(value, self, outside),
            Kind::Words => vocabulary::faults(value),
            _ => self.single(value).into_iter().collect(),
        }
    }

    fn single(self, value: &Value) -> Option<Fault> {
        let expected = || Some(Fault::expected(&self.describe(), value));
        match (self, value) {
            (Kind::Any, _) | (Kind::Bool, Value::Bool(_)) | (Kind::Text, Value::String(_)) => None,
            (Kind::Whole { min, max }, Value::Number(number)) if !number.is_f64() => {
                let inside = number.as_i64().is_some_and(|number| (min..=max).contains(&number));
                (!inside).then(|| out_of_range(number, &whole_range(min, max)))
            }
            (Kind::Number { min, max }, Value::Number(number)) => {
                let inside = number.as_f64().is_some_and(|number| (min..=max).contains(&number));
                (!inside).then(|| out_of_range(number, &format!("{min} to {max}")))
            }
            (Kind::Bytes { max }, Value::Number(_) | Value::String(_)) => match bytes(value) {
                Some(size) if (1..=max).contains(&size) => None,
                Some(size) => Some(out_of_range(size, &format!("1 to {}", show_bytes(max)))),
                None => expected(),
            },
            (Kind::Choice(words), Value::String(word)) => {
                (!words.contains(&word.as_str())).then(|| unknown_word(word, words))
            }
            (Kind::Path, Value::String(path)) => outside(path),
            (Kind::OwnPath, Value::String(path)) => not_whole(path),
            (Kind::Embedder, Value::String(text)) => embedder::fault(text),
            (Kind::Duration, Value::Number(_) | Value::String(_)) if duration(value).is_some() => None,
            (Kind::Url, Value::String(url)) => providers::bad_url(url),
            (Kind::Variable, Value::String(name)) => providers::bad_variable(name),
            (Kind::Header, Value::String(text)) => providers::bad_header(text),
            (Kind::Price, Value::Number(_) | Value::String(_)) if prices::per_token(value).is_some() => None,
            _ => expected(),
        }
    }

    /// The value that a text from a variable, a flag or the command line stands for. It may still be a wrong one.
    pub fn from_text(self, text: &str) -> Value {
        let fitting = |value: Option<Value>| value.filter(|value| self.faults(value).is_empty());
        match self {
            Kind::Text | Kind::Choice(_) | Kind::Path | Kind::OwnPath | Kind::Embedder => text.into(),
            Kind::Duration | Kind::Url | Kind::Variable | Kind::Header | Kind::Price => text.into(),
            Kind::Bool => match text {
                "true" | "1" | "yes" | "on" => true.into(),
                "false" | "0" | "no" | "off" => false.into(),
                _ => text.into(),
            },
            Kind::Whole { .. } | Kind::Number { .. } => toml_value(text).unwrap_or_else(|| text.into()),
            Kind::Bytes { .. } => fitting(toml_value(text)).unwrap_or_else(|| text.into()),
            Kind::List | Kind::Globs | Kind::Folders | Kind::Words => list_from_text(text),
            Kind::Any => toml_value(text).unwrap_or_else(|| text.into()),
        }
    }
}

/// The number of bytes that a value says, if it says one.
pub(super) fn bytes(value: &Value) -> Option<u64> {
    let Value::String(text) = value else {
        return value.as_u64();
    };
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic() || letter == ' ');
    let factor = match text[digits.len()..].trim() {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "kB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

/// The time that a value says, if it says one: whole seconds, or a number with a unit. Nobody waits longer than a year.
pub(super) fn duration(value: &Value) -> Option<Duration> {
    let milliseconds = match value {
        Value::String(text) => {
            let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic() || letter == ' ');
            let unit = match text[digits.len()..].trim() {
                "ms" => 1,
                "" | "s" => 1000,
                "m" | "min" => 60_000,
                "h" => 3_600_000,
                "d" => 86_400_000,
                _ => return None,
            };
            digits.parse::<u64>().ok()?.checked_mul(unit)?
        }
        value => value.as_u64()?.checked_mul(1000)?,
    };
    (1..=366 * 86_400_000).contains(&milliseconds).then(|| Duration::from_millis(milliseconds))
}

/// A size as people write it, in the largest unit that divides it.
pub fn show_bytes(size: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    match units.into_iter().find(|(shift, _)| size > 0 && size.is_multiple_of(1 << shift)) {
        Some((shift, unit)) => format!("{} {unit}", size >> shift),
        None => format!("{size} bytes"),
    }
}

fn items(value: &Value, kind: Kind, wrong: impl Fn(&str) -> Option<Fault>) -> Vec<Fault> {
    let Value::Array(values) = value else {
        return vec![Fault::expected(&kind.describe(), value)];
    };
    let fault = |value: &Value| match value {
        Value::String(text) => wrong(text),
        other => Some(Fault::expected("a text", other)),
    };
    let located = values.iter().enumerate().filter_map(|(index, value)| Some((index, fault(value)?)));
    located.map(|(index, fault)| fault.inside(index.to_string())).collect()
}

fn list_from_text(text: &str) -> Value {
    if text.trim_start().starts_with(['[', '{']) {
        return toml_value(text).unwrap_or_else(|| text.into());
    }
    text.split(',').map(str::trim).filter(|word| !word.is_empty()).collect()
}

fn toml_value(text: &str) -> Option<Value> {
    let value = toml::de::DeValue::parse(text.trim()).ok()?;
    Some(super::read::json(value.get_ref()))
}

fn out_of_range(number: impl std::fmt::Display, range: &str) -> Fault {
    Fault::new("config-range", format!("{number} is out of range: {range}"))
}

fn whole_range(min: i64, max: i64) -> String {
    if max == i64::MAX { format!("{min} or more") } else { format!("{min} to {max}") }
}

fn unknown_word(word: &str, words: &[&str]) -> Fault {
    let mut fault = Fault::new("config-word", format!("`{word}` is not one of {}", words.join(", ")));
    fault.hint = did_you_mean(word, words.iter().copied());
    fault
}

fn bad_glob(glob: &str) -> Option<Fault> {
    let error = GlobBuilder::new(glob).build().err()?;
    Some(Fault::new("config-pattern", format!("`{glob}` is not a file pattern: {}", error.kind())))
}

/// A path that leads out of the repository. A clone may not make palc read or write elsewhere.
fn outside(path: &str) -> Option<Fault> {
    let drive = path.as_bytes().get(1) == Some(&b':');
    let leaves = path.starts_with('/') || drive || path.split(['/', '\\']).any(|part| part == "..");
    let problem = match () {
        () if path.is_empty() => "an empty path names nothing; write `.` for the repository itself".to_owned(),
        () if leaves => format!("`{path}` leads out of the repository"),
        () if path.contains('\\') => format!("`{path}` has backslashes; paths are written with `/` everywhere"),
        () => return None,
    };
    Some(Fault::new("config-path", problem))
}

/// A path that means another place wherever palc is started, such as into a clone.
pub(super) fn not_whole(path: &str) -> Option<Fault> {
    let is_whole = std::path::Path::new(path).is_absolute() || path.starts_with("~/");
    (!is_whole).then(|| {
        let mut fault = Fault::new("config-path", format!("`{path}` is not a whole path"));
        fault.hint = Some("write it from the root, or begin it with `~/` for your own folder".into());
        fault
    })
}

pub(super) fn found(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_f64() => "a number with a fraction",
        Value::Number(_) => "a whole number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_the_value_it_stands_for() {
        let whole = Kind::Whole { min: 0, max: 10 };
        assert_eq!(whole.from_text("1_0"), 10);
        assert_eq!(Kind::Text.from_text("10"), "10");
        assert_eq!(Kind::Bool.from_text("on"), true);
        assert_eq!(Kind::List.from_text("a, b"), serde_json::json!(["a", "b"]));
        assert_eq!(Kind::List.from_text("[\"a,b\"]"), serde_json::json!(["a,b"]));
        assert_eq!(Kind::Any.from_text("gpt-4o"), "gpt-4o");
        assert_eq!(Kind::Any.from_text("0.5"), 0.5);
    }

    #[test]
    fn time_spans_have_a_unit_or_are_seconds() {
        let seconds = |text: &str| duration(&text.into()).map(|span| span.as_secs_f64());
        assert_eq!(
            ["90s", "2m", "1 h", "7d", "250ms", "5"].map(seconds),
            [90.0, 120.0, 3600.0, 604_800.0, 0.25, 5.0].map(Some)
        );
        assert_eq!(["", "s", "0", "-1s", "2 weeks", "999d", "99999999999999999999d"].map(seconds), [None; 7]);
        assert_eq!(duration(&30.into()), Some(Duration::from_secs(30)));
        assert_eq!(duration(&0.5.into()), None);
    }

    #[test]
    fn sizes_read_and_show() {
        assert_eq!(bytes(&"256 KiB".into()), Some(256 << 10));
        assert_eq!(bytes(&"2MB".into()), Some(2_000_000));
        assert_eq!(bytes(&"2 parsecs".into()), None);
        assert_eq!(bytes(&u64::MAX.to_string().into()), Some(u64::MAX));
        assert_eq!(bytes(&format!("{} GiB", u64::MAX).into()), None);
        assert_eq!(show_bytes(4 << 20), "4 MiB");
        assert_eq!(show_bytes(1000), "1000 bytes");
    }

    #[test]
    fn own_paths_mean_the_same_place_everywhere() {
        assert_eq!((not_whole("~/lib/x.so"), not_whole(if cfg!(windows) { "C:\\x" } else { "/x" })), (None, None));
        assert!(["x.so", "./x", "../x", "~other/x", ""].iter().all(|path| not_whole(path).is_some()));
    }

    #[test]
    fn paths_stay_inside() {
        for path in ["/etc", "../x", "a/../../b", "C:/x", "a\\b", ""] {
            assert!(outside(path).is_some(), "{path}");
        }
        assert_eq!(outside("./a/b..c"), None);
    }
}
