//! Any bytes are an answer of any service or a trouble, the same however they are cut.
#![no_main]

use libfuzzer_sys::fuzz_target;
use palc::base::http::Response;
use palc::model::call::Piece;
use palc::model::{Reply, Trouble};
use palc::provider::{Protocol, Wire};

fuzz_target!(|data: &[u8]| {
    let [choice, size, bytes @ ..] = data else { return };
    let wire = Protocol::ALL[usize::from(*choice) % Protocol::ALL.len()].wire();
    let whole = streamed(wire, [bytes]);
    assert_eq!(streamed(wire, bytes.chunks(usize::from(*size % 32) + 1)), whole);
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
    (stream.finish(&mut pieces), pieces)
}
