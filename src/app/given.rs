//! Variables as they are given on the command line: one by one, from files, from a table.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::base::{Error, Finding, Place, Result};
use crate::format::yaml;
use crate::model::{Map, Value};
use crate::render::Turn;
use crate::render::dataset::Format;

use super::App;

#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Each `name=text`, `name=@file` or `name=-`.
    pub vars: Vec<String>,
    /// Files that hold a map.
    pub files: Vec<PathBuf>,
}

impl Given {
    /// Those of files; a later file wins.
    pub fn from_files(&self, app: &App) -> Result<Map> {
        let maps = self.files.iter().map(|path| map(app, path)).collect::<Result<Vec<_>>>()?;
        Ok(maps.into_iter().flatten().collect())
    }

    /// Those that are named one by one.
    pub fn named(&self, app: &App) -> Result<Map> {
        let mut variables = Map::new();
        let mut piped = false;
        for given in &self.vars {
            let (name, text) = split(given)?;
            if text == "-" && std::mem::replace(&mut piped, true) {
                return Err(Error::usage("only one variable can be read from standard input"));
            }
            variables.insert(name.to_owned(), Value::String(meant(app, text)?));
        }
        Ok(variables)
    }
}

/// The text that was meant: `@FILE` is a file's, `-` what standard input holds, `@@` begins a text with `@`.
pub fn meant(app: &App, text: &str) -> Result<String> {
    match text.as_bytes() {
        b"-" => stdin(),
        [b'@', b'@', ..] => Ok(text[1..].to_owned()),
        [b'@', ..] => read_text(app, Path::new(&text[1..])),
        _ => Ok(text.to_owned()),
    }
}

fn split(given: &str) -> Result<(&str, &str)> {
    given.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(|| {
        Error::usage(format!("`{given}` does not name a variable"))
            .hint("write --var name=text, --var name=@file, or --var name=- for standard input")
    })
}

/// All of standard input.
pub fn stdin() -> Result<String> {
    let mut text = String::new();
    let failed = |error| Error::storage("cannot read standard input as text").because(error);
    std::io::stdin().lock().read_to_string(&mut text).map_err(failed)?;
    Ok(text)
}

/// A file named on the command line, from where the command was started.
pub fn read_text(app: &App, path: &Path) -> Result<String> {
    let bytes = fs::read(app.env.folder().join(path)).map_err(|error| unreadable(path, error))?;
    let text = String::from_utf8(bytes).map_err(|error| unreadable(path, error).hint("save it as UTF-8"))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

pub fn unreadable(path: &Path, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::storage(format!("cannot read {}", path.display())).because(cause)
}

/// A JSON or YAML file that holds one map.
fn map(app: &App, path: &Path) -> Result<Map> {
    match value(app, path)? {
        Value::Object(map) => Ok(map),
        Value::Null => Ok(Map::new()),
        _ => Err(Error::invalid(format!("{} must hold a map of names and values", path.display()))),
    }
}

/// A JSON or YAML file. JSON is read as such, because YAML readers differ from it in small things.
pub fn value(app: &App, path: &Path) -> Result<Value> {
    let (text, shown) = (read_text(app, path)?, path.display().to_string());
    if Format::of_path(&shown) == Some(Format::Json) {
        return serde_json::from_str(&text)
            .map_err(|error| Error::invalid(format!("{shown} is not valid JSON")).because(error));
    }
    let tree = yaml::read(&text, 0);
    if tree.problems.is_empty() {
        return Ok(tree.root.map_or(Value::Null, |root| root.value()));
    }
    let finding = |problem: &yaml::Problem| {
        Finding::error(problem.rule, Place::in_text(&shown, &text, problem.span), &problem.message)
            .hint_if(problem.hint.as_ref())
    };
    Err(Error::findings(format!("{shown} is not valid YAML"), tree.problems.iter().map(finding).collect()))
}

/// Earlier turns: a list of `{role, content}`, or one of them a line.
pub fn history(app: &App, path: &Path) -> Result<Vec<Turn>> {
    let rows: Vec<Value> = rows(app, path)?.into_iter().map(Value::Object).collect();
    Turn::list(&Value::Array(rows)).ok_or_else(|| {
        Error::invalid(format!("{} must list messages, each with `role` and `content`", path.display()))
            .hint("the roles are system, developer, user, assistant and tool")
    })
}

fn rows(app: &App, path: &Path) -> Result<Vec<Map>> {
    let shown = path.display().to_string();
    let file = fs::File::open(app.env.folder().join(path)).map_err(|error| unreadable(path, error))?;
    format(path)?.rows(&shown, file)?.map(|row| row.map(|row| row.values)).collect()
}

/// The format of a data file, told by its name.
pub fn format(path: &Path) -> Result<Format> {
    Format::of_path(&path.display().to_string()).ok_or_else(|| {
        Error::usage(format!("{} is not a data file", path.display()))
            .hint("its name must end with .csv, .tsv, .json, .jsonl or .yaml")
    })
}
