//! Whether something may be used here. Commands ask, and so does every other front end: nobody else decides.

use super::App;
use crate::base::{Error, Finding, Result};
use crate::config::feature::{self, Feature};
use crate::config::{Key, Layer};

impl App {
    /// An error if the feature that a verb belongs to is switched off, with the setting and where it stands.
    pub fn permit(&self, verb: &str) -> Result<()> {
        let Some(feature) = feature::of(verb) else { return Ok(()) };
        match self.switched_off().contains(&feature) {
            true => Err(self.refusal(verb, feature)),
            false => Ok(()),
        }
    }

    /// What is switched off here. Where the settings cannot be read, whatever needs them says so itself.
    pub fn switched_off(&self) -> Vec<&'static Feature> {
        self.config().map(|config| config.settings.features.off().to_vec()).unwrap_or_default()
    }

    fn refusal(&self, verb: &str, feature: &Feature) -> Error {
        let entry = self.config().ok().and_then(|config| config.entry(&Key::new(feature.key.split('.'))));
        let Some(origin) = entry.map(|entry| &entry.origin) else { return Error::bug("a feature without a setting") };
        let error = Error::invalid(format!("`{verb}` is switched off by {} in {origin}", feature.key));
        let hint = match origin.layer {
            Layer::Repository => "whoever answers for this repository can say why",
            Layer::System => "whoever looks after this machine can say why",
            _ => "you have said so yourself",
        };
        let place = origin
            .place
            .is_exact()
            .then(|| Finding::error("feature-off", origin.place.clone(), format!("{} is off", feature.key)));
        error.with_findings(place.into_iter().collect()).hint(hint)
    }
}
