//! Jobs of a batch, as files give them: a table, a list, or an idea a line.

use std::collections::BTreeSet;

use crate::app::generate::Request;
use crate::base::near::did_you_mean;
use crate::base::{Error, Finding, Place, Result};
use crate::config::Strategy;
use crate::model::{Map, Value};
use crate::render::dataset::{Format, Row};

/// What a file of jobs is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Input {
    /// Whatever its name or its beginning says.
    #[default]
    Auto,
    Json,
    Csv,
    /// An idea a line.
    Text,
}

/// What a job may say. What it does not say is as for all jobs.
const FIELDS: [&str; 18] = [
    "idea",
    "count",
    "strategy",
    "phases",
    "persona",
    "target",
    "use_case",
    "context",
    "tags",
    "model",
    "provider",
    "judge",
    "temperature",
    "max_tokens",
    "optimize",
    "select",
    "history",
    "into",
];

/// All jobs of a text. Everything that is wrong with any of them is told at once.
pub fn jobs(path: &str, text: &str, input: Input, common: &Request) -> Result<Vec<Request>> {
    let mut findings = Vec::new();
    let mut jobs = Vec::new();
    for row in rows(path, text, input)? {
        match row.and_then(|row| job(path, &row, common)) {
            Ok(job) => jobs.push(job),
            Err(error) if error.places().is_empty() => {
                findings.push(Finding::error("job", Place::file(path), error.message()));
            }
            Err(error) => findings.extend(error.places().iter().cloned()),
        }
    }
    if !findings.is_empty() {
        return Err(Error::findings(format!("{path} has jobs that are not in order, so nothing was begun"), findings));
    }
    if jobs.is_empty() {
        return Err(
            Error::no(format!("{path} has no jobs")).hint("write an idea a line, or a table with a column `idea`")
        );
    }
    Ok(jobs)
}

type Rows<'a> = Box<dyn Iterator<Item = Result<Row>> + 'a>;

fn rows<'a>(path: &'a str, text: &'a str, input: Input) -> Result<Rows<'a>> {
    let format = match input {
        Input::Json => Some(json(text)),
        Input::Csv => Some(Format::Csv),
        Input::Text => None,
        Input::Auto => guessed(path, text),
    };
    match format {
        Some(Format::Json) => match strings(text) {
            Some(ideas) => Ok(Box::new(ideas.into_iter().enumerate().map(|(at, idea)| Ok(idea_row(at, 1, &idea))))),
            None => Format::Json.rows(path, text.as_bytes()),
        },
        Some(format) => format.rows(path, text.as_bytes()),
        None => Ok(Box::new(lines(text))),
    }
}

/// What the name says, or else the beginning.
fn guessed(path: &str, text: &str) -> Option<Format> {
    if let Some(format) = Format::of_path(path) {
        return Some(format);
    }
    if path.rsplit('.').next().is_some_and(|suffix| matches!(suffix, "txt" | "text" | "md")) {
        return None;
    }
    let head = text.trim_start();
    let columns = head.lines().next().unwrap_or_default();
    let has_idea = |between: char| columns.split(between).any(|name| name.trim().trim_matches('"') == "idea");
    match () {
        () if head.starts_with(['[', '{']) => Some(json(text)),
        () if columns.contains('\t') && has_idea('\t') => Some(Format::Tsv),
        () if has_idea(',') => Some(Format::Csv),
        () => None,
    }
}

fn json(text: &str) -> Format {
    if text.trim_start().starts_with('{') { Format::JsonLines } else { Format::Json }
}

/// A list of nothing but texts.
fn strings(text: &str) -> Option<Vec<String>> {
    serde_json::from_str(text).ok()
}

fn lines(text: &str) -> impl Iterator<Item = Result<Row>> + '_ {
    let is_idea = |(_, line): &(usize, &str)| !line.trim().is_empty() && !line.starts_with('#');
    let ideas = text.lines().enumerate().filter(is_idea);
    ideas.enumerate().map(|(at, (line, idea))| Ok(idea_row(at, line as u64 + 1, idea.trim())))
}

fn idea_row(at: usize, line: u64, idea: &str) -> Row {
    let values = Map::from_iter([("idea".to_owned(), Value::from(idea))]);
    Row { number: at as u64 + 1, line, values }
}

fn job(path: &str, row: &Row, common: &Request) -> Result<Request> {
    let mut fields = Fields { path, row, wrong: Vec::new() };
    fields.unknown();
    let mut job = common.clone();
    match fields.text("idea") {
        Some(idea) => job.idea = idea,
        None => fields.fault("it has no `idea`", None),
    }
    let or = |given: Option<String>, common: Option<String>| given.or(common);
    job.count = fields.number("count").map(|count| count as usize).or(job.count);
    job.strategy = fields.choice("strategy", Strategy::from_word, Strategy::WORDS).or(job.strategy);
    job.phases = fields.list("phases").unwrap_or(job.phases);
    job.persona = or(fields.text("persona"), job.persona);
    job.target = or(fields.text("target"), job.target);
    job.use_case = or(fields.text("use_case"), job.use_case);
    job.context = fields.list("context").unwrap_or(job.context);
    job.tags = fields.list("tags").unwrap_or(job.tags);
    job.model = or(fields.text("model"), job.model);
    job.provider = or(fields.text("provider"), job.provider);
    job.judge = or(fields.text("judge"), job.judge);
    job.temperature = fields.decimal("temperature").or(job.temperature);
    job.max_tokens = fields.number("max_tokens").or(job.max_tokens);
    job.optimize = fields.flag("optimize").unwrap_or(job.optimize);
    job.select = fields.flag("select").unwrap_or(job.select);
    job.no_history = fields.flag("history").map_or(job.no_history, |history| !history);
    job.into = or(fields.text("into"), job.into);
    if fields.wrong.is_empty() { Ok(job) } else { Err(Error::findings("a job is not in order", fields.wrong)) }
}

