//! One try: over the network, from a cassette, or from within palc.

use std::path::PathBuf;
use std::rc::Rc;

use crate::app::models::cassette::Cassette;
use crate::app::models::live::Came;
use crate::app::models::locate::{ECHO, REPLAY};
use crate::base::http::Response;
use crate::base::secret::{Secret, redact_bytes};
use crate::model::call::{Message, Part, Piece, Role, Stop as End, What};
use crate::model::{Call, Reply, Trouble};
use crate::provider::Service;
use crate::provider::capability::speaking;
use crate::provider::cassette::{Canonical, Exchange};
use crate::provider::stack::{Stop, Told, Way};

use super::{Done, Going, Known, Transport, World, refused};

impl World {
    pub(super) async fn send(
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

    pub(super) fn cassette(&self, folder: &str) -> Result<Rc<Cassette>, Trouble> {
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
pub(super) struct Heard {
    pub(super) result: Result<Reply, Trouble>,
    exchange: Option<Exchange>,
}

impl Heard {
    fn trouble(trouble: Trouble) -> Heard {
        Heard { result: Err(trouble), exchange: None }
    }

    /// What a recorded exchange says.
    pub(super) fn read(service: &Service, exchange: Exchange, each: &mut dyn FnMut(Piece)) -> Heard {
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

fn offline(service: &Service) -> Trouble {
    Trouble::new(What::Refused, format!("palc is offline, and {} is elsewhere", service.name))
}
