//! Exact requests, answers as the service gives them, and its streams.

mod answers;
mod requests;
mod streams;

pub use streams::STREAMS;
