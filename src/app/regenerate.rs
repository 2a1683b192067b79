//! Make the calls of a session again.

use crate::base::Result;
use crate::repo::Source;

use super::App;
use super::generate::{self, Manner, Outcome, Tell};
use super::session;

/// By a session, or by a prompt that came of one. The request is the same to the last byte; what is made is a session of
/// its own, and the first one stays.
pub fn regenerate(app: &App, typed: &str, manner: &Manner, tell: Tell<'_>) -> Result<Outcome> {
    let source = Source::at(app.workspace()?, None)?;
    let (session, _) = session::find(app, &source, typed)?;
    generate::again(app, &session, manner, tell)
}
