//! Time and chance: the only reader of both.

use std::sync::Mutex;
use std::time::Duration;

use jiff::Timestamp;

use super::env::{self, Env};
use super::error::{Error, Result};
use super::hash::sha256;

/// Tells the time and makes ids. With `PALC_NOW` and `PALC_SEED` set, it tells the same ones on every run.
#[derive(Debug)]
pub struct Clock {
    fixed: Option<Timestamp>,
    state: Mutex<u64>,
}

impl Clock {
    pub fn new(env: &Env) -> Result<Self> {
        let fixed = env.get(env::NOW).map(parse_now).transpose()?;
        let seed = match env.get(env::SEED) {
            Some(text) => text.parse().map_err(|_| Error::usage(format!("PALC_SEED is not a number: {text}")))?,
            None => random_seed()?,
        };
        Ok(Clock { fixed, state: Mutex::new(seed) })
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    pub fn now(&self) -> Timestamp {
        self.fixed.unwrap_or_else(Timestamp::now)
    }

    /// Whether the time stands still, for runs that can be repeated.
    pub fn is_fixed(&self) -> bool {
        self.fixed.is_some()
    }

    /// A clock of the same time with chances of its own, for work that goes on beside this.
    pub fn fork(&self) -> Clock {
        Clock { fixed: self.fixed, state: Mutex::new(self.random()) }
    }

    /// Let time pass. Only for those who wait for people; nothing that can be waited for otherwise is waited for so.
    pub fn pause(&self, time: Duration) {
        std::thread::sleep(time);
    }

    /// The next random number (SplitMix64).
    pub fn random(&self) -> u64 {
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A fresh prompt id: eight letters and digits that cannot be mistaken for each other, a letter first so that it
    /// never reads as a number.
    pub fn id(&self) -> String {
        id_of_bits(self.random())
    }
}

/// An id of the same form that hangs on a text alone: whoever makes the same thing again gives it the same id.
pub fn id_of(text: &str) -> String {
    let hash = sha256(text.as_bytes());
    id_of_bits(u64::from_str_radix(&hash[..16], 16).expect("a hash is written in hex"))
}

fn id_of_bits(mut bits: u64) -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstvwxyz";
    const ALL: &[u8] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut id = String::new();
    for place in 0..8 {
        let set = if place == 0 { LETTERS } else { ALL };
        id.push(char::from(set[(bits % set.len() as u64) as usize]));
        bits /= set.len() as u64;
    }
    id
}

fn parse_now(text: &str) -> Result<Timestamp> {
    text.parse().map_err(|error| {
        Error::usage(format!("PALC_NOW is not a time: {text}")).because(error).hint("write it as 2026-01-31T12:00:00Z")
    })
}

fn random_seed() -> Result<u64> {
    getrandom::u64().map_err(|error| Error::storage("the system gives no random numbers").because(error))
}
