//! Services that run models. Everything here is a pure function or a step machine: what is to be sent for a call, what an
//! answer means, when to try again. `app::models` sends.

pub mod capability;
pub mod failure;
pub mod media;
pub mod openai;
pub mod params;
pub mod presets;
pub mod protocol;
pub mod service;
pub mod sse;
pub mod wait;

pub use capability::Capability;
pub use protocol::{Built, Embeddings, Listed, Protocol, Stream, Wire};
pub use service::Service;
