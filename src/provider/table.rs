//! What is known of models by name: their prices, limits and abilities, in a table inside palc. `assets/prices` says where
//! it comes from. It is searched as it stands; nothing is read before somebody asks.

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::base::hash::sha256;
use crate::model::Money;

static TEXT: &str = include_str!("../../assets/prices/models.txt");

/// The table as a whole.
#[derive(Debug)]
pub struct Table {
    /// Whose table it is, with its version.
    pub source: String,
    /// The day from which it is.
    pub date: Date,
    /// The name of exactly this table, for the records of what was paid.
    pub hash: String,
}

pub fn table() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| {
        let words: Vec<&str> = TEXT.lines().next().unwrap_or_default().split(' ').collect();
        let word = |index: usize| words.get(index).copied().unwrap_or_default();
        Table {
            source: format!("{} {}", word(1), word(2)),
            date: word(3).parse().unwrap_or(Date::ZERO),
            hash: sha256(TEXT.as_bytes())[..16].to_owned(),
        }
    });
    &TABLE
}

/// A model's line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// `service/model`
    pub name: &'static str,
    words: &'static str,
}

/// What is known of a model of one of the services that palc knows.
pub fn facts(service: &str, model: &str) -> Option<Facts> {
    find(&format!("{service}/{model}"))
}

/// All models, by name.
pub fn all() -> impl Iterator<Item = Facts> {
    TEXT.lines().filter(|line| !line.starts_with('#')).map(Facts::of)
}

impl Facts {
    fn of(line: &'static str) -> Facts {
        let (name, words) = line.split_once(' ').unwrap_or((line, ""));
        Facts { name, words }
    }

    /// `chat`, `responses` or `embedding`.
    pub fn mode(&self) -> &'static str {
        self.get("mode").unwrap_or_default()
    }

    /// The most tokens that go in.
    pub fn context(&self) -> Option<u64> {
        self.get("context")?.parse().ok()
    }

    /// The most tokens that come out.
    pub fn answer(&self) -> Option<u64> {
        self.get("answer")?.parse().ok()
    }

    /// Whether it takes or does something; none if that is not known.
    pub fn can(&self, what: &str) -> Option<bool> {
        let among = |word: &str| self.get(word).is_some_and(|list| list.split(',').any(|known| known == what));
        if among("cannot") { Some(false) } else { among("can").then_some(true) }
    }

    /// How hard it thinks if nobody says.
    pub fn effort(&self) -> Option<&'static str> {
        self.get("effort")
    }

    /// The day on which it is switched off.
    pub fn ends(&self) -> Option<Date> {
        self.get("ends")?.parse().ok()
    }

    /// The number of tokens above which other prices hold.
    pub(super) fn above(&self) -> Option<u64> {
        self.get("above")?.parse().ok()
    }

    /// The price of one token by its name in the table, such as `in` or `flex.above.out`.
    pub(super) fn price(&self, name: &str) -> Option<Money> {
        Money::parse(&format!("{}e-6", self.get(name)?))
    }

    fn get(&self, word: &str) -> Option<&'static str> {
        self.words.split(' ').find_map(|pair| pair.strip_prefix(word)?.strip_prefix('='))
    }
}

/// The line of a name, by halving.
fn find(name: &str) -> Option<Facts> {
    let (mut from, mut to) = (0, TEXT.len());
    while from < to {
        let middle = from + (to - from) / 2;
        // Lines are ASCII; a test says so.
        let start = TEXT[..middle].rfind('\n').map_or(0, |at| at + 1).max(from);
        let end = TEXT[middle..].find('\n').map_or(TEXT.len(), |at| middle + at);
        let facts = Facts::of(&TEXT[start..end]);
        match facts.name.cmp(name) {
            std::cmp::Ordering::Equal => return Some(facts).filter(|facts| !facts.name.starts_with('#')),
            std::cmp::Ordering::Less => from = end + 1,
            std::cmp::Ordering::Greater => to = start,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_line_is_found() {
        assert!(TEXT.is_ascii());
        let names: Vec<&str> = all().map(|facts| facts.name).collect();
        assert!(names.len() > 200 && names.is_sorted_by(|one, other| one < other));
        for facts in all() {
            assert_eq!(find(facts.name), Some(facts));
            assert!(["chat", "responses", "embedding"].contains(&facts.mode()), "{facts:?}");
        }
        for absent in ["", "#", "openai/", "openai/gpt-4o-min", "zzz/z", "anthropic/a", "xai/zzz"] {
            assert_eq!(find(absent), None, "{absent}");
        }
    }

    #[test]
    fn every_word_is_understood() {
        let prices = ["in", "out", "read", "write", "write-hour"];
        for facts in all() {
            for (word, value) in facts.words.split(' ').filter_map(|pair| pair.split_once('=')) {
                let is_price = word.rsplit('.').next().is_some_and(|last| prices.contains(&last));
                let understood = match word {
                    "mode" | "effort" => true,
                    "context" | "answer" | "size" | "above" => value.parse::<u64>().is_ok(),
                    "ends" => facts.ends().is_some(),
                    "can" | "cannot" => value.split(',').all(|word| !word.is_empty()),
                    _ => is_price && facts.price(word).is_some(),
                };
                assert!(understood, "{}: {word}={value}", facts.name);
            }
        }
        assert!(table().source.starts_with("litellm 1.") && table().date > Date::ZERO);
    }

    #[test]
    fn facts_say_what_is_known_and_what_is_not() {
        let mini = facts("openai", "gpt-4o-mini").expect("known");
        assert_eq!((mini.context(), mini.answer(), mini.mode()), (Some(128_000), Some(16_384), "chat"));
        assert_eq!((mini.can("tools"), mini.can("prefill"), mini.ends()), (Some(true), None, None));
        assert_eq!(facts("anthropic", "claude-opus-4-7").expect("known").can("sampling"), Some(false));
    }
}
