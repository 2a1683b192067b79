//! The samples of a run: every case with every prompt, model and setting, as often as is wanted.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use super::around::Lent;
use super::{Request, cases};
use crate::app::models::locate_at;
use crate::app::render::{self, Job};
use crate::app::{App, calls, fingerprint};
use crate::base::hash::BlobId;
use crate::base::{Error, Finding, Result};
use crate::eval::Compiled;
use crate::eval::key;
use crate::eval::ready::{Ready, ready};
use crate::eval::run::Sample;
use crate::model::results::{About, Tried};
use crate::model::suite::{Case, Said, Suite};
use crate::model::{Map, Value};
use crate::provider::Service;
use crate::render::{Fill, Rendered};

/// Combinations of a sweep beyond this are asked about.
pub const MANY: usize = 100;

/// A prompt of a suite, ready to be asked about.
pub struct Asked<'a> {
    pub tried: Tried,
    job: Job,
    models: Vec<(Service, String)>,
    around: Rc<Lent<'a>>,
    checks: Rc<[Ready]>,
    /// Checks of single cases, by the case's id.
    own: HashMap<String, Rc<[Ready]>>,
    none: Rc<[Ready]>,
    fingerprints: RefCell<HashMap<(usize, Vec<String>), String>>,
}

/// Everything that is asked about. Whatever is wrong with it is told at once.
pub fn asked<'a>(
    app: &'a App,
    suite: &'a Suite,
    request: &Request,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Asked<'a>>> {
    let fill = Fill::default();
    let mut all: Vec<Asked<'a>> = Vec::new();
    for prompt in &prompts(suite, request) {
        match one(app, suite, request, prompt, &fill, findings) {
            Ok(asked) => all.push(asked),
            Err(error) if error.places().is_empty() => {
                let finding = Finding::error("suite", prompt.place.clone(), error.message().to_owned());
                findings.push(error.hints().iter().fold(finding, |finding, hint| finding.hint(hint)));
            }
            Err(error) => findings.extend(error.places().iter().cloned()),
        }
    }
    // The same check is wrong in the same place for every prompt.
    Finding::sort(findings);
    findings.dedup();
    Ok(all)
}

fn prompts(suite: &Suite, request: &Request) -> Vec<Said<String>> {
    let named = |name: &String| Said { it: name.clone(), place: Default::default() };
    let all: Vec<Said<String>> = match request.prompts.is_empty() {
        true => suite.prompts.clone(),
        false => request.prompts.iter().map(named).collect(),
    };
    let Some(revision) = &request.at else { return all };
    let at = |said: Said<String>| match said.it.contains('@') {
        true => said,
        false => Said { it: format!("{}@{revision}", said.it), ..said },
    };
    all.into_iter().map(at).collect()
}

fn one<'a>(
    app: &'a App,
    suite: &'a Suite,
    request: &Request,
    prompt: &Said<String>,
    fill: &Fill,
    findings: &mut Vec<Finding>,
) -> Result<Asked<'a>> {
    let mut job = render::prepare(app, &render::Request { what: prompt.it.clone(), ..render::Request::default() })?;
    let loaded = &mut job.loaded;
    loaded.prompt.params.extend(suite.params.clone());
    loaded.prompt.params.extend(request.params.clone());
    let name = loaded.file.name.to_string();
    let version = prompt.it.split_once('@').map(|(_, version)| version).filter(|_| request.at.is_none());
    let id = loaded.prompt.id.clone().unwrap_or_else(|| name.clone());
    let versioned = |word: String| version.map_or(word.clone(), |version| format!("{word}@{version}"));
    let tried =
        Tried { prompt: versioned(name), id: versioned(id), blob: BlobId::of(loaded.text.as_bytes()).to_string() };
    let models = models(app, suite, request, &job)?;
    let around =
        Rc::new(Lent { app, suite, output_schema: job.loaded.prompt.output.schema.clone(), models: shown(&models) });
    let checks = ready(&suite.checks, &*around, fill, findings).into();
    let mut own = HashMap::new();
    for case in suite.cases.iter().filter(|case| !case.checks.is_empty()) {
        own.insert(case.id.clone(), ready(&case.checks, &*around, fill, findings).into());
    }
    let none: Rc<[Ready]> = Rc::from([]);
    Ok(Asked { tried, job, models, around, checks, own, none, fingerprints: RefCell::default() })
}

