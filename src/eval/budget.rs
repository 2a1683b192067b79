//! What a run may cost. It is asked before every call, with what is on its way counted as if it were paid.

use std::collections::HashMap;

use crate::model::engine::Answered;
use crate::model::{Call, Money};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    pub cost: Option<Money>,
    pub calls: Option<u64>,
    pub tokens: Option<u64>,
}

/// What one call may take at most, as far as that can be told before it is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Estimate {
    /// None if the price is not known.
    pub cost: Option<Money>,
    pub tokens: u64,
}

pub type Estimator<'a> = Box<dyn Fn(&Call) -> Estimate + 'a>;

/// What has been spent, and what is on its way.
pub struct Budget<'a> {
    limits: Limits,
    estimate: Estimator<'a>,
    cost: Money,
    calls: u64,
    tokens: u64,
    on_their_way: HashMap<String, Estimate>,
}

impl<'a> Budget<'a> {
    pub fn new(limits: Limits, estimate: Estimator<'a>) -> Budget<'a> {
        let (cost, on_their_way) = (Money::default(), HashMap::new());
        Budget { limits, estimate, cost, calls: 0, tokens: 0, on_their_way }
    }

    /// Whether this call may be made; if so it counts as being on its way.
    pub fn takes(&mut self, key: &str, call: &Call) -> bool {
        if self.limits == Limits::default() {
            return true;
        }
        let next = (self.estimate)(call);
        let reserved: Money = self.on_their_way.values().filter_map(|it| it.cost).sum();
        let tokens: u64 = self.on_their_way.values().map(|it| it.tokens).sum();
        let within = |limit: Option<u64>, sum: u64| limit.is_none_or(|limit| sum <= limit);
        let fits = within(self.limits.calls, self.calls + 1)
            && within(self.limits.tokens, self.tokens + tokens + next.tokens)
            && self.limits.cost.is_none_or(|most| self.cost + reserved + next.cost.unwrap_or_default() <= most);
        if fits {
            self.calls += 1;
            self.on_their_way.insert(key.to_owned(), next);
        }
        fits
    }

    /// A call has ended. What failed may have been paid as well, so its estimate stays spent if nothing better is known.
    pub fn ended(&mut self, key: &str, answered: Option<&Answered>) {
        let Some(estimate) = self.on_their_way.remove(key) else { return };
        let usage = answered.and_then(|answered| answered.reply.usage.as_ref());
        let counted = usage.and_then(|usage| Some(usage.input_total()? + usage.output?));
        self.tokens += counted.unwrap_or(if answered.is_some() { estimate.tokens } else { 0 });
        self.cost = self.cost + answered.and_then(|answered| answered.cost.or(estimate.cost)).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::Reply;

    #[test]
    fn what_is_on_its_way_counts() {
        let money = |text: &str| Money::parse(text);
        let limits = Limits { cost: money("1"), ..Limits::default() };
        let mut budget = Budget::new(limits, Box::new(move |_| Estimate { cost: money("0.4"), tokens: 10 }));
        let call = Call::default();
        assert!(budget.takes("a", &call) && budget.takes("b", &call));
        assert!(!budget.takes("c", &call), "three might be 1.2");
        let reply = Reply::default();
        let cheap = Answered {
            reply,
            model: String::new(),
            cost: money("0.1"),
            elapsed: Duration::ZERO,
            attempts: 1,
            kept: false,
        };
        budget.ended("a", Some(&cheap));
        assert!(budget.takes("c", &call));
        budget.ended("b", None);
        budget.ended("c", Some(&cheap));
        assert!(budget.takes("d", &call) && budget.takes("e", &call) && !budget.takes("f", &call));
    }
}
