//! The files of generation beside the prompts: phases, personas, and the forms of judges and writers. A command that
//! uses one refuses it where it is not in order; here it is told before.

use crate::app::{App, judging, persona, phase};
use crate::base::{Error, Finding, Place, Result};
use crate::check::{self, Filter, registry};
use crate::model::Prompt;
use crate::model::generation::Source;
use crate::render::form::problem;

const RULE: &str = "wrong-form";

/// What is wrong with those that the repository has.
pub fn findings(app: &App, filter: &Filter) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    match phase::list(app) {
        Ok((phases, findings)) => {
            found.extend(findings);
            found.extend(phases.iter().filter_map(|phase| template(&phase.source, &phase.prompt)));
        }
        Err(error) => found.extend(told(&error, &app.settings()?.files.phases)),
    }
    match persona::list(app) {
        Ok((personas, findings)) => {
            found.extend(findings);
            found.extend(personas.iter().filter_map(|persona| template(&persona.source, &persona.prompt)));
        }
        Err(error) => found.extend(told(&error, &app.settings()?.files.personas)),
    }
    let forms =
        [judging::sheet(app).map(|sheet| sheet.problem()), judging::writers_form(app).map(|form| form.problem())];
    for form in forms {
        match form {
            Ok(problem) => found.extend(problem),
            Err(error) => found.extend(told(&error, &app.settings()?.files.forms)),
        }
    }
    let settings = app.settings()?;
    Ok(found.into_iter().filter_map(|finding| check::weigh(finding, settings, filter)).collect())
}

fn template(source: &Source, prompt: &Prompt) -> Option<Finding> {
    if source.built_in { None } else { problem(&source.path, &source.text, prompt) }
}

/// An error as findings. Those of rules that nobody can name or switch off are of the rule for such files.
fn told(error: &Error, folder: &str) -> Vec<Finding> {
    let ours = |finding: &Finding| match registry::find(&finding.rule) {
        Some(_) => finding.clone(),
        None => Finding { rule: RULE.into(), ..finding.clone() },
    };
    match error.places() {
        [] => vec![Finding::error(RULE, Place::file(folder), error.message()).hint_if(error.hints().first().cloned())],
        places => places.iter().map(ours).collect(),
    }
}
