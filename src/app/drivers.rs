//! What git needs to diff and merge prompts as palc does: settings in the repository's own file, which no clone carries.
//!
//! The attributes that are committed only name the drivers. Where a clone has no such settings, git merges by lines, with
//! markers; where it has them and palc is gone, the driver's own command line falls back to the same. Without that
//! fallback git would take the missing program for a conflict and leave our side alone in the file, without markers.

use crate::base::Result;
use crate::git::Git;
use crate::repo::Layout;

/// A message's marker, a heading, a key of the front matter: what stands in the header of a hunk.
const FUNCTION: &str =
    r"^((system|user|assistant|developer|tool)(\[.*\])?:[ \t]*|#{1,6} .*|[a-z][a-z0-9_]*:.*|  [a-z][a-z0-9_]*:.*)$";
/// A tag of a template is one word; so is whatever has neither blank nor punctuation, and each sign by itself.
const WORD: &str = r"\{\{[^}]*\}\}|\{%[^%]*%\}|[^[:space:][:punct:]]+|[^[:space:]]";
const TEXT: &str = r#"f() { palc textconv "$1" 2>/dev/null || cat "$1"; }; f"#;

/// Lines for `.gitattributes`: a line for each prompt root, one for the labels, and one for what only ever grows.
pub(super) fn attributes(layout: &Layout) -> Vec<String> {
    let root = |root: &String| if root.is_empty() { "*.md".to_owned() } else { format!("{root}/**") };
    let prompts = layout.roots().iter().map(|path| format!("{} diff=palc merge=palc", quoted(&root(path))));
    let labels = format!("{} merge=palc", quoted(layout.labels()));
    prompts.chain([labels, "events/**/*.jsonl merge=union".to_owned()]).collect()
}

/// A pattern with a blank in it needs quotes.
fn quoted(pattern: &str) -> String {
    if pattern.contains(' ') { format!("\"{pattern}\"") } else { pattern.to_owned() }
}

/// The command that merges a file, for a palc at some place.
pub(super) fn merge_command(palc: &str) -> String {
    format!(
        "{palc} merge-driver %O %A %B -P %P -L %L -S %S -X %X -Y %Y || case $? in 1) exit 1;; \
         *) git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B || exit 1;; esac"
    )
}

/// Set what is missing; tells whether anything was. A driver of another name's making is its owner's business.
pub(super) fn install(git: &Git, textconv: bool, dry_run: bool) -> Result<bool> {
    let merge = merge_command("palc");
    let mut wanted = vec![
        ("merge.palc.name", "prompts by field"),
        ("merge.palc.driver", merge.as_str()),
        ("diff.palc.xfuncname", FUNCTION),
        ("diff.palc.wordRegex", WORD),
    ];
    if textconv {
        wanted.extend([("diff.palc.textconv", TEXT), ("diff.palc.cachetextconv", "false")]);
    }
    let missing = |(key, value): &(&str, &str)| match git.setting(key) {
        None => true,
        Some(old) => old != *value && (old.starts_with("palc ") || old.starts_with("f() { palc ")),
    };
    let missing: Vec<(&str, &str)> = wanted.into_iter().filter(missing).collect();
    if !missing.is_empty() && !dry_run {
        git.set_settings(&missing)?;
    }
    Ok(!missing.is_empty())
}
