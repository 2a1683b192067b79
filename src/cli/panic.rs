//! A panic is a bug in palc. It is reported as one, without secrets, and with the exit code of one.

use std::panic;

use super::ui;
use crate::base::{Error, Kind};

/// Run the program; if it panics, the exit code of a bug comes back.
pub(super) fn caught(program: fn() -> u8) -> u8 {
    panic::set_hook(Box::new(|info| {
        let payload = info.payload();
        let said = payload.downcast_ref::<&str>().copied().map(str::to_owned);
        let said = said.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".into());
        let place = info.location().map(|place| format!("at {}:{}", place.file(), place.line()));
        let error = Error::bug(format!("palc has a bug: {said}")).hint_if(place);
        ui::fatal(&error.hint("please report it with what you did"));
    }));
    panic::catch_unwind(program).unwrap_or(Kind::Bug.exit_code())
}
