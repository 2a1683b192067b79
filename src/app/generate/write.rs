//! What came of a run, as files: a prompt for each text that is kept, and the session that made them. All or none.

use std::collections::BTreeMap;

use serde_json::json;

use crate::base::hash::BlobId;
use crate::base::{Error, Result, disk};
use crate::config::Keep;
use crate::format::Dialect;
use crate::format::change::{Change, Files};
use crate::format::session::{Candidate, Choice, Improvement, Member, Session, Tokens};
use crate::generate::run::{Chosen, Ended, Made, Place, Run};
use crate::model::{Map, Name, Template, Value};
use crate::render::analyse::analyse;
use crate::render::request::{Body, Engine};
use crate::repo::Source;

use super::earlier::{copy_path, is_committed};
use super::plan::{Ready, shown_model};
use super::{Seed, Text, failed_word, member_id};
use crate::app::App;
use crate::app::list::cards;
use crate::app::write::{Work, Written};

/// So many words of the idea name the folder of what it became.
const WORDS: usize = 6;
const MAX_SLUG: usize = 48;

/// The session of a run, and the texts of its members.
pub(super) fn session(ready: &Ready, seed: &Seed, run: &Run<'_>) -> (Session, Vec<Text>) {
    let id = seed.id.as_str();
    let keep = Keep::from_word(&ready.request.keep).unwrap_or(Keep::Files);
    let results = run.results();
    let name = |place: Place| member_id(id, &ready.plan.steps[place.phase].phase.name, place.variant + 1);
    let mut members = Vec::new();
    let mut texts = Vec::new();
    for (place, cell) in run.cells() {
        let failed = failed_word(&cell.state).map(str::to_owned);
        let made = cell.made();
        if made.is_none() && failed.is_none() {
            continue;
        }
        let result = results.contains(&place);
        let improvement = cell.improvement.as_ref().and_then(|improvement| improvement.ended());
        let member = Member {
            id: name(place),
            phase: ready.plan.steps[place.phase].phase.name.clone(),
            variant: place.variant + 1,
            parent: cell.parent.map(name),
            file: made.is_some() && (result || keep == Keep::Files),
            result,
            model: made.map(model),
            tokens: made.and_then(tokens),
            cost: made.and_then(|made| made.cost).map(crate::model::Money::exact),
            improvement: improvement.map(improved),
            cut: made.is_some_and(|made| made.cut),
            failed,
        };
        if let Some(made) = made {
            texts.push(Text { member: member.clone(), text: made.text.clone(), name: None, path: None });
        }
        members.push(member);
    }
    let of_phase = |phase: usize| {
        let chosen = run.choice(phase).filter(|chosen| chosen.judgement.is_some())?;
        Some(choice(Some(ready.plan.steps[phase].phase.name.clone()), chosen, run.candidates(Some(phase)), &name))
    };
    let mut choices: Vec<Choice> = (0..ready.plan.steps.len()).filter_map(of_phase).collect();
    if let Some(chosen) = run.selection().filter(|_| ready.plan.chooses_at_the_end()) {
        choices.push(choice(None, chosen, run.candidates(None), &name));
    }
    let session = Session {
        palc: 1,
        id: id.to_owned(),
        repeats: seed.repeats.clone().filter(|repeats| repeats != id),
        request: ready.request.clone(),
        settled: ready.settled.clone(),
        members,
        choices,
    };
    (session, texts)
}

fn model(made: &Made) -> String {
    match made.model.split_once('/') {
        Some((service, model)) => shown_model(service, model),
        None => made.model.clone(),
    }
}

fn improved(ended: &Ended) -> Improvement {
    Improvement { kept: ended.kept, why: ended.why.clone(), cost: ended.cost.map(crate::model::Money::exact) }
}

fn tokens(made: &Made) -> Option<Tokens> {
    let known = made.input_tokens.is_some() || made.output_tokens.is_some();
    known.then_some(Tokens { input: made.input_tokens, output: made.output_tokens })
}

fn choice(phase: Option<String>, chosen: &Chosen, among: &[Place], name: &dyn Fn(Place) -> String) -> Choice {
    let totals = chosen.judgement.iter().flat_map(|judgement| &judgement.candidates);
    let candidate = |(place, judged): (&Place, &crate::generate::judge::Judged)| Candidate {
        id: name(*place),
        total: judged.total.map(|total| (total * 1e6).round() / 1e6),
    };
    Choice {
        phase,
        best: chosen.best.map(name),
        why: chosen.why.clone(),
        confidence: chosen.judgement.as_ref().and_then(|judgement| judgement.confidence),
        cost: chosen.judgement.as_ref().and_then(|judgement| judgement.cost).map(crate::model::Money::exact),
        candidates: among.iter().zip(totals).map(candidate).collect(),
    }
}

