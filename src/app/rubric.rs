//! Rubrics: those that come with palc, and files of the repository in folders called `rubrics`.

use std::path::Path;

use crate::base::near::did_you_mean;
use crate::base::{Error, Finding, Result, disk};
use crate::eval::judge::rubric::BUILT_IN;
use crate::eval::judge::sheet::{SHEETS, Sheet};
use crate::format::rubric;
use crate::git::Git;
use crate::model::Rubric;
use crate::repo::Source;

use super::{App, given};

/// A rubric, and its file.
#[derive(Debug)]
pub struct Found {
    pub rubric: Rubric,
    pub built_in: bool,
    pub text: String,
}

/// Files, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Checked {
    pub paths: Vec<String>,
    pub findings: Vec<Finding>,
}

/// Those that come with palc, then those of the repository by their paths; and what is wrong with files.
pub fn list(app: &App) -> Result<(Vec<Found>, Vec<Finding>)> {
    let mut found: Vec<Found> = BUILT_IN.iter().map(|(name, text)| built_in(name, text)).collect::<Result<_>>()?;
    let mut findings = Vec::new();
    for path in files(app)? {
        let text = read(app, &path)?;
        match rubric::read(&path, &text) {
            Ok(rubric) => found.push(Found { rubric, built_in: false, text }),
            Err(error) => findings.extend(error.places().iter().cloned()),
        }
    }
    Ok((found, findings))
}

/// The rubric of a file, from where the command was started; of a name that comes with palc; or of a file's name.
pub fn find(app: &App, typed: &str) -> Result<Found> {
    if is_file(typed) {
        let text = given::read_text(app, Path::new(typed))?;
        return Ok(Found { rubric: rubric::read(typed, &text)?, built_in: false, text });
    }
    if let Some((name, text)) = BUILT_IN.iter().find(|(name, _)| *name == typed) {
        return built_in(name, text);
    }
    let files = files(app)?;
    match files.iter().filter(|path| rubric::name(path) == typed).collect::<Vec<_>>()[..] {
        [path] => {
            let text = read(app, path)?;
            Ok(Found { rubric: rubric::read(path, &text)?, built_in: false, text })
        }
        [] => {
            let known = || BUILT_IN.iter().map(|(name, _)| *name).chain(files.iter().map(|path| rubric::name(path)));
            let all = format!("there are {}; a file is named with its suffix", known().collect::<Vec<_>>().join(", "));
            Err(Error::usage(format!("there is no rubric `{typed}`")).hint(did_you_mean(typed, known()).unwrap_or(all)))
        }
        ref several => {
            let paths: Vec<&str> = several.iter().map(|path| path.as_str()).collect();
            Err(Error::usage(format!("several rubrics are called `{typed}`"))
                .hint(format!("name one by its path: {}", paths.join(", "))))
        }
    }
}

/// Read these files, or all of the repository, and tell everything that is wrong.
pub fn check(app: &App, typed: &[String]) -> Result<Checked> {
    let mut checked = Checked::default();
    let texts: Vec<(String, String)> = match typed.is_empty() {
        true => files(app)?.into_iter().map(|path| Ok((path.clone(), read(app, &path)?))).collect::<Result<_>>()?,
        false => {
            let text = |typed: &String| Ok((typed.clone(), given::read_text(app, Path::new(typed))?));
            typed.iter().map(text).collect::<Result<_>>()?
        }
    };
    for (path, text) in texts {
        if let Err(error) = rubric::read(&path, &text) {
            checked.findings.extend(error.places().iter().cloned());
        }
        checked.paths.push(path);
    }
    Ok(checked)
}

/// The prompts that judges are asked, by the kind of check that asks them.
pub fn prompts() -> [(&'static str, &'static Sheet); 7] {
    let sheets = &*SHEETS;
    [
        ("judge", &sheets.rubric),
        ("classify", &sheets.classify),
        ("closed-qa", &sheets.closed_qa),
        ("factuality", &sheets.factuality),
        ("g-eval", &sheets.g_eval),
        ("g-eval-steps", &sheets.steps),
        ("pairwise", &sheets.pairwise),
    ]
}

/// The prompt that judges of this kind are asked.
pub fn prompt(kind: &str) -> Result<&'static Sheet> {
    let known = prompts().map(|(name, _)| name);
    let found = prompts().into_iter().find(|(name, _)| *name == kind);
    found.map(|(_, sheet)| sheet).ok_or_else(|| {
        Error::usage(format!("no check called `{kind}` asks a judge"))
            .hint(did_you_mean(kind, known).unwrap_or_else(|| format!("these do: {}", known.join(", "))))
    })
}

fn built_in(name: &str, text: &str) -> Result<Found> {
    Ok(Found { rubric: rubric::read(name, text)?, built_in: true, text: text.to_owned() })
}

fn is_file(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// Files in a folder called `rubrics`, wherever it is.
fn files(app: &App) -> Result<Vec<String>> {
    let workspace = app.workspace()?;
    let is_rubric = |path: &str| is_file(path) && path.split('/').rev().skip(1).any(|folder| folder == "rubrics");
    let paths: Vec<String> = match workspace.git().filter(|git| Git::is_bare(git)) {
        Some(git) => git.reader().files("HEAD", "").unwrap_or_default().into_iter().map(|file| file.path).collect(),
        None => disk::walk(workspace.root(), &[], &is_rubric)?.entries.into_iter().map(|entry| entry.path).collect(),
    };
    Ok(paths.into_iter().filter(|path| is_rubric(path)).collect())
}

fn read(app: &App, path: &str) -> Result<String> {
    let bytes = Source::at(app.workspace()?, None)?.read(path)?;
    let bytes = bytes.ok_or_else(|| Error::storage(format!("cannot read {path}")))?;
    String::from_utf8(bytes).map_err(|_| Error::invalid(format!("{path} is not UTF-8")).hint("save the file as UTF-8"))
}
