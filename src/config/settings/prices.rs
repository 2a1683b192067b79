//! What models cost, where somebody knows better than the table inside palc.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::config::layers::Values;
use crate::model::Money;

/// Prices by model, as `model` or `provider/model`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prices(BTreeMap<String, Price>);

/// US dollars a token. What is not set is as the table says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Price {
    pub input: Option<Money>,
    pub output: Option<Money>,
    pub cache_read: Option<Money>,
    pub cache_write: Option<Money>,
    pub cache_write_hour: Option<Money>,
}

impl Prices {
    pub(super) fn read(values: Values<'_>) -> Self {
        let mut prices: BTreeMap<String, Price> = BTreeMap::new();
        for (words, value) in values.below("prices") {
            let [model, field] = words else { continue };
            let price = prices.entry(model.clone()).or_default();
            let slot = match field.as_str() {
                "input" => &mut price.input,
                "output" => &mut price.output,
                "cache_read" => &mut price.cache_read,
                "cache_write" => &mut price.cache_write,
                "cache_write_hour" => &mut price.cache_write_hour,
                _ => continue,
            };
            *slot = per_token(value);
        }
        Prices(prices)
    }

    /// What is set for a model: by its name with the provider, or else without.
    pub fn of(&self, provider: &str, model: &str) -> Option<&Price> {
        self.0.get(&format!("{provider}/{model}")).or_else(|| self.0.get(model))
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Price)> {
        self.0.iter().map(|(model, price)| (model.as_str(), price))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The price of one token, of a value that says that of a million. Numbers are read by the digits that people wrote.
pub(in crate::config) fn per_token(value: &Value) -> Option<Money> {
    const MILLION: i128 = 1_000_000;
    let text = match value {
        Value::String(text) => text.clone(),
        value => value.as_number()?.to_string(),
    };
    let price = Money::parse(&text)?;
    (price.0 >= 0 && price.0 % MILLION == 0).then_some(Money(price.0 / MILLION))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_exact() {
        let exact = |value: Value| per_token(&value).map(Money::exact);
        assert_eq!(exact(0.15.into()).as_deref(), Some("0.00000015"));
        assert_eq!(exact(3.into()).as_deref(), Some("0.000003"));
        assert_eq!(exact("0.000001".into()).as_deref(), Some("0.000000000001"));
        assert_eq!(exact(0.into()).as_deref(), Some("0"));
        assert_eq!(
            [exact((-1).into()), exact("0.0000001".into()), exact("free".into()), exact(true.into())],
            [const { None }; 4]
        );
    }
}
