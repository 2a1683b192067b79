//! How much each of several things counts. Shares are never below 0 and add up to 1.

use crate::base::near::did_you_mean;
use crate::base::{Error, Result};
use crate::model::{Map, Value};

/// Names with their shares, in the order in which the names were declared.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights(Vec<(String, f64)>);

impl Weights {
    /// Weights of any size become shares.
    pub fn new(weights: impl IntoIterator<Item = (String, f64)>) -> Result<Weights> {
        let weights: Vec<(String, f64)> = weights.into_iter().collect();
        if let Some((name, weight)) = weights.iter().find(|(_, weight)| !weight.is_finite() || *weight < 0.0) {
            return Err(Error::invalid(format!("the weight of `{name}` is {weight}"))
                .hint("a weight is a number from 0 up; what counts against is known as such already"));
        }
        let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
        if sum <= 0.0 || !sum.is_finite() {
            return Err(Error::invalid("no weight is above 0, so nothing would count"));
        }
        Ok(Weights(weights.into_iter().map(|(name, weight)| (name, weight / sum)).collect()))
    }

    /// The same with what a file says about some names, in numbers.
    pub fn with(&self, said: &Map) -> Result<Weights> {
        self.changed(numbers(said)?)
    }

    /// The same with other weights for some names. Those that are not given keep the share that they have.
    pub fn changed(&self, changes: impl IntoIterator<Item = (String, f64)>) -> Result<Weights> {
        let mut weights = self.0.clone();
        for (name, weight) in changes {
            let known = weights.iter_mut().find(|(known, _)| *known == name);
            let Some((_, share)) = known else { return Err(self.unknown(&name)) };
            *share = weight;
        }
        Weights::new(weights)
    }

    pub fn share(&self, name: &str) -> f64 {
        self.0.iter().find(|(known, _)| known == name).map_or(0.0, |(_, share)| *share)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(name, share)| (name.as_str(), *share))
    }

    fn unknown(&self, name: &str) -> Error {
        let names: Vec<&str> = self.iter().map(|(name, _)| name).collect();
        let known = format!("these have weights: {}", names.join(", "));
        Error::invalid(format!("nothing called `{name}` has a weight")).hint_if(did_you_mean(name, names)).hint(known)
    }
}

/// The weights that a map gives, all of which must be numbers.
pub fn numbers(map: &Map) -> Result<Vec<(String, f64)>> {
    let number = |(name, value): (&String, &Value)| match value.as_f64() {
        Some(weight) => Ok((name.clone(), weight)),
        None => Err(Error::invalid(format!("the weight of `{name}` is no number: {value}"))),
    };
    map.iter().map(number).collect()
}

/// Weights as they are typed: `clarity=0.5,relevance=2`.
pub fn typed(text: &str) -> Result<Vec<(String, f64)>> {
    let pair = |pair: &str| {
        let wrong = || Error::usage(format!("`{}` is no weight", pair.trim())).hint("write it as clarity=0.5");
        let (name, weight) = pair.split_once('=').ok_or_else(wrong)?;
        let weight: f64 = weight.trim().parse().map_err(|_| wrong())?;
        let (name, is_right) = (name.trim().to_owned(), weight.is_finite());
        if name.is_empty() || !is_right { Err(wrong()) } else { Ok((name, weight)) }
    };
    text.split(',').filter(|pair| !pair.trim().is_empty()).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn weights(list: &[(&str, f64)]) -> Result<Weights> {
        Weights::new(list.iter().map(|(name, weight)| ((*name).to_owned(), *weight)))
    }

    #[test]
    fn changed_weights_are_shares_again() {
        let weights = weights(&[("clarity", 0.5), ("relevance", 0.5)]).expect("right");
        let changed = weights.changed(typed("clarity=1.5").expect("reads")).expect("known");
        assert_eq!(changed.iter().collect::<Vec<_>>(), [("clarity", 0.75), ("relevance", 0.25)]);
    }

    #[test]
    fn wrong_weights_are_told() {
        let right = weights(&[("clarity", 0.5), ("relevance", 0.5)]).expect("right");
        let error = right.changed(typed("clarty=1").expect("reads")).expect_err("unknown");
        assert_eq!(error.hints()[0], "did you mean `clarity`?");
        assert!(right.changed(typed("clarity=-1").expect("reads")).is_err());
        assert!(right.changed(typed("clarity=0,relevance=0").expect("reads")).is_err());
        for wrong in ["clarity", "clarity=", "clarity=NaN", "clarity=inf", "=x"] {
            assert!(typed(wrong).is_err(), "{wrong}");
        }
        assert!(weights(&[]).is_err());
    }

    proptest! {
        #[test]
        fn shares_add_up_to_one(sizes in prop::collection::vec(0.0..1e6, 1..9)) {
            prop_assume!(sizes.iter().any(|size| *size > 0.0));
            let named = sizes.iter().enumerate().map(|(at, size)| (at.to_string(), *size));
            let weights = Weights::new(named).expect("right");
            let sum: f64 = weights.iter().map(|(_, share)| share).sum();
            prop_assert!((sum - 1.0).abs() < 1e-12);
        }
    }
}
