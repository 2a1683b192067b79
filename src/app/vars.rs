//! The variables of a prompt: what it declares, what it uses, and where the two differ.

use std::sync::Arc;

use crate::base::{Error, Finding, Place, Result};
use crate::model::Value;
use crate::render::analyse::{self, Closure};
use crate::render::include::Library;
use crate::render::inputs;
use crate::repo::Source;

use super::App;
use super::files::Files;
use super::load::{Loaded, load};
use super::render::{body, options, settle};

#[derive(Debug)]
pub struct Request {
    pub what: String,
}

#[derive(Debug)]
pub struct Outcome {
    pub loaded: Loaded,
    pub variables: Vec<Variable>,
    /// Whether an include with a computed name may use more.
    pub open: bool,
    pub findings: Vec<Finding>,
}

#[derive(Debug, Clone)]
pub struct Variable {
    pub name: String,
    pub declared: bool,
    pub required: bool,
    /// JSON Schema of its values, if it says anything.
    pub schema: Option<Value>,
    pub default: Option<Value>,
    pub uses: Vec<Use>,
}

#[derive(Debug, Clone)]
pub struct Use {
    /// With the attributes that are read from it.
    pub path: String,
    pub place: Place,
    /// Whether the template is prepared for it to be missing.
    pub guarded: bool,
}

pub fn vars(app: &App, request: &Request) -> Result<Outcome> {
    let (source, file) = app.resolve(&request.what)?;
    let loaded = load(app, &source, file)?;
    of(app, &source, loaded)
}

/// The variables of a prompt that was read already.
pub fn of(app: &App, source: &Source<'_>, mut loaded: Loaded) -> Result<Outcome> {
    settle(&mut loaded, app)?;
    let options = options(&loaded, app)?;
    let library = Library::new(Arc::new(Files::of(source)), &options.roots, &loaded.prompt.partials);
    let closure = analyse::survey(&loaded.prompt, body(&loaded), &library, options.include_depth);
    let declared = inputs::declared(&loaded.prompt.input).map_err(Error::invalid)?;
    let mut variables: Vec<Variable> = declared.into_iter().map(Variable::from).collect();
    for (file, used) in closure.variables() {
        let place = file.body().place(used.span);
        let one = Use { path: used.path.clone(), place, guarded: used.guarded };
        match variables.iter_mut().find(|variable| variable.name == used.name) {
            Some(variable) => variable.uses.push(one),
            None => variables.push(Variable::undeclared(&used.name, one)),
        }
    }
    for variable in variables.iter_mut().filter(|variable| !variable.declared) {
        variable.required = variable.uses.iter().any(|used| !used.guarded);
    }
    let findings = loaded.findings.iter().cloned().chain(problems(&closure)).collect();
    Ok(Outcome { open: !closure.is_whole(), loaded, variables, findings })
}

/// Templates that cannot be read.
fn problems(closure: &Closure) -> impl Iterator<Item = Finding> {
    closure.parts.iter().filter_map(|part| {
        let problem = part.uses.problem.as_ref()?;
        let place = part.file.body().place(problem.span);
        Some(Finding::error("template-syntax", place, &problem.message).hint_if(problem.hint.as_ref()))
    })
}

impl Variable {
    fn undeclared(name: &str, used: Use) -> Self {
        let name = name.to_owned();
        Variable { name, declared: false, required: false, schema: None, default: None, uses: vec![used] }
    }

    /// Its type in a word or two.
    pub fn kind(&self) -> String {
        let schema = self.schema.as_ref();
        let values = schema.and_then(|schema| schema.get("enum")).and_then(Value::as_array);
        let kind = schema.and_then(|schema| schema.get("type"));
        match (values, kind) {
            (Some(values), _) => values.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"),
            (None, Some(Value::String(kind))) => kind.clone(),
            (None, Some(Value::Array(kinds))) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("|"),
            _ => String::new(),
        }
    }
}

impl From<inputs::Declared> for Variable {
    fn from(declared: inputs::Declared) -> Self {
        Variable {
            name: declared.name,
            declared: true,
            required: declared.required,
            schema: Some(declared.schema).filter(Value::is_object),
            default: declared.default,
            uses: Vec::new(),
        }
    }
}
