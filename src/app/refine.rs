//! A prompt made better by one model, as another one judges it. The file changes only when it is better, and is wanted so.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::base::{Error, Finding, Result, Severity};
use crate::format::change::Files;
use crate::generate::refine::{Brief, End, Refine, Refined, Writer};
use crate::model::engine::Engine;
use crate::repo::{PromptFile, Source};
use crate::search::meaning::{Builtin, Embedder};

use super::judging::{self, Judges, Plan, Wanted};
use super::load::understand;
use super::models::{How, Journal, Progress};
use super::update::with_body;
use super::write::{Work, Written};
use super::{App, successes, vars};

const KIND: &str = "refine";
/// Earlier prompts are shown from this success on.
const WELL: f64 = 0.7;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Request {
    pub what: String,
    /// The prompt's description if nothing is said.
    pub task: Option<String>,
    pub wishes: Vec<(String, String)>,
    /// The score at which it is good enough, from 0 to 1.
    pub target: f64,
    pub iterations: usize,
    /// The model that writes.
    pub model: Option<String>,
    pub judge: Wanted,
    /// Whether prompts that have done well are shown; the settings decide if nothing is said.
    pub history: Option<bool>,
    pub apply: bool,
    pub dry_run: bool,
}

#[derive(Debug)]
pub struct Outcome {
    pub file: PromptFile,
    pub task: String,
    pub target: f64,
    pub writer: String,
    pub judge: String,
    /// Names of the prompts that were shown as examples.
    pub examples: Vec<String>,
    pub found: Found,
    /// The run to be taken up, if it could not go on.
    pub run: Option<String>,
    /// Calls that were sent and not heard of: they may have been paid for.
    pub doubtful: Vec<String>,
    pub findings: Vec<Finding>,
}

#[derive(Debug)]
pub enum Found {
    Refined {
        refined: Box<Refined>,
        /// What changed, or would; nothing if no version is better.
        written: Option<Written>,
    },
    /// Nobody was asked.
    Plan(Plan),
}

/// Refine a prompt.
pub fn refine(app: &App, request: &Request, how: &How, progress: &mut dyn FnMut(&Progress)) -> Result<Outcome> {
    refined(app, request, None, how, progress)
}

/// Go on with a run that was broken off. What is not as it was then is asked anew.
pub fn resume(app: &App, run: &str, apply: bool, how: &How, progress: &mut dyn FnMut(&Progress)) -> Result<Outcome> {
    let (journal, request): (Journal, Request) = judging::take_up(app, KIND, run)?;
    let request = Request { apply: apply || request.apply, ..request };
    refined(app, &request, Some(journal), how, progress)
}

fn refined(
    app: &App,
    request: &Request,
    journal: Option<Journal>,
    how: &How,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Outcome> {
    let mut work = Work::begin(app)?;
    let file = work.one(&request.what)?;
    let opened = work.open(&file)?;
    let source = Source::at(app.workspace()?, None)?;
    let loaded = understand(&source, file.clone(), opened.files.text.as_bytes())?;
    if !loaded.prompt.messages.is_empty() {
        return Err(Error::usage(format!("the messages of {} are data", file.path))
            .hint("palc refines prompts whose text is their body"));
    }
    if loaded.findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(Error::findings(format!("{} is not in order", file.path), loaded.findings));
    }
    let body = loaded.prompt.body.clone();
    if body.trim().is_empty() {
        return Err(
            Error::usage(format!("{} has no text to refine", file.name)).hint("`palc generate` writes a new one")
        );
    }
    let task = task(request, loaded.prompt.description.as_deref(), &file)?;
    let judges = Judges::find(app, &request.judge)?;
    let form = judging::writers_form(app)?;
    let named = request.model.as_deref().or(app.settings()?.generation.model.as_deref()).or(form.prompt.model());
    let (service, model) = judging::locate(app, named, "write", "--model MODEL, or the key `generation.model`")?;
    let writer = Writer { form: &form, service, model };
    let writer_name = judging::name(&writer.service, &writer.model);
    let mut findings: Vec<Finding> = judges.too_near(&writer_name).into_iter().collect();
    let shown = examples(app, request, &task, &file, &mut findings)?;
    let original = names(app, &source, &file, &opened.files)?;
    let check = |text: &str| same_names(app, &source, &file, &opened.files, &original, &like(&body, text));
    let brief = Brief {
        task: task.clone(),
        wishes: request.wishes.clone(),
        prompt: body.trim().to_owned(),
        names: original.iter().cloned().collect(),
        examples: shown.iter().map(|known| known.text.clone()).collect(),
        target: request.target,
        iterations: request.iterations,
    };
    let mut engine = Refine::new(brief, writer, judges.bench(), &check);
    let (mut run, mut doubtful) = (None, Vec::new());
    let found = if request.dry_run {
        let asks = engine.asks();
        let first = judging::plan(app, &asks, &[])?;
        // The judge reads three versions, where it reads one now; the writer reads one, and what was said about it.
        let judged = (judges.name(), request.iterations * judges.orders(), first.tokens * 2);
        let written = (writer_name.clone(), request.iterations, first.tokens);
        engine.refined()?;
        Found::Plan(judging::plan(app, &asks, &[judged, written])?)
    } else {
        let mut journal = journal.map_or_else(|| judging::begin(app, KIND, request), Ok)?;
        let driven = judging::drive(app, how, &mut engine, &mut journal, progress)?;
        let refined = engine.refined()?;
        if let (0, End::Trouble(_), Some(error)) = (refined.best.step, &refined.end, driven.failed) {
            return Err(error);
        }
        doubtful = driven.doubtful;
        match refined.is_broken_off() {
            true => run = Some(journal.id().to_owned()),
            false => journal.done()?,
        }
        let written = if refined.best.step > 0 {
            let files = with_body(&opened.files, &like(&body, &refined.best.text))?;
            work.save(&opened, &files);
            Some(work.finish(!request.apply)?)
        } else {
            None
        };
        Found::Refined { refined: Box::new(refined), written }
    };
    let examples = shown.into_iter().map(|known| known.name).collect();
    let (target, judge) = (request.target, judges.name());
    Ok(Outcome { file, task, target, writer: writer_name, judge, examples, found, run, doubtful, findings })
}

