//! When another service is asked in place of the one that did not answer.

use crate::model::Trouble;
use crate::model::call::What;

/// Whether the next service may have more luck. A wrong key, a model that does not exist and a request that makes no sense
/// are mistakes to be put right: another service's answer would hide them. What was answered and could not be read was
/// paid for.
pub fn makes_sense(trouble: &Trouble, was_shown: bool) -> bool {
    let passing = match trouble.what {
        What::RateLimited | What::Quota | What::Overloaded | What::Server | What::Timeout | What::Network => true,
        What::Auth
        | What::Permission
        | What::NotFound
        | What::BadRequest
        | What::ContextLength
        | What::Decode
        | What::Cut
        | What::TooLarge
        | What::Late
        | What::Refused => false,
    };
    passing && !was_shown
}

/// Whether a service that answered this once will answer it to everything else in this run.
pub fn ends_the_service(trouble: &Trouble) -> bool {
    matches!(trouble.what, What::Quota | What::Auth)
}
