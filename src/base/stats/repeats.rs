//! Several answers to the same case: how often at least one is right, and how often all are.

/// The chance that at least one of `k` answers passes, where `passed` of `n` did. None if fewer than `k` were asked for:
/// what was not tried is not guessed.
pub fn pass_at(k: u64, passed: u64, n: u64) -> Option<f64> {
    Some(1.0 - all_of(k, n.checked_sub(passed)?, n)?)
}

/// The chance that all of `k` answers pass.
pub fn pass_all(k: u64, passed: u64, n: u64) -> Option<f64> {
    all_of(k, passed, n)
}

/// C(part, k) / C(n, k), multiplied up so that nothing overflows.
fn all_of(k: u64, part: u64, n: u64) -> Option<f64> {
    if k > n || part > n {
        return None;
    }
    Some((0..k).map(|at| part.saturating_sub(at) as f64 / (n - at) as f64).product())
}

/// Whether answers to one case do not agree.
pub fn is_flaky(passed: u64, n: u64) -> bool {
    0 < passed && passed < n
}

#[cfg(test)]
mod tests {
    use super::super::{close, near};
    use super::*;

    #[test]
    fn any_and_all_of_k() {
        let both = |n, passed, k| (pass_at(k, passed, n).unwrap(), pass_all(k, passed, n).unwrap());
        let (any, all) = both(10, 3, 5);
        close(any, 0.916667);
        near(all, 0.0);
        let (any, all) = both(10, 8, 4);
        near(any, 1.0);
        close(all, 0.333333);
        let (any, all) = both(4, 1, 2);
        near(any, 0.5);
        near(all, 0.0);
    }

    #[test]
    fn what_was_not_tried_is_not_guessed() {
        assert_eq!((pass_at(3, 1, 2), pass_all(3, 1, 2), pass_at(1, 3, 2)), (None, None, None));
        assert_eq!((pass_at(0, 1, 2), pass_all(2, 2, 2)), (Some(0.0), Some(1.0)));
        assert_eq!([is_flaky(0, 3), is_flaky(1, 3), is_flaky(3, 3)], [false, true, false]);
    }
}
