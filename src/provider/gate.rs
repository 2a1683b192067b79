//! How many calls are on their way at once: fewer after a service said that it is too much, and slowly more again.

use std::time::Duration;

#[derive(Debug)]
pub struct Gate {
    most: f64,
    now: f64,
    on_their_way: usize,
    /// When it was last made narrower.
    narrowed: Duration,
}

impl Gate {
    pub fn new(most: usize) -> Gate {
        let most = most.max(1) as f64;
        Gate { most, now: most, on_their_way: 0, narrowed: Duration::ZERO }
    }

    pub fn has_room(&self) -> bool {
        self.on_their_way < self.width()
    }

    pub fn width(&self) -> usize {
        self.now as usize
    }

    pub fn enter(&mut self) {
        self.on_their_way += 1;
    }

    pub fn leave(&mut self) {
        self.on_their_way = self.on_their_way.saturating_sub(1);
    }

    /// One was answered: after a whole round of answers there is room for one more.
    pub fn widen(&mut self) {
        self.now = (self.now + 1.0 / self.now).min(self.most);
    }

    /// One that was sent at this moment was too much. Those that were sent before the last narrowing say nothing new.
    pub fn narrow(&mut self, sent: Duration, now: Duration) {
        if sent >= self.narrowed {
            self.now = (self.now / 2.0).max(1.0);
            self.narrowed = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_refusals_halves_it_once_and_answers_widen_it_slowly() {
        let mut gate = Gate::new(8);
        let (sent, later) = (Duration::from_secs(1), Duration::from_secs(2));
        for _ in 0..8 {
            gate.narrow(sent, later);
        }
        assert_eq!(gate.width(), 4);
        for _ in 0..5 {
            gate.widen();
        }
        assert_eq!(gate.width(), 5);
        for _ in 0..100 {
            gate.widen();
        }
        assert_eq!(gate.width(), 8);
        for second in 3..30 {
            gate.narrow(Duration::from_secs(second), Duration::from_secs(second));
        }
        assert_eq!(gate.width(), 1);
    }
}
