//! What is logged, and where to: the daily file, and with --debug the terminal.

use std::io::Write as _;

use serde_json::Map;
use tracing::level_filters::LevelFilter;

use crate::base::clock::Clock;
use crate::base::env::{self, Env};
use crate::base::log::{self, DailyFile, Sink};
use crate::base::near::did_you_mean;
use crate::base::{Error, Result};
use crate::config::{Level, settings};

/// What was asked for on the command line.
#[derive(Debug, Default)]
pub struct Wanted<'a> {
    /// `--log-level`
    pub level: Option<&'a str>,
    /// `--debug`
    pub debug: bool,
    /// The command's name, for the context of each record.
    pub command: &'a str,
}

/// Begin to log. The flag beats the variable, and the variable beats the settings.
pub fn start(env: &Env, settings: &settings::Log, wanted: &Wanted<'_>) -> Result<()> {
    let named = wanted.level.map(|word| ("--log-level", word)).or_else(|| Some((env::LOG, env.get(env::LOG)?)));
    let level = filter(named.map_or(Ok(settings.level), |(name, word)| level(name, word))?);
    let context = Map::from_iter([
        ("process".to_owned(), std::process::id().into()),
        ("command".to_owned(), wanted.command.into()),
    ]);
    let level = if wanted.debug { level.max(LevelFilter::DEBUG) } else { level };
    let file = env.state_folder().map(|folder| to_file(level, DailyFile::new(folder.join("log"), settings.keep_days)));
    let sinks = file.into_iter().chain(wanted.debug.then(to_terminal)).collect();
    log::install(Clock::new(env)?, context, sinks);
    Ok(())
}

fn to_file(level: LevelFilter, file: DailyFile) -> Sink {
    Sink { level, write: Box::new(move |record| file.write(record.time, &record.json())) }
}

fn to_terminal() -> Sink {
    let print = |record: &log::Record| drop(writeln!(std::io::stderr(), "{}", record.text()));
    Sink { level: LevelFilter::DEBUG, write: Box::new(print) }
}

fn level(name: &str, word: &str) -> Result<Level> {
    Level::from_word(&word.to_lowercase()).ok_or_else(|| {
        let error = Error::usage(format!("{name}: `{word}` is not a log level"));
        let near = did_you_mean(word, Level::WORDS.iter().copied());
        error.hint(near.unwrap_or_else(|| format!("the levels are {}", Level::WORDS.join(", "))))
    })
}

fn filter(level: Level) -> LevelFilter {
    match level {
        Level::Off => LevelFilter::OFF,
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
        Level::Trace => LevelFilter::TRACE,
    }
}
