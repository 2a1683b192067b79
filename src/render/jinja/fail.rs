//! An error of the template engine becomes one of ours: in the user's file, in the user's words, with a next step.

use std::error::Error as _;

use minijinja::ErrorKind;

use crate::base::near::did_you_mean;
use crate::base::{Error, Finding, Place};

use super::super::analyse::syntax_problem;
use super::super::include::Refusal;
use super::super::request::Options;
use super::env::known;
use super::run::Shelf;

/// The innermost error with its place, and the includes that led to it.
pub fn explain(error: &minijinja::Error, shelf: &Shelf, options: &Options) -> Error {
    let chain: Vec<&minijinja::Error> = std::iter::successors(Some(error), |error| cause(error)).collect();
    let inner = chain.last().copied().unwrap_or(error);
    let mut finding = finding(inner, shelf, options);
    let outer = chain.iter().rev().skip(1).filter(|outer| outer.kind() == ErrorKind::BadInclude);
    for outer in outer {
        let here = (place(outer, shelf), "included here".to_owned());
        if finding.related.last() != Some(&here) {
            finding.related.push(here);
        }
    }
    Error::findings(format!("cannot render `{}`", error.name().unwrap_or("the prompt")), vec![finding])
}

fn cause(error: &minijinja::Error) -> Option<&minijinja::Error> {
    error.source().and_then(|next| next.downcast_ref())
}

fn place(error: &minijinja::Error, shelf: &Shelf) -> Place {
    let Some(name) = error.name() else { return Place::default() };
    let (Some(loaded), Some(patched)) = (shelf.library.get(name), shelf.prepared(name)) else {
        return Place::file(name);
    };
    match error.range() {
        Some(range) => loaded.body().place(patched.original_span(range)),
        None => {
            let line = error.line().unwrap_or(1) as u32;
            let start = crate::base::text::Lines::new(&patched.text).start(line);
            loaded.body().place(patched.original_span(start..start))
        }
    }
}

/// The output outgrew its limit, noticed at the place of the error if there was one.
pub fn too_large(place: Option<Place>, options: &Options) -> Finding {
    let message = format!("the prompt grows beyond {} bytes", options.output_bytes);
    Finding::error("template-limit", place.unwrap_or_default(), message)
        .hint("look for a loop that runs too long here, or raise `render.output_bytes` in the settings")
}

fn finding(error: &minijinja::Error, shelf: &Shelf, options: &Options) -> Finding {
    let place = place(error, shelf);
    let detail = error.detail().unwrap_or_default();
    let named = |rule: &str, message: String| Finding::error(rule, place.clone(), message);
    let quoted = || detail.split('`').nth(1).or_else(|| detail.split_whitespace().nth(1)).unwrap_or(detail);
    let token = || {
        let (range, name) = (error.range()?, error.name()?);
        let patched = shelf.prepared(name)?;
        let text = patched.text.get(range)?;
        Some(text.split('(').next().unwrap_or(text).trim().to_owned())
    };
    if shelf.is_full() {
        return too_large(Some(place), options);
    }
    match error.kind() {
        ErrorKind::SyntaxError | ErrorKind::BadEscape => {
            let Some(patched) = error.name().and_then(|name| shelf.prepared(name)) else {
                return named("template-syntax", detail.to_owned());
            };
            let problem = syntax_problem(error, &patched);
            let loaded = error.name().and_then(|name| shelf.library.get(name));
            let place = loaded.map_or(place.clone(), |loaded| loaded.body().place(problem.span));
            Finding::error("template-syntax", place, problem.message).hint_if(problem.hint)
        }
        ErrorKind::UndefinedError => {
            let unnamed =
                || token().map_or_else(|| "a value is missing".into(), |token| format!("`{token}` has no value"));
            let what = if detail.is_empty() { unnamed() } else { detail.to_owned() };
            named("missing-variable", what)
                .hint("give it a value, or write what to do without: `{{ name | default(\"…\") }}`")
        }
        ErrorKind::UnknownFilter => {
            let name = token().unwrap_or_else(|| quoted().to_owned());
            named("unknown-filter", format!("there is no filter `{name}`"))
                .hint_if(did_you_mean(&name, known().filters))
        }
        ErrorKind::UnknownTest => {
            let name = token().unwrap_or_else(|| quoted().to_owned());
            named("unknown-filter", format!("there is no test `{name}`")).hint_if(did_you_mean(&name, known().tests))
        }
        ErrorKind::UnknownFunction => {
            let name = detail
                .split([' ', '`'])
                .find(|word| !word.is_empty() && !matches!(*word, "function" | "is" | "unknown"));
            let name = name.unwrap_or(detail).to_owned();
            let finding = named("unknown-function", format!("there is no function `{name}`"));
            match name.as_str() {
                "now" => finding.hint("pass the time as a variable, so that the same input gives the same prompt"),
                _ => finding.hint_if(did_you_mean(&name, known().functions)),
            }
        }
        ErrorKind::TemplateNotFound => missing_file(detail, place, shelf),
        ErrorKind::OutOfFuel => named("template-limit", format!("the template takes more than {} steps", options.fuel))
            .hint("look for a loop that runs too long here, or raise `render.fuel` in the settings"),
        ErrorKind::InvalidOperation if detail.contains("recursion limit") => {
            named("template-limit", "includes, macros or loops nest too deeply here".into())
        }
        ErrorKind::InvalidOperation if detail == "the value is null" => {
            let what = token().map_or_else(|| "the value".into(), |token| format!("`{token}`"));
            named("missing-variable", format!("{what} is null, and a prompt should not say `None`"))
                .hint("write what to do without it: `{{ name or \"…\" }}`, or ask `{% if name is not none %}`")
        }
        kind => {
            let text = if detail.is_empty() { kind.to_string() } else { detail.to_owned() };
            named("template-error", text)
        }
    }
}

fn missing_file(detail: &str, place: Place, shelf: &Shelf) -> Finding {
    let names: Vec<&str> = detail.split(['"', '\'']).skip(1).step_by(2).collect();
    let mut finding =
        Finding::error("broken-include", place, format!("there is no file `{}` to include", names.join("` or `")));
    for name in names {
        if let Some(Refusal::Missing(tried)) = shelf.library.refusal(name) {
            finding = finding.hint(format!("looked for {}", tried.join(", ")));
        }
    }
    finding
}
