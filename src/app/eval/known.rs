//! Answers that cost nothing: those that were paid for before, those in results that came with the repository, and echoes.

use super::stage::Stage;
use super::store::{Kept, Store};
use crate::app::App;
use crate::app::models;
use crate::base::{Result, disk};
use crate::format::results::LINES;
use crate::model::Call;
use crate::model::engine::Answered;
use crate::model::suite::{Check, Suite};
use crate::provider::price;

pub struct Known {
    kept: Option<Kept>,
}

impl Known {
    pub fn of(app: &App, suite: &Suite) -> Result<Known> {
        // How long an answer took is not kept, and such a suite wants to know.
        let mut checks = suite.checks.iter().chain(suite.cases.iter().flat_map(|case| &case.checks));
        if checks.any(asks_for_time) {
            return Ok(Known { kept: None });
        }
        let folder = format!("{}/{}", app.settings()?.eval.results, suite.name);
        let path = disk::resolve_beneath(app.workspace()?.root(), std::path::Path::new(&folder))?;
        Ok(Known { kept: Kept::open(&path.join(LINES)) })
    }

    pub fn has(&self, store: &Store, key: &str, call: &Call) -> bool {
        models::is_built_in(&call.service) || store.has(key) || self.kept.as_ref().is_some_and(|kept| kept.has(key))
    }

    pub fn find(&self, store: &Store, key: &str, call: &Call, stage: &Stage<'_>) -> Option<Answered> {
        if call.service == models::ECHO {
            return Some(models::echoed(call));
        }
        store.find(key).or_else(|| Some(priced(self.kept.as_ref()?.find(key)?, call, stage)))
    }
}

fn asks_for_time(check: &Check) -> bool {
    check.kind == "latency" || check.config.to_string().contains("\"latency\"")
}

/// What an answer of which only the tokens are known must have cost.
fn priced(answered: Answered, call: &Call, stage: &Stage<'_>) -> Answered {
    let settings = stage.app.settings().ok();
    let cost = settings.zip(stage.service(call)).zip(answered.reply.usage.as_ref());
    let cost = cost.and_then(|((settings, service), usage)| {
        let tier = call.params.get("service_tier").and_then(|tier| tier.as_str());
        price::cost(service, &call.model, tier, usage, &settings.prices)
    });
    Answered { cost, ..answered }
}
