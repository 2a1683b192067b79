//! Which answers are kept for the next time, and for how long.

use std::time::Duration;

use crate::model::Call;

/// What was asked of the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wish {
    /// Keep nothing and look for nothing.
    #[default]
    Off,
    /// Keep answers of models that were told to answer always the same.
    Settled,
    /// Keep all of them.
    All,
}

impl Wish {
    /// Whether this call's answer is kept. One that is left to chance is not: who asks for it again wants another one.
    pub fn keeps(self, call: &Call) -> bool {
        match self {
            Wish::Off => false,
            Wish::Settled => call.params.get("temperature").and_then(|heat| heat.as_f64()) == Some(0.0),
            Wish::All => true,
        }
    }
}

/// The name under which an answer is kept: everything that is sent and where, and which of several answers to it.
pub fn key(base_url: &str, request: &str, ordinal: u32) -> String {
    crate::base::hash::sha256(format!("{base_url}\n{ordinal}\n{request}").as_bytes())
}

/// Whether what was kept so long ago still counts.
pub fn is_fresh(age: Duration, lifetime: Duration) -> bool {
    age < lifetime
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn chance_is_not_kept_unless_asked() {
        let of = |heat: serde_json::Value| {
            let mut call = Call::default();
            call.params.insert("temperature".into(), heat);
            call
        };
        assert!(Wish::Settled.keeps(&of(json!(0))) && Wish::Settled.keeps(&of(json!(0.0))));
        assert!(!Wish::Settled.keeps(&of(json!(0.2))) && !Wish::Settled.keeps(&Call::default()));
        assert!(Wish::All.keeps(&of(json!(1))) && !Wish::Off.keeps(&of(json!(0))));
    }

    #[test]
    fn everything_belongs_to_the_key() {
        let keys = [key("a", "b", 1), key("a", "b", 2), key("a", "c", 1), key("b", "b", 1)];
        assert_eq!(keys.iter().collect::<std::collections::HashSet<_>>().len(), 4);
    }
}
