//! A dialect's front matter in palc's words. Values keep their places in the file.

use std::borrow::Cow;

use crate::base::Span;
use crate::format::yaml::{Data, Entry, Node, Scalar, Style};
use crate::model::Value;

use super::Dialect;
use super::spec::{Key, Others, Part};

/// The keys not yet understood, and the fields found so far.
#[derive(Debug)]
pub struct Words {
    left: Vec<Entry>,
    found: Vec<Entry>,
}

/// The front matter as if palc had written it. What palc has no field for is kept under `ext`.
pub(in crate::format) fn translate(dialect: Dialect, root: &Node) -> Cow<'_, Node> {
    let spec = dialect.spec();
    if spec.others == Others::Same {
        return Cow::Borrowed(root);
    }
    let mut words = Words { left: root.entries().to_vec(), found: Vec::new() };
    for key in (spec.keys)(Some(root)) {
        words.take_key(key);
    }
    (spec.reshape)(&mut words);
    words.take_own(spec.others);
    words.keep_rest(dialect);
    Cow::Owned(Node { span: root.span, data: Data::Map(words.found) })
}

impl Words {
    /// Take a key out of those not yet understood.
    pub(super) fn take(&mut self, theirs: &str) -> Option<Entry> {
        let path: Vec<&str> = theirs.split('.').collect();
        take(&mut self.left, &path, |_| true)
    }

    /// The same, if the value is text.
    pub(super) fn take_text(&mut self, theirs: &str) -> Option<Entry> {
        let path: Vec<&str> = theirs.split('.').collect();
        take(&mut self.left, &path, |node| node.text().is_some())
    }

    /// Give palc's field a value, unless it has one.
    pub(super) fn put(&mut self, palc: &str, key_span: Span, value: Node) {
        let path: Vec<&str> = palc.split('.').filter(|key| !key.is_empty()).collect();
        put(&mut self.found, &path, key_span, value);
    }

    fn take_key(&mut self, key: &Key) {
        let path: Vec<&str> = key.theirs.split('.').collect();
        let fits = |node: &Node| match key.part {
            Part::Whole => true,
            Part::Single => !matches!(node.data, Data::Map(_)),
            Part::Rest => matches!(node.data, Data::Map(_)),
        };
        let Some(entry) = take(&mut self.left, &path, fits) else { return };
        match entry.value.data {
            Data::Map(entries) if key.part == Part::Rest => {
                let base: Vec<&str> = key.palc.split('.').filter(|key| !key.is_empty()).collect();
                for Entry { key, key_span, value } in entries {
                    let path: Vec<&str> = base.iter().copied().chain([key.as_str()]).collect();
                    put(&mut self.found, &path, key_span, value);
                }
            }
            data => self.put(key.palc, entry.key_span, Node { span: entry.value.span, data }),
        }
    }

    /// palc's own keys in a file of another format.
    fn take_own(&mut self, others: Others) {
        if others != Others::Dotted {
            return;
        }
        let is_own = |entry: &Entry| entry.key.starts_with("palc.");
        let (own, left): (Vec<Entry>, Vec<Entry>) = std::mem::take(&mut self.left).into_iter().partition(is_own);
        self.left = left;
        for Entry { key, key_span, value } in own {
            put(&mut self.found, &[key.trim_start_matches("palc.")], key_span, value);
        }
    }

    /// What palc has no field for, under the dialect's word, or under its name space if it has one.
    fn keep_rest(&mut self, dialect: Dialect) {
        for Entry { key, key_span, value } in std::mem::take(&mut self.left) {
            if value.is_null() || value.entries().is_empty() && matches!(value.data, Data::Map(_)) {
                continue;
            }
            match key.rsplit_once('.').filter(|_| dialect.spec().others == Others::Dotted) {
                Some((space, name)) => put(&mut self.found, &["ext", space, name], key_span, value),
                None => put(&mut self.found, &["ext", dialect.word(), &key], key_span, value),
            }
        }
    }
}

fn take(entries: &mut Vec<Entry>, path: &[&str], fits: impl Fn(&Node) -> bool) -> Option<Entry> {
    let (first, rest) = path.split_first()?;
    let at = entries.iter().position(|entry| entry.key == *first)?;
    if rest.is_empty() {
        return (fits(&entries[at].value) && !entries[at].value.is_null()).then(|| entries.remove(at));
    }
    let Data::Map(inner) = &mut entries[at].value.data else { return None };
    let taken = take(inner, rest, fits);
    if taken.is_some() && inner.is_empty() {
        entries.remove(at);
    }
    taken
}

fn put(entries: &mut Vec<Entry>, path: &[&str], key_span: Span, value: Node) {
    let Some((first, rest)) = path.split_first() else { return };
    let found = entries.iter().position(|entry| entry.key == *first);
    if rest.is_empty() {
        if found.is_none() {
            entries.push(Entry { key: (*first).to_owned(), key_span, value });
        }
        return;
    }
    let at = found.unwrap_or_else(|| {
        let map = Node { span: value.span, data: Data::Map(Vec::new()) };
        entries.push(Entry { key: (*first).to_owned(), key_span, value: map });
        entries.len() - 1
    });
    if let Data::Map(inner) = &mut entries[at].value.data {
        put(inner, rest, key_span, value);
    }
}

/// A text that stands for something at a place of the file.
pub(super) fn text(text: &str, span: Span) -> Node {
    Node { span, data: Data::Scalar(Scalar { text: text.to_owned(), style: Style::Double }) }
}

/// A value worked out from something at a place of the file.
pub(super) fn node(value: &Value, span: Span) -> Node {
    let data = match value {
        Value::Object(map) => {
            let entry =
                |(key, value): (&String, &Value)| Entry { key: key.clone(), key_span: span, value: node(value, span) };
            Data::Map(map.iter().map(entry).collect())
        }
        Value::Array(items) => Data::List(items.iter().map(|item| node(item, span)).collect()),
        Value::String(text) => return self::text(text, span),
        other => Data::Scalar(Scalar { text: other.to_string(), style: Style::Plain }),
    };
    Node { span, data }
}
