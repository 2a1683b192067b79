//! The arguments of every command that asks models.

use std::path::PathBuf;

use crate::app::models::How;

#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Models")]
pub struct Calling {
    /// Connect to nobody: answer from what was kept, or not at all
    #[arg(long)]
    offline: bool,
    /// Keep every exchange in this folder, without keys, to be replayed
    #[arg(long, value_name = "FOLDER")]
    record: Option<PathBuf>,
    /// Answer from the exchanges in this folder, and from nowhere else
    #[arg(long, value_name = "FOLDER", conflicts_with = "record")]
    replay: Option<PathBuf>,
    /// Keep answers and give them again, even those that are left to chance
    #[arg(long, conflicts_with = "no_cache")]
    cache: bool,
    /// Give no kept answers and keep none
    #[arg(long)]
    no_cache: bool,
    /// Calls at once
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=1000))]
    workers: Option<u16>,
}

impl Calling {
    pub fn how(&self) -> How {
        How {
            offline: self.offline,
            record: self.record.clone(),
            replay: self.replay.clone(),
            cache: if self.cache { Some(true) } else { self.no_cache.then_some(false) },
            workers: self.workers.map(usize::from),
        }
    }
}
