//! What is switched off.

use crate::config::feature::{ALL, Feature};
use crate::config::layers::Values;

#[derive(Debug, Clone, Default)]
pub struct Features {
    off: Vec<&'static Feature>,
}

impl Features {
    pub(super) fn read(values: Values<'_>) -> Self {
        Features { off: ALL.iter().filter(|feature| !values.flag(feature.key)).collect() }
    }

    pub fn off(&self) -> &[&'static Feature] {
        &self.off
    }
}
