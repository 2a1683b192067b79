//! Settings and where they come from.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::paint::{Paint, printable};
use super::{patch, table};
use crate::app::config::{Edited, File, Setting, Upgraded};
use crate::config::edit::Change;
use crate::config::{Entry, Origin, Reach, toml_text, variable};

/// One line a setting, as TOML; the origin stands behind it where it is wanted.
pub fn lines(settings: &[Setting], with_origin: bool, paint: Paint) -> String {
    let row = |setting: &Setting| {
        let line = match &setting.entry {
            Some(entry) => printable(&format!("{} = {}", setting.key, toml_text(&entry.value))),
            None => paint.dim(&format!("# {} =", setting.key)),
        };
        let origin =
            setting.entry.as_ref().map(|entry| paint.dim(&format!("# {}", printable(&entry.origin.to_string()))));
        [Some(line), origin.filter(|_| with_origin)].into_iter().flatten().collect()
    };
    table::columns(&settings.iter().map(row).collect::<Vec<_>>(), None)
}

/// As [`lines`], with what each key means and what may stand there.
pub fn explained(settings: &[Setting], paint: Paint) -> String {
    let paragraph = |setting: &Setting| {
        let reach = match setting.row.reach {
            Reach::Anyone => "",
            Reach::Lower => " A repository may only lower it.",
            Reach::Trust => " In a repository's file it needs `palc trust`.",
            Reach::User => " Only in your own file.",
        };
        let about =
            format!("# {}{reach}\n# {}; {}", setting.row.doc, setting.row.kind.describe(), variable(&setting.key));
        format!("{}\n{}", paint.dim(&about), lines(std::slice::from_ref(setting), true, paint))
    };
    settings.iter().map(paragraph).collect::<Vec<_>>().join("\n")
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct SettingV1<'a> {
    key: String,
    value: Option<&'a Value>,
    origin: Option<OriginV1<'a>>,
    /// What the value hides, strongest first.
    hides: Vec<HiddenV1<'a>>,
    description: &'a str,
}

#[derive(Debug, Serialize, JsonSchema)]
struct HiddenV1<'a> {
    value: &'a Value,
    origin: OriginV1<'a>,
}

impl HiddenV1<'_> {
    fn of(entry: &Entry) -> HiddenV1<'_> {
        HiddenV1 { value: &entry.value, origin: origin(&entry.origin) }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct OriginV1<'a> {
    layer: &'static str,
    /// The file, variable or flag; nothing for a default.
    source: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
    profile: Option<&'a str>,
}

pub fn object(setting: &Setting) -> SettingV1<'_> {
    SettingV1 {
        key: setting.key.to_string(),
        value: setting.entry.as_ref().map(|entry| &entry.value),
        origin: setting.entry.as_ref().map(|entry| origin(&entry.origin)),
        hides: setting.hidden.iter().map(HiddenV1::of).collect(),
        description: setting.row.doc,
    }
}

fn origin(origin: &Origin) -> OriginV1<'_> {
    let exact = origin.place.is_exact();
    OriginV1 {
        layer: origin.layer.word(),
        source: (origin.layer != crate::config::Layer::Default).then_some(origin.place.path.as_str()),
        line: exact.then_some(origin.place.line),
        column: exact.then_some(origin.place.column),
        profile: origin.profile.as_deref(),
    }
}

pub fn files(files: &[File], paint: Paint) -> String {
    let state = |file: &File| match (file.exists, file.errors) {
        (false, _) => paint.dim("not there"),
        (true, 0) => "read".to_owned(),
        (true, count) => paint.red(&format!("{count} {}", if count == 1 { "error" } else { "errors" })),
    };
    let row =
        |file: &File| vec![file.layer.word().to_owned(), state(file), printable(&file.path.display().to_string())];
    table::columns(&files.iter().map(row).collect::<Vec<_>>(), None)
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct FileV1 {
    layer: &'static str,
    path: String,
    exists: bool,
    errors: usize,
}

pub fn file_objects(files: &[File]) -> Vec<FileV1> {
    let object = |file: &File| FileV1 {
        layer: file.layer.word(),
        path: file.path.display().to_string(),
        exists: file.exists,
        errors: file.errors,
    };
    files.iter().map(object).collect()
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct EditedV1 {
    key: String,
    path: String,
    layer: &'static str,
    before: Option<Value>,
    after: Option<Value>,
    /// Whether the file was changed: not with --dry-run, and not if it said so already.
    written: bool,
}

pub fn edited(edited: &Edited, dry_run: bool) -> EditedV1 {
    EditedV1 {
        key: edited.key.to_string(),
        path: edited.path.display().to_string(),
        layer: edited.layer.word(),
        before: edited.before.clone(),
        after: edited.after.clone(),
        written: edited.changed() && !dry_run,
    }
}

/// The file that `palc config init` made.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MadeV1 {
    pub path: String,
}

/// What an edit did, in one sentence.
pub fn sentence(edited: &Edited, dry_run: bool) -> String {
    let path = printable(&edited.path.display().to_string());
    let key = &edited.key;
    match (&edited.after, edited.changed()) {
        (Some(_), false) => format!("{key} already is that in {path}"),
        (None, false) => format!("{key} is not set in {path}"),
        (Some(_), true) if dry_run => format!("would set {key} in {path}"),
        (None, true) if dry_run => format!("would remove {key} from {path}"),
        (Some(_), true) => format!("set {key} in {path}"),
        (None, true) => format!("removed {key} from {path}"),
    }
}

/// What an upgrade did, or would do, a line for each key.
pub fn changes(upgraded: &Upgraded, paint: Paint) -> String {
    let line = |change: &Change| {
        let verb = match (change.to.as_ref(), change.stuck, upgraded.dry_run) {
            (Some(to), true, _) => format!("left {}, because {to} says something else", change.key),
            (Some(to), _, true) => format!("would rename {} to {to}", change.key),
            (Some(to), _, false) => format!("renamed {} to {to}", change.key),
            (None, _, true) => format!("would remove {}", change.key),
            (None, _, false) => format!("removed {}", change.key),
        };
        format!("{}: {}\n", printable(&verb), change.moved.story())
    };
    let lines: String = upgraded.changes.iter().map(line).collect();
    match upgraded.dry_run {
        true => lines + &patch::hunks(&upgraded.before, &upgraded.after, paint),
        false => lines,
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct UpgradedV1 {
    path: String,
    layer: &'static str,
    changes: Vec<ChangeV1>,
    /// Whether the file was changed.
    written: bool,
    /// The difference in the unified format, for a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ChangeV1 {
    key: String,
    line: usize,
    /// What it is called now; nothing if it was removed.
    to: Option<String>,
    /// The version that knows the old name no more.
    since: &'static str,
    why: &'static str,
    /// false if both names are there and say different things: then nothing was done.
    done: bool,
}

pub fn upgraded(upgraded: &Upgraded) -> UpgradedV1 {
    let change = |change: &Change| ChangeV1 {
        key: change.key.to_string(),
        line: change.line,
        to: change.to.as_ref().map(ToString::to_string),
        since: change.moved.since,
        why: change.moved.why,
        done: !change.stuck,
    };
    UpgradedV1 {
        path: upgraded.path.display().to_string(),
        layer: upgraded.layer.word(),
        changes: upgraded.changes.iter().map(change).collect(),
        written: !upgraded.dry_run && upgraded.after != upgraded.before,
        diff: upgraded.dry_run.then(|| patch::plain(&upgraded.before, &upgraded.after)),
    }
}
