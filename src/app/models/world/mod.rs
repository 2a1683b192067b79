//! One call, from what is asked to what came of it: the steps of `provider::stack`, done.

mod exchange;
mod going;
mod perform;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::app::{App, keys, services};
use crate::base::clock::Clock;
use crate::base::env::Env;
use crate::base::secret::Secret;
use crate::base::{Error, Result};
use crate::config::settings::prices::Prices;
use crate::model::call::What;
use crate::model::{Call, Trouble};
use crate::provider::Service;
use crate::provider::cache::Wish;
use crate::provider::capability::speaking;
use crate::provider::cassette::Canonical;
use crate::provider::stack::{Stack, Stop};

use super::How;
use super::answers::Answers;
use super::cassette::Cassette;
use super::live::Live;
use super::locate::{REPLAY, built_in, is_built_in, locate};

pub use exchange::echo;
pub use going::{Done, Going};

/// Where answers come from.
#[derive(Debug)]
enum Transport {
    Live,
    Record(Cassette),
    Replay(Cassette),
    /// Nothing connects.
    Offline,
}

/// What all calls of a command share.
#[derive(Debug)]
pub struct World {
    env: Env,
    clock: Clock,
    start: Instant,
    /// The services that were met, with their keys.
    services: RefCell<HashMap<String, Result<Known, Trouble>>>,
    stack: RefCell<Stack>,
    /// Calls at once, over all services; and at one of them, if the command says so.
    pub most: usize,
    workers: Option<usize>,
    freed: Notify,
    transport: Transport,
    live: Live,
    cache: Wish,
    answers: Answers,
    prices: Prices,
    /// How often each request was asked in this run.
    asked: RefCell<HashMap<String, u32>>,
    /// The folders that stand for models.
    cassettes: RefCell<HashMap<String, Rc<Cassette>>>,
}

/// A service with what proves who asks.
#[derive(Debug, Clone)]
struct Known {
    service: Service,
    key: Option<Rc<Secret>>,
}

impl World {
    pub fn open(app: &App, how: &How) -> Result<World> {
        let settings = &app.settings()?.models;
        let offline = how.offline || settings.offline;
        let folder = app.env.folder();
        let transport = match (&how.replay, &how.record) {
            (Some(_), Some(_)) => {
                return Err(Error::usage("a cassette is recorded or replayed").hint("leave out --record or --replay"));
            }
            (Some(replay), None) => Transport::Replay(Cassette::open(folder, replay)?),
            (None, Some(_)) if offline => {
                return Err(Error::usage("nothing can be recorded offline").hint("leave out --offline or --record"));
            }
            (None, Some(record)) => Transport::Record(Cassette::new(folder, record)),
            (None, None) if offline => Transport::Offline,
            (None, None) => Transport::Live,
        };
        let most = how.workers.unwrap_or(settings.concurrency);
        let cache = match (&transport, how.cache, settings.cache) {
            // What is recorded is what was really answered, and what is replayed is kept already.
            (Transport::Record(_) | Transport::Replay(_), ..) | (_, Some(false), _) | (_, None, false) => Wish::Off,
            (_, Some(true), _) => Wish::All,
            (_, None, true) => Wish::Settled,
        };
        Ok(World {
            env: app.env.clone(),
            clock: app.clock.fork(),
            start: Instant::now(),
            services: RefCell::default(),
            stack: RefCell::new(Stack::new(most, app.clock.random())),
            most,
            workers: how.workers,
            freed: Notify::new(),
            transport,
            live: Live::default(),
            cache,
            answers: Answers::open(app)?,
            prices: app.settings()?.prices.clone(),
            asked: RefCell::default(),
            cassettes: RefCell::default(),
        })
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// Settle everything about a call that depends on the order in which calls are made, or on the user's files.
    pub fn begin(&self, app: &App, call: &Call, stream: bool) -> Going {
        let mut going = Going {
            call: call.clone(),
            stream,
            stops: Vec::new(),
            requests: HashMap::new(),
            trouble: None,
            until: None,
        };
        match self.stops(app, call) {
            Ok(stops) => {
                self.request(&mut going, 0, &stops[0]);
                going.stops = stops;
            }
            Err(trouble) => going.trouble = Some(trouble),
        }
        going
    }

    /// The models that may answer a call: its own, and those that its service falls back to.
    fn stops(&self, app: &App, call: &Call) -> Result<Vec<Stop>, Trouble> {
        let service = self.service(app, &call.service)?;
        let mut stops = vec![Stop { service: speaking(service, &call.model), model: call.model.clone() }];
        if call.service == REPLAY {
            self.cassette(&call.model)?
                .speakers()?
                .iter()
                .try_for_each(|(name, _)| self.service(app, name).map(drop))?;
        }
        for name in stops[0].service.fallback.clone() {
            let (service, model) = locate(app, &name).map_err(|error| refused(&error))?;
            stops.push(Stop { service: speaking(self.service(app, &service.name)?, &model), model });
        }
        Ok(stops)
    }

    /// A service, ready to be asked.
    fn service(&self, app: &App, name: &str) -> Result<Service, Trouble> {
        if is_built_in(name) {
            return Ok(built_in(name));
        }
        if let Some(known) = self.services.borrow().get(name) {
            return known.as_ref().map(|known| known.service.clone()).map_err(Trouble::clone);
        }
        let known = self.meet(app, name);
        if let Ok(Known { service, .. }) = &known {
            let most = self.workers.unwrap_or(service.limits.concurrency);
            self.stack.borrow_mut().know(name, &service.limits, most);
        }
        let service = known.as_ref().map(|known| known.service.clone()).map_err(Trouble::clone);
        self.services.borrow_mut().insert(name.to_owned(), known);
        service
    }

    fn meet(&self, app: &App, name: &str) -> Result<Known, Trouble> {
        let service = services::service(app, name).map_err(|error| refused(&error))?;
        // Who connects to nobody needs no key.
        let found = match self.transport {
            Transport::Offline | Transport::Replay(_) => None,
            Transport::Live | Transport::Record(_) => keys::key(app, &service).map_err(|error| refused(&error))?,
        };
        Ok(Known { service, key: found.map(|found| Rc::new(found.secret)) })
    }

    /// The request for a stop, made once. Services inside palc need none.
    fn request(&self, going: &mut Going, at: usize, stop: &Stop) {
        let Stop { service, model } = stop;
        if going.requests.contains_key(&at) || is_built_in(&service.name) {
            return;
        }
        let call = Call { service: service.name.clone(), model: model.clone(), ..going.call.clone() };
        let built = service.protocol.wire().build(&call, service, going.stream);
        let canonical = Canonical::of(service, &built.request);
        let ordinal = self.ordinal(canonical.key());
        going.requests.insert(at, (built, canonical, ordinal));
    }

    fn ordinal(&self, key: String) -> u32 {
        let mut asked = self.asked.borrow_mut();
        let ordinal = asked.entry(key).or_default();
        *ordinal += 1;
        *ordinal
    }
}

fn refused(error: &Error) -> Trouble {
    let causes: Vec<String> = std::iter::once(error.message().to_owned()).chain(error.causes()).collect();
    Trouble::new(What::Refused, causes.join(": "))
}