/// The models that are asked: those of the command, of the suite, or the prompt's own.
fn models(app: &App, suite: &Suite, request: &Request, job: &Job) -> Result<Vec<(Service, String)>> {
    if !request.models.is_empty() {
        return request.models.iter().map(|model| locate_at(app, None, model)).collect();
    }
    if !suite.models.is_empty() {
        let located = |said: &Said<String>| {
            locate_at(app, None, &said.it).map_err(|error| {
                let finding = Finding::error("suite", said.place.clone(), error.message().to_owned());
                let finding = error.hints().iter().fold(finding, |finding, hint| finding.hint(hint));
                Error::findings(format!("{} cannot be run", suite.path), vec![finding])
            })
        };
        return suite.models.iter().map(located).collect();
    }
    let prompt = &job.loaded.prompt;
    let model = prompt.model().ok_or_else(|| {
        Error::invalid(format!("neither the suite nor {} names a model", job.loaded.file.name))
            .hint("name `models` in the suite, or one with --models; `echo` needs no provider")
    })?;
    Ok(vec![locate_at(app, prompt.provider.as_deref(), model)?])
}

fn shown(models: &[(Service, String)]) -> Vec<String> {
    models.iter().map(|(service, model)| crate::model::call::model_name(&service.name, model)).collect()
}

/// What a sweep sets in one of its combinations.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Setting {
    params: Map,
    vars: Map,
    /// As the results name it.
    shown: Map,
}

/// Every combination of a sweep; one that sets nothing if there is no sweep.
pub fn settings(sweep: &[(String, Vec<Value>)]) -> Vec<Setting> {
    let mut settings = vec![Setting::default()];
    for (key, values) in sweep {
        let with = |setting: &Setting, value: &Value| {
            let mut setting = setting.clone();
            setting.shown.insert(key.clone(), value.clone());
            match key.split_once('.') {
                Some(("params", name)) => setting.params.insert(name.to_owned(), value.clone()),
                Some((_, name)) => setting.vars.insert(name.to_owned(), value.clone()),
                None => None,
            };
            setting
        };
        settings = settings
            .iter()
            .flat_map(|setting| values.iter().map(|value| with(setting, value)).collect::<Vec<_>>())
            .collect();
    }
    settings
}

/// The samples, one at a time.
pub struct Samples<'a> {
    suite: &'a Suite,
    asked: &'a [Asked<'a>],
    settings: &'a [Setting],
    repeat: u32,
    cases: Box<dyn Iterator<Item = Result<Case>> + 'a>,
    /// Those of the current case.
    ready: VecDeque<Sample<'a>>,
    /// Cases that were taken up.
    pub seen: u64,
}

impl<'a> Samples<'a> {
    pub fn new(
        app: &'a App,
        suite: &'a Suite,
        asked: &'a [Asked<'a>],
        settings: &'a [Setting],
        request: &'a Request,
        behind: u64,
    ) -> Result<Samples<'a>> {
        let cases = Box::new(cases::wanted(app, suite, &request.wanted)?.skip(behind as usize));
        let repeat = request.repeat.unwrap_or(suite.repeat);
        Ok(Samples { suite, asked, settings, repeat, cases, ready: VecDeque::new(), seen: 0 })
    }

    /// The next sample, or what is wrong with the next case: those behind it can still be asked for.
    pub fn next(&mut self) -> Option<Result<Sample<'a>>> {
        while self.ready.is_empty() {
            let case = match self.cases.next()? {
                Ok(case) => case,
                Err(error) => return Some(Err(error)),
            };
            self.seen += 1;
            if let Err(error) = self.take(&case) {
                return Some(Err(error));
            }
        }
        self.ready.pop_front().map(Ok)
    }

    fn take(&mut self, case: &Case) -> Result<()> {
        for asked in self.asked {
            for setting in self.settings {
                let mut vars = cases::vars(self.suite, case);
                vars.extend(setting.vars.clone());
                let samples = asked.samples(self.suite, case, setting, vars, self.repeat);
                self.ready.extend(samples.map_err(|error| about(case, &asked.tried, &error))?);
            }
        }
        Ok(())
    }
}

