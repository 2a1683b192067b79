//! Prices, in US dollars for a million tokens.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use super::table;
use crate::app::pricing::{Prices, Row, source};
use crate::model::Money;
use crate::provider::price::{Price, Rates};

pub fn text(prices: &Prices, paint: Paint) -> String {
    if prices.rows.is_empty() {
        return String::new();
    }
    let head = ["MODEL", "INPUT", "OUTPUT", "CACHED", "CACHE WRITE", "CONTEXT", ""];
    let mut rows = vec![head.iter().map(|word| paint.dim(word)).collect()];
    rows.extend(prices.rows.iter().flat_map(|row| lines(row, paint)));
    table::columns(&rows, None)
}

/// `US dollars for a million tokens, from litellm 1.109.1 of 2026-11-20 (a13f…)`
pub fn sentence(prices: &Prices) -> String {
    let table = prices.table;
    format!("US dollars for a million tokens; the table is {} of {}, {}", table.source, table.date, table.hash)
}

pub fn stale(prices: &Prices) -> Option<String> {
    prices.is_stale.then(|| format!("the table of prices is {} days old", prices.age))
}

/// A line, and another one for what holds above a bound.
fn lines(row: &Row, paint: Paint) -> Vec<Vec<String>> {
    let context = row.facts.and_then(|facts| facts.context()).map(count).unwrap_or_default();
    let Some(price) = &row.price else {
        let unknown = ["unknown", "unknown", "", ""].map(|word| paint.dim(word));
        return vec![line(printable(&row.name), unknown, context, notes(row, paint))];
    };
    let mut lines = vec![line(printable(&row.name), cells(&price.rates), context, notes(row, paint))];
    if let Some((bound, rates)) = &price.above {
        let name = paint.dim(&format!("  above {} tokens", count(*bound)));
        lines.push(line(name, cells(rates), String::new(), String::new()));
    }
    lines
}

fn line(name: String, [input, output, read, write]: [String; 4], context: String, notes: String) -> Vec<String> {
    vec![name, input, output, read, write, context, notes]
}

fn cells(rates: &Rates) -> [String; 4] {
    let said = |price: Option<Money>| price.map(million).unwrap_or_default();
    [million(rates.input), said(rates.output), said(rates.cache_read), said(rates.cache_write)]
}

fn notes(row: &Row, paint: Paint) -> String {
    let ends = row.facts.and_then(|facts| facts.ends());
    let ends = ends.map(|day| match row.is_over {
        true => paint.red(&format!("switched off since {day}")),
        false => paint.yellow(&format!("ends {day}")),
    });
    let from = source(row).map(|word| paint.cyan(if word == "settings" { "your price" } else { "runs here" }));
    from.into_iter().chain(ends).collect::<Vec<_>>().join(", ")
}

/// The price of a million tokens, as a decimal number.
fn million(price: Money) -> String {
    price.times(1_000_000).exact()
}

/// `128k`, `1M`, `1048576`
fn count(tokens: u64) -> String {
    match tokens {
        _ if tokens > 0 && tokens.is_multiple_of(1_000_000) => format!("{}M", tokens / 1_000_000),
        _ if tokens > 0 && tokens.is_multiple_of(1000) => format!("{}k", tokens / 1000),
        _ => tokens.to_string(),
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct PricesV1<'a> {
    table: TableV1<'a>,
    models: Vec<RowV1<'a>>,
    /// Names that were asked for and that nobody knows.
    unknown: Vec<UnknownV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct TableV1<'a> {
    source: &'a str,
    date: String,
    hash: &'a str,
    age_days: i32,
    /// Whether it is so old that prices may have changed.
    stale: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct UnknownV1<'a> {
    name: &'a str,
    near: &'a [String],
}

#[derive(Debug, Serialize, JsonSchema)]
struct RowV1<'a> {
    model: &'a str,
    /// None if nobody knows it.
    price: Option<PriceV1>,
    /// The most tokens that go in.
    context: Option<u64>,
    /// The most tokens that come out.
    max_output: Option<u64>,
    /// The day on which it is switched off.
    ends: Option<String>,
}

/// US dollars for a million tokens, as decimal numbers.
#[derive(Debug, Serialize, JsonSchema)]
struct PriceV1 {
    /// table, settings or rule.
    from: &'static str,
    rates: RatesV1,
    /// What holds for the whole request once more tokens go in.
    above: Option<AboveV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct AboveV1 {
    tokens: u64,
    rates: RatesV1,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RatesV1 {
    input: String,
    output: Option<String>,
    /// Where there is none, such tokens cost what others do.
    cache_read: Option<String>,
    cache_write: Option<String>,
    cache_write_hour: Option<String>,
}

impl RatesV1 {
    fn of(rates: &Rates) -> RatesV1 {
        RatesV1 {
            input: million(rates.input),
            output: rates.output.map(million),
            cache_read: rates.cache_read.map(million),
            cache_write: rates.cache_write.map(million),
            cache_write_hour: rates.cache_write_hour.map(million),
        }
    }
}

impl PriceV1 {
    fn of(price: &Price) -> PriceV1 {
        let above = price.above.as_ref().map(|(tokens, rates)| AboveV1 { tokens: *tokens, rates: RatesV1::of(rates) });
        PriceV1 { from: price.from.word(), rates: RatesV1::of(&price.rates), above }
    }
}

pub fn object(prices: &Prices) -> PricesV1<'_> {
    let table = prices.table;
    PricesV1 {
        table: TableV1 {
            source: &table.source,
            date: table.date.to_string(),
            hash: &table.hash,
            age_days: prices.age,
            stale: prices.is_stale,
        },
        models: prices.rows.iter().map(RowV1::of).collect(),
        unknown: prices.unknown.iter().map(|each| UnknownV1 { name: &each.name, near: &each.near }).collect(),
    }
}

impl RowV1<'_> {
    fn of(row: &Row) -> RowV1<'_> {
        RowV1 {
            model: &row.name,
            price: row.price.as_ref().map(PriceV1::of),
            context: row.facts.and_then(|facts| facts.context()),
            max_output: row.facts.and_then(|facts| facts.answer()),
            ends: row.facts.and_then(|facts| facts.ends()).map(|day| day.to_string()),
        }
    }
}
