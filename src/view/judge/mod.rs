//! What is found about judges.

pub mod audit;
pub mod calibrate;
