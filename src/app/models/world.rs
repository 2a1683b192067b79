//! One call, from what is asked to what came of it: the steps of `provider::stack`, done.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::app::{App, keys, services};
use crate::base::clock::Clock;
use crate::base::env::Env;
use crate::base::http::Response;
use crate::base::secret::{Secret, redact, redact_bytes};
use crate::base::{Error, Result};
use crate::config::settings::prices::Prices;
use crate::model::call::{Message, Part, Piece, Role, Stop as End, What};
use crate::model::engine::{Answered, Outcome};
use crate::model::{Call, Money, Reply, Trouble};
use crate::provider::cache::{self, Wish};
use crate::provider::capability::speaking;
use crate::provider::cassette::{Canonical, Exchange};
use crate::provider::stack::{Attempt, Stack, Step, Stop, Told, Way};
use crate::provider::{Built, Service, price};

use super::How;
use super::answers::Answers;
use super::cassette::Cassette;
use super::live::{Came, Live};
use super::locate::{ECHO, REPLAY, built_in, is_built_in, locate};

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

/// A call that is about to be made. Which of several answers to the same request it gets is settled already.
#[derive(Debug)]
pub struct Going {
    call: Call,
    stream: bool,
    stops: Vec<Stop>,
    /// Why it cannot be made at all.
    trouble: Option<Trouble>,
    /// When nobody wants to wait for it any longer.
    until: Option<Instant>,
    /// Requests by the number of their stop.
    requests: HashMap<usize, (Built, Canonical, u32)>,
}

/// What came of a call, with everything that the record of a run says about it.
#[derive(Debug, Clone)]
pub struct Done {
    pub outcome: Outcome,
    /// Every try, in order.
    pub attempts: Vec<Attempt>,
    /// Sentences on what of the call was not sent.
    pub notes: Vec<String>,
    /// The last request and what was answered, if anything was.
    pub exchange: Option<Exchange>,
    /// Why the journal does not hold it, where it should.
    pub unkept: Option<String>,
    /// Whether it was sent and nobody waited for what came of it: it may have been paid for.
    pub in_doubt: bool,
}

impl Going {
    /// Wait for it no longer than this, from now on.
    pub fn must_end_within(&mut self, patience: Duration) {
        self.until = Some(Instant::now() + patience);
    }

    /// About as many tokens as it takes, for limits: four bytes each, and as many as the answer may have.
    fn tokens(&self) -> u64 {
        let sent = self.requests.get(&0).map_or(0, |(built, ..)| built.request.body.len() as u64 / 4);
        sent + self.call.params.get("max_tokens").and_then(|most| most.as_u64()).unwrap_or_default()
    }

