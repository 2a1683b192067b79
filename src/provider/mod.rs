//! Services that run models. Everything here is a pure function or a step machine: what is to be sent for a call, what an
//! answer means, when to try again. `app::models` sends.

pub mod presets;
pub mod protocol;
pub mod service;

pub use protocol::{Built, Embeddings, Protocol, Stream, Wire};
pub use service::Service;