/// Write a prompt for each member that is to have one, and the session. What is there already stays as it is.
pub fn save(app: &App, ready: &Ready, session: &mut Session, texts: &mut [Text]) -> Result<Written> {
    let mut work = Work::begin(app)?;
    let source = Source::at(app.workspace()?, None)?;
    let there: BTreeMap<String, String> = {
        let wanted: Vec<&str> = session.members.iter().map(|member| member.id.as_str()).collect();
        let found = cards(&source, |listed| {
            let id = listed.card.id.filter(|id| wanted.contains(&id.as_str()))?;
            Some((id, listed.file.path))
        })?;
        found.facts.into_iter().collect()
    };
    let layout = app.workspace()?.layout();
    let folder = folder(app, ready, &there)?;
    let mut blobs: BTreeMap<String, String> = BTreeMap::new();
    let all: Vec<Text> = texts.to_vec();
    for text in texts.iter_mut().filter(|text| text.member.file) {
        let parent = text.member.parent.as_ref().and_then(|id| Some(format!("{id}@{}", &blobs.get(id)?[..12])));
        let (name, path, made) = match there.get(&text.member.id) {
            Some(path) => {
                let bytes = app.read(&source, path)?;
                let name = layout.name_of_prompt(path).map(|name| name.to_string()).unwrap_or_default();
                (name, path.clone(), String::from_utf8_lossy(&bytes).into_owned())
            }
            None => {
                let name = format!("{folder}/{}-{}", text.member.phase, text.member.variant);
                let name = Name::new(&name).map_err(|reason| Error::invalid(format!("`{name}`: {reason}")))?;
                let path = layout.path_of(&name);
                let files = prompt(ready, session, text, parent.as_deref(), &all, &path)?;
                work.add(&files);
                (name.to_string(), path, files.text)
            }
        };
        blobs.insert(text.member.id.clone(), BlobId::of(made.as_bytes()).to_string());
        (text.name, text.path) = (Some(name), Some(path));
    }
    for reference in &ready.request.context {
        let copy = copy_path(app, &reference.blob)?;
        if let Some(bytes) = ready.contents.get(&reference.blob)
            && !is_committed(app, &reference.path, &reference.blob)?
            && !source.exists(&copy)
        {
            work.put(&copy, None, &String::from_utf8_lossy(bytes));
        }
    }
    let path = session_path(app, &session.id)?;
    let full = app.workspace()?.path(&path);
    let before = if full.is_file() { Some(disk::read(&full)?) } else { None };
    work.put(&path, before.as_ref(), &session.text()?);
    work.finish(false)
}

pub fn session_path(app: &App, id: &str) -> Result<String> {
    Ok(format!("{}/{id}.yaml", app.settings()?.files.sessions))
}

/// The folder of the session's prompts: where some of them are, or a new one named after the idea.
fn folder(app: &App, ready: &Ready, there: &BTreeMap<String, String>) -> Result<String> {
    let layout = app.workspace()?.layout();
    let known = there.values().find_map(|path| layout.name_of_prompt(path)).map(|name| name.folder().to_owned());
    if let Some(folder) = known.filter(|folder| !folder.is_empty()) {
        return Ok(folder);
    }
    let base = format!("{}/{}", ready.request.into, slug(&ready.request.idea));
    let is_free = |folder: &String| {
        let path = Name::new(&format!("{folder}/x")).map(|name| layout.path_of(&name)).unwrap_or_default();
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent).to_owned();
        app.workspace().is_ok_and(|workspace| !workspace.path(&parent).exists())
    };
    let mut more = (2..).map(|number| format!("{base}-{number}"));
    Ok(if is_free(&base) { base } else { more.find(is_free).unwrap_or_default() })
}

/// The first words of an idea as part of a name.
fn slug(idea: &str) -> String {
    let lower = idea.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = String::new();
    for word in words.take(WORDS) {
        if slug.len() + word.len() >= MAX_SLUG {
            break;
        }
        slug = if slug.is_empty() { word.to_owned() } else { format!("{slug}-{word}") };
    }
    if slug.is_empty() { "idea".into() } else { slug }
}

/// The file of a member.
fn prompt(
    ready: &Ready,
    session: &Session,
    text: &Text,
    parent: Option<&str>,
    all: &[Text],
    path: &str,
) -> Result<Files> {
    let member = &text.member;
    let request = &session.request;
    let settled = &session.settled;
    let start = format!("---\nid: {}\n---\n{}\n", member.id, text.text);
    let mut files = Files { path: path.to_owned(), dialect: Dialect::of_path(path), text: start, beside: None };
    let mut fields: Vec<(&str, Value)> = vec![
        ("description", Value::from(summary(&request.idea))),
        ("phase", Value::from(member.phase.as_str())),
        ("status", Value::from("draft")),
    ];
    if !request.tags.is_empty() {
        fields.push(("tags", json!(request.tags)));
    }
    fields.push(("persona", Value::from(request.persona.as_str())));
    let mut target = Map::new();
    if request.target.is_some() {
        target.insert("model_family".into(), Value::from(settled.family.as_str()));
    }
    if let Some(use_case) = settled.use_case.as_ref().filter(|use_case| !use_case.inferred) {
        target.insert("use_case".into(), Value::from(use_case.name.as_str()));
    }
    if !target.is_empty() {
        fields.push(("target", Value::Object(target)));
    }
    fields.extend(variables(&text.text));
    fields.push(("origin", origin(ready, session, member, parent, all)));
    for (key, value) in &fields {
        files = files.changed(Change::Set(&[key], value))?;
    }
    Ok(files)
}

