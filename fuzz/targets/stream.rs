//! Any bytes are an answer of any service or a trouble, the same however they are cut.
#![no_main]

use libfuzzer_sys::fuzz_target;
use palc::base::http::Response;
use palc::model::call::Piece;
use palc::model::{Reply, Trouble};
use palc::provider::{Protocol, Wire};

fuzz_target!(|data: &[u8]| {
    let [choice, size, bytes @ ..] = data else { return };
    let protocol = Protocol::ALL[usize::from(*choice) % Protocol::ALL.len()];
    let wire = protocol.wire();
    let (whole, cut) = (streamed(wire, [bytes]), streamed(wire, bytes.chunks(usize::from(*size % 32) + 1)));
    // What is no stream is read as soon as it may be whole, so what stands behind it counts or not by where it is cut.
    let first = bytes.trim_ascii_start().first();
    if protocol == Protocol::Ollama || !matches!(first, Some(b'{' | b'[' | b'<')) {
        assert_eq!(cut, whole);
    }
    for status in [200, 429] {
        let response = Response { status, headers: Vec::new(), body: bytes.to_vec() };
        let _ = (wire.parse(&response), wire.parse_embeddings(&response), wire.parse_models(&response));
    }
});

fn streamed<'a>(wire: &dyn Wire, cuts: impl IntoIterator<Item = &'a [u8]>) -> (Result<Reply, Trouble>, Vec<Piece>) {
    let (mut stream, mut pieces) = (wire.stream(), Vec::new());
    for bytes in cuts {
        if let Err(trouble) = stream.feed(bytes, &mut pieces) {
            return (Err(trouble), pieces);
        }
    }
    (stream.finish(), pieces)
}
