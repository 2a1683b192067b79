//! The minijinja environment: filters, functions, limits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use minijinja::value::{Enumerator, Kwargs, Object, ObjectRepr, Value};
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior, escape_formatter};
use minijinja_contrib::{filters, globals, pycompat};

use crate::config::{OnMissing, Undefined};
use crate::model::Template;

use super::super::event::{Mark, Marks, Placed};
use super::super::marker::{self, Heading};
use super::super::messages::Turn;
use super::super::request::Options;
use super::prepare::syntax;

/// An environment without templates.
pub fn environment(
    template: &Template,
    options: &Options,
    marks: &Arc<Marks>,
    full: &Arc<AtomicBool>,
) -> Environment<'static> {
    let mut env = base();
    env.set_syntax(syntax(template));
    env.set_undefined_behavior(undefined(template, options));
    env.set_recursion_limit(options.recursion);
    env.set_debug(true);
    let on_missing = options.on_missing;
    let full = full.clone();
    env.set_formatter(move |out, state, value| match (value.is_none(), on_missing) {
        _ if full.load(Ordering::Relaxed) => Err(Error::new(ErrorKind::WriteFailure, "the output limit is reached")),
        (true, OnMissing::Error) => Err(Error::new(ErrorKind::InvalidOperation, "the value is null")),
        (true, _) => Ok(()),
        (false, _) => escape_formatter(out, state, value),
    });
    add_marks(&mut env, marks);
    env
}

/// Filters and functions, the same for every prompt.
pub(super) fn base() -> Environment<'static> {
    let mut env = Environment::new();
    env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    env.set_unknown_method_callback(pycompat::unknown_method_callback);
    env.add_filter("json", json);
    env.add_filter("pluralize", filters::pluralize);
    env.add_filter("filesizeformat", filters::filesizeformat);
    env.add_filter("truncate", filters::truncate);
    env.add_filter("striptags", filters::striptags);
    env.add_filter("datetimeformat", filters::datetimeformat);
    env.add_filter("dateformat", filters::dateformat);
    env.add_filter("timeformat", filters::timeformat);
    env.add_filter("wordcount", |text: &str| text.split_whitespace().count());
    env.add_function("cycler", globals::cycler);
    env.add_function("joiner", globals::joiner);
    env.remove_global("debug");
    env
}

fn undefined(template: &Template, options: &Options) -> UndefinedBehavior {
    if options.on_missing != OnMissing::Error {
        return UndefinedBehavior::Chainable;
    }
    let asked = template.undefined.as_deref().and_then(Undefined::from_word);
    match asked.unwrap_or(options.undefined) {
        Undefined::Strict => UndefinedBehavior::Strict,
        Undefined::SemiStrict => UndefinedBehavior::SemiStrict,
        Undefined::Lenient => UndefinedBehavior::Lenient,
        Undefined::Chainable => UndefinedBehavior::Chainable,
    }
}

/// JSON as a model should read it: nothing escaped for HTML. `json(2)` writes it over several lines.
#[expect(clippy::needless_pass_by_value, reason = "the engine hands arguments over like this")]
fn json(value: &Value, indent: Option<usize>, options: Kwargs) -> Result<String, Error> {
    let indent = indent.or(options.get::<Option<usize>>("indent")?);
    options.assert_all_used()?;
    let failed = |error: serde_json::Error| Error::new(ErrorKind::BadSerialization, error.to_string());
    let value = serde_json::to_value(value).map_err(failed)?;
    let Some(indent) = indent else { return serde_json::to_string(&value).map_err(failed) };
    let blanks = " ".repeat(indent.min(16));
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(blanks.as_bytes());
    serde::Serialize::serialize(&value, &mut serde_json::Serializer::with_formatter(&mut bytes, formatter))
        .map_err(failed)?;
    String::from_utf8(bytes).map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))
}

fn add_marks(env: &mut Environment<'static>, marks: &Arc<Marks>) {
    let start = marks.clone();
    env.add_function("role", move |state: &mut State, word: &str, options: Kwargs| role(&start, state, word, &options));
    let media = marks.clone();
    env.add_function("media", move |url: String, mime: Option<String>, options: Kwargs| -> Result<String, Error> {
        let mime = mime.or(options.get::<Option<String>>("mime")?);
        options.assert_all_used()?;
        Ok(media.add(Mark::Media { url, mime }))
    });
}

