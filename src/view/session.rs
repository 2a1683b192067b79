//! Sessions of generation.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use super::table;
use crate::app::session::{Context, Shown};
use crate::format::session::{Choice, Member, Session};
use crate::model::Money;
use crate::model::generation::ANY_FAMILY;

pub fn table(sessions: &[Shown], paint: Paint, width: Option<usize>) -> String {
    let row = |shown: &Shown| {
        let session = &shown.session;
        let results = session.members.iter().filter(|member| member.result).count();
        let s = if results == 1 { "" } else { "s" };
        let idea = session.request.idea.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        vec![paint.bold(&session.id), format!("{results} result{s}"), session.request.persona.clone(), printable(idea)]
    };
    table::columns(&sessions.iter().map(row).collect::<Vec<_>>(), width)
}

/// What was asked, what that came to, and every member with its prompt as it is called now.
pub fn text(shown: &Shown, paint: Paint) -> String {
    let Session { request, settled, members, choices, .. } = &shown.session;
    let head = paint.dim(&format!("# {}", printable(&shown.path)));
    let mut out = format!("{} {head}\n", paint.bold(&shown.session.id));
    let mut row = |label: &str, value: String| {
        if !value.is_empty() {
            out.push_str(&format!("{} {}\n", paint.dim(&format!("{label:<9}")), printable(&value)));
        }
    };
    row("repeats", shown.session.repeats.clone().unwrap_or_default());
    let readers = if settled.family == ANY_FAMILY { "any model".into() } else { format!("{} models", settled.family) };
    row("asked", format!("{} × {}, {}", request.count, request.phases.join(" → "), request.strategy));
    row("persona", format!("{}, for {readers}", request.persona));
    let guessed = |inferred: bool| if inferred { " (guessed)" } else { "" };
    row("use", settled.use_case.as_ref().map(|it| it.name.clone() + guessed(it.inferred)).unwrap_or_default());
    row("judge", settled.judge.clone().unwrap_or_default());
    row(
        "context",
        request.context.iter().map(|it| format!("{} {}", it.path, &it.blob[..12])).collect::<Vec<_>>().join(", "),
    );
    let examples = settled.examples.iter().map(|it| format!("{} ({:.2})", it.name, it.relevance));
    row("examples", examples.collect::<Vec<_>>().join(", "));
    row("cost", sum(members, choices));
    settled.notes.iter().for_each(|note| row("note", note.clone()));
    let idea: String = request.idea.trim_end().lines().map(|line| format!("  {line}\n")).collect();
    out.push_str(&format!("\n{}\n", printable(&idea)));
    let rows: Vec<_> = members.iter().map(|member| line(shown, member, paint)).collect();
    out + &table::columns(&rows, None) + &choices.iter().map(|choice| chosen(members, choice)).collect::<String>()
}

fn line(shown: &Shown, member: &Member, paint: Paint) -> Vec<String> {
    let prompt = match (shown.prompts.get(&member.id), &member.failed) {
        (_, Some(failed)) => paint.red(&printable(failed)),
        (Some(file), None) => printable(file.name.as_str()),
        (None, None) if member.file => paint.yellow("(removed)"),
        (None, None) => paint.dim("(no file)"),
    };
    let count = |tokens: Option<u64>| tokens.map_or("?".to_owned(), |tokens| tokens.to_string());
    let tokens = member.tokens.as_ref();
    let tokens = tokens.map(|it| format!("{} + {} tokens", count(it.input), count(it.output))).unwrap_or_default();
    let cost = member.cost.as_deref().and_then(Money::parse).map(|cost| cost.to_string()).unwrap_or_default();
    let time = shown.times.get(&member.id).map(|time| format!("{:.1} s", time.as_secs_f64())).unwrap_or_default();
    let result = if member.result { paint.green("*") } else { " ".into() };
    let place = format!("{result} {} {}", printable(&member.phase), member.variant);
    vec![place, paint.dim(&member.id), prompt, member.model.clone().unwrap_or_default(), tokens, cost, time]
}

