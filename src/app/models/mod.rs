//! Models, asked for real: the way of every call through the stack, over the network, a cassette or neither.
//!
//! Everything asynchronous stays in here: whoever asks waits for the answer. One [`Models`] is opened for a command, and
//! all its calls share its limits, its connections and its cap.

pub mod answers;
mod cassette;
mod drive;
pub mod folder;
pub mod interrupt;
pub mod journal;
pub mod kept;
pub mod list;
mod live;
mod locate;
pub mod plain;
pub mod trouble;
mod world;

use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use crate::base::{Error, Result};
use crate::model::call::Piece;
use crate::model::engine::{Answered, Ask, Outcome};
use crate::model::{Call, Money};

use super::App;

pub use drive::{Ended, Event, Keep, Keeper, Progress};
pub use journal::Journal;
pub use locate::{ECHO, REPLAY, is_built_in, locate, locate_at};
pub use world::Done;
use world::World;

/// How models are to be asked, for one command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct How {
    /// Connect to nobody.
    pub offline: bool,
    /// Keep every exchange in this folder.
    pub record: Option<PathBuf>,
    /// Answer from this folder, and from nowhere else.
    pub replay: Option<PathBuf>,
    /// Whether answers are kept and given again; the settings decide if nothing is said.
    pub cache: Option<bool>,
    /// Calls at once.
    pub workers: Option<usize>,
}

/// The models of one command.
#[derive(Debug)]
pub struct Models<'a> {
    app: &'a App,
    runtime: Runtime,
    world: Rc<World>,
}

impl<'a> Models<'a> {
    pub fn open(app: &'a App, how: &How) -> Result<Models<'a>> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Error::storage("the system gives no timers").because(error))?;
        let world = {
            let _inside = runtime.enter();
            Rc::new(World::open(app, how)?)
        };
        Ok(Models { app, runtime, world })
    }

    /// One call; the pieces of the answer are handed over as they come.
    pub fn ask(&self, ask: &Ask, each: &mut dyn FnMut(Piece)) -> Outcome {
        self.ask_and_tell(ask, true, each).outcome
    }

    /// One call, with everything that the record of a run says about it.
    pub fn ask_and_tell(&self, ask: &Ask, stream: bool, each: &mut dyn FnMut(Piece)) -> Done {
        let going = self.world.begin(self.app, &ask.call, stream);
        self.runtime.block_on(self.world.perform(going, &mut || Ok(()), each))
    }
}

/// The answer of the model inside palc, which needs nobody.
pub fn echoed(call: &Call) -> Answered {
    Answered {
        reply: world::echo(call),
        model: ECHO.to_owned(),
        cost: Some(Money::default()),
        elapsed: Duration::ZERO,
        attempts: 0,
        kept: true,
    }
}
