//! What a call costs. Money is counted in whole numbers; a price that nobody knows makes the cost unknown, never nothing.

use jiff::civil::Date;

use super::service::Service;
use super::table::{self, Facts};
use crate::config::settings::prices::{self, Prices};
use crate::model::Money;
use crate::model::call::Usage;

/// A table older than this is worth a word.
pub const STALE_DAYS: i32 = 60;

/// What a model costs, in US dollars a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    pub rates: Rates,
    /// What holds for the whole request once more tokens than this go in.
    pub above: Option<(u64, Rates)>,
    pub from: From,
}

/// Whose word a price is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    Table,
    /// The settings', with the table's where they say nothing.
    Settings,
    /// The model runs on this machine, or is palc itself.
    Rule,
}

impl From {
    pub fn word(self) -> &'static str {
        match self {
            From::Table => "table",
            From::Settings => "settings",
            From::Rule => "rule",
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rates {
    pub input: Money,
    /// None for models that say nothing, and where nobody knows it.
    pub output: Option<Money>,
    /// Tokens around a cache cost what others do where nothing else is said.
    pub cache_read: Option<Money>,
    pub cache_write: Option<Money>,
    pub cache_write_hour: Option<Money>,
}

impl Rates {
    fn answer(&self, tokens: u64) -> Option<Money> {
        if tokens == 0 { Some(Money::default()) } else { Some(self.output?.times(tokens)) }
    }
}

/// The price of a model, if anybody knows one. A tier is what the call asked for as `service_tier`.
pub fn price(service: &Service, model: &str, tier: Option<&str>, settings: &Prices) -> Option<Price> {
    let known = || table::facts(&service.name, model).and_then(|facts| of_table(facts, &prefix(tier)?));
    match settings.of(&service.name, model) {
        // Somebody who sets a price for a service on this machine knows that it passes calls on.
        Some(own) => overridden(known(), own),
        None => by_rule(service, model).or_else(known),
    }
}

/// What a call cost. The service's own word counts before everything that is known here.
pub fn cost(service: &Service, model: &str, tier: Option<&str>, usage: &Usage, settings: &Prices) -> Option<Money> {
    usage.cost.or_else(|| price(service, model, tier, settings)?.cost(usage))
}

impl Price {
    /// None if the service did not count both sides.
    pub fn cost(&self, usage: &Usage) -> Option<Money> {
        if self.from == From::Rule {
            return Some(Money::default());
        }
        let rates = self.rates_at(usage.input_total()?);
        let write = rates.cache_write.unwrap_or(rates.input);
        let parts = [
            rates.input.times(usage.input?),
            rates.answer(usage.output?)?,
            rates.cache_read.unwrap_or(rates.input).times(usage.cache_read),
            write.times(usage.cache_write),
            rates.cache_write_hour.unwrap_or(write).times(usage.cache_write_hour),
        ];
        Some(parts.into_iter().sum())
    }

    /// What tokens cost that go in and make vectors.
    pub fn of_vectors(&self, tokens: u64) -> Money {
        self.rates_at(tokens).input.times(tokens)
    }

    /// What a call would cost of which only this much is known.
    pub fn estimate(&self, input: u64, output: u64) -> Option<Money> {
        let rates = self.rates_at(input);
        Some(rates.input.times(input) + rates.answer(output)?)
    }

    fn rates_at(&self, input: u64) -> Rates {
        match self.above {
            Some((bound, above)) if input > bound => above,
            _ => self.rates,
        }
    }
}

/// Whether the table is so old that prices may have changed.
pub fn is_stale(today: Date) -> bool {
    age(today) > STALE_DAYS
}

/// The days since the table was fetched.
pub fn age(today: Date) -> i32 {
    (today - table::table().date).get_days()
}

/// Models on this machine and palc's own cost nothing. A local service that wants a key may well pass calls on to one that
/// is paid for, and so does Ollama for its models in the cloud.
fn by_rule(service: &Service, model: &str) -> Option<Price> {
    let is_own = matches!(service.name.as_str(), "echo" | "replay");
    let is_local = service.is_local() && service.key_variable.is_none();
    let is_passed_on = model.ends_with("cloud");
    let rates = Rates { output: Some(Money::default()), ..Rates::default() };
    let nothing = Price { rates, above: None, from: From::Rule };
    (is_own || (is_local && !is_passed_on)).then_some(nothing)
}

/// What stands before a price of this tier in the table; none for tiers that it does not know.
fn prefix(tier: Option<&str>) -> Option<String> {
    match tier {
        None | Some("auto" | "default" | "standard" | "standard_only") => Some(String::new()),
        Some(tier @ ("flex" | "priority")) => Some(format!("{tier}.")),
        Some(_) => None,
    }
}

fn of_table(facts: Facts, tier: &str) -> Option<Price> {
    let rate = |above: &str, name: &str| facts.price(&format!("{tier}{above}{name}"));
    let rates = Rates {
        input: rate("", "in")?,
        output: rate("", "out"),
        cache_read: rate("", "read"),
        cache_write: rate("", "write"),
        cache_write_hour: rate("", "write-hour"),
    };
    let above = facts.above().map(|bound| {
        let rates = Rates {
            input: rate("above.", "in").unwrap_or(rates.input),
            output: rate("above.", "out").or(rates.output),
            cache_read: rate("above.", "read").or(rates.cache_read),
            cache_write: rate("above.", "write").or(rates.cache_write),
            cache_write_hour: rate("above.", "write-hour").or(rates.cache_write_hour),
        };
        (bound, rates)
    });
    Some(Price { rates, above, from: From::Table })
}

/// The table's price with what the settings say in its place. Whoever sets a price knows it for requests of any length.
fn overridden(known: Option<Price>, own: &prices::Price) -> Option<Price> {
    let known = known.map(|price| price.rates);
    let rates = Rates {
        input: own.input.or(known.map(|rates| rates.input))?,
        output: own.output.or(known.and_then(|rates| rates.output)),
        cache_read: own.cache_read.or(known.and_then(|rates| rates.cache_read)),
        cache_write: own.cache_write.or(known.and_then(|rates| rates.cache_write)),
        cache_write_hour: own.cache_write_hour.or(known.and_then(|rates| rates.cache_write_hour)),
    };
    Some(Price { rates, above: None, from: From::Settings })
}

#[cfg(test)]
mod tests {
    use super::super::presets;
    use super::super::protocol::Protocol;
    use super::*;
    use crate::base::env::Env;
    use crate::config::{Config, Sources};

    fn service(name: &str) -> Service {
        presets::service(name).unwrap_or_else(|| Service::new(name, Protocol::OpenAi, "https://acme.example/v1"))
    }

    fn settings(flags: &[&str]) -> Prices {
        let flags: Vec<String> = flags.iter().map(|&flag| flag.to_owned()).collect();
        let sources = Sources { env: &Env::default(), profile: None, flags: &flags, trust: None };
        let config = Config::merge(&[], &sources, Vec::new());
        assert_eq!(config.findings, []);
        config.settings.prices
    }

    fn usage(input: u64, output: u64) -> Usage {
        Usage { input: Some(input), output: Some(output), ..Usage::default() }
    }

    fn cost_of(model: &str, tier: Option<&str>, usage: &Usage) -> Option<String> {
        let (name, model) = model.split_once('/').expect("service/model");
        cost(&service(name), model, tier, usage, &Prices::default()).map(Money::exact)
    }

    #[test]
    fn tokens_cost_what_the_table_says() {
        assert_eq!(cost_of("openai/gpt-4o-mini", None, &usage(1000, 500)).as_deref(), Some("0.00045"));
        let cached = Usage { cache_read: 1000, ..usage(0, 0) };
        assert_eq!(cost_of("openai/gpt-4o-mini", None, &cached).as_deref(), Some("0.000075"));
        let written = Usage { cache_write: 1000, cache_write_hour: 1000, ..usage(0, 0) };
        assert_eq!(cost_of("anthropic/claude-opus-4-7", None, &written).as_deref(), Some("0.01625"));
        assert_eq!(cost_of("openai/gpt-5.1", Some("flex"), &usage(1000, 0)).as_deref(), Some("0.000625"));
        assert_eq!(cost_of("openai/gpt-5.1", Some("auto"), &usage(1000, 0)).as_deref(), Some("0.00125"));
        let vectors = price(&service("openai"), "text-embedding-3-small", None, &Prices::default()).expect("known");
        assert_eq!(vectors.of_vectors(1_000_000).exact(), "0.02");
    }

    #[test]
    fn above_a_bound_the_whole_request_costs_more() {
        let at = |input: u64| cost_of("google/gemini-2.5-pro", None, &usage(input, 1000)).expect("known");
        assert_eq!((at(200_000).as_str(), at(200_001).as_str()), ("0.26", "0.5150025"));
        let cached = Usage { cache_read: 150_000, ..usage(50_001, 0) };
        assert_eq!(cost_of("google/gemini-2.5-pro", None, &cached).as_deref(), Some("0.1625025"));
    }

    #[test]
    fn what_nobody_knows_is_unknown() {
        let one = usage(1, 1);
        assert_eq!(cost_of("openai/gpt-99", None, &one), None);
        assert_eq!(cost_of("acme/gpt-4o", None, &one), None);
        assert_eq!(cost_of("openai/gpt-4o", Some("turbo"), &one), None);
        assert_eq!(cost_of("openai/gpt-4o", None, &Usage { input: None, ..one.clone() }), None);
        assert_eq!(cost_of("openai/gpt-4o", None, &Usage { output: None, ..one }), None);
    }

    #[test]
    fn the_services_own_word_counts_and_then_the_users() {
        let own = settings(&["prices.\"openai/gpt-4o\".input=1", "prices.mine.input=2", "prices.mine.output=4.5"]);
        let known = |name: &str, model: &str, usage: &Usage| cost(&service(name), model, None, usage, &own);
        assert_eq!(known("openai", "gpt-4o", &usage(1_000_000, 1)).map(Money::exact).as_deref(), Some("1.00001"));
        assert_eq!(known("acme", "mine", &usage(1, 1)).map(Money::exact).as_deref(), Some("0.0000065"));
        let said = Usage { cost: Money::parse("0.5"), ..usage(1, 1) };
        assert_eq!(known("acme", "mine", &said), Money::parse("0.5"));
        assert_eq!(known("acme", "other", &said), Money::parse("0.5"));
        let half = settings(&["prices.mine.input=2"]);
        assert_eq!(cost(&service("acme"), "mine", None, &usage(1, 1), &half), None);
    }

    #[test]
    fn what_runs_here_is_free_unless_it_may_pass_calls_on() {
        let free = |service: &Service, model: &str| cost(service, model, None, &Usage::default(), &Prices::default());
        let mut local = Service::new("ollama", Protocol::OpenAi, "http://localhost:11434");
        assert_eq!(free(&local, "qwen3"), Some(Money::default()));
        assert_eq!(free(&local, "gpt-oss:120b-cloud"), None);
        let own = settings(&["prices.\"ollama/qwen3\".input=1", "prices.\"ollama/qwen3\".output=2"]);
        let priced = cost(&local, "qwen3", None, &usage(1_000_000, 0), &own);
        assert_eq!(priced.map(Money::exact).as_deref(), Some("1"));
        let elsewhere = Service::new("ollama", Protocol::OpenAi, "http://192.168.1.5:11434");
        assert_eq!(free(&elsewhere, "qwen3"), None, "nobody knows who pays for another machine");
        local.key_variable = Some("PROXY_KEY".into());
        assert_eq!(free(&local, "qwen3"), None);
        assert_eq!(free(&Service::new("echo", Protocol::OpenAi, ""), "echo"), Some(Money::default()));
    }

    #[test]
    fn the_table_grows_old() {
        use jiff::ToSpan as _;
        let date = table::table().date;
        assert!(!is_stale(date + 60.days()) && is_stale(date + 61.days()));
    }
}