/// An error of a case, in the place of the case.
fn about(case: &Case, tried: &Tried, error: &Error) -> Error {
    let why = error.places().first().map_or(error.message(), |finding| finding.message.as_str());
    let message = format!("the case `{}` cannot be rendered with {}: {why}", case.id, tried.prompt);
    let finding = Finding::error("suite", case.place.clone(), message);
    let finding = error.hints().iter().fold(finding, |finding, hint| finding.hint(hint));
    Error::findings("a case cannot be rendered", vec![finding])
}

impl<'a> Asked<'a> {
    fn samples(
        &self,
        suite: &Suite,
        case: &Case,
        setting: &Setting,
        vars: Map,
        repeat: u32,
    ) -> Result<Vec<Sample<'a>>> {
        let rendered = self.job.run(Map::new(), vars.clone())?;
        let messages = self.job.with_media(&rendered.messages)?;
        let vars = Rc::new(vars);
        let own = self.own.get(&case.id).unwrap_or(&self.none);
        let cluster = suite.cluster.as_ref().and_then(|name| vars.get(name)).map(plain).unwrap_or_default();
        let mut samples = Vec::new();
        for (at, (service, model)) in self.models.iter().enumerate() {
            let mut call = calls::draft(&self.job.loaded.prompt, &messages, &service.name, model).call;
            call.params.extend(setting.params.clone());
            for number in 1..=repeat {
                let about = About {
                    case: case.id.clone(),
                    prompt: self.tried.prompt.clone(),
                    id: self.tried.id.clone(),
                    model: call.model_name(),
                    params: setting.shown.clone(),
                    repeat: number,
                    fingerprint: self.fingerprint(at, &rendered)?,
                    key: key::of(&call, number),
                    cluster: cluster.clone(),
                    tags: case.tags.clone(),
                    split: case.split.clone(),
                };
                samples.push(Sample {
                    about,
                    call: call.clone(),
                    vars: vars.clone(),
                    checks: self.checks.clone(),
                    own: own.clone(),
                    around: self.around.clone(),
                });
            }
        }
        Ok(samples)
    }

    /// The same for all cases that take in the same files.
    fn fingerprint(&self, at: usize, rendered: &Rendered) -> Result<String> {
        let files: Vec<String> = rendered.edges.iter().map(|edge| edge.to.clone()).collect();
        if let Some(known) = self.fingerprints.borrow().get(&(at, files.clone())) {
            return Ok(known.clone());
        }
        let (service, model) = &self.models[at];
        let fingerprint = fingerprint::of(&self.job, rendered, &format!("{}/{model}", service.name))?;
        self.fingerprints.borrow_mut().insert((at, files), fingerprint.clone());
        Ok(fingerprint)
    }

    /// Whether a check may ask models.
    pub fn is_judged(&self) -> bool {
        self.checks.iter().chain(self.own.values().flat_map(|own| own.iter())).any(Ready::may_ask)
    }

    /// What verdicts of judges hang on: rubrics and prompts with their digests, named from the suite's folder.
    pub fn judged_by(&self) -> Vec<(String, String)> {
        let all = self.checks.iter().chain(self.own.values().flat_map(|own| own.iter()));
        let files = |check: &Ready| match check.compiled() {
            Some(Compiled::Judged(judged)) => judged.files(),
            _ => Vec::new(),
        };
        all.flat_map(files).collect()
    }

    pub fn services(&self) -> impl Iterator<Item = &(Service, String)> {
        self.models.iter()
    }

    pub fn models(&self) -> &[String] {
        &self.around.models
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
