//! A TOML file becomes entries, with the place of each, and findings for everything in it that is wrong.

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::key::Key;
use super::keys::{self, Reach};
use super::kind::Fault;
use super::layers::{Entry, Source};
use super::moves;
use super::origin::{Layer, Origin};
use crate::base::text::{BOM, Lines};
use crate::base::{Finding, Place, Span};

/// The entries of one file, in the order in which they stand there.
pub(super) fn read(source: &Source, findings: &mut Vec<Finding>) -> Vec<Entry> {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    let mut reader = Reader { source, lines: Lines::new(&source.text), profile: None, entries: Vec::new(), findings };
    if errors.is_empty() {
        reader.table(&Key::default(), table.get_ref());
    }
    // After a syntax error what was recovered is a guess, and a guess must not set anything.
    for error in errors {
        let span = error.span().map_or(Span::default(), |span| Span::new(span.start, span.end));
        reader.report(Finding::error("config-syntax", reader.place(span), error.message()));
    }
    reader.entries
}

/// Rules whose wrong values may well be a key or a password, which no finding repeats.
const CONFIDENTIAL: &[&str] = &["config-header", "config-url", "config-variable"];

struct Reader<'a> {
    source: &'a Source,
    lines: Lines<'a>,
    profile: Option<String>,
    entries: Vec<Entry>,
    findings: &'a mut Vec<Finding>,
}

impl Reader<'_> {
    fn table(&mut self, key: &Key, table: &DeTable<'_>) {
        for (word, value) in in_order(table) {
            let child = key.child(word.get_ref());
            let is_profiles = key.words().is_empty() && word.get_ref() == "profile";
            match keys::row(&child) {
                Some(row) => self.entry(child, row, span(&word.span()), value),
                None if is_profiles => self.profiles(span(&word.span()), value),
                None if keys::is_table(child.words()) => self.section(&child, value),
                None => self.unknown(&child, span(&word.span()), value.get_ref()),
            }
        }
    }

    fn section(&mut self, key: &Key, value: &Spanned<DeValue<'_>>) {
        match value.get_ref() {
            DeValue::Table(table) => self.table(key, table),
            other => {
                let message = format!("`{key}` is a section, found {}", super::kind::found(&json(other)));
                let finding = Finding::error("config-type", self.place(span(&value.span())), message);
                let inside = keys::next_words(key.words());
                self.report(finding.hint_if((!inside.is_empty()).then(|| format!("it holds {}", inside.join(", ")))));
            }
        }
    }

    fn profiles(&mut self, word: Span, value: &Spanned<DeValue<'_>>) {
        if self.profile.is_some() {
            let message = "a profile cannot hold other profiles";
            return self.report(Finding::error("config-unknown-key", self.place(word), message));
        }
        let DeValue::Table(profiles) = value.get_ref() else {
            let message = "`profile` is a section of profiles, as in `[profile.prod.render]`";
            return self.report(Finding::error("config-type", self.place(span(&value.span())), message));
        };
        for (name, value) in in_order(profiles) {
            self.profile = Some(name.get_ref().to_string());
            self.section(&Key::default(), value);
        }
        self.profile = None;
    }

    fn entry(&mut self, key: Key, row: &'static keys::Row, word: Span, value: &Spanned<DeValue<'_>>) {
        if row.reach == Reach::User && self.source.layer == Layer::Repository {
            return self.refused(&key, word);
        }
        let found = json(value.get_ref());
        let faults = row.faults(&key, &found);
        if faults.is_empty() {
            let place = self.place(word);
            let origin = Origin { layer: self.source.layer, profile: self.profile.clone(), place };
            return self.entries.push(Entry { key, value: found, origin });
        }
        for fault in faults {
            let mut place = self.place(locate(value, &fault));
            if CONFIDENTIAL.contains(&fault.rule) {
                place.source = format!("{} = …", key.words().last().map_or("", String::as_str));
            }
            self.report(finding(&key, fault, place));
        }
    }

    fn refused(&mut self, key: &Key, word: Span) {
        let message = format!("a repository's {} may not set `{key}`", super::FILE);
        let hint = format!("set it in your own configuration: palc config set --user {key} …");
        self.report(Finding::error("config-refused", self.place(word), message).hint(hint));
    }

    fn unknown(&mut self, key: &Key, word: Span, value: &DeValue<'_>) {
        if looks_secret(key) {
            return self.secret(key, word);
        }
        self.report(unknown_key(key, self.place(word)));
        if let DeValue::Table(table) = value {
            self.secrets_below(key, table);
        }
    }

    /// A secret in a section that does not exist is no less committed.
    fn secrets_below(&mut self, key: &Key, table: &DeTable<'_>) {
        for (word, value) in in_order(table) {
            let child = key.child(word.get_ref());
            match value.get_ref() {
                DeValue::Table(inner) => self.secrets_below(&child, inner),
                _ if looks_secret(&child) => self.secret(&child, span(&word.span())),
                _ => {}
            }
        }
    }

    fn secret(&mut self, key: &Key, word: Span) {
        let mut place = self.place(word);
        // The line may hold the secret itself, and findings end up in logs.
        place.source = format!("{} = …", key.words().last().map_or("", String::as_str));
        if self.source.layer != Layer::Repository {
            return self.report(unknown_key(key, place));
        }
        let message = format!("a committed file may not hold `{key}`");
        let hint = "keys, commands and endpoints belong in your own configuration or environment";
        self.report(Finding::error("config-refused", place, message).hint(hint));
    }

    fn place(&self, span: Span) -> Place {
        match self.source.layer {
            // Defaults are part of palc; their place in its source helps nobody.
            Layer::Default => Place::file(&self.source.name),
            _ => Place::in_lines(&self.source.name, &self.lines, span),
        }
    }

    fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

