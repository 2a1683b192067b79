//! One call, from what is asked to what came of it: the steps of `provider::stack`, done.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::app::App;
use crate::base::clock::Clock;
use crate::base::env::Env;
use crate::base::{Error, Result};
use crate::model::call::{Message, Part, Piece, Role, Stop as End, What};
use crate::model::engine::{Answered, Outcome};
use crate::model::{Call, Money, Reply, Trouble};
use crate::provider::cache::Wish;
use crate::provider::cassette::{Canonical, Exchange};
use crate::provider::stack::{self, Attempt, Stack, Step, Stop, Told, Way};
use crate::provider::{Built, Service};

use super::cassette::Cassette;
use super::live::{Came, Live};
use super::locate::{ECHO, REPLAY, built_in};
use super::{How, keys, locate};

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
    services: Vec<Service>,
    stack: RefCell<Stack>,
    /// Calls at once, if the command says so.
    workers: Option<usize>,
    freed: Notify,
    transport: Transport,
    live: Live,
    cache: Wish,
    /// How often each request was asked in this run.
    asked: RefCell<HashMap<String, u32>>,
    /// The folders that stand for models.
    cassettes: RefCell<HashMap<String, Rc<Cassette>>>,
}

/// A call that is about to be made. Which of several answers to the same request it gets is settled already.
#[derive(Debug)]
pub struct Going {
    call: Call,
    stream: bool,
    stops: Vec<Stop>,
    /// Why it cannot be made at all.
    trouble: Option<Trouble>,
    /// Requests by the number of their stop.
    requests: HashMap<usize, (Built, Canonical, u32)>,
}

/// What came of a call, with everything that the record of a run says about it.
#[derive(Debug)]
pub struct Done {
    pub outcome: Outcome,
    /// Every try, in order.
    pub attempts: Vec<Attempt>,
    /// Sentences on what of the call was not sent.
    pub notes: Vec<String>,
    /// The last request and what was answered, if anything was.
    pub exchange: Option<Exchange>,
}

impl Going {
    /// The name of the request, for what is asked once and not again.
    pub fn name(&self) -> String {
        match self.requests.get(&0) {
            Some((_, canonical, ordinal)) => format!("{}.{ordinal}", canonical.key()),
            None => self.call.model_name(),
        }
    }
}

impl Done {
    /// An answer that was there already.
    pub fn kept(answered: Answered) -> Done {
        Done { outcome: Ok(answered), attempts: Vec::new(), notes: Vec::new(), exchange: None }
    }
}

impl World {
    pub fn open(app: &App, how: &How) -> Result<World> {
        let offline = how.offline;
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
        let most = how.workers.unwrap_or(16);
        Ok(World {
            env: app.env.clone(),
            clock: app.clock.fork(),
            start: Instant::now(),
            services: locate::services(app)?,
            stack: RefCell::new(Stack::new(most, app.clock.random())),
            workers: how.workers,
            freed: Notify::new(),
            transport,
            live: Live::default(),
            cache: Wish::Off,
            asked: RefCell::default(),
            cassettes: RefCell::default(),
        })
    }

