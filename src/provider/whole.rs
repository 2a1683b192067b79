//! A service that was asked for a stream may answer in one piece all the same, or with a page for people.

use crate::base::http::Response;
use crate::model::call::{Piece, What};
use crate::model::{Reply, Trouble, Value};

use super::failure;
use super::protocol::Wire;
use super::sse::Sse;

/// The answer, if what came is no stream; none if it is one. It is read once all of it is there, since before that nobody
/// knows where it ends.
pub fn answer(sse: &Sse, wire: &dyn Wire, pieces: &mut Vec<Piece>) -> Option<Result<Reply, Trouble>> {
    let body = sse.plain()?;
    if serde_json::from_slice::<Value>(body).is_err() {
        let shown = failure::excerpt(body);
        let message = format!("the answer is neither a stream nor JSON: {shown}");
        return Some(Err(Trouble::new(What::Decode, message)));
    }
    let reply = wire.parse(&Response { status: 200, headers: Vec::new(), body: body.to_vec() });
    pieces.extend(reply.iter().flat_map(all_pieces));
    Some(reply)
}

/// What people would have seen of it on its way.
fn all_pieces(reply: &Reply) -> Vec<Piece> {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let said = [
        some(&reply.thoughts).map(Piece::Thought),
        some(&reply.text).map(Piece::Text),
        reply.refusal.clone().map(Piece::Refusal),
    ];
    let calls = reply.tool_calls.iter().map(|call| Piece::ToolCall { name: call.name.clone() });
    said.into_iter().flatten().chain(calls).collect()
}