/// `{{ role("user") }}` starts a message; `{% call role("user") %}…{% endcall %}` holds one.
fn role(marks: &Marks, state: &mut State, word: &str, options: &Kwargs) -> Result<String, Error> {
    let role = marker::role(word).ok_or_else(|| {
        let known = crate::format::fields::ROLES.join(", ");
        Error::new(ErrorKind::InvalidOperation, format!("`{word}` is not a role; the roles are {known}"))
    })?;
    let caller = options.get::<Option<Value>>("caller")?;
    let names: Vec<&str> = options.args().filter(|name| *name != "caller").collect();
    let attribute = |name: &&str| Ok(((*name).to_owned(), options.get::<Value>(name)?.to_string()));
    let attributes = names.iter().map(attribute).collect::<Result<Vec<_>, Error>>()?;
    let heading = Heading { role: role.into(), attributes };
    match caller {
        None => Ok(marks.add(Mark::Start(heading))),
        Some(caller) => {
            let content = caller.call(state, &[])?;
            Ok(format!("{}{content}{}", marks.add(Mark::Begin(heading)), marks.add(Mark::End)))
        }
    }
}

/// `history` and `examples`: lists to loop over, and functions that put their messages where they are called.
#[derive(Debug)]
pub struct Turns {
    pub placed: Placed,
    pub turns: Vec<Turn>,
    pub marks: Arc<Marks>,
}

impl Object for Turns {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let turn = self.turns.get(key.as_usize()?)?;
        let pairs = [("role", turn.role.as_str()), ("content", turn.content.as_str())];
        Some(Value::from_iter(pairs.map(|(key, value)| (key.to_owned(), Value::from(value)))))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.turns.len())
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        if !args.is_empty() {
            return Err(Error::new(ErrorKind::TooManyArguments, "it takes no arguments"));
        }
        Ok(Value::from(self.marks.add(Mark::Turns(self.placed, self.turns.clone()))))
    }
}

/// The names a template may use without declaring them.
#[derive(Debug)]
pub struct Known {
    pub filters: Vec<&'static str>,
    pub tests: Vec<&'static str>,
    pub functions: Vec<&'static str>,
}

/// minijinja does not list its filters and tests, so the names are written down here and a test compares them.
pub fn known() -> Known {
    let words = |text: &'static str| text.split_whitespace().collect();
    Known { filters: words(FILTERS), tests: words(TESTS), functions: words(FUNCTIONS) }
}

const FILTERS: &str = "abs attr batch bool capitalize chain count d dateformat datetimeformat default dictsort e escape \
    filesizeformat first float format groupby indent int items join json last length lines list lower map max min \
    pluralize pprint reject rejectattr replace reverse round safe select selectattr slice sort split string \
    striptags sum timeformat title tojson trim truncate unique upper urlencode wordcount zip";
const TESTS: &str = "boolean defined divisibleby endingwith eq equalto escaped even false filter float ge greaterthan gt \
    in int integer iterable le lessthan lower lt mapping ne none number odd safe sameas sequence startingwith string test \
    true undefined upper";
const FUNCTIONS: &str = "cycler dict examples history joiner media namespace range role";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_names_are_those_of_the_environment() {
        let env = base();
        let mut state = env.empty_state();
        let unknown = |result: Result<(), Error>, kind| result.is_err_and(|error| error.kind() == kind);
        let known = known();
        for name in &known.filters {
            let applied = state.apply_filter(name, &[Value::from(1)]).map(drop);
            assert!(!unknown(applied, ErrorKind::UnknownFilter), "{name} is not a filter");
        }
        for name in &known.tests {
            let performed = state.perform_test(name, &[Value::from(1)]).map(drop);
            assert!(!unknown(performed, ErrorKind::UnknownTest), "{name} is not a test");
        }
        for name in env.globals().map(|(name, _)| name) {
            assert!(known.functions.contains(&name), "{name} is not listed");
        }
    }
}
