//! Whether the results that were kept still speak of the prompts as they are: the same prompt, the same suite, the same
//! data, every case. It takes the files and no model, so that a hook can ask before every commit.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::App;
use super::eval::{cases, suites};
use super::load::load;
use super::models::locate_at;
use super::render::{self, Job};
use super::report::Found;
use super::report::found;
use crate::base::hash::sha256;
use crate::base::{Finding, Place, Result, Severity};
use crate::config::Evidence;
use crate::eval::{Tally, gate};
use crate::format::suite::{self, SUFFIX};
use crate::git::Git;
use crate::model::results::{Manifest, Tried};
use crate::model::suite::{Case, Said, Suite};
use crate::model::{Map, call};
use crate::repo::{PromptFile, Source, resolve};

/// What is wrong with the evidence for files of a revision that change.
pub fn findings(app: &App, revision: &str, changed: &[String]) -> Result<Vec<Finding>> {
    let workspace = app.workspace()?;
    let settings = &app.settings()?.eval;
    let (severity, everywhere) = match settings.evidence {
        Evidence::Off => return Ok(Vec::new()),
        Evidence::Kept => (Severity::Warning, false),
        Evidence::Asked(severity) => (severity, true),
    };
    let Some(git) = workspace.git().map(Git::reader) else { return Ok(Vec::new()) };
    let source = Source::Revision(workspace, revision.to_owned());
    let changed: BTreeSet<&str> = changed.iter().map(String::as_str).collect();
    let mut findings = Vec::new();
    for file in git.files(revision, &settings.folder)?.into_iter().filter(|file| file.path.ends_with(SUFFIX)) {
        let bytes = git.blob(&file.id)?;
        let text = String::from_utf8_lossy(&bytes);
        // What is wrong with the suite itself is told where it is run.
        let Ok(suite) = suite::read(&suites::name(app, &file.path)?, &file.path, &text) else { continue };
        let look = Look { app, source: &source, suite: &suite, text: &text, changed: &changed };
        findings.extend(look.findings(everywhere)?);
    }
    Finding::sort(&mut findings);
    findings.iter_mut().for_each(|finding| finding.severity = severity);
    Ok(findings)
}

/// One suite of a revision, and the results that were kept of it there.
struct Look<'a> {
    app: &'a App,
    source: &'a Source<'a>,
    suite: &'a Suite,
    text: &'a str,
    changed: &'a BTreeSet<&'a str>,
}

/// A prompt that a suite names, as the revision has it.
struct Named<'a> {
    said: &'a Said<String>,
    file: PromptFile,
    text: String,
}

