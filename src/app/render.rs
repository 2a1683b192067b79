//! Render a prompt, once or for each row of a data file.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use crate::base::hash::sha256;
use crate::base::{Error, Result, Severity, Span};
use crate::config::OnMissing;
use crate::format::Dialect;
use crate::model::{Map, Prompt, Value};
use crate::provider::cassette::sorted;
use crate::render::actions::{self, Allowed};
use crate::render::dataset::Row;
use crate::render::examples::{Choice, Set};
use crate::render::trace::{Recorder, Trace};
use crate::render::{self, Body, Edge, Markers, Options, Rendered, Shots, Turn};
use crate::repo::Source;

use super::App;
use super::assembly::{self, Assembly};
use super::examples;
use super::files::Files;
use super::given::{self, Given};
use super::load::{Loaded, load};
use super::trace;

#[derive(Debug, Clone, Default)]
pub struct Request {
    pub what: String,
    pub given: Given,
    pub data: Option<PathBuf>,
    /// Only this row of the data.
    pub row: Option<u64>,
    pub on_missing: Option<OnMissing>,
    pub history: Option<PathBuf>,
    /// A set of examples, by path or name, and which of them are wanted.
    pub examples: Option<(String, Choice)>,
    pub explain: bool,
    /// A file that says in which order the parts of the request stand.
    pub assembly: Option<PathBuf>,
    /// Whether to take down everything that a replay needs.
    pub trace: bool,
}

/// One rendering of a prompt.
#[derive(Debug)]
pub struct One {
    /// The row it was rendered for, by its number and its line.
    pub row: Option<(u64, u64)>,
    /// Stands for the values it was rendered with.
    pub inputs: String,
    pub rendered: Rendered,
    pub trace: Option<Trace>,
}

/// A prompt with everything that its renderings share.
pub struct Job {
    pub loaded: Loaded,
    /// The prompts it builds on.
    bases: Vec<Edge>,
    files: Arc<dyn render::Source>,
    options: Options,
    history: Vec<Turn>,
    shots: Option<Shots>,
    /// Turns of examples that were picked already.
    examples: Vec<Turn>,
    explain: bool,
    trace: bool,
    /// What the prompt allows its answers to ask for, if it says so.
    allowed: Option<Allowed>,
    assembly: Option<Box<Assembly>>,
}

/// Load what a request names. The prompt must be in order: a wrong front matter would render a wrong prompt.
pub fn prepare(app: &App, request: &Request) -> Result<Job> {
    let (source, file) = app.resolve(&request.what)?;
    let loaded = load(app, &source, file)?;
    let mut job = Job::of(app, &source, loaded, request)?;
    if let Some(path) = &request.assembly {
        job.assembly = Some(Box::new(assembly::open(app, path, request)?));
    }
    Ok(job)
}

impl Job {
    /// The job of a prompt that was read already.
    pub fn of(app: &App, source: &Source<'_>, mut loaded: Loaded, request: &Request) -> Result<Job> {
        let broken = loaded.findings.iter().any(|finding| finding.severity == Severity::Error);
        if broken {
            return Err(Error::findings(format!("{} is not in order", loaded.file.path), loaded.findings));
        }
        let settings = app.settings()?;
        settle(&mut loaded, app)?;
        let mut options = options(&loaded, app)?;
        options.on_missing = request.on_missing.unwrap_or(settings.render.on_missing);
        let history = request.history.as_ref().map(|path| given::history(app, path)).transpose()?.unwrap_or_default();
        let shots = request.examples.as_ref().map(|(set, choice)| shots(app, set, *choice)).transpose()?;
        let files: Arc<dyn render::Source> = Arc::new(Files::of(source));
        let (prompt, bases) = render::inherit(&loaded.prompt, body(&loaded), files.clone(), &options)?;
        loaded.prompt = prompt;
        let allowed = actions::allowed(&loaded.prompt, &settings.vocabulary.actions);
        let output = &loaded.prompt.output;
        if output.schema.is_some() || output.format.as_deref() == Some("json") {
            loaded.prompt.output.schema = actions::schema(&loaded.prompt, allowed.as_ref());
        }
        Ok(Job {
            allowed,
            loaded,
            bases,
            files,
            options,
            history,
            shots,
            examples: Vec::new(),
            explain: request.explain || request.trace,
            trace: request.trace,
            assembly: None,
        })
    }
}

