//! How models are asked, whoever runs them.

use std::time::Duration;

use crate::config::layers::Values;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Models {
    /// Calls on their way at once, over all providers.
    pub concurrency: usize,
    /// Whether answers are kept and given again.
    pub cache: bool,
    pub cache_ttl: Duration,
    /// Connect to nobody.
    pub offline: bool,
}

impl Models {
    pub(super) fn read(values: Values<'_>) -> Self {
        Models {
            concurrency: values.whole("models.concurrency") as usize,
            cache: values.flag("models.cache"),
            cache_ttl: values.span("models.cache_ttl"),
            offline: values.flag("models.offline"),
        }
    }
}
