//! How prompts become messages.

use crate::config::choice::{Engine, FirstRole, OnMissing, Undefined};
use crate::config::layers::Values;

#[derive(Debug, Clone)]
pub struct Render {
    pub on_missing: OnMissing,
    pub undefined: Undefined,
    /// For native prompts that name none.
    pub engine: Engine,
    pub first_role: FirstRole,
    pub trim_blocks: bool,
    pub lstrip_blocks: bool,
    pub fuel: u64,
    pub recursion: usize,
    pub include_depth: usize,
    pub output_bytes: u64,
}

impl Render {
    pub(super) fn read(values: Values<'_>) -> Self {
        Render {
            on_missing: values.choice("render.on_missing", OnMissing::from_word),
            undefined: values.choice("render.undefined", Undefined::from_word),
            engine: values.choice("render.engine", Engine::from_word),
            first_role: values.choice("render.first_role", FirstRole::from_word),
            trim_blocks: values.flag("render.trim_blocks"),
            lstrip_blocks: values.flag("render.lstrip_blocks"),
            fuel: values.whole("render.fuel"),
            recursion: values.whole("render.recursion") as usize,
            include_depth: values.whole("render.include_depth") as usize,
            output_bytes: values.whole("render.output_bytes"),
        }
    }
}