fn shots(app: &App, set: &str, choice: Choice) -> Result<Shots> {
    let entries = examples::read(&examples::existing(app, set)?)?;
    Ok(Shots { set: Arc::new(Set::new(entries.into_iter().map(|entry| entry.example).collect())), choice })
}

/// Render, and hand each result over as soon as it is there. A row that cannot be rendered is handed over as an error
/// and the next one follows.
pub fn render(app: &App, request: &Request, job: &Job, each: &mut dyn FnMut(Result<One>) -> Result<()>) -> Result<()> {
    let Some(path) = &request.data else {
        return each(
            rows(app, request, job)?.next().unwrap_or_else(|| Err(Error::bug("a prompt without a row is one"))),
        );
    };
    let (mut seen, mut failed) = (0, 0);
    for one in rows(app, request, job)? {
        seen += 1;
        failed += u64::from(one.is_err());
        each(one)?;
    }
    let shown = path.display();
    match (request.row, failed) {
        (Some(row), _) if seen == 0 => Err(Error::no(format!("{shown} has no row {row}"))),
        (_, 0) => Ok(()),
        (_, failed) => Err(Error::invalid(format!("{failed} of {seen} rows could not be rendered"))),
    }
}

/// The renderings that are asked for, one at a time: one, or one for each row of the data.
pub fn rows<'a>(app: &'a App, request: &Request, job: &'a Job) -> Result<Box<dyn Iterator<Item = Result<One>> + 'a>> {
    let named = request.given.named(app)?;
    let base = request.given.from_files(app)?;
    let Some(path) = &request.data else {
        return Ok(Box::new(std::iter::once_with(move || job.one(app, None, named, base))));
    };
    let file = File::open(app.env.folder().join(path)).map_err(|error| given::unreadable(path, error))?;
    let rows = given::format(path)?.rows(&path.display().to_string(), file)?;
    let first = request.row.map_or(0, |row| row.saturating_sub(1) as usize);
    let most = if request.row.is_some() { 1 } else { usize::MAX };
    Ok(Box::new(rows.skip(first).take(most).map(move |row| row.and_then(|row| job.row(app, row, &base, &named)))))
}

impl Job {
    /// Put in earlier messages, and examples in place of a set they are picked from.
    pub fn show(&mut self, history: Vec<Turn>, examples: Vec<Turn>) {
        (self.history, self.examples) = (history, examples);
    }

    /// Render with these variables, and what the prompt asks for of the context; with all that is put together with it.
    pub fn run(&self, variables: Map, context: Map) -> Result<Rendered> {
        match &self.assembly {
            Some(assembly) => assembly.put_together(self, &variables, &context),
            None => self.rendered(&self.request(variables, context, self.files.clone())),
        }
    }

    /// Render the prompt by itself, after these messages.
    pub fn alone(&self, variables: Map, context: Map, history: Vec<Turn>) -> Result<Rendered> {
        self.rendered(&render::Request { history, ..self.request(variables, context, self.files.clone()) })
    }