    fn cache_key(&self) -> Option<String> {
        let (_, canonical, ordinal) = self.requests.get(&0)?;
        Some(cache::key(&self.stops.first()?.service.base_url, &canonical.value().to_string(), *ordinal))
    }

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
        Done {
            outcome: Ok(answered),
            attempts: Vec::new(),
            notes: Vec::new(),
            exchange: None,
            unkept: None,
            in_doubt: false,
        }
    }
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

    /// Take a call to its end. Before each try somebody may take note of it, or keep it from being made; pieces of the
    /// answer are handed over as they come.
    pub async fn perform(
        &self,
        mut going: Going,
        before: &mut dyn FnMut() -> Result<()>,
        each: &mut dyn FnMut(Piece),
    ) -> Done {
        let mut done = Done {
            outcome: Err(Trouble::new(What::Refused, "")),
            attempts: Vec::new(),
            notes: Vec::new(),
            exchange: None,
            unkept: None,
            in_doubt: false,
        };
        if let Some(trouble) = going.trouble.take() {
            return Done { outcome: Err(trouble), ..done };
        }
        let began = self.now();
        let look = self.cache.keeps(&going.call) && going.requests.contains_key(&0);
        let mut way = Way::new(going.stops.clone(), going.tokens(), look, began);
        let result = loop {
            let step = way.next(&mut self.stack.borrow_mut(), self.now());
            match step {
                Step::Look => {
                    let kept = self.look(&going, each);
                    way.looked(kept);
                }
                Step::Wait(until) => {
                    if before_end(going.until, sleep_until(self.start + until)).await.is_none() {
                        way.give_up(late());
                    }
                }
                Step::Queue => {
                    if before_end(going.until, self.freed.notified()).await.is_none() {
                        way.give_up(late());
                    }
                }
                Step::Send(at) => {
                    let until = going.until;
                    let told = match before() {
                        Ok(()) => before_end(until, self.send(&way, &mut going, at, &mut done, each)).await,
                        Err(error) => Some(Told { result: Err(refused(&error)), was_shown: false }),
                    };
                    done.in_doubt = told.is_none();
                    let told = told.unwrap_or_else(|| Told { result: Err(late()), was_shown: true });
                    way.told(&mut self.stack.borrow_mut(), self.now(), told);
                    self.freed.notify_waiters();
                }
                Step::Done(result) => break *result,
            }
        };
        let elapsed = if self.clock.is_fixed() { Duration::ZERO } else { self.now().saturating_sub(began) };
        let answered = |reply: Reply| Answered {
            cost: self.cost(way.stop(), &going.call, &reply),
            model: way.stop().model_name(),
            reply,
            elapsed,
            attempts: way.attempts.len() as u32,
            kept: way.was_kept,
        };
        done.outcome = result.map(answered).map_err(clean);
        if look && !way.was_kept {
            self.keep(&going, &done);
        }
        done.attempts = way.attempts;
        done
    }

    /// What was kept of the first service's answer to this request.
    fn look(&self, going: &Going, each: &mut dyn FnMut(Piece)) -> Option<Reply> {
        let exchange = self.answers.find(&going.cache_key()?, self.clock.now())?;
        Heard::read(&going.stops[0].service, exchange, each).result.ok()
    }

    fn keep(&self, going: &Going, done: &Done) {
        let is_whole = |reply: &Reply| matches!(reply.stop, End::Complete | End::ToolCalls);
        let (Some(key), Some(exchange), Ok(answered)) = (going.cache_key(), &done.exchange, &done.outcome) else {
            return;
        };
        if is_whole(&answered.reply)
            && answered.model == going.stops[0].model_name()
            && let Err(error) = self.answers.keep(&key, exchange, self.clock.now())
        {
            tracing::warn!(%error, "an answer was not kept");
        }
    }

    /// What an answer cost. Where nothing was counted, only what costs nothing by rule has a price.
    fn cost(&self, stop: &Stop, call: &Call, reply: &Reply) -> Option<Money> {
        let tier = call.params.get("service_tier").and_then(|tier| tier.as_str());
        let Stop { service, model } = stop;
        match &reply.usage {
            Some(usage) => price::cost(service, model, tier, usage, &self.prices),
            None => price::price(service, model, tier, &self.prices)
                .filter(|price| price.from == price::From::Rule)
                .map(|_| Money::default()),
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
                let key = match self.key(&stop.service) {
                    Ok(key) => key,
                    Err(trouble) => return Heard::trouble(trouble),
                };
                let (request, key) = (&built.request, key.as_ref().map(|key| key.expose()));
                let live = self.live.exchange(&self.clock, &stop.service, request, key, going.stream, each);
                let Came { result, response, is_stream } = live.await;
                let exchange = response.map(|response| {
                    // A service may repeat what it was sent.
                    let response = Response { body: redact_bytes(&response.body).into_owned(), ..response };
                    Exchange::new(canonical.clone(), &response, is_stream)
                });
                let heard = Heard { result, exchange };
                match &self.transport {
                    Transport::Record(cassette) => heard.recorded(cassette, *ordinal),
                    _ => heard,
                }
            }
        }
    }

    fn key(&self, service: &Service) -> Result<Option<Rc<Secret>>, Trouble> {
        let services = self.services.borrow();
        let known = services.get(&service.name).and_then(|known| known.as_ref().ok());
        match known.and_then(|known| known.key.clone()) {
            None if service.key_variable.is_some() && !service.is_local() => {
                Err(Trouble::new(What::Auth, format!("there is no key for {}", service.name)))
            }
            key => Ok(key),
        }
    }

    /// Answer from a folder that stands for a model: whichever service answered when it was recorded.
    fn play(&self, folder: &str, going: &Going) -> Heard {
        let heard = self.cassette(folder).and_then(|cassette| {
            let mut missed = None;
            for (name, model) in cassette.speakers()? {
                let known = self.services.borrow().get(&name).cloned();
                let Some(Ok(Known { service, .. })) = known else { continue };
                let service = speaking(service, &model);
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
            let reply = fed.and_then(|()| stream.finish(&mut pieces));
            pieces.into_iter().for_each(each);
            reply
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
            self.result = Err(refused(&error));
        }
        self
    }
}

/// The last user message.
pub fn echo(call: &Call) -> Reply {
    let last = call.messages.iter().rev().find(|message| message.role == Role::User);
    let is_text = |part: &Part| matches!(part, Part::Text(_));
    let text = last.filter(|message| message.parts.iter().any(is_text)).map(Message::text).unwrap_or_default();
    Reply { text, stop: End::Complete, model: Some(ECHO.to_owned()), ..Reply::default() }
}

fn refused(error: &Error) -> Trouble {
    let causes: Vec<String> = std::iter::once(error.message().to_owned()).chain(error.causes()).collect();
    Trouble::new(What::Refused, causes.join(": "))
}

/// What comes of something, if it ends in time.
async fn before_end<T>(until: Option<Instant>, what: impl Future<Output = T>) -> Option<T> {
    match until {
        Some(until) => timeout_at(until, what).await.ok(),
        None => Some(what.await),
    }
}

fn late() -> Trouble {
    Trouble::new(What::Late, "no answer came in the time there was")
}

/// Trouble without what nobody may read.
fn clean(trouble: Trouble) -> Trouble {
    Trouble { message: redact(&trouble.message).into_owned(), ..trouble }
}

fn offline(service: &Service) -> Trouble {
    Trouble::new(What::Refused, format!("palc is offline, and {} is elsewhere", service.name))
}
