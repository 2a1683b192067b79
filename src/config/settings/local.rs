//! The terminal and the log: matters of the user's machine.

use crate::config::choice::{Color, Level};
use crate::config::layers::Values;

#[derive(Debug, Clone)]
pub struct Ui {
    pub color: Color,
    pub editor: Option<String>,
}

impl Ui {
    pub(super) fn read(values: Values<'_>) -> Self {
        Ui { color: values.choice("ui.color", Color::from_word), editor: values.maybe_text("ui.editor") }
    }
}

#[derive(Debug, Clone)]
pub struct Log {
    pub level: Level,
    pub keep_days: u32,
}

impl Log {
    pub(super) fn read(values: Values<'_>) -> Self {
        Log { level: values.choice("log.level", Level::from_word), keep_days: values.whole("log.keep_days") as u32 }
    }
}
