//! Answers before people.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::rate::{Item, Queue};
use crate::model::Rubric;
use crate::view::paint::{Paint, printable};

/// One answer, and by what it is scored.
pub fn item(queue: &Queue, at: usize, item: &Item, paint: Paint) -> String {
    let head = format!("{} of {}, case {}", at + 1, queue.items.len(), printable(&item.case));
    let whose = match queue.blind {
        true => String::new(),
        false => paint.dim(&format!(" ({} by {})", printable(&item.prompt), printable(&item.model))),
    };
    let answer = match item.answer.is_empty() {
        true => paint.dim("(it says nothing)"),
        false => printable(&item.answer),
    };
    format!("\n{}{whose}\n{answer}\n", paint.bold(&head))
}

/// What is to be typed.
pub fn question(queue: &Queue) -> String {
    match &queue.rubric {
        None => "p, f, ?, s or q".to_owned(),
        Some(rubric) => {
            let names: Vec<&str> = rubric.criteria.iter().map(|criterion| criterion.name.as_str()).collect();
            format!("{} ({} to {}), ?, s or q", printable(&names.join(" ")), rubric.scale.low, rubric.scale.high)
        }
    }
}

/// The whole queue.
pub fn text(queue: &Queue, paint: Paint) -> String {
    let one = |(at, it): (usize, &Item)| format!("{}{}\n", item(queue, at, it, paint), paint.dim(&it.id));
    queue.items.iter().enumerate().map(one).collect::<String>().trim_start_matches('\n').to_owned()
}

pub fn sentence(queue: &Queue, kept: usize, path: Option<&str>) -> String {
    let left = queue.all - queue.rated - kept;
    let answers = |number: usize| if number == 1 { "1 answer".to_owned() } else { format!("{number} answers") };
    let left = match left {
        0 => format!("{} has rated all {} of {}", queue.rater, answers(queue.all), queue.name),
        left => format!(
            "{} of {} {} left for {}",
            answers(left),
            queue.name,
            if left == 1 { "is" } else { "are" },
            queue.rater
        ),
    };
    match path {
        Some(path) => format!("{} rated in {path}; {left}", answers(kept)),
        None => left,
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct RateV1<'a> {
    suite: &'a str,
    rater: &'a str,
    rubric: Option<&'a str>,
    /// What is to be scored, if there is a rubric.
    criteria: Vec<&'a str>,
    blind: bool,
    /// Different answers of the run, and how many of them this person had rated before.
    all: usize,
    rated: usize,
    /// Ratings that were kept now, and in which file.
    kept: usize,
    path: Option<&'a str>,
    /// What is to be rated, with --list.
    queue: Vec<ItemV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct ItemV1<'a> {
    item: &'a str,
    case: &'a str,
    answer: &'a str,
    /// Null with --blind.
    prompt: Option<&'a str>,
    model: Option<&'a str>,
}

pub fn object<'a>(queue: &'a Queue, list: bool, kept: usize, path: Option<&'a str>) -> RateV1<'a> {
    let shown = |text: &'a str| (!queue.blind).then_some(text);
    let item = |item: &'a Item| ItemV1 {
        item: &item.id,
        case: &item.case,
        answer: &item.answer,
        prompt: shown(&item.prompt),
        model: shown(&item.model),
    };
    let names = |rubric: &'a Rubric| rubric.criteria.iter().map(|criterion| criterion.name.as_str()).collect();
    RateV1 {
        suite: &queue.suite,
        rater: &queue.rater,
        rubric: queue.rubric.as_ref().map(|rubric| rubric.name.as_str()),
        criteria: queue.rubric.as_ref().map(names).unwrap_or_default(),
        blind: queue.blind,
        all: queue.all,
        rated: queue.rated,
        kept,
        path,
        queue: if list { queue.items.iter().map(item).collect() } else { Vec::new() },
    }
}
