//! What the words on the command line stand for: a set of results for each suite.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::known::{self, Meanings, Meant};
use crate::app::App;
use crate::app::report::found::{self, Found};
use crate::base::{Error, Kind, Result};
use crate::eval::compare::{Pairing, Side};
use crate::format::results::LINES;
use crate::model::Query;

/// Results by suite.
#[derive(Debug)]
pub struct Sides {
    pub label: String,
    pub suites: BTreeMap<String, Taken>,
}

/// The results of one suite.
#[derive(Debug)]
pub struct Taken {
    pub side: Side,
    /// Digests of the suite and of its data.
    pub inputs: BTreeSet<String>,
}

impl Taken {
    fn new(pairing: Pairing) -> Taken {
        Taken { side: Side::new(pairing), inputs: BTreeSet::new() }
    }

    fn note(&mut self, found: &Found) {
        let manifest = &found.manifest;
        let files = manifest.files.iter().map(|(path, digest)| format!("{path} {digest}"));
        self.inputs.insert([manifest.suite_digest.clone()].into_iter().chain(files).collect::<Vec<_>>().join("\n"));
    }
}

/// What one word can mean.
enum Word {
    Prompt(Meant),
    Revision(String),
    /// A run, a suite, `suite@revision`, a folder; or what is kept here.
    Results(Option<String>),
}

/// Prompts, in whatever version, meet on their cases alone; anything else has the same prompts on both sides.
pub fn pairing(app: &App, words: [Option<&str>; 2]) -> Result<Pairing> {
    let mut ids = Vec::new();
    for word in words {
        if let Word::Prompt(meant) = read(app, word)? {
            ids.push(meant.id);
        }
    }
    Ok(if ids.len() == 2 { Pairing::Prompts } else { Pairing::Versions })
}

pub fn open(app: &App, word: Option<&str>, pairing: Pairing, suites: &[String]) -> Result<Sides> {
    match read(app, word)? {
        Word::Prompt(meant) => of_prompt(app, &meant, pairing, suites),
        Word::Revision(revision) => of_revision(app, &revision, pairing, suites),
        Word::Results(None) => of_work_tree(app, pairing, suites),
        Word::Results(Some(typed)) => {
            let found = found::find(app, Some(&typed))?;
            let label = found.label.clone();
            of_sets(label, [found], pairing, suites)
        }
    }
}

/// Numbers and labels are versions of prompts. A revision after a name is meant for the suite of that name, if results of it
/// were kept there.
fn read(app: &App, word: Option<&str>) -> Result<Word> {
    let Some(word) = word else { return Ok(Word::Results(None)) };
    let git = app.workspace()?.git();
    let is_revision = |word: &str| git.is_some_and(|git| git.reader().knows(word));
    let query = Query::parse(word);
    if let Some(spec) = &query.version {
        let of_suite = is_revision(spec) && found::at(app, &query.what, spec).is_ok();
        if of_suite && !spec.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Word::Results(Some(word.to_owned())));
        }
        return match known::meant(app, word) {
            Ok(meant) => Ok(Word::Prompt(meant)),
            // As `HEAD@{1}`.
            Err(error) if error.kind() == Kind::No && is_revision(word) => {
                tracing::debug!(%error, word, "taken for a revision");
                Ok(Word::Revision(word.to_owned()))
            }
            Err(error) => Err(error),
        };
    }
    match found::find(app, Some(word)) {
        Ok(_) => Ok(Word::Results(Some(word.to_owned()))),
        Err(_) if is_revision(word) => Ok(Word::Revision(word.to_owned())),
        Err(error) => Err(error.hint("revisions, versions of prompts as `triage@7`, runs and folders can be compared")),
    }
}

/// A prompt with whatever is known of this version.
pub fn of_prompt(app: &App, meant: &Meant, pairing: Pairing, suites: &[String]) -> Result<Sides> {
    let meanings = Meanings::new(app, &meant.path);
    let mut taken: BTreeMap<String, Taken> = BTreeMap::new();
    let mut seen = HashSet::new();
    let tried = |tried: &crate::model::results::Tried| {
        (meant.is_of(tried) && meanings.of(&tried.blob).as_ref() == Some(&meant.meaning)).then_some(())
    };
    known::each_line(app, suites, tried, |(), found, line, _| {
        let all = taken.entry(found.manifest.suite.clone()).or_insert_with(|| Taken::new(pairing));
        all.note(found);
        // Where the same case was tried in several runs, the first set counts.
        let about = &line.about;
        let params = serde_json::to_string(&about.params).expect("a map is JSON");
        let place = [&found.manifest.suite, &about.case, &about.model, &params].map(String::as_str).join("\n");
        if seen.insert(format!("{place}\n{}", about.repeat)) {
            all.side.add(line);
        }
        Ok(())
    })?;
    if taken.is_empty() {
        let what = match suites {
            [] => String::new(),
            suites => format!(" of {}", suites.join(", ")),
        };
        let error = Error::no(format!("no results{what} are known of what {} says", meant.typed));
        return Err(error
            .hint(format!("`palc perf {}` shows of which versions there are", meant.name))
            .hint("`palc eval` makes some"));
    }
    Ok(Sides { label: meant.typed.clone(), suites: taken })
}

fn of_revision(app: &App, revision: &str, pairing: Pairing, suites: &[String]) -> Result<Sides> {
    let git = app.workspace()?.git().ok_or_else(|| Error::bug("a revision without git"))?;
    let folder = found::folder(app)?;
    let end = format!("/{LINES}");
    let files = git.reader().files(revision, &folder)?;
    let names = files.iter().filter_map(|file| file.path.strip_prefix(&folder)?.strip_prefix('/')?.strip_suffix(&end));
    let names: Vec<String> = names.map(str::to_owned).collect();
    if names.is_empty() {
        return Err(Error::no(format!("no results were kept at {revision}"))
            .hint(format!("`palc results keep` puts them below {folder}/, and a commit keeps them there")));
    }
    let sets = names.iter().map(|name| found::at(app, name, revision)).collect::<Result<Vec<_>>>()?;
    of_sets(revision.to_owned(), sets, pairing, suites)
}

fn of_work_tree(app: &App, pairing: Pairing, suites: &[String]) -> Result<Sides> {
    let names = found::suites(app)?;
    if names.is_empty() {
        return Err(Error::no("no results are kept in the work tree")
            .hint("`palc eval` makes some, `palc results keep` keeps them")
            .hint("name what to compare with: `palc compare A B`"));
    }
    let source = crate::repo::Source::at(app.workspace()?, None)?;
    let mut sets = Vec::new();
    for name in names {
        sets.extend(found::of_source(&source, &found::results_of(app, &name)?, name, "the work tree")?);
    }
    of_sets("the work tree".to_owned(), sets, pairing, suites)
}

fn of_sets(label: String, sets: impl IntoIterator<Item = Found>, pairing: Pairing, suites: &[String]) -> Result<Sides> {
    let mut taken = BTreeMap::new();
    let mut others = Vec::new();
    for found in sets {
        let name = found.manifest.suite.clone();
        if !suites.is_empty() && !suites.contains(&name) {
            others.push(name);
            continue;
        }
        let mut all = Taken::new(pairing);
        all.note(&found);
        for line in found.lines()? {
            all.side.add(&line?);
        }
        taken.insert(name, all);
    }
    if taken.is_empty() {
        let error = Error::no(format!("{label} has no results of {}", suites.join(", ")));
        return Err(if others.is_empty() { error } else { error.hint(format!("there are {}", others.join(", "))) });
    }
    Ok(Sides { label, suites: taken })
}
