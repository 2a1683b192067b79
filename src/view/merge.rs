//! What a merge did.

use schemars::JsonSchema;
use serde::Serialize;

use super::paint::{Paint, printable};
use crate::app::merge::{End, File, Outcome, word};
use crate::git::{Unmerged, Why};
use crate::repo::merge::{Conflict, From, How, Note, Place};

/// One conflict as a line: where to look.
pub fn conflict_line(path: &str, conflict: &Conflict) -> String {
    let place = printable(&conflict.place.to_string());
    match conflict.line {
        0 => format!("conflict in {}: it is no text, and stays as it was", printable(path)),
        line => format!("conflict in {}:{line}: {place}", printable(path)),
    }
}

/// A line for the whole, then each prompt that both sides changed with what became of its fields.
pub fn text(outcome: &Outcome, paint: Paint) -> String {
    let mut text = headline(outcome, paint);
    for file in &outcome.files {
        text.push_str(&of_file(file, paint));
    }
    let is_told =
        |one: &&Unmerged| outcome.files.iter().any(|file| file.path == one.path && !file.conflicts.is_empty());
    for one in outcome.unmerged.iter().filter(|one| !is_told(one)) {
        text.push_str(&format!("{} {}: {}\n", paint.red("conflict"), printable(&one.path), word(one.why)));
    }
    text
}

fn headline(outcome: &Outcome, paint: Paint) -> String {
    let from = printable(&outcome.from);
    let into = if outcome.into.is_empty() { "a detached HEAD".to_owned() } else { printable(&outcome.into) };
    let would = |done: &str, will: &str| if outcome.dry_run { format!("would {will}") } else { done.to_owned() };
    let commit = outcome.commit.as_deref().filter(|_| !outcome.dry_run);
    let at = commit.map(|id| format!(": {}", paint.yellow(&id[..id.len().min(10)]))).unwrap_or_default();
    match outcome.end {
        End::UpToDate => format!("{into} holds {from} already\n"),
        End::FastForward => format!("{} {into} on to {from}{at}\n", paint.green(&would("moved", "move"))),
        End::Merged if from.is_empty() => format!("{} the merge on {into}{at}\n", paint.green("committed")),
        End::Merged => format!("{} {from} into {into}{at}\n", paint.green(&would("merged", "merge"))),
        End::Conflicts => {
            let verb = if outcome.dry_run { "would leave conflicts" } else { "left conflicts" };
            format!("merging {from} into {into} {}\n", paint.red(verb))
        }
        End::Aborted => format!("took the merge back; {into} is what it was\n"),
    }
}

fn of_file(file: &File, paint: Paint) -> String {
    let mut text = format!("{}\n", paint.bold(&printable(file.name.as_deref().unwrap_or(&file.path))));
    if let How::Lines(why) = file.how {
        text.push_str(&format!("  merged by lines, because {why}\n"));
    }
    let width = file.notes.iter().map(|note| printable(&note.place.to_string()).chars().count()).max().unwrap_or(0);
    for Note { place, from } in &file.notes {
        let place = printable(&place.to_string());
        let word = match from {
            From::Conflict => paint.red("conflict"),
            From::Merged => paint.green("merged"),
            From::Both => "the same on both sides".to_owned(),
            other => other.word().to_owned(),
        };
        text.push_str(&format!("  {place:width$}  {word}\n"));
    }
    for conflict in &file.conflicts {
        text.push_str(&format!("  {}\n", paint.red(&conflict_line(&file.path, conflict))));
    }
    text
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct MergeV1 {
    /// up-to-date, fast-forward, merged, conflicts or aborted.
    result: &'static str,
    /// The revision that was merged; null where an unfinished merge was continued or taken back.
    from: Option<String>,
    /// The branch; null where HEAD is detached.
    into: Option<String>,
    /// The commit that the branch has come to; null for a dry run and where there is none.
    commit: Option<String>,
    /// The prompts that both sides changed.
    files: Vec<FileV1>,
    /// Every path that waits for a decision.
    unmerged: Vec<UnmergedV1>,
    dry_run: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FileV1 {
    path: String,
    /// The prompt's name, if the file is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// fields, lines, side or binary.
    merged_by: &'static str,
    /// Why it was merged by lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<&'static str>,
    changes: Vec<ChangeV1>,
    conflicts: Vec<ConflictV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ChangeV1 {
    place: PlaceV1,
    /// ours, theirs, both, merged or conflict.
    from: &'static str,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ConflictV1 {
    place: PlaceV1,
    /// The line of the first marker in the merged file; null where the file is no text.
    line: Option<usize>,
    base: Vec<String>,
    ours: Vec<String>,
    theirs: Vec<String>,
}

/// A field by its keys, a message of the body by its marker, or lines of a file that was not understood.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum PlaceV1 {
    Field(Vec<String>),
    Body(Option<String>),
    Lines,
}

#[derive(Debug, Serialize, JsonSchema)]
struct UnmergedV1 {
    path: String,
    /// both-changed, both-added, both-deleted, deleted-by-us, deleted-by-them, added-by-us or added-by-them.
    why: &'static str,
}

pub fn object(outcome: &Outcome) -> MergeV1 {
    let named = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    MergeV1 {
        result: match outcome.end {
            End::UpToDate => "up-to-date",
            End::FastForward => "fast-forward",
            End::Merged => "merged",
            End::Conflicts => "conflicts",
            End::Aborted => "aborted",
        },
        from: named(&outcome.from),
        into: named(&outcome.into),
        commit: outcome.commit.clone().filter(|_| !outcome.dry_run),
        files: outcome.files.iter().map(file_object).collect(),
        unmerged: outcome.unmerged.iter().map(unmerged_object).collect(),
        dry_run: outcome.dry_run,
    }
}

fn file_object(file: &File) -> FileV1 {
    let (merged_by, because) = match file.how {
        How::Side => ("side", None),
        How::Fields => ("fields", None),
        How::Lines(why) => ("lines", Some(why)),
        How::Binary => ("binary", None),
    };
    let change = |note: &Note| ChangeV1 { place: place_object(&note.place), from: note.from.word() };
    let conflict = |conflict: &Conflict| ConflictV1 {
        place: place_object(&conflict.place),
        line: Some(conflict.line).filter(|&line| line > 0),
        base: conflict.base.clone(),
        ours: conflict.ours.clone(),
        theirs: conflict.theirs.clone(),
    };
    FileV1 {
        path: file.path.clone(),
        name: file.name.clone(),
        merged_by,
        because,
        changes: file.notes.iter().map(change).collect(),
        conflicts: file.conflicts.iter().map(conflict).collect(),
    }
}

fn place_object(place: &Place) -> PlaceV1 {
    match place {
        Place::Field(path) => PlaceV1::Field(path.clone()),
        Place::Body { message } => PlaceV1::Body(message.clone()),
        Place::Lines => PlaceV1::Lines,
    }
}

fn unmerged_object(one: &Unmerged) -> UnmergedV1 {
    let why = match one.why {
        Why::BothChanged => "both-changed",
        Why::BothAdded => "both-added",
        Why::BothDeleted => "both-deleted",
        Why::WeDeleted => "deleted-by-us",
        Why::TheyDeleted => "deleted-by-them",
        Why::WeAdded => "added-by-us",
        Why::TheyAdded => "added-by-them",
    };
    UnmergedV1 { path: one.path.clone(), why }
}