    fn request(&self, variables: Map, mut context: Map, source: Arc<dyn render::Source>) -> render::Request<'_> {
        if let Some(allowed) = &self.allowed {
            actions::offer(&mut context, allowed);
        }
        render::Request {
            prompt: &self.loaded.prompt,
            body: body(&self.loaded),
            variables,
            context,
            history: self.history.clone(),
            examples: self.examples.clone(),
            shots: self.shots.clone(),
            source,
            options: self.options.clone(),
            salt: 0,
            explain: self.explain,
        }
    }

    fn rendered(&self, request: &render::Request<'_>) -> Result<Rendered> {
        let mut rendered = render::render(request)?;
        rendered.edges.extend(self.bases.iter().cloned());
        rendered.edges.sort();
        rendered.edges.dedup();
        Ok(rendered)
    }

    /// Earlier messages.
    pub fn history(&self) -> &[Turn] {
        &self.history
    }

    /// What the prompt may include.
    pub fn files(&self) -> &dyn render::Source {
        &*self.files
    }

    /// The folders that hold prompts.
    pub fn roots(&self) -> &[String] {
        &self.options.roots
    }

    pub fn allowed(&self) -> Option<&Allowed> {
        self.allowed.as_ref()
    }

    pub fn explains(&self) -> bool {
        self.explain
    }

    fn one(&self, app: &App, row: Option<(u64, u64)>, variables: Map, context: Map) -> Result<One> {
        let inputs = sorted(Value::Array(vec![Value::Object(variables.clone()), Value::Object(context.clone())]));
        let inputs = sha256(inputs.to_string().as_bytes());
        if !self.trace {
            return Ok(One { row, inputs, rendered: self.run(variables, context)?, trace: None });
        }
        let recorder = Arc::new(Recorder::new(self.files.clone()));
        let request = self.request(variables, context, recorder.clone());
        let rendered = self.rendered(&request)?;
        let traced = trace::record(app, self, &request, &recorder, &rendered)?;
        Ok(One { row, inputs, rendered, trace: Some(Trace { row: trace::row(row), ..traced }) })
    }

    fn row(&self, app: &App, row: Row, base: &Map, named: &Map) -> Result<One> {
        let context = base.clone().into_iter().chain(row.values).collect();
        self.one(app, Some((row.number, row.line)), named.clone(), context).map_err(|error| {
            let error = Error::findings(format!("row {}: {}", row.number, error.message()), error.places().to_vec());
            error.hint(format!("the row starts in line {}", row.line))
        })
    }
}

/// The body of a loaded prompt and its place.
pub fn body(loaded: &Loaded) -> Body<'_> {
    let length = loaded.text.len();
    Body { path: &loaded.file.path, file: &loaded.text, span: Span::new(length - loaded.prompt.body.len(), length) }
}

/// Fill in what the settings say for prompts that say nothing.
pub fn settle(loaded: &mut Loaded, app: &App) -> Result<()> {
    let settings = app.settings()?;
    let project = settings.projects.around(loaded.file.name.as_str());
    let defaults = settings.defaults.clone().with(project.map(|project| project.defaults).unwrap_or_default());
    let prompt = &mut loaded.prompt;
    if prompt.models.is_empty() {
        prompt.models.extend(defaults.model);
        prompt.provider = prompt.provider.take().or(defaults.provider);
    }
    for (name, value) in defaults.params {
        prompt.params.entry(name).or_insert(value);
    }
    let template = &mut prompt.template;
    template.trim_blocks |= settings.render.trim_blocks;
    template.lstrip_blocks |= settings.render.lstrip_blocks;
    if loaded.dialect == Dialect::Native {
        template.engine.get_or_insert_with(|| settings.render.engine.word().to_owned());
    }
    Ok(())
}

/// How the settings and the dialect want a prompt rendered.
pub fn options(loaded: &Loaded, app: &App) -> Result<Options> {
    let settings = app.settings()?;
    let render = &settings.render;
    let prompty = loaded.dialect.has_loose_roles();
    Ok(Options {
        fuel: render.fuel,
        recursion: render.recursion,
        include_depth: render.include_depth,
        output_bytes: usize::try_from(render.output_bytes).unwrap_or(usize::MAX),
        on_missing: render.on_missing,
        undefined: render.undefined,
        first_role: if prompty { "system".into() } else { render.first_role.word().into() },
        markers: markers(&loaded.prompt, prompty)?,
        roots: settings.prompts.roots.iter().map(|root| root.trim_matches(['.', '/']).to_owned()).collect(),
    })
}

fn markers(prompt: &Prompt, loose: bool) -> Result<Markers> {
    match prompt.template.messages.as_deref() {
        Some("xml") => Err(Error::invalid("palc manages files with messages in tags and does not render them")),
        Some("calls" | "single" | "list") => Ok(Markers::Calls),
        _ if loose => Ok(Markers::Loose),
        _ => Ok(Markers::Lines),
    }
}