/// What the text is for, in a line.
fn summary(idea: &str) -> String {
    const MOST: usize = 160;
    let line = idea.lines().map(str::trim).find(|line| line.chars().any(char::is_alphanumeric));
    let line = line.unwrap_or("A generated prompt");
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line.to_owned(),
    }
}

/// The variables that the text asks for; or that it is no template, where it cannot be read as one.
fn variables(text: &str) -> Vec<(&'static str, Value)> {
    let body = Body { path: "text", file: text, span: crate::base::Span::new(0, text.len()) };
    let uses = analyse(body, Engine::Jinja, &Template::default());
    if uses.problem.is_some() || !uses.includes.is_empty() || !uses.functions.is_empty() {
        return vec![("template", json!({"engine": "none"}))];
    }
    let mut names: Vec<&str> = Vec::new();
    for variable in uses.variables.iter().filter(|variable| !variable.guarded) {
        if !names.contains(&variable.name.as_str()) {
            names.push(&variable.name);
        }
    }
    if names.is_empty() { Vec::new() } else { vec![("input", json!({"required": names}))] }
}

/// How the file came to be. What was guessed is marked as guessed.
fn origin(ready: &Ready, session: &Session, member: &Member, parent: Option<&str>, all: &[Text]) -> Value {
    let request = &session.request;
    let mut origin = Map::new();
    let mut say = |key: &str, value: Value| {
        if !value.is_null() {
            origin.insert(key.to_owned(), value);
        }
    };
    say("source_type", Value::from("generated"));
    say("method", Value::from(format!("generate {}", request.strategy)));
    say("session", Value::from(session.id.as_str()));
    say("parent", parent.map_or(Value::Null, Value::from));
    say("variant", Value::from(member.variant));
    say("input", Value::from(request.idea.as_str()));
    say("family", Value::from(session.settled.family.as_str()));
    if let Some(use_case) = session.settled.use_case.as_ref().filter(|use_case| use_case.inferred) {
        say("inferred", json!({"use_case": use_case.name}));
    }
    say("model", member.model.clone().map_or(Value::Null, Value::from));
    if let Some(tokens) = &member.tokens {
        say("tokens", serde_json::to_value(tokens).unwrap_or_default());
    }
    say("cost", member.cost.clone().map_or(Value::Null, Value::from));
    if let Some(improvement) = &member.improvement {
        say("improved", Value::from(improvement.kept));
    }
    let starts_here = member.parent.is_none();
    if starts_here && !session.settled.examples.is_empty() {
        let shown = |shown: &crate::format::session::Shown| {
            format!("{}@{}", shown.id.as_ref().unwrap_or(&shown.name), &shown.blob[..12])
        };
        say("examples", session.settled.examples.iter().map(shown).collect());
    }
    let selected =
        session.choices.iter().any(|choice| choice.best.as_ref() == Some(&member.id) && choice.phase.is_none());
    let in_cascade = ready.plan.select && member.result && !ready.plan.chooses_at_the_end();
    if selected || (in_cascade && session.choices.iter().any(|choice| choice.best.as_ref() == Some(&member.id))) {
        say("selected", Value::from(true));
    }
    if request.keep == Keep::Stages.word() {
        say("stages", stages(member, all));
    }
    Value::Object(origin)
}

/// The texts on the way to this one, the first one first.
fn stages(member: &Member, all: &[Text]) -> Value {
    let mut stages = Vec::new();
    let mut next = member.parent.as_ref();
    while let Some(text) = next.and_then(|id| all.iter().find(|text| text.member.id == *id)) {
        stages.push(json!({"phase": text.member.phase, "variant": text.member.variant, "text": text.text}));
        next = text.member.parent.as_ref();
    }
    stages.reverse();
    if stages.is_empty() { Value::Null } else { Value::Array(stages) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_the_first_words() {
        assert_eq!(slug("Release notes, from a git-log: please"), "release-notes-from-a-git-log");
        assert_eq!(slug("--- 🜁 ---"), "idea");
        assert_eq!(slug("Übersetze 日本語"), "übersetze-日本語");
        assert_eq!(slug(&"x".repeat(90)), "idea");
        assert_eq!(summary("---\n\n  What it is for.\nMore"), "What it is for.");
    }

    #[test]
    fn a_text_that_is_no_template_is_marked_as_such() {
        assert_eq!(variables("Sort {{ ticket }} and {{ ticket }}."), [("input", json!({"required": ["ticket"]}))]);
        assert_eq!(variables("Use {% as a sign."), [("template", json!({"engine": "none"}))]);
        assert_eq!(variables("Plain."), []);
    }
}