/// The fields of one job. A cell that is empty says nothing.
struct Fields<'a> {
    path: &'a str,
    row: &'a Row,
    wrong: Vec<Finding>,
}

impl Fields<'_> {
    fn fault(&mut self, message: &str, hint: Option<String>) {
        let place = Place { line: self.row.line as u32, column: 1, ..Place::file(self.path) };
        let finding = Finding::error("job", place, format!("job {}: {message}", self.row.number));
        self.wrong.push(finding.hint_if(hint));
    }

    fn unknown(&mut self) {
        let names: BTreeSet<String> = self.row.values.keys().cloned().collect();
        for name in names.iter().filter(|name| !FIELDS.contains(&name.as_str())) {
            let near = did_you_mean(name, FIELDS).unwrap_or_else(|| format!("it may have {}", FIELDS.join(", ")));
            self.fault(&format!("`{name}` is nothing that a job has"), Some(near));
        }
    }

    fn value(&self, name: &str) -> Option<&Value> {
        let is_said = |value: &&Value| !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty());
        self.row.values.get(name).filter(is_said)
    }

    fn text(&mut self, name: &str) -> Option<String> {
        match self.value(name)?.clone() {
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            _ => self.no(name, "text"),
        }
    }

    fn number(&mut self, name: &str) -> Option<u64> {
        let value = self.value(name)?;
        let number = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
        number.or_else(|| self.no(name, "a whole number"))
    }

    fn decimal(&mut self, name: &str) -> Option<f64> {
        let value = self.value(name)?;
        let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
        number.or_else(|| self.no(name, "a number"))
    }

    fn flag(&mut self, name: &str) -> Option<bool> {
        let value = self.value(name)?;
        let flag = value.as_bool().or_else(|| value.as_str()?.trim().parse().ok());
        flag.or_else(|| self.no(name, "true or false"))
    }

    /// A list, or a text with commas.
    fn list(&mut self, name: &str) -> Option<Vec<String>> {
        let texts = |list: &Vec<Value>| list.iter().map(|item| item.as_str().map(str::to_owned)).collect();
        let list = match self.value(name)? {
            Value::Array(list) => texts(list),
            Value::String(text) => Some(text.split(',').map(|item| item.trim().to_owned()).collect()),
            _ => None,
        };
        list.or_else(|| self.no(name, "a list"))
    }

    fn choice<T>(&mut self, name: &str, read: fn(&str) -> Option<T>, words: &[&str]) -> Option<T> {
        let word = self.text(name)?;
        read(&word).or_else(|| self.no(name, &format!("one of {}", words.join(", "))))
    }

    fn no<T>(&mut self, name: &str, what: &str) -> Option<T> {
        let value = self.row.values.get(name).cloned().unwrap_or_default();
        self.fault(&format!("`{name}` is {value}, and not {what}"), None);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ideas(path: &str, text: &str) -> Vec<String> {
        let jobs = jobs(path, text, Input::Auto, &Request::default()).expect("in order");
        jobs.into_iter().map(|job| job.idea).collect()
    }

    #[test]
    fn jobs_come_in_many_forms() {
        let wanted = ["one, two", "three"];
        assert_eq!(ideas("x.txt", "# ideas\none, two\n\n three\n"), wanted);
        assert_eq!(ideas("x.csv", "idea,count\n\"one, two\",2\nthree,\n"), wanted);
        assert_eq!(ideas("x.json", "[\"one, two\", \"three\"]"), wanted);
        assert_eq!(ideas("x.json", "[{\"idea\": \"one, two\"}, {\"idea\": \"three\"}]"), wanted);
        assert_eq!(ideas("-", "{\"idea\": \"one, two\"}\n{\"idea\": \"three\"}\n"), wanted);
        assert_eq!(ideas("-", "count,idea\n1,\"one, two\"\n1,three\n"), wanted);
        assert_eq!(ideas("-", "one, two\nthree\n"), wanted);
    }

    #[test]
    fn a_job_says_what_is_special_about_it() {
        let common = Request { count: Some(3), persona: Some("code".into()), ..Request::default() };
        let text =
            "idea,count,phases,temperature,history,persona\na,2,\"solutio, coagulatio\",0.5,false,\nb,,,,,writing\n";
        let jobs = jobs("x.csv", text, Input::Auto, &common).expect("in order");
        assert_eq!((jobs[0].count, jobs[0].temperature, jobs[0].no_history), (Some(2), Some(0.5), true));
        assert_eq!(jobs[0].phases, ["solutio", "coagulatio"]);
        assert_eq!((jobs[0].persona.as_deref(), jobs[1].persona.as_deref()), (Some("code"), Some("writing")));
        assert_eq!((jobs[1].count, jobs[1].no_history), (Some(3), false));
    }

    #[test]
    fn everything_that_is_wrong_is_told() {
        let text =
            "[{\"idea\": \"a\", \"cuont\": 1}, {\"count\": \"many\"}, {\"idea\": \"c\", \"optimize\": \"perhaps\"}]";
        let error = jobs("x.json", text, Input::Auto, &Request::default()).expect_err("wrong");
        let told: Vec<&str> = error.places().iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(told.len(), 4, "{told:?}");
        assert_eq!(told[0], "job 1: `cuont` is nothing that a job has");
        assert_eq!(told[2], "job 2: `count` is \"many\", and not a whole number");
        assert!(jobs("x.txt", "\n# nothing\n", Input::Auto, &Request::default()).is_err());
        assert!(jobs("x.json", "[{\"idea\": \"a\"", Input::Auto, &Request::default()).is_err());
    }
}
