//! Services that run models. Everything here is a pure function or a step machine: what is to be sent for a call, what an
//! answer means, when to try again. `app::models` sends.

pub mod cache;
pub mod cassette;
pub mod failover;
pub mod gate;
pub mod limit;
pub mod protocol;
pub mod retry;
pub mod service;
pub mod stack;

pub use protocol::{Built, Embeddings, Protocol, Stream, Wire};
pub use service::Service;
