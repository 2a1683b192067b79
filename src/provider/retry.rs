//! When a call is tried again, and after how long.

use std::time::Duration;

use crate::model::Trouble;
use crate::model::call::What;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(8);
/// A service that wants to be left alone for longer than this is not waited for.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Whether the same request may be answered the next time. What was answered and could not be read is not asked again:
/// it was paid for. Neither is what broke off after its beginning was shown.
pub fn makes_sense(trouble: &Trouble, was_shown: bool) -> bool {
    if was_shown {
        return false;
    }
    let passing = match trouble.what {
        What::RateLimited | What::Overloaded | What::Server | What::Timeout | What::Network => true,
        What::Auth
        | What::Permission
        | What::NotFound
        | What::BadRequest
        | What::ContextLength
        | What::Quota
        | What::Decode
        | What::Cut
        | What::TooLarge
        | What::Late
        | What::Refused => return false,
    };
    trouble.retry.unwrap_or(passing) && trouble.retry_after.is_none_or(|wait| wait <= PATIENCE)
}

/// How long to wait before the try after this many: at least as long as the service says, and then by chance up to half a
/// second, one, two, four, eight, so that those who were refused together do not come back together.
pub fn wait(tries: u32, retry_after: Option<Duration>, chance: u64) -> Duration {
    let most = FIRST.saturating_mul(1 << tries.saturating_sub(1).min(10)).min(LONGEST);
    let part = (chance >> 11) as f64 / (1_u64 << 53) as f64;
    retry_after.unwrap_or_default() + most.mul_f64(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_eight_seconds_and_never_ends_too_early() {
        let most: Vec<_> = (1..=7).map(|tries| wait(tries, None, u64::MAX).as_secs_f64().round()).collect();
        assert_eq!(most, [1.0, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0].map(|wait: f64| wait));
        assert_eq!(wait(1, None, 0), Duration::ZERO);
        assert_eq!(wait(3, Some(Duration::from_secs(20)), 0), Duration::from_secs(20));
        assert!(wait(1, Some(Duration::from_secs(1)), u64::MAX) <= Duration::from_millis(1500));
        assert!(wait(u32::MAX, None, u64::MAX) <= LONGEST);
    }

    #[test]
    fn what_was_paid_or_shown_is_not_asked_again() {
        let of = |what| Trouble::new(what, "");
        for what in [What::RateLimited, What::Overloaded, What::Server, What::Timeout, What::Network] {
            assert!(makes_sense(&of(what), false));
            assert!(!makes_sense(&of(what), true));
            assert!(!makes_sense(&Trouble { retry: Some(false), ..of(what) }, false));
        }
        for what in [What::Decode, What::Cut, What::Quota, What::Auth, What::BadRequest, What::TooLarge] {
            assert!(!makes_sense(&of(what), false));
            assert!(!makes_sense(&Trouble { retry: Some(true), ..of(what) }, false));
        }
        let later = Trouble { retry_after: Some(Duration::from_secs(3600)), ..of(What::RateLimited) };
        assert!(!makes_sense(&later, false));
    }
}
