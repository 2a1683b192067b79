//! Two prompts on the same cases. Nothing is run for it.

use crate::base::{Error, Result};
use crate::eval::compare::Pairing;

use super::App;
use super::compare::{self, How, Outcome, known, sides};

#[derive(Debug, Default)]
pub struct Request {
    /// Prompts, as they are now or with a version.
    pub names: [String; 2],
    /// Only these suites.
    pub suites: Vec<String>,
    pub how: How,
}

pub fn ab(app: &App, request: &Request) -> Result<Outcome> {
    let [base, head] = &request.names;
    let (base, head) = (known::meant(app, base)?, known::meant(app, head)?);
    if base.meaning == head.meaning {
        return Err(Error::no(format!("{} and {} say the same to a model", base.typed, head.typed))
            .hint("name two prompts, or two versions of one as `triage@7 triage@8`"));
    }
    let base = sides::of_prompt(app, &base, Pairing::Prompts, &request.suites)?;
    let head = sides::of_prompt(app, &head, Pairing::Prompts, &request.suites)?;
    compare::set_side_by_side(app, base, head, &request.how)
}
