//! The log: what palc did, as JSON lines outside the repository. Never texts of prompts, never keys.
//!
//! Code says what happened through `tracing`; here it becomes a record, loses what must not be told, and goes to the
//! sinks that the front end chose.

mod file;
mod redact;

use std::cell::Cell;
use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::prelude::*;

use super::clock::Clock;

pub use file::DailyFile;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub time: Timestamp,
    pub level: Level,
    /// The module that tells.
    pub target: String,
    pub message: String,
    pub fields: Map<String, Value>,
}

impl Record {
    /// The record as a line of JSON.
    pub fn json(&self) -> String {
        let mut line = Map::new();
        line.insert("time".into(), self.time.to_string().into());
        line.insert("level".into(), self.level.as_str().to_lowercase().into());
        line.insert("target".into(), self.target.clone().into());
        line.insert("message".into(), self.message.clone().into());
        line.extend(self.fields.clone());
        Value::Object(line).to_string()
    }

    /// The record as people read it.
    pub fn text(&self) -> String {
        let fields = self.fields.iter().map(|(name, value)| match value {
            Value::String(text) => format!(" {name}={text}"),
            value => format!(" {name}={value}"),
        });
        let level = self.level.as_str().to_lowercase();
        format!("{level}: {}: {}{}", self.target, self.message, fields.collect::<String>())
    }
}

type Write = Box<dyn Fn(&Record) + Send + Sync>;

/// Where records go that are at least this important.
pub struct Sink {
    pub level: LevelFilter,
    pub write: Write,
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sink").field("level", &self.level).finish()
    }
}

/// Send everything that is told from now on to these sinks, each record with this context.
pub fn install(clock: Clock, context: Map<String, Value>, sinks: Vec<Sink>) {
    let level = sinks.iter().map(|sink| sink.level).max().unwrap_or(LevelFilter::OFF);
    if level > LevelFilter::OFF {
        let collector = Collector { clock, context, sinks }.with_filter(level);
        // A second installation in one process changes nothing.
        let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(collector));
    }
}

#[derive(Debug)]
struct Collector {
    clock: Clock,
    context: Map<String, Value>,
    sinks: Vec<Sink>,
}

thread_local! {
    /// Set while a record is written: what the writing itself would tell is not told.
    static WRITING: Cell<bool> = const { Cell::new(false) };
}

impl<S: Subscriber> Layer<S> for Collector {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        // Other crates' events are theirs; nobody looked at what they tell.
        if !event.metadata().target().starts_with("palc") || WRITING.replace(true) {
            return;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        let mut all = self.context.clone();
        all.extend(fields.others);
        let record = Record {
            time: self.clock.now(),
            level: *event.metadata().level(),
            target: event.metadata().target().to_owned(),
            message: redact::text(&fields.message),
            fields: all,
        };
        for sink in self.sinks.iter().filter(|sink| record.level <= sink.level) {
            (sink.write)(&record);
        }
        WRITING.set(false);
    }
}

#[derive(Default)]
struct Fields {
    message: String,
    others: Map<String, Value>,
}

impl Fields {
    fn keep(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::String(message)) => self.message = message,
            (name, value) => drop(self.others.insert(name.to_owned(), redact::field(name, value))),
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.keep(field, format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.keep(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.keep(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.keep(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.keep(field, value.into());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::base::env::{self, Env};

    #[test]
    fn records_carry_context_and_lose_what_must_not_be_told() {
        let env = Env::new("/", [(env::NOW.to_owned(), "2026-01-31T12:00:00Z".to_owned())]);
        let lines = Arc::new(Mutex::new(Vec::new()));
        let write = {
            let lines = Arc::clone(&lines);
            Box::new(move |record: &Record| lines.lock().unwrap().push(record.json()))
        };
        let context = Map::from_iter([("command".to_owned(), "list".into())]);
        let sinks = vec![Sink { level: LevelFilter::INFO, write }];
        let collector = Collector { clock: Clock::new(&env).unwrap(), context, sinks };
        tracing::subscriber::with_default(tracing_subscriber::registry().with(collector), || {
            tracing::info!(count = 3, body = "You are", "read sk-abcdefghijklmnop1234 here");
            tracing::debug!("too quiet");
            tracing::info!(target: "elsewhere", "not ours");
        });
        assert_eq!(
            *lines.lock().unwrap(),
            [concat!(
                r#"{"time":"2026-01-31T12:00:00Z","level":"info","target":"palc::base::log::tests","#,
                r#""message":"read … here","command":"list","count":3,"body":"…"}"#
            )]
        );
    }
}