    /// Calls that may be on their way at once.
    pub fn workers(&self) -> usize {
        self.workers.unwrap_or(16)
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// Settle everything about a call that depends on the order in which calls are made.
    pub fn begin(&self, call: &Call, stream: bool) -> Going {
        let stops = self.stops(call);
        let mut going =
            Going { call: call.clone(), stream, stops: Vec::new(), requests: HashMap::new(), trouble: None };
        match stops {
            Ok(stops) => {
                self.request(&mut going, 0, &stops[0]);
                going.stops = stops;
            }
            Err(trouble) => going.trouble = Some(trouble),
        }
        going
    }

    /// The models that may answer a call: its own, and those that its service falls back to.
    fn stops(&self, call: &Call) -> Result<Vec<Stop>, Trouble> {
        let service = self.service(&call.service)?;
        Ok(vec![Stop { service, model: call.model.clone() }])
    }

    fn service(&self, name: &str) -> Result<Service, Trouble> {
        if [ECHO, REPLAY].contains(&name) {
            return Ok(built_in(name));
        }
        let known = self.services.iter().find(|service| service.name == name).cloned();
        let service = known.ok_or_else(|| Trouble::new(What::NotFound, format!("there is no service `{name}`")))?;
        let most = self.workers.unwrap_or(service.limits.concurrency);
        self.stack.borrow_mut().know(name, &service.limits, most);
        Ok(service)
    }

    /// The request for a stop, made once. Services inside palc need none.
    fn request(&self, going: &mut Going, at: usize, stop: &Stop) {
        let Stop { service, model } = stop;
        if going.requests.contains_key(&at) || [ECHO, REPLAY].contains(&service.name.as_str()) {
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

    /// Take a call to its end. Pieces of the answer are handed over as they come.
    pub async fn perform(&self, mut going: Going, each: &mut dyn FnMut(Piece)) -> Done {
        let mut done = Done {
            outcome: Err(Trouble::new(What::Refused, "")),
            attempts: Vec::new(),
            notes: Vec::new(),
            exchange: None,
        };
        if let Some(trouble) = going.trouble.take() {
            return Done { outcome: Err(trouble), ..done };
        }
        let began = self.now();
        let mut way = Way::new(going.stops.clone(), 0, self.cache != Wish::Off, began);
        let result = loop {
            let step = way.next(&mut self.stack.borrow_mut(), self.now());
            match step {
                Step::Look => way.looked(None),
                Step::Wait(until) => sleep_until(self.start + until).await,
                Step::Queue => self.freed.notified().await,
                Step::Send(at) => {
                    let told = self.send(&way, &mut going, at, &mut done, each).await;
                    way.told(&mut self.stack.borrow_mut(), self.now(), told);
                    self.freed.notify_waiters();
                }
                Step::Done(result) => break *result,
            }
        };
        let elapsed = if self.clock.is_fixed() { Duration::ZERO } else { self.now().saturating_sub(began) };
        let answered = |reply: Reply| Answered {
            cost: self.cost(way.stop(), &reply),
            model: way.stop().model_name(),
            reply,
            elapsed,
            attempts: way.attempts.len() as u32,
            kept: way.was_kept,
        };
        done.outcome = result.map(answered);
        done.attempts = way.attempts;
        done
    }

    fn cost(&self, stop: &Stop, reply: &Reply) -> Option<Money> {
        match stop.service.name.as_str() {
            ECHO | REPLAY => Some(Money::default()),
            _ => stack::cost(reply, |_| None),
        }
    }

    async fn send(
        &self,
        way: &Way,
        going: &mut Going,
        at: usize,
        done: &mut Done,
        each: &mut dyn FnMut(Piece),
    ) -> Told {
        let stop = &way.stops[at];
        if stop.service.name == ECHO {
            let reply = echo(&going.call);
            each(Piece::Text(reply.text.clone()));
            return Told { result: Ok(reply), was_shown: false };
        }
        let mut was_shown = false;
        let mut each = |piece: Piece| {
            was_shown = true;
            each(piece);
        };
        let came = match stop.service.name.as_str() {
            REPLAY => self.play(&stop.model, going),
            _ => self.exchange(stop, going, at, done, &mut each).await,
        };
        done.exchange = came.exchange;
        Told { result: came.result, was_shown }
    }

    async fn exchange(
        &self,
        stop: &Stop,
        going: &mut Going,
        at: usize,
        done: &mut Done,
        each: &mut dyn FnMut(Piece),
    ) -> Heard {
        self.request(going, at, stop);
        let (built, canonical, ordinal) = &going.requests[&at];
        done.notes.clone_from(&built.notes);
        match &self.transport {
            Transport::Offline => Heard::trouble(offline(&stop.service)),
            Transport::Replay(cassette) => match cassette.find(canonical, *ordinal) {
                Ok(exchange) => Heard::read(&stop.service, exchange, each),
                Err(trouble) => Heard::trouble(trouble),
            },
            Transport::Live | Transport::Record(_) => {
                let key = match keys::of(&self.env, &stop.service) {
                    Ok(key) => key,
                    Err(trouble) => return Heard::trouble(trouble),
                };
                let request = &built.request;
                let live = self.live.exchange(&self.clock, &stop.service, request, key.as_deref(), going.stream, each);
                let Came { result, response, is_stream } = live.await;
                let exchange = response.map(|response| Exchange::new(canonical.clone(), &response, is_stream));
                let heard = Heard { result, exchange };
                match &self.transport {
                    Transport::Record(cassette) => heard.recorded(cassette, *ordinal),
                    _ => heard,
                }
            }
        }
    }

    /// Answer from a folder that stands for a model: whichever service answered when it was recorded.
    fn play(&self, folder: &str, going: &Going) -> Heard {
        let heard = self.cassette(folder).and_then(|cassette| {
            let mut missed = None;
            for (name, model) in cassette.speakers()? {
                let service = self.service(&name)?;
                let call = Call { service: name, model, ..going.call.clone() };
                let built = service.protocol.wire().build(&call, &service, going.stream);
                let canonical = Canonical::of(&service, &built.request);
                match cassette.find(&canonical, 1) {
                    Ok(exchange) => return Ok((service, exchange)),
                    Err(trouble) => missed = Some(trouble),
                }
            }
            Err(missed.unwrap_or_else(|| Trouble::new(What::Refused, format!("there is nothing recorded in {folder}"))))
        });
        match heard {
            Ok((service, exchange)) => Heard::read(&service, exchange, &mut |_| {}),
            Err(trouble) => Heard::trouble(trouble),
        }
    }

    fn cassette(&self, folder: &str) -> Result<Rc<Cassette>, Trouble> {
        let mut known = self.cassettes.borrow_mut();
        if let Some(cassette) = known.get(folder) {
            return Ok(cassette.clone());
        }
        let opened = Cassette::open(self.env.folder(), &PathBuf::from(folder));
        let cassette = Rc::new(opened.map_err(|error| Trouble::new(What::Refused, error.message()))?);
        known.insert(folder.to_owned(), cassette.clone());
        Ok(cassette)
    }
}

/// What came, with the exchange for the record.
struct Heard {
    result: Result<Reply, Trouble>,
    exchange: Option<Exchange>,
}

impl Heard {
    fn trouble(trouble: Trouble) -> Heard {
        Heard { result: Err(trouble), exchange: None }
    }

    /// What a recorded exchange says.
    fn read(service: &Service, exchange: Exchange, each: &mut dyn FnMut(Piece)) -> Heard {
        let wire = service.protocol.wire();
        let result = if exchange.is_stream {
            let mut stream = wire.stream();
            let mut pieces = Vec::new();
            let fed = exchange.frames.iter().try_for_each(|frame| {
                let fed = stream.feed(frame, &mut pieces);
                pieces.drain(..).for_each(&mut *each);
                fed
            });
            fed.and_then(|()| stream.finish())
        } else {
            wire.parse(&exchange.response())
        };
        // What is recorded does not change by asking again.
        let result = result.map_err(|trouble| Trouble { retry: Some(false), ..trouble });
        Heard { result, exchange: Some(exchange) }
    }

    /// Keep it. What cannot be kept is no answer: somebody would rely on it.
    fn recorded(mut self, cassette: &Cassette, ordinal: u32) -> Heard {
        let kept = self.exchange.as_ref().map_or(Ok(()), |exchange| cassette.keep(exchange, ordinal));
        if let Err(error) = kept {
            let causes: Vec<String> = std::iter::once(error.message().to_owned()).chain(error.causes()).collect();
            self.result = Err(Trouble::new(What::Refused, causes.join(": ")));
        }
        self
    }
}

/// The last user message.
fn echo(call: &Call) -> Reply {
    let last = call.messages.iter().rev().find(|message| message.role == Role::User);
    let is_text = |part: &Part| matches!(part, Part::Text(_));
    let text = last.filter(|message| message.parts.iter().any(is_text)).map(Message::text).unwrap_or_default();
    Reply { text, stop: End::Complete, model: Some(ECHO.to_owned()), ..Reply::default() }
}

fn offline(service: &Service) -> Trouble {
    Trouble::new(What::Refused, format!("palc is offline, and {} is elsewhere", service.name))
}
