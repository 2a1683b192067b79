//! Statistics over values: intervals, tests and what they need. Every formula has reference values as its tests.

pub mod agreement;
pub mod clusters;
pub mod dice;
pub mod distributions;
pub mod flips;
pub mod gate;
pub mod intervals;
pub mod many;
pub mod paired;
pub mod power;
pub mod ranking;
pub mod repeats;
pub mod resample;
pub mod sequential;
mod special;
pub mod variance;

pub use dice::Dice;
pub use flips::Flips;
pub use intervals::{Interval, Mean};

/// As exact as everything here is meant to be.
#[cfg(test)]
#[track_caller]
fn near(value: f64, reference: f64) {
    let wrong = (value - reference).abs() / reference.abs().max(1.0);
    assert!(wrong < 1e-10, "{value} is not {reference}");
}

/// As exact as the reference value is written.
#[cfg(test)]
#[track_caller]
fn close(value: f64, reference: f64) {
    assert!((value - reference).abs() < 0.6e-6, "{value} is not {reference}");
}
