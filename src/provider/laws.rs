//! What holds for every language: a stream says the same however its bytes are cut, and no bytes break its reader.

use proptest::prelude::*;
use serde_json::json;

use crate::model::call::{Message, Piece, Role, Stop};
use crate::model::{Call, Reply, Trouble, Value};

use super::protocol::{Protocol, Wire};
use super::service::Service;
use super::{anthropic, google, ollama, presets};

/// A known service as it is before any setting.
pub fn service(name: &str) -> Service {
    presets::service(name).expect("it is known")
}

/// A call with these messages and parameters.
pub fn call(model: &str, messages: Vec<Message>, params: &Value) -> Call {
    let (service, model) = model.split_once('/').expect("a service and a model");
    let params = params.as_object().cloned().unwrap_or_default();
    Call { service: service.into(), model: model.into(), messages, params, ..Call::default() }
}

/// A call that asks one thing.
pub fn question(model: &str, params: &Value) -> Call {
    call(model, vec![Message::new(Role::User, "Hi")], params)
}

/// What a stream gives, and what was shown on its way.
pub fn streamed<'a>(wire: &dyn Wire, cuts: impl IntoIterator<Item = &'a [u8]>) -> (Result<Reply, Trouble>, Vec<Piece>) {
    let (mut stream, mut pieces) = (wire.stream(), Vec::new());
    for bytes in cuts {
        if let Err(trouble) = stream.feed(bytes, &mut pieces) {
            return (Err(trouble), pieces);
        }
    }
    (stream.finish(&mut pieces), pieces)
}

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../fixtures/streams/", $name, ".txt"))
    };
}

/// The same answer in every language: a thought where it is shown, a greeting, and a call of a function.
const STREAMS: &[(Protocol, &str)] = &[
    (Protocol::Anthropic, fixture!("anthropic")),
    (Protocol::Google, fixture!("google")),
    (Protocol::Ollama, fixture!("ollama")),
    (Protocol::OpenAi, fixture!("openai")),
    (Protocol::OpenRouter, fixture!("openai")),
    (Protocol::Responses, fixture!("responses")),
];

fn recorded() -> impl Iterator<Item = (Protocol, &'static str)> {
    let of = |protocol, streams: &'static [&'static str]| streams.iter().map(move |stream| (protocol, *stream));
    of(Protocol::Anthropic, anthropic::tests::STREAMS)
        .chain(of(Protocol::Google, google::tests::STREAMS))
        .chain(of(Protocol::Ollama, ollama::tests::STREAMS))
        .chain(STREAMS.iter().copied())
}

#[test]
fn every_language_says_the_same() {
    for (protocol, stream) in STREAMS {
        let reply = streamed(protocol.wire(), [stream.as_bytes()]).0.expect("an answer");
        assert_eq!((reply.text.as_str(), reply.stop), ("Grüß dich 👋", Stop::ToolCalls), "{protocol:?}");
        let call = &reply.tool_calls[0];
        let arguments: Value = serde_json::from_str(&call.arguments).expect("JSON");
        assert_eq!((call.name.as_str(), arguments), ("search", json!({"q": "cats"})), "{protocol:?}");
        let usage = reply.usage.expect("it was counted");
        assert!(usage.input.is_some() && usage.output > Some(30), "{protocol:?}: {usage:?}");
    }
}

#[test]
fn no_cut_changes_an_answer() {
    for (protocol, stream) in recorded() {
        let (wire, bytes) = (protocol.wire(), stream.as_bytes());
        let whole = streamed(wire, [bytes]);
        for at in 0..=bytes.len() {
            let (before, after) = bytes.split_at(at);
            assert_eq!(streamed(wire, [before, after]), whole, "{protocol:?} cut at {at}: {stream}");
        }
        assert_eq!(streamed(wire, bytes.chunks(1)), whole, "{protocol:?} byte by byte: {stream}");
    }
}

/// A recorded stream with some bytes of it changed, or any bytes.
fn damaged() -> impl Strategy<Value = (Protocol, Vec<u8>)> {
    let recorded: Vec<_> = recorded().collect();
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 0..6);
    let changed = (prop::sample::select(recorded), changes).prop_map(|((protocol, stream), changes)| {
        let mut bytes = stream.as_bytes().to_vec();
        for (at, byte, how) in changes.into_iter().filter(|_| !stream.is_empty()) {
            let at = at.index(stream.len());
            match how {
                0 => bytes.truncate(at),
                1 => bytes.insert(at.min(bytes.len()), byte),
                _ => bytes.iter_mut().skip(at).take(1).for_each(|old| *old = byte),
            }
        }
        (protocol, bytes)
    });
    let random = (prop::sample::select(Protocol::ALL), prop::collection::vec(any::<u8>(), 0..200));
    prop_oneof![3 => changed, 1 => random]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_bytes_break_a_reader((protocol, bytes) in damaged(), size in 1_usize..40) {
        let whole = streamed(protocol.wire(), [&bytes[..]]);
        prop_assert_eq!(streamed(protocol.wire(), bytes.chunks(size)), whole);
    }
}
