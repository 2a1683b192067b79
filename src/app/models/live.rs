//! Over the network: send a request, read the answer as it comes.

use std::cell::RefCell;
use std::collections::HashMap;

use jiff::fmt::rfc2822;

use crate::base::clock::Clock;
use crate::base::http::{Arrival, Bounds, Client, Failure, Request, Response};
use crate::model::call::{Piece, What};
use crate::model::{Reply, Trouble};
use crate::provider::{Service, Wire, failure};

/// What came, and what it means.
pub struct Came {
    pub result: Result<Reply, Trouble>,
    /// None if nothing came at all.
    pub response: Option<Response>,
    /// Whether it came in pieces.
    pub is_stream: bool,
}

/// The connections of one command.
#[derive(Debug, Default)]
pub struct Live {
    clients: RefCell<HashMap<String, Client>>,
}

impl Live {
    /// Send a request and read its answer; pieces are handed over as they come.
    pub async fn exchange(
        &self,
        clock: &Clock,
        service: &Service,
        request: &Request,
        key: Option<&str>,
        stream: bool,
        each: &mut dyn FnMut(Piece),
    ) -> Came {
        let wire = service.protocol.wire();
        let arrival = match self.send(service, request, key).await {
            Ok(arrival) => arrival,
            Err(failure) => return Came { result: Err(unanswered(&failure)), response: None, is_stream: false },
        };
        let mut response = arrival.head();
        if response.header("date").is_none() {
            // Moments in the answer are counted from its own date; without one, from now.
            response.headers.push((
                "date".into(),
                rfc2822::to_string(&clock.now().to_zoned(jiff::tz::TimeZone::UTC)).unwrap_or_default(),
            ));
        }
        let is_stream = stream && response.is_success() && comes_in_pieces(&response);
        let result = if is_stream {
            read_stream(wire, arrival, &mut response.body, each).await
        } else {
            read_whole(wire, arrival, &mut response).await
        };
        // An error within a stream knows nothing of the headers in front of it.
        let result = result.map_err(|trouble| {
            let request_id = trouble.request_id.clone().or_else(|| failure::request_id(&response));
            Trouble { request_id, ..trouble }
        });
        Came { result, response: Some(response), is_stream }
    }

    async fn send(&self, service: &Service, request: &Request, key: Option<&str>) -> Result<Arrival, Failure> {
        let (name, before) = service.protocol.wire().auth();
        let proof = key.map(|key| format!("{before}{key}"));
        let bounds = Bounds { idle: service.limits.idle, bytes: service.limits.answer_bytes };
        self.client(service)?.send(request, proof.as_deref().map(|proof| (name, proof)), bounds).await
    }

    fn client(&self, service: &Service) -> Result<Client, Failure> {
        if let Some(client) = self.clients.borrow().get(&service.name) {
            return Ok(client.clone());
        }
        let client = Client::new(service.limits.connect, service.base_url.starts_with("https"))?;
        self.clients.borrow_mut().insert(service.name.clone(), client.clone());
        Ok(client)
    }
}

/// Whether an answer to a request for a stream is one: errors come whole, and some servers know no streams.
fn comes_in_pieces(response: &Response) -> bool {
    let kind = response.header("content-type").unwrap_or_default();
    !kind.starts_with("application/json") && !kind.starts_with("text/html")
}

async fn read_stream(
    wire: &dyn Wire,
    mut arrival: Arrival,
    body: &mut Vec<u8>,
    each: &mut dyn FnMut(Piece),
) -> Result<Reply, Trouble> {
    let mut stream = wire.stream();
    let mut pieces = Vec::new();
    let broken = loop {
        match arrival.chunk().await {
            Ok(Some(bytes)) => {
                body.extend_from_slice(&bytes);
                let fed = stream.feed(&bytes, &mut pieces);
                pieces.drain(..).for_each(&mut *each);
                fed?;
            }
            Ok(None) => break None,
            Err(failure) => break Some(failure),
        }
    };
    let end = stream.finish(&mut pieces);
    pieces.into_iter().for_each(each);
    match (end, broken) {
        // Everything had come before the connection broke.
        (Ok(reply), _) => Ok(reply),
        (Err(trouble), None) => Err(trouble),
        (Err(trouble), Some(failure)) => Err(Trouble { partial: trouble.partial, ..broken_off(&failure) }),
    }
}

async fn read_whole(wire: &dyn Wire, mut arrival: Arrival, response: &mut Response) -> Result<Reply, Trouble> {
    loop {
        match arrival.chunk().await {
            Ok(Some(bytes)) => response.body.extend(bytes),
            Ok(None) => break,
            Err(failure) if response.is_success() => return Err(broken_off(&failure)),
            // An error is one even if its words did not all come.
            Err(_) => break,
        }
    }
    match response.status {
        300..400 => Err(redirected(response)),
        _ => wire.parse(response),
    }
}

fn redirected(response: &Response) -> Trouble {
    let to = response.header("location").and_then(|url| url.split('?').next()).unwrap_or("nowhere");
    let message = format!("the service sends palc on to {to}, and palc does not take the key there");
    Trouble { status: Some(response.status), ..Trouble::new(What::BadRequest, message) }
}

/// Nothing was answered.
pub(super) fn unanswered(failure: &Failure) -> Trouble {
    match failure {
        Failure::Unusable(why) => Trouble::new(What::BadRequest, why.clone()),
        Failure::Unreached(why) => Trouble::new(What::Network, format!("nobody was reached: {why}")),
        Failure::Silent(wait) => Trouble::new(What::Timeout, format!("nothing came for {} s", wait.as_secs_f64())),
        Failure::Broken(why) => Trouble::new(What::Network, format!("the connection broke: {why}")),
        Failure::TooLarge(most) => too_large(*most),
    }
}

/// An answer had begun, so it may have been paid for.
fn broken_off(failure: &Failure) -> Trouble {
    match failure {
        Failure::TooLarge(most) => too_large(*most),
        Failure::Silent(wait) => {
            Trouble::new(What::Cut, format!("the answer broke off: nothing came for {} s", wait.as_secs_f64()))
        }
        Failure::Unusable(why) | Failure::Unreached(why) | Failure::Broken(why) => {
            Trouble::new(What::Cut, format!("the answer broke off: {why}"))
        }
    }
}

fn too_large(most: usize) -> Trouble {
    Trouble::new(What::TooLarge, format!("the answer is larger than {most} bytes"))
}
