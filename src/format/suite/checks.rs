//! Checks as they are written: one kind with its value, and perhaps options beside it.

use super::Reader;
use crate::base::Finding;
use crate::base::near::did_you_mean;
use crate::format::yaml::{Data, Entry, Node};
use crate::model::Value;
use crate::model::suite::{Check, CheckOptions};

/// What may stand beside any check.
pub const OPTIONS: [&str; 4] = ["weight", "threshold", "metric", "required"];

impl Reader<'_, '_> {
    pub(super) fn checks(&mut self, node: &Node) -> Vec<Check> {
        let items = self.0.list(node);
        items.into_iter().filter_map(|node| self.check(node)).collect()
    }

    /// `is-json`, `contains: billing`, or `{contains: billing, weight: 2}`.
    fn check(&mut self, node: &Node) -> Option<Check> {
        if let Some(kind) = node.text() {
            return Some(self.written(kind, Value::Null, CheckOptions::default(), node));
        }
        if !matches!(node.data, Data::Map(_)) {
            self.0.wrong(node.span, format!("this must be a check, and is {}", node.type_word()));
            return None;
        }
        let kinds: Vec<&Entry> = node.entries().iter().filter(|it| !OPTIONS.contains(&it.key.as_str())).collect();
        let [kind] = kinds[..] else {
            self.not_one(node, &kinds);
            return None;
        };
        let options = self.options(node);
        let mut check = self.written(&kind.key, kind.value.value(), options, node);
        check.place = self.0.place(kind.key_span);
        Some(check)
    }

    fn written(&mut self, kind: &str, config: Value, options: CheckOptions, node: &Node) -> Check {
        let bare = kind.strip_prefix("not-");
        Check {
            kind: bare.unwrap_or(kind).to_owned(),
            negated: bare.is_some(),
            config,
            options,
            place: self.0.place(node.span),
        }
    }

    fn not_one(&mut self, node: &Node, kinds: &[&Entry]) {
        let Some(second) = kinds.get(1) else {
            return self.0.wrong(node.span, "a check names its kind, such as `contains: billing`");
        };
        // An option with a slip of the finger is the likelier of the two.
        let slip = kinds.iter().find_map(|entry| Some((entry, did_you_mean(&entry.key, OPTIONS)?)));
        let (entry, hint) = match slip {
            Some((entry, hint)) => (*entry, hint),
            None => (*second, "write one check for each, every one with a dash of its own".to_owned()),
        };
        let message = format!("`{}` stands beside `{}`, and a check is of one kind", entry.key, other(kinds, entry));
        let finding = Finding::error("suite", self.0.place(entry.key_span), message);
        self.0.note(finding.hint(hint));
    }

    fn options(&mut self, node: &Node) -> CheckOptions {
        let usual = CheckOptions::default();
        CheckOptions {
            weight: self.0.number(node, "weight", 0.0, f64::INFINITY).unwrap_or(usual.weight),
            threshold: self.0.number(node, "threshold", 0.0, 1.0),
            metric: self.0.text(node, "metric"),
            required: self.0.truth(node, "required").unwrap_or(usual.required),
        }
    }
}

fn other<'e>(kinds: &[&'e Entry], entry: &Entry) -> &'e str {
    kinds.iter().find(|other| other.key_span != entry.key_span).map_or("", |other| other.key.as_str())
}
