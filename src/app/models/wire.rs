//! The language of a service.

use crate::base::http::{Method, Request, Response};
use crate::model::call::What;
use crate::model::{Call, Reply, Trouble};
use crate::provider::protocol::{Listed, Wire};
use crate::provider::{Built, Embeddings, Protocol, Service, Stream};

/// Until the languages are there, none is spoken.
pub fn of(_: Protocol) -> &'static dyn Wire {
    &Mute
}

struct Mute;

fn mute<T>() -> Result<T, Trouble> {
    Err(Trouble::new(What::Refused, "palc does not speak this service's language yet"))
}

impl Wire for Mute {
    fn auth(&self) -> (&'static str, &'static str) {
        ("authorization", "Bearer ")
    }

    fn build(&self, _: &Call, service: &Service, _: bool) -> Built {
        Built { request: self.models(service), notes: Vec::new() }
    }

    fn parse(&self, _: &Response) -> Result<Reply, Trouble> {
        mute()
    }

    fn stream(&self) -> Box<dyn Stream> {
        unreachable!("nothing that is mute streams")
    }

    fn embed(&self, _: &str, _: &[String], _: Option<usize>, _: &Service) -> Option<Request> {
        None
    }

    fn parse_embeddings(&self, _: &Response) -> Result<Embeddings, Trouble> {
        mute()
    }

    fn models(&self, service: &Service) -> Request {
        Request { method: Method::Get, url: service.base_url.clone(), headers: Vec::new(), body: Vec::new() }
    }

    fn parse_models(&self, _: &Response) -> Result<Vec<Listed>, Trouble> {
        mute()
    }

    fn count(&self, _: &Call, _: &Service) -> Option<Built> {
        None
    }

    fn parse_count(&self, _: &Response) -> Result<u64, Trouble> {
        mute()
    }
}
