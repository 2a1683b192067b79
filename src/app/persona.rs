//! Personas: who writes, and how prompts for a family of models are laid out.

use crate::base::{Error, Finding, Result};
use crate::format::Dialect;
use crate::format::change::Files;
use crate::format::generation::{self, PERSONAS};
use crate::model::generation::{ANY_FAMILY, FAMILIES, Layout, Source, family_of};
use crate::model::{Name, Persona};

use super::App;
use super::assets::{self, strict, unknown};
use super::write::{Work, Written};

/// The persona from which the gaps of others are filled.
const EVERYBODY: &str = "generic";

/// All personas, and what is wrong with their files.
pub fn list(app: &App) -> Result<(Vec<Persona>, Vec<Finding>)> {
    let mut findings = Vec::new();
    let mut personas = Vec::new();
    for found in assets::all(app, folder(app)?, PERSONAS)? {
        match generation::persona(&found.name, &found.source) {
            Ok((persona, wrong)) => {
                personas.push(persona);
                findings.extend(wrong);
            }
            Err(finding) => findings.push(*finding),
        }
    }
    Ok((personas, findings))
}

/// The persona of a name. Its file must be in order.
pub fn find(app: &App, name: &str) -> Result<(Persona, Vec<Finding>)> {
    let folder = folder(app)?;
    let Some(found) = assets::one(app, folder, PERSONAS, name)? else {
        let known: Vec<String> = assets::all(app, folder, PERSONAS)?.into_iter().map(|found| found.name).collect();
        return Err(unknown("persona", name, &known, folder).hint("`palc persona new NAME` begins one"));
    };
    strict(&found.source.path, generation::persona(&found.name, &found.source))
}

/// A persona with its layouts.
#[derive(Debug)]
pub struct Shown {
    pub persona: Persona,
    /// Of the families that were asked for, or of all.
    pub layouts: Vec<(String, Layout)>,
    pub findings: Vec<Finding>,
}

pub fn show(app: &App, name: &str, target: Option<&str>) -> Result<Shown> {
    let (persona, findings) = find(app, name)?;
    let others = others(app, &persona)?;
    let families = families(&persona, others.as_ref());
    let wanted = match target {
        Some(target) => vec![family(target, &families)?],
        None => families,
    };
    let layout = |family: String| (family.clone(), persona.layout(&family, others.as_ref()));
    let layouts = wanted.into_iter().map(layout).collect();
    Ok(Shown { layouts, persona, findings })
}

/// How a persona lays out prompts for a family, or for the family of a model.
pub fn layout(persona: &Persona, others: Option<&Persona>, target: &str) -> Result<(String, Layout)> {
    let family = family(target, &families(persona, others))?;
    let layout = persona.layout(&family, others);
    Ok((family, layout))
}

/// The persona that fills the gaps of this one.
pub fn others(app: &App, persona: &Persona) -> Result<Option<Persona>> {
    if persona.name == EVERYBODY {
        return Ok(None);
    }
    let found = assets::one(app, folder(app)?, PERSONAS, EVERYBODY)?;
    let read = |found: assets::Found| {
        strict(&found.source.path, generation::persona(&found.name, &found.source)).map(|(persona, _)| persona)
    };
    found.map(read).transpose()
}

fn families(persona: &Persona, others: Option<&Persona>) -> Vec<String> {
    let mut families: Vec<String> = FAMILIES.iter().map(|family| (*family).to_owned()).collect();
    let named = persona.families.keys().chain(others.into_iter().flat_map(|others| others.families.keys()));
    let mut more: Vec<String> = named.filter(|name| !families.contains(*name)).cloned().collect();
    more.sort();
    more.dedup();
    let last = families.pop();
    families.extend(more);
    families.extend(last);
    families
}

fn family(target: &str, known: &[String]) -> Result<String> {
    let is_known = |name: &&str| known.iter().any(|known| known == name);
    let found = Some(target).filter(is_known).or_else(|| family_of(target));
    found.map(str::to_owned).ok_or_else(|| {
        let near = crate::base::near::did_you_mean(target, known.iter().map(String::as_str));
        Error::usage(format!("`{target}` is no family of models, nor a model of one"))
            .hint(near.unwrap_or_else(|| format!("there are {}; `{ANY_FAMILY}` fits every model", known.join(", "))))
    })
}

#[derive(Debug, Default)]
pub struct NewRequest {
    pub name: String,
    pub description: Option<String>,
    /// The persona to start from.
    pub from: Option<String>,
    pub dry_run: bool,
}

#[derive(Debug)]
pub struct Made {
    pub name: String,
    pub path: String,
    pub written: Written,
}

/// Begin a persona: a file with everything that one may say, or a copy of another.
pub fn new(app: &App, request: &NewRequest) -> Result<Made> {
    let mut work = Work::begin(app)?;
    let name = request.name.strip_suffix(".md").unwrap_or(&request.name);
    let wrong = |reason: String| Error::usage(format!("`{}` cannot be a name: {reason}", request.name));
    Name::new(name).map_err(wrong)?;
    if name.contains('/') || name.starts_with('_') {
        return Err(wrong("a persona's name has no `/`, and begins with no `_`".into()));
    }
    let path = format!("{}/{name}.md", folder(app)?);
    if work.workspace().path(&path).symlink_metadata().is_ok() {
        return Err(Error::no(format!("there is a persona `{name}` already, in {path}")).hint("change that file"));
    }
    let text = match &request.from {
        Some(from) => find(app, from)?.0.source.text,
        None => generation::new_persona(name, request.description.as_deref()),
    };
    let mut files = Files { path: path.clone(), dialect: Dialect::Native, text, beside: None };
    if let (Some(_), Some(description)) = (&request.from, &request.description) {
        let description = description.as_str().into();
        files = files.changed(crate::format::change::Change::Set(&["description"], &description))?;
    }
    let source = Source { path: path.clone(), built_in: false, text: files.text.clone() };
    strict(&path, generation::persona(name, &source))?;
    work.add(&files);
    Ok(Made { name: name.to_owned(), path, written: work.finish(request.dry_run)? })
}

fn folder(app: &App) -> Result<&str> {
    Ok(&app.settings()?.files.personas)
}
