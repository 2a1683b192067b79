//! The distributions that tests and intervals are read from: shares below or above a value, and values by share.

/// The normal distribution of mean 0 and spread 1.
pub mod normal {
    use super::super::special::{gamma_shares, solve};

    pub fn below(z: f64) -> f64 {
        above(-z)
    }

    pub fn above(z: f64) -> f64 {
        let (within, outside) = gamma_shares(0.5, z * z / 2.0);
        if z >= 0.0 { outside / 2.0 } else { 0.5 + within / 2.0 }
    }

    /// The value below which this share lies.
    pub fn quantile(share: f64) -> f64 {
        if share < 0.5 { -upper(share) } else { upper(1.0 - share) }
    }

    fn upper(tail: f64) -> f64 {
        if tail <= 0.0 { f64::INFINITY } else { solve(0.0, 40.0, -tail, |z| -above(z)) }
    }
}

/// Student's distribution.
pub mod t {
    use super::super::special::{beta_shares, solve};

    /// The share that lies further from 0 than this, on both sides.
    pub fn outside(t: f64, freedom: f64) -> f64 {
        if t.is_infinite() { 0.0 } else { beta_shares(freedom / 2.0, 0.5, freedom / (freedom + t * t)).0 }
    }

    pub fn below(t: f64, freedom: f64) -> f64 {
        let tail = outside(t, freedom) / 2.0;
        if t < 0.0 { tail } else { 1.0 - tail }
    }

    pub fn quantile(share: f64, freedom: f64) -> f64 {
        if share < 0.5 { -quantile(1.0 - share, freedom) } else { reach(2.0 * share - 1.0, freedom) }
    }

    /// How far around 0 this share lies: 1.96 for 0.95 of many.
    pub fn reach(share: f64, freedom: f64) -> f64 {
        let mut high = 2.0;
        while outside(high, freedom) > 1.0 - share && high < 1e300 {
            high *= 2.0;
        }
        solve(0.0, high, share - 1.0, |t| -outside(t, freedom))
    }
}

/// The beta distribution.
pub mod beta {
    use super::super::special::{beta_shares, solve};

    pub fn below(x: f64, a: f64, b: f64) -> f64 {
        beta_shares(a, b, x).0
    }

    pub fn quantile(share: f64, a: f64, b: f64) -> f64 {
        solve(0.0, 1.0, share, |x| beta_shares(a, b, x).0)
    }
}

/// How many of `n` succeed.
pub mod binomial {
    use super::super::special::{beta_shares, ln_gamma};

    /// The chance of exactly this many.
    pub fn exactly(k: u64, n: u64, p: f64) -> f64 {
        match (k, n) {
            _ if k > n => 0.0,
            _ if p <= 0.0 => f64::from(u8::from(k == 0)),
            _ if p >= 1.0 => f64::from(u8::from(k == n)),
            _ => (ln_choose(n, k) + k as f64 * p.ln() + (n - k) as f64 * (-p).ln_1p()).exp(),
        }
    }

    /// The chance of this many or fewer.
    pub fn at_most(k: u64, n: u64, p: f64) -> f64 {
        if k >= n { 1.0 } else { beta_shares(k as f64 + 1.0, (n - k) as f64, p).1 }
    }

    pub fn ln_choose(n: u64, k: u64) -> f64 {
        if k == 0 || k == n {
            return 0.0;
        }
        ln_gamma(n as f64 + 1.0) - ln_gamma(k as f64 + 1.0) - ln_gamma((n - k) as f64 + 1.0)
    }
}

/// The sum of squares of normal values.
pub mod chi2 {
    use super::super::special::gamma_shares;

    pub fn above(x: f64, freedom: f64) -> f64 {
        gamma_shares(freedom / 2.0, x / 2.0).1
    }
}

#[cfg(test)]
mod tests {
    use super::super::near;
    use super::*;