/// The finding for a key that does not exist, with what was probably meant.
pub(super) fn unknown_key(key: &Key, place: Place) -> Finding {
    let finding = Finding::error("config-unknown-key", place, format!("unknown key `{key}`"));
    match moves::of(key) {
        Some(moved) if finding.place.is_exact() => {
            finding.hint(moved.story()).hint("`palc config upgrade` brings the file up to date")
        }
        Some(moved) => finding.hint(moved.story()),
        None => finding.hint_if(keys::suggestion(key)),
    }
}

/// A fault in a key's value as a finding.
pub(super) fn finding(key: &Key, fault: Fault, place: Place) -> Finding {
    Finding::error(fault.rule, place, format!("`{key}`: {}", fault.message)).hint_if(fault.hint)
}

/// A TOML value as a JSON one. Dates become texts.
pub(super) fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => number.into(),
            Err(_) => number.to_string().into(),
        },
        DeValue::Float(number) => {
            let float = number.as_str().parse().ok().and_then(serde_json::Number::from_f64);
            float.map_or_else(|| number.as_str().into(), Value::Number)
        }
        DeValue::Boolean(value) => (*value).into(),
        DeValue::Datetime(value) => value.to_string().into(),
        DeValue::Array(values) => values.iter().map(|value| json(value.get_ref())).collect(),
        DeValue::Table(table) => {
            let pairs = in_order(table).into_iter();
            Value::Object(pairs.map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref()))).collect())
        }
    }
}

type Pair<'a, 'i> = (&'a Spanned<toml::de::DeString<'i>>, &'a Spanned<DeValue<'i>>);

/// The entries as they stand in the file: the order of a vocabulary is its author's.
fn in_order<'a, 'i>(table: &'a DeTable<'i>) -> Vec<Pair<'a, 'i>> {
    let mut pairs: Vec<_> = table.iter().collect();
    pairs.sort_by_key(|(key, _)| key.span().start);
    pairs
}

fn span(range: &std::ops::Range<usize>) -> Span {
    Span::new(range.start, range.end)
}

/// The bytes that a fault is about.
fn locate(value: &Spanned<DeValue<'_>>, fault: &Fault) -> Span {
    let mut here = value;
    let mut word_span = value.span();
    for word in &fault.at {
        match here.get_ref() {
            DeValue::Array(values) => match word.parse::<usize>().ok().and_then(|index| values.get(index)) {
                Some(item) => (here, word_span) = (item, item.span()),
                None => break,
            },
            DeValue::Table(table) => match table.get_key_value(word.as_str()) {
                Some((key, item)) => (here, word_span) = (item, key.span()),
                None => break,
            },
            _ => break,
        }
    }
    span(&if fault.on_key { word_span } else { here.span() })
}

fn looks_secret(key: &Key) -> bool {
    const SIGNS: &[&str] =
        &["api_key", "apikey", "token", "secret", "password", "endpoint", "base_url", "url", "command", "hook"];
    key.words().last().is_some_and(|word| {
        let word = word.to_lowercase().replace('-', "_");
        SIGNS.iter().any(|sign| word == *sign || word.ends_with(&format!("_{sign}")))
    })
}

/// A file's text as it is read: without the mark that some editors put first.
pub(super) fn without_bom(text: &str) -> &str {
    text.strip_prefix(BOM).unwrap_or(text)
}
