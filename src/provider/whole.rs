//! A service that was asked for a stream may answer in one piece all the same.

use crate::base::http::Response;
use crate::model::call::{Piece, What};
use crate::model::{Reply, Trouble, Value};

use super::failure;
use super::protocol::Wire;
use super::sse::Sse;

/// What came instead of a stream.
#[derive(Debug, Default)]
pub struct Whole(Option<Reply>);

impl Whole {
    /// Look whether all of it is there.
    pub fn feed(&mut self, sse: &Sse, wire: &dyn Wire, pieces: &mut Vec<Piece>) -> Result<(), Trouble> {
        let Some(body) = sse.plain().filter(|body| self.0.is_none() && may_be_whole(body)) else { return Ok(()) };
        if serde_json::from_slice::<Value>(body).is_ok() {
            let reply = wire.parse(&Response { status: 200, headers: Vec::new(), body: body.to_vec() })?;
            pieces.extend(all_pieces(&reply));
            self.0 = Some(reply);
        }
        Ok(())
    }

    /// None if it is a stream.
    pub fn finish(&mut self, sse: &Sse) -> Option<Result<Reply, Trouble>> {
        let shown = failure::excerpt(sse.plain()?);
        let no_stream = || Trouble::new(What::Decode, format!("the answer is neither a stream nor JSON: {shown}"));
        Some(self.0.take().ok_or_else(no_stream))
    }
}

fn may_be_whole(body: &[u8]) -> bool {
    matches!(body.trim_ascii_end().last(), Some(b'}' | b']'))
}

/// What people would have seen of it on its way.
fn all_pieces(reply: &Reply) -> Vec<Piece> {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let calls = reply.tool_calls.iter().map(|call| Piece::ToolCall { name: call.name.clone() });
    let said = [some(&reply.thoughts).map(Piece::Thought), some(&reply.text).map(Piece::Text)];
    said.into_iter().flatten().chain(calls).collect()
}
