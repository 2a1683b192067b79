//! Exact requests, answers as services give them, and streams cut everywhere.

mod chat;
mod chat_answers;
mod chat_streams;
mod responses;
mod responses_streams;
mod troubles;

use crate::base::http::{Request, Response};
use crate::model::call::{Message, Piece, Role};
use crate::model::{Call, Map, Reply, Trouble, Value};

use super::super::presets;
use super::super::protocol::Wire;
use super::super::service::Service;

fn service(name: &str) -> Service {
    presets::service(name).expect("a preset")
}

/// A call of one user message with parameters.
fn call(model: &str, params: Value) -> Call {
    let params = match params {
        Value::Object(params) => params,
        _ => Map::new(),
    };
    let (service, model) = model.split_once('/').expect("service/model");
    let messages = vec![Message::new(Role::User, "Hi")];
    Call { service: service.into(), model: model.into(), messages, params, ..Call::default() }
}

fn body(request: &Request) -> &str {
    std::str::from_utf8(&request.body).expect("text")
}

fn ok(body: impl ToString) -> Response {
    answer(200, &[], body)
}

#[expect(clippy::needless_pass_by_value, reason = "bodies are written where they are used")]
fn answer(status: u16, headers: &[(&str, &str)], body: impl ToString) -> Response {
    let headers = headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    Response { status, headers, body: body.to_string().into_bytes() }
}

/// What a stream gives, and what was shown meanwhile, neighbours of a kind put together.
fn streamed<'a>(wire: &dyn Wire, pieces: impl IntoIterator<Item = &'a [u8]>) -> (Result<Reply, Trouble>, Vec<Piece>) {
    let (mut stream, mut shown) = (wire.stream(), Vec::new());
    for piece in pieces {
        if let Err(trouble) = stream.feed(piece, &mut shown) {
            return (Err(trouble), merged(shown));
        }
    }
    (stream.finish(&mut shown), merged(shown))
}

fn merged(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut merged: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (merged.last_mut(), piece) {
            (Some(Piece::Text(last)), Piece::Text(more)) => last.push_str(&more),
            (Some(Piece::Thought(last)), Piece::Thought(more)) => last.push_str(&more),
            (_, piece) => merged.push(piece),
        }
    }
    merged
}

/// The law of streams: wherever its bytes are cut, it says the same.
fn uncut(wire: &dyn Wire, text: &str) -> (Result<Reply, Trouble>, Vec<Piece>) {
    let bytes = text.as_bytes();
    let whole = streamed(wire, [bytes]);
    for at in 0..bytes.len() {
        let (one, two) = bytes.split_at(at);
        assert_eq!(streamed(wire, [one, two]), whole, "cut at {at}");
    }
    assert_eq!(streamed(wire, bytes.chunks(1)), whole, "byte by byte");
    whole
}