/// All that the texts, their improvement and the choices among them cost; more than that, where a price is not known.
fn sum(members: &[Member], choices: &[Choice]) -> String {
    let made = members.iter().filter(|member| member.failed.is_none()).map(|member| member.cost.as_deref());
    let improved = members.iter().filter_map(|member| member.improvement.as_ref()).map(|it| it.cost.as_deref());
    let chosen = choices.iter().map(|choice| choice.cost.as_deref());
    let all: Vec<Option<&str>> = made.chain(improved).chain(chosen).collect();
    let costs: Vec<Money> = all.iter().filter_map(|cost| Money::parse((*cost)?)).collect();
    let unknown = all.len() - costs.len();
    let sum: Money = costs.into_iter().sum();
    if unknown == 0 { sum.to_string() } else { format!("{sum} and {unknown} of unknown price") }
}

fn chosen(members: &[Member], choice: &Choice) -> String {
    let of = choice.phase.as_deref().map_or("of all".to_owned(), |phase| format!("of {phase}"));
    let name = |id: &String| {
        let found = members.iter().find(|member| member.id == *id);
        found.map_or_else(|| id.clone(), |member| format!("{} {}", member.phase, member.variant))
    };
    match &choice.best {
        Some(best) => format!("best {of}: {}: {}\n", name(best), printable(&choice.why)),
        None => format!("best {of}: {}\n", printable(&choice.why)),
    }
}

/// Context files as they were, each behind its name where there are several.
pub fn context(files: &[Context], paint: Paint) -> String {
    let one = |file: &Context| {
        let head = paint.bold(&printable(&file.path));
        let text = file.text.clone().unwrap_or_else(|| "(its content of then is gone)\n".into());
        format!("{head} {}\n{}", paint.dim(&format!("# {}", file.blob)), printable(&text))
    };
    files.iter().map(one).collect::<Vec<_>>().join("\n")
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct SessionV1<'a> {
    path: &'a str,
    /// As the file has it.
    session: &'a Session,
    /// By id: the prompts as they are called now.
    prompts: BTreeMap<&'a str, &'a str>,
    /// By id: how long the calls for each text took, as far as this machine knows.
    elapsed_ms: BTreeMap<&'a str, u64>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ListedV1<'a> {
    id: &'a str,
    path: &'a str,
    idea: &'a str,
    persona: &'a str,
    strategy: &'a str,
    members: usize,
    results: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ContextV1<'a> {
    path: &'a str,
    /// git's id of the content.
    blob: &'a str,
    /// The content at the time; null if nobody kept it.
    text: Option<&'a str>,
}

pub fn object(shown: &Shown) -> SessionV1<'_> {
    let prompts = shown.prompts.iter().map(|(id, file)| (id.as_str(), file.name.as_str()));
    let times = shown.times.iter().map(|(id, time)| (id.as_str(), time.as_millis() as u64));
    SessionV1 { path: &shown.path, session: &shown.session, prompts: prompts.collect(), elapsed_ms: times.collect() }
}

pub fn objects(sessions: &[Shown]) -> Vec<ListedV1<'_>> {
    sessions.iter().map(ListedV1::of).collect()
}

impl ListedV1<'_> {
    fn of(shown: &Shown) -> ListedV1<'_> {
        let Session { id, request, members, .. } = &shown.session;
        ListedV1 {
            id,
            path: &shown.path,
            idea: &request.idea,
            persona: &request.persona,
            strategy: &request.strategy,
            members: members.len(),
            results: members.iter().filter(|member| member.result).count(),
        }
    }
}

pub fn contexts(files: &[Context]) -> Vec<ContextV1<'_>> {
    files.iter().map(|file| ContextV1 { path: &file.path, blob: &file.blob, text: file.text.as_deref() }).collect()
}