impl Look<'_> {
    fn findings(&self, everywhere: bool) -> Result<Vec<Finding>> {
        let folder = found::results_of(self.app, &self.suite.name)?;
        let found = match found::of_source(self.source, &folder, self.suite.name.clone(), "kept") {
            Ok(found) => found,
            Err(error) => return Ok(vec![self.finding(Place::file(folder), error.message())]),
        };
        let Some(found) = found else {
            let named = if everywhere { self.named(None)? } else { Vec::new() };
            let missing = |named: &Named<'_>| self.of_prompt(named, "no results of the suite `{}` are kept");
            return Ok(named.iter().filter(|named| self.is_staged(named)).map(missing).collect());
        };
        let manifest = &found.manifest;
        let ours = [self.suite.path.as_str()].into_iter().chain(manifest.files.iter().map(|(path, _)| path.as_str()));
        let of_suite = ours.into_iter().any(|path| self.changed.contains(path))
            || self.changed.iter().any(|path| path.strip_prefix(&folder).is_some_and(|rest| rest.starts_with('/')));
        let named: Vec<Named<'_>> = self.named(Some(manifest))?;
        let named: Vec<Named<'_>> =
            named.into_iter().filter(|named| of_suite || self.is_staged(named) || takes_in(&named.text)).collect();
        if named.is_empty() {
            return Ok(Vec::new());
        }
        let kept = match Kept::read(&found) {
            Ok(kept) => kept,
            Err(error) => return Ok(vec![self.finding(Place::file(folder), error.message())]),
        };
        let mut findings = Vec::new();
        let mut concerned = of_suite;
        for named in &named {
            let (taken, finding) = self.prompt(named, manifest, &kept)?;
            // One that nobody touched, near or far, is nobody's matter now.
            if of_suite || self.is_staged(named) || taken.iter().any(|path| self.changed.contains(path.as_str())) {
                concerned = true;
                findings.extend(finding);
            }
        }
        if concerned {
            findings.extend(self.inputs(manifest)?);
            let missed = gate::missed(&self.suite.gate, &kept.tally);
            let gate =
                |why: String| self.finding(Place::file(&self.suite.path), &format!("in the kept results, {why}"));
            findings.extend(missed.into_iter().map(gate));
        }
        Ok(findings)
    }

    fn is_staged(&self, named: &Named<'_>) -> bool {
        self.changed.contains(named.file.path.as_str())
    }

    /// The prompts of the suite that are there. One that is named with a version does not change.
    fn named(&self, manifest: Option<&Manifest>) -> Result<Vec<Named<'_>>> {
        let mut all = Vec::new();
        let root = self.source.workspace().root();
        for said in self.suite.prompts.iter().filter(|said| !said.it.contains('@')) {
            // To find a prompt by its id takes a look at all files; what was run says its name.
            let known = manifest.and_then(|manifest| manifest.prompts.iter().find(|tried| tried.id == said.it));
            let name = known.map_or(said.it.as_str(), |tried| &tried.prompt);
            let Ok(file) = resolve::resolve(self.source, root, name) else { continue };
            let Some(bytes) = self.source.read(&file.path)? else { continue };
            all.push(Named { said, file, text: String::from_utf8_lossy(&bytes).into_owned() });
        }
        Ok(all)
    }

    /// What is wrong with the evidence for one prompt, and the files that it takes in.
    fn prompt(&self, named: &Named<'_>, manifest: &Manifest, kept: &Kept) -> Result<(Vec<String>, Option<Finding>)> {
        let finding = |what: &str| Some(self.of_prompt(named, what));
        // A prompt that is not in order is told by the other checks.
        let Ok(job) = self.job(named) else { return Ok((Vec::new(), None)) };
        let id = job.loaded.prompt.id.clone().unwrap_or_else(|| named.file.name.to_string());
        if !manifest.prompts.iter().any(|Tried { id: tried, .. }| *tried == id) {
            return Ok((Vec::new(), finding("the kept results of `{}` hold no answers to this prompt")));
        }
        let mut taken = Vec::new();
        for (model, whole) in self.models(&job)? {
            let Some(answers) = kept.answers.get(&(id.clone(), model.clone())) else {
                let what = format!("the kept results of `{{}}` hold no answers of {model} to this prompt");
                return Ok((taken, finding(&what)));
            };
            for (fingerprint, case) in &answers.fingerprints {
                let Some(vars) = self.vars(case)? else {
                    return Ok((taken, finding("the kept results of `{}` are of other cases")));
                };
                let Ok(rendered) = job.run(Map::new(), vars) else {
                    return Ok((taken, finding("this prompt cannot be rendered for the cases of `{}` any more")));
                };
                taken.extend(rendered.edges.iter().map(|edge| edge.to.clone()));
                if super::fingerprint::of(&job, &rendered, &whole)? != *fingerprint {
                    let near = if self.is_staged(named) { "this prompt" } else { "what this prompt includes" };
                    let what = format!("the kept results of `{{}}` are of another version of {near}");
                    return Ok((taken, finding(&what)));
                }
            }
            if (answers.cases.len() as u64) < manifest.cases {
                let what =
                    format!("the kept results of `{{}}` hold {} of {} cases", answers.cases.len(), manifest.cases);
                return Ok((taken, finding(&what)));
            }
        }
        Ok((taken, None))
    }

    fn job(&self, named: &Named<'_>) -> Result<Job> {
        let loaded = load(self.app, self.source, named.file.clone())?;
        let request = render::Request { what: named.file.name.to_string(), ..render::Request::default() };
        let mut job = Job::of(self.app, self.source, loaded, &request)?;
        job.loaded.prompt.params.extend(self.suite.params.clone());
        Ok(job)
    }

    /// The models that are asked, as results name them, and as fingerprints do.
    fn models(&self, job: &Job) -> Result<Vec<(String, String)>> {
        let prompt = &job.loaded.prompt;
        let named: Vec<(Option<&str>, &str)> = match self.suite.models.is_empty() {
            true => prompt.model().map(|model| (prompt.provider.as_deref(), model)).into_iter().collect(),
            false => self.suite.models.iter().map(|said| (None, said.it.as_str())).collect(),
        };
        let mut models = Vec::new();
        for (provider, model) in named {
            let (service, model) = locate_at(self.app, provider, model)?;
            models.push((call::model_name(&service.name, &model), format!("{}/{model}", service.name)));
        }
        Ok(models)
    }

    /// The variables of a case.
    fn vars(&self, id: &str) -> Result<Option<Map>> {
        let of = |case: &Case| cases::vars(self.suite, case);
        if let Some(case) = self.suite.cases.iter().find(|case| case.id == id) {
            return Ok(Some(of(case)));
        }
        for case in cases::all(self.app, self.suite)? {
            let case = case?;
            if case.id == id {
                return Ok(Some(of(&case)));
            }
        }
        Ok(None)
    }

    /// What else went into the results and is not what it was.
    fn inputs(&self, manifest: &Manifest) -> Result<Vec<Finding>> {
        let at = || Place::file(&self.suite.path);
        let name = &self.suite.name;
        let mut findings = Vec::new();
        if !manifest.filter.is_empty() {
            let what = format!("the kept results of `{name}` are of some cases only: {}", manifest.filter);
            findings.push(self.finding(at(), &what));
        }
        if let Some((share, of)) = manifest.shard {
            let what = format!("the kept results of `{name}` are share {share} of {of}");
            findings.push(self.finding(at(), &what));
        }
        if manifest.suite_digest != sha256(self.text.as_bytes()) {
            findings.push(
                self.finding(at(), &format!("the kept results of `{name}` are of another version of this suite")),
            );
        }
        for (path, digest) in &manifest.files {
            let now = self.source.read(path)?.map(|bytes| sha256(&bytes));
            if now.as_ref() != Some(digest) {
                let what = format!("the kept results of `{name}` are of another version of this file");
                findings.push(self.finding(Place::file(path), &what));
            }
        }
        Ok(findings)
    }

    fn of_prompt(&self, named: &Named<'_>, what: &str) -> Finding {
        let what = what.replace("{}", &self.suite.name);
        let finding = self.finding(Place::file(&named.file.path), &what);
        finding.related(named.said.place.clone(), "the suite names it here")
    }

    fn finding(&self, place: Place, what: &str) -> Finding {
        let hint = format!(
            "`palc eval {} --keep` brings them up to date; nothing is asked again that was asked before",
            self.suite.path
        );
        Finding::new("evidence", Severity::Warning, place, what).hint(hint)
    }
}

/// Whether a prompt may take other files in, so that it can change without its file.
fn takes_in(text: &str) -> bool {
    ["include", "import", "extends", "partials"].iter().any(|word| text.contains(word))
}

/// What kept results hold, by prompt and model.
struct Kept {
    answers: HashMap<(String, String), Answers>,
    tally: Tally,
}

#[derive(Default)]
struct Answers {
    /// Each with one of its cases.
    fingerprints: BTreeMap<String, String>,
    cases: BTreeSet<String>,
}

impl Kept {
    fn read(found: &Found) -> Result<Kept> {
        let mut kept = Kept { answers: HashMap::new(), tally: Tally::default() };
        for line in found.lines()? {
            let line = line?;
            kept.tally.add(&line, None);
            let about = line.about;
            let answers = kept.answers.entry((about.id, about.model)).or_default();
            answers.fingerprints.entry(about.fingerprint).or_insert_with(|| about.case.clone());
            answers.cases.insert(about.case);
        }
        Ok(kept)
    }
}
