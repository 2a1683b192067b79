//! Services that run models. Everything here is a pure function or a step machine: what is to be sent for a call, what an
//! answer means, when to try again. `app::models` sends.

pub mod anthropic;
pub mod cache;
pub mod capability;
pub mod cassette;
mod draft;
pub mod failover;
pub mod failure;
pub mod gate;
pub mod google;
#[cfg(test)]
pub mod laws;
pub mod limit;
pub mod lines;
pub mod media;
pub mod ollama;
pub mod openai;
pub mod params;
pub mod presets;
pub mod price;
pub mod protocol;
pub mod retry;
pub mod service;
pub mod sse;
pub mod stack;
pub mod table;
pub mod wait;
mod whole;

pub use capability::Capability;
pub use protocol::{Built, Embeddings, Listed, Protocol, Stream, Wire};
pub use service::Service;
