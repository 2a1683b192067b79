//! Chances that are the same for the same seed, on every machine.

/// SplitMix64.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to 1.
    pub fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// One of `0..n`. Larger products of the bits are the fairer way to cut a range than a remainder.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }

    pub fn happens(&mut self, chance: f64) -> bool {
        self.share() < chance
    }

    /// From the normal distribution of mean 0 and spread 1 (Box and Muller).
    pub fn normal(&mut self) -> f64 {
        let (length, turn) = (1.0 - self.share(), self.share());
        (-2.0 * length.ln()).sqrt() * (std::f64::consts::TAU * turn).cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_chances() {
        let rolls = |seed| {
            (0..5)
                .map({
                    let mut dice = Dice::new(seed);
                    move |_| dice.below(100)
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(rolls(1), rolls(1));
        assert_ne!(rolls(1), rolls(2));
    }

    #[test]
    fn chances_are_fair() {
        let mut dice = Dice::new(7);
        let n = 20_000;
        let shares: Vec<f64> = (0..n).map(|_| dice.share()).collect();
        assert!((shares.iter().sum::<f64>() / f64::from(n) - 0.5).abs() < 0.01);
        let normals: Vec<f64> = (0..n).map(|_| dice.normal()).collect();
        assert!((normals.iter().map(|z| z * z).sum::<f64>() / f64::from(n) - 1.0).abs() < 0.03);
        assert!((0..n).all(|_| dice.below(3) < 3));
    }
}
