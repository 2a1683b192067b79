//! What checks need of their surroundings.

use std::sync::Arc;

use crate::app::App;
use crate::app::models::locate;
use crate::base::{Error, Result};
use crate::eval::{Around, Directions};
use crate::model::Value;
use crate::model::suite::Suite;
use crate::search::meaning::{Builtin, Embedder, Vector};

use super::suites;

/// The surroundings of one prompt in one suite.
pub struct Lent<'a> {
    pub app: &'a App,
    pub suite: &'a Suite,
    pub output_schema: Option<Value>,
    /// Who is asked: `service/model` each.
    pub models: Vec<String>,
}

impl Around for Lent<'_> {
    fn file(&self, path: &str) -> Result<String> {
        let path = suites::beside(&self.suite.path, path)?;
        let bytes = suites::read(self.app, &path)?;
        String::from_utf8(bytes).map_err(|_| Error::invalid(format!("{path} is not UTF-8")))
    }

    fn output_schema(&self) -> Option<Value> {
        self.output_schema.clone()
    }

    fn judge(&self, named: Option<&str>) -> Result<(String, String)> {
        let settings = self.app.settings()?;
        let of_suite = self.suite.judge.as_ref().map(|said| said.it.as_str());
        let model = named.or(of_suite).or(settings.eval.judge.as_deref()).ok_or_else(|| {
            Error::invalid("nobody says which model judges")
                .hint("name it in the check, as `judge` of the suite, or as `eval.judge` in palc.toml")
        })?;
        let (service, model) = locate(self.app, model)?;
        Ok((service.name, model))
    }

    fn tested(&self) -> Vec<String> {
        self.models.clone()
    }

    fn meaning(&self) -> Result<Directions> {
        let unit = |vector: Vector| vector.values.iter().map(|&value| f32::from(value) * vector.inverse_norm).collect();
        let builtin = Builtin::new();
        Ok(Arc::new(move |texts| Ok(builtin.embed(texts)?.into_iter().map(unit).collect())))
    }
}
