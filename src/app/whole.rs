//! Many prompts read whole, for commands that compare their texts.

use rayon::prelude::*;

use crate::base::{Error, Finding, Result};
use crate::format::card::Card;
use crate::repo::listing::{self, Found, FoundFile};
use crate::repo::source::Reader;
use crate::repo::{PromptFile, Source};

use super::App;
use super::filter::Globs;
use super::list::{Listed, Outcome, Request};
use super::load::{Loaded, understand};

/// What was made of a prompt, and what is broken about it.
type Read<T> = (T, Vec<Finding>);

/// What the caller makes of each prompt that is wanted, in the order of their paths. They are read in parallel, and
/// never all there at once. A front matter that is no YAML is told and does not keep its body from being read.
pub fn read_as<T: Send>(app: &App, request: &Request, make: impl Fn(Loaded) -> T + Sync) -> Result<Outcome<T>> {
    let source = Source::at(app.workspace()?, request.revision.as_deref())?;
    let globs = Globs::new(&request.names)?;
    let layout = source.workspace().layout();
    let Found { files, skipped } = listing::found(&source)?;
    let one = |reader: &mut Reader<'_>, file: FoundFile| -> Result<Option<Read<T>>> {
        let Some(name) = layout.name_of_prompt(&file.path).filter(|name| globs.matches(name)) else { return Ok(None) };
        let Some(bytes) = reader.found(&file)? else { return Ok(None) };
        let loaded = understand(&source, PromptFile { name, path: file.path }, &bytes)?;
        if !holds(&loaded, request) {
            return Ok(None);
        }
        let broken = loaded.findings.iter().filter(|finding| finding.rule == "yaml").cloned().collect();
        Ok(Some((make(loaded), broken)))
    };
    let read: Vec<_> = files.into_par_iter().map_init(|| source.reader(), one).collect();
    let mut outcome = Outcome { prompts: Vec::with_capacity(read.len()), findings: Vec::new() };
    for read in read {
        match read {
            Ok(Some((prompt, broken))) => {
                outcome.prompts.push(prompt);
                outcome.findings.extend(broken);
            }
            Ok(None) => {}
            Err(error) => outcome.findings.extend(places(error)?),
        }
    }
    outcome.findings.extend(skipped);
    if outcome.prompts.is_empty() && outcome.findings.is_empty() {
        globs.explain_nothing()?;
    }
    Ok(outcome)
}

/// A file that is no text is told like any other finding; a disk that cannot be read is not.
fn places(error: Error) -> Result<Vec<Finding>> {
    if error.places().is_empty() { Err(error) } else { Ok(error.places().to_vec()) }
}

fn holds(loaded: &Loaded, request: &Request) -> bool {
    if request.conditions.is_empty() {
        return true;
    }
    let (file, card, front) = (loaded.file.clone(), Card::from_prompt(&loaded.prompt), loaded.prompt.front.clone());
    let listed = Listed { file, card, front };
    request.conditions.iter().all(|condition| condition.holds(&listed))
}
