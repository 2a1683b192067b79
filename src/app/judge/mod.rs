//! Judges looked at themselves: whether they are fair, and how they compare with people.

pub mod audit;
pub mod calibrate;
