//! Take over what another tool's files say, as prompts and suites.

use globset::GlobBuilder;

use crate::base::{Error, Finding, Result, Severity, disk};
use crate::exchange::promptfoo::{self, Plan, Where, World};
use crate::format::change::Files;
use crate::format::{Dialect, suite};
use crate::model::Name;

use super::App;
use super::eval::suites;
use super::write::{Work, Written};

#[derive(Debug, Default)]
pub struct Request {
    /// The configuration, from where the command was started.
    pub file: String,
    /// What the suite is to be called.
    pub name: Option<String>,
    /// Import what can be imported, and leave out the rest.
    pub partial: bool,
    pub dry_run: bool,
}

#[derive(Debug)]
pub struct Outcome {
    pub written: Written,
    pub suite: String,
    pub cases: usize,
    pub tables: usize,
    /// What comes out differently, or is left out.
    pub findings: Vec<Finding>,
}

pub fn promptfoo(app: &App, request: &Request) -> Result<Outcome> {
    let mut work = Work::begin(app)?;
    let workspace = work.workspace();
    let path = workspace.relative(app.env.folder(), &request.file)?;
    if let Some(program) = ["js", "cjs", "mjs", "ts", "py"].into_iter().find(|end| path.ends_with(&format!(".{end}"))) {
        return Err(Error::invalid(format!("{path} is a program (`.{program}`), and palc runs none"))
            .hint("write the configuration as YAML or JSON"));
    }
    let read = |path: &str| {
        let bytes = suites::read(app, path)?;
        String::from_utf8(bytes).map_err(|_| Error::invalid(format!("{path} is not UTF-8")).hint("save it as UTF-8"))
    };
    let find = |pattern: &str| matching(app, pattern);
    let id = || app.clock.id();
    let world = World { read: &read, find: &find, id: &id };
    let prompts = workspace.layout().roots().first().cloned().unwrap_or_default();
    let suites = app.settings()?.eval.folder.clone();
    let to = Where { name: name(request, &path)?, prompts, suites };
    let plan = promptfoo::import(&path, &read(&path)?, &to, &world)?;
    if plan.suite.is_none() {
        return Err(Error::findings(format!("{path} is no configuration that can be read"), plan.findings));
    }
    let lost = plan.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    if lost > 0 && !request.partial {
        let what = if lost == 1 { "one thing".to_owned() } else { format!("{lost} things") };
        return Err(Error::no(format!("{what} in {path} cannot be imported, and nothing was written"))
            .with_findings(plan.findings)
            .hint("change them there, or let `--partial` import the rest")
            .hint("docs/promptfoo.md says what becomes of each type of assertion"));
    }
    add(&mut work, &plan, &path)?;
    Ok(Outcome {
        written: work.finish(request.dry_run)?,
        suite: to.name,
        cases: plan.cases,
        tables: plan.tables,
        findings: plan.findings,
    })
}

/// Put down all files of a plan. None of them may exist already.
fn add(work: &mut Work<'_>, plan: &Plan, path: &str) -> Result<()> {
    let Some((suite, text)) = plan.suite.as_ref().filter(|_| !plan.prompts.is_empty() && plan.has_cases()) else {
        return Err(Error::no(format!("nothing of {path} can be imported")).with_findings(plan.findings.clone()));
    };
    let all = plan.prompts.iter().map(|(path, _)| path).chain([suite]);
    let taken: Vec<&String> = all.filter(|path| work.workspace().path(path).symlink_metadata().is_ok()).collect();
    if let Some(first) = taken.first() {
        let more = match taken.len() {
            1 => " is".to_owned(),
            count => format!(" and {} more are", count - 1),
        };
        return Err(Error::no(format!("{first}{more} there already, and nothing is overwritten"))
            .hint("choose another name with `--name`, or remove what is there"));
    }
    suite::read(suite, suite, text).map_err(|error| {
        Error::invalid("what would be imported is no suite that palc reads")
            .with_findings(error.places().to_vec())
            .hint("this is where the configuration says something that a suite cannot")
    })?;
    for (path, text) in &plan.prompts {
        let (path, text) = (path.clone(), text.clone());
        work.add(&Files { path, dialect: Dialect::Native, text, beside: None });
    }
    work.put(suite, None, text);
    Ok(())
}

/// The name that was given, or what the file or its folder is called.
fn name(request: &Request, path: &str) -> Result<String> {
    let name = match &request.name {
        Some(name) => name.clone(),
        None => {
            let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
            let stem = file.split('.').rfind(|part| !["promptfooconfig", "yaml", "yml", "json"].contains(part));
            let folder = folder.rsplit('/').next().filter(|folder| !folder.is_empty());
            promptfoo::slug(stem.or(folder).unwrap_or("promptfoo"))
        }
    };
    let wrong = |reason: String| Error::usage(format!("`{name}` cannot be a name: {reason}")).hint("give `--name`");
    Name::new(&name).map_err(wrong)?;
    match name.contains('/') {
        true => Err(wrong("a suite that is imported stands in no folder".into())),
        false => Ok(name),
    }
}

/// Files that fit a pattern, in order.
fn matching(app: &App, pattern: &str) -> Result<Vec<String>> {
    let wrong = |error| Error::invalid(format!("`{pattern}` is no pattern")).because(error);
    let glob = GlobBuilder::new(pattern).literal_separator(true).build().map_err(wrong)?.compile_matcher();
    let fixed =
        pattern.split('/').take_while(|part| !part.contains(['*', '?', '[', '{'])).collect::<Vec<_>>().join("/");
    let listing = disk::walk(app.workspace()?.root(), &[&fixed], &|path| glob.is_match(path))?;
    Ok(listing.entries.into_iter().map(|entry| entry.path).collect())
}