    #[test]
    fn normal_tails_are_exact_far_out() {
        near(normal::above(0.5), 0.308_537_538_725_986_9);
        near(normal::above(1.96), 0.024_997_895_148_220_435);
        near(normal::below(-1.96), 0.024_997_895_148_220_435);
        near(normal::above(-3.0), 1.0 - 0.001_349_898_031_630_094_6);
        near(normal::above(6.0) / 9.865_876_450_376_98e-10, 1.0);
        near(normal::above(10.0) / 7.619_853_024_160_525e-24, 1.0);
    }

    #[test]
    fn normal_quantiles() {
        near(normal::quantile(0.975), 1.959_963_984_540_054);
        near(normal::quantile(0.995), 2.575_829_303_548_901);
        near(normal::quantile(0.8), 0.841_621_233_572_914_2);
        near(normal::quantile(0.0001), -3.719_016_485_455_680_4);
        near(normal::quantile(0.5), 0.0);
        assert_eq!(normal::quantile(1.0), f64::INFINITY);
    }

    #[test]
    fn student_outside() {
        near(t::outside(1.37081, 19.0), 0.186_411_527_513_153_7);
        near(t::outside(-2.5, 3.0), 0.087_706_647_008_065_55);
        near(t::outside(0.3, 1.0), 0.814_452_841_844_515_3);
        near(t::outside(12.0, 7.0) / 6.358_310_378_185_1e-6, 1.0);
        near(t::outside(2.0, 1000.0), 0.045_770_346_493_251_64);
        near(t::outside(3.0, 2.5), 0.072_576_095_549_031_84);
        near(t::below(-2.5, 3.0), 0.043_853_323_504_032_77);
        assert_eq!((t::outside(0.0, 5.0), t::outside(f64::INFINITY, 5.0)), (1.0, 0.0));
    }

    #[test]
    fn student_quantiles() {
        near(t::quantile(0.975, 19.0), 2.093_024_054_408_309_6);
        near(t::quantile(0.975, 3.0), 3.182_446_305_283_709_5);
        near(t::quantile(0.025, 1.0), -12.706_204_736_174_705);
        near(t::quantile(0.9, 5.0), 1.475_884_048_824_481);
        near(t::reach(0.99, 200.0), 2.600_634_436_191_558);
    }

    #[test]
    fn beta_shares_and_quantiles() {
        near(beta::below(0.3, 0.5, 0.5), 0.369_010_119_565_545_4);
        near(beta::below(0.9, 17.0, 4.0), 0.867_046_676_566_564_9);
        near(beta::below(0.01, 2.0, 300.0), 0.803_836_423_714_856_6);
        near(beta::quantile(0.025, 17.0, 4.0), 0.621_073_173_454_686);
        near(beta::quantile(0.975, 18.0, 3.0), 0.967_929_062_814_536_3);
    }

    #[test]
    fn binomial_chances() {
        near(binomial::exactly(4, 10, 0.3), 0.200_120_949);
        near(binomial::at_most(4, 10, 0.3), 0.849_731_667_4);
        near(binomial::exactly(480, 1000, 0.5), 0.011_340_982_371_187_728);
        near(binomial::at_most(480, 1000, 0.5), 0.108_724_146_602_070_47);
        near(binomial::at_most(0, 100, 0.01), 0.366_032_341_273_229_5);
        near(binomial::at_most(100, 200, 0.9) / 2.701_580_432_141_056e-46, 1.0);
        assert_eq!((binomial::at_most(3, 3, 0.5), binomial::exactly(4, 3, 0.5)), (1.0, 0.0));
        assert_eq!((binomial::exactly(0, 3, 0.0), binomial::exactly(3, 3, 1.0)), (1.0, 1.0));
    }

    #[test]
    fn chi_squared_above() {
        near(chi2::above(3.841459, 1.0), 0.049_999_994_653_195_77);
        near(chi2::above(5.6, 1.0), 0.017_960_477_526_078_766);
        near(chi2::above(10.0, 4.0), 0.040_427_681_994_512_8);
        near(chi2::above(50.0, 3.0) / 7.989_179_244_951_47e-11, 1.0);
        near(chi2::above(0.02, 2.0), 0.990_049_833_749_168);
        assert_eq!(chi2::above(0.0, 3.0), 1.0);
    }
}
