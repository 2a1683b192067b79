//! How suites are run where nobody says otherwise.

use crate::base::Severity;
use crate::config::layers::Values;

#[derive(Debug, Clone)]
pub struct Eval {
    /// The folder of suites, and the one of results that are kept.
    pub folder: String,
    pub results: String,
    /// The model that judges.
    pub judge: Option<String>,
    /// Whether a change is held against the results that were kept.
    pub evidence: Evidence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    Off,
    /// Where results were kept: as a warning.
    Kept,
    /// For every suite, so serious.
    Asked(Severity),
}

impl Eval {
    pub(super) fn read(values: Values<'_>) -> Self {
        Eval {
            folder: values.text("eval.folder"),
            results: values.text("eval.results"),
            judge: values.maybe_text("eval.judge"),
            evidence: match values.text("eval.evidence").as_str() {
                "off" => Evidence::Off,
                word => super::checks::severity_of(word).map_or(Evidence::Kept, Evidence::Asked),
            },
        }
    }
}