fn task(request: &Request, description: Option<&str>, file: &PromptFile) -> Result<String> {
    let task = request.task.as_deref().or(description).map(str::trim).filter(|task| !task.is_empty());
    task.map(str::to_owned).ok_or_else(|| {
        Error::usage(format!("what is {} for?", file.name)).hint("say it with --task, or in the prompt's `description`")
    })
}

/// The earlier prompts that are most alike to the task, of those that have done well.
fn examples(
    app: &App,
    request: &Request,
    task: &str,
    file: &PromptFile,
    findings: &mut Vec<Finding>,
) -> Result<Vec<successes::Known>> {
    let settings = &app.settings()?.generation;
    let most = usize::try_from(settings.max_examples).unwrap_or(usize::MAX);
    if !request.history.unwrap_or(settings.history) || most == 0 {
        return Ok(Vec::new());
    }
    let embedder = Builtin::new();
    let asked = embedder.embed(&[task])?.remove(0);
    let (known, wrong) = successes::known(app, &embedder)?;
    findings.extend(wrong);
    let others = known.into_iter().filter(|known| known.path != file.path && known.success >= WELL);
    let mut alike: Vec<(f64, successes::Known)> =
        others.map(|known| (f64::from(known.vector.cosine(&asked)), known)).collect();
    alike.retain(|(cosine, _)| *cosine >= settings.min_relevance);
    alike.sort_by(|(a, one), (b, other)| b.total_cmp(a).then_with(|| one.path.cmp(&other.path)));
    Ok(alike.into_iter().take(most).map(|(_, known)| known).collect())
}

/// A text with the white space around it that another has.
fn like(body: &str, text: &str) -> String {
    let inner = body.trim();
    let (before, after) = body.split_once(inner).unwrap_or_default();
    let text = text.trim();
    let text = if body.contains("\r\n") { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text.to_owned() };
    format!("{before}{text}{after}")
}

/// The variables that a prompt's files use.
fn names(app: &App, source: &Source<'_>, file: &PromptFile, files: &Files) -> Result<BTreeSet<String>> {
    let loaded = understand(source, file.clone(), files.text.as_bytes())?;
    let found = vars::of(app, source, loaded)?;
    let errors: Vec<Finding> =
        found.findings.into_iter().filter(|finding| finding.severity == Severity::Error).collect();
    if !errors.is_empty() {
        return Err(Error::findings(format!("{} is not in order", file.path), errors));
    }
    Ok(found.variables.into_iter().filter(|it| !it.uses.is_empty()).map(|it| it.name).collect())
}

/// Whether a version can stand in the file and uses the variables that there are.
fn same_names(
    app: &App,
    source: &Source<'_>,
    file: &PromptFile,
    files: &Files,
    original: &BTreeSet<String>,
    body: &str,
) -> Result<(), String> {
    let used = with_body(files, body).and_then(|files| names(app, source, file, &files));
    let used = used.map_err(|error| {
        let why = error.places().first().map_or(error.message(), |finding| finding.message.as_str());
        format!("it cannot be used: {why}")
    })?;
    if let Some(name) = original.difference(&used).next() {
        return Err(format!("it lost the variable `{name}`"));
    }
    match used.difference(original).next() {
        Some(name) => Err(format!("it uses `{name}`, which nobody fills in")),
        None => Ok(()),
    }
}

/// A score as people write it: `0.85`, `85%`, or `8.5/10` on a scale of their own.
pub fn target(typed: &str) -> Result<f64> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    let share = match (typed.split_once('/'), typed.strip_suffix('%')) {
        (Some((score, of)), _) => {
            number(score).zip(number(of)).filter(|(_, of)| *of > 0.0).map(|(score, of)| score / of)
        }
        (None, Some(percent)) => number(percent).map(|percent| percent / 100.0),
        (None, None) => number(typed),
    };
    share.filter(|share| (0.0..=1.0).contains(share)).ok_or_else(|| {
        let error = Error::usage(format!("`{typed}` is no score from 0 to 1"));
        match number(typed) {
            Some(score) if (1.0..=10.0).contains(&score) => error.hint(format!("write {typed}/10 if that is meant")),
            _ => error.hint("write it as 0.85, 85% or 8.5/10"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_names_its_scale() {
        let read = |typed: &str| target(typed).expect(typed);
        assert_eq!((read("0.85"), read("85%"), read("8.5/10"), read("1"), read("0")), (0.85, 0.85, 0.85, 1.0, 0.0));
        assert_eq!(target("8.5").expect_err("ambiguous").hints(), ["write 8.5/10 if that is meant"]);
        for wrong in ["", "good", "-1", "11/10", "1/0", "NaN", "0.5/"] {
            assert!(target(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn white_space_around_a_text_stays() {
        assert_eq!(like("\nOld.\n\n", "New.\nMore.\n"), "\nNew.\nMore.\n\n");
        assert_eq!(like("Old.\r\nText.\r\n", "New.\nMore."), "New.\r\nMore.\r\n");
        assert_eq!(like("Old.", "New.\n"), "New.");
    }
}
