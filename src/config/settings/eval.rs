//! How suites are run where nobody says otherwise.

use crate::config::layers::Values;

#[derive(Debug, Clone)]
pub struct Eval {
    /// The folder of suites, and the one of results that are kept.
    pub folder: String,
    pub results: String,
    /// The model that judges.
    pub judge: Option<String>,
}

impl Eval {
    pub(super) fn read(values: Values<'_>) -> Self {
        Eval {
            folder: values.text("eval.folder"),
            results: values.text("eval.results"),
            judge: values.maybe_text("eval.judge"),
        }
    }
}
