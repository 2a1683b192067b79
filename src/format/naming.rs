//! From a file's path to its prompt's name, and back to where its file could be.

use std::sync::LazyLock;

use super::Dialect;
use super::dialect::{Others, known_suffix};

/// What a path says about the prompt in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// The path below the root without the suffix, `support/triage.short`. A skill is named for its folder.
    pub name: String,
    /// The name without its variant and version, `support/triage`.
    pub base: String,
    pub variant: Option<String>,
    /// `2` in `triage.v2.prompt`: stores of prompts that know no git write versions so.
    pub version: Option<String>,
    /// The file's own name starts with `_`: it is there to be included.
    pub partial: bool,
}

/// Folders whose `.yaml` files are templates of the `llm` program.
const LLM_FOLDERS: [&str; 2] = ["llm", "io.datasette.llm"];

/// Files that explain a folder to people and are no prompts.
const PAPERS: [&str; 4] = ["readme.md", "changelog.md", "contributing.md", "license.md"];

/// How the names of prompt files end: palc's own first, then longer ones before shorter ones. Those that begin with `/` are whole
/// file names.
pub fn suffixes() -> &'static [&'static str] {
    static SUFFIXES: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let of = |dialect: &Dialect| dialect.spec().suffixes.iter().copied();
        let mut others: Vec<_> =
            dialects().filter(|&dialect| dialect != Dialect::Native).flat_map(|d| of(&d)).collect();
        others.sort_by_key(|suffix| std::cmp::Reverse(suffix.len()));
        of(&Dialect::Native).chain(others).collect()
    });
    &SUFFIXES
}

fn dialects() -> impl Iterator<Item = Dialect> {
    Dialect::ALL.into_iter().filter(|&dialect| dialect != Dialect::Sidecar)
}

/// Whether a file is a prompt, judged by its path.
pub fn is_prompt_file(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    let in_llm = || path.split('/').any(|folder| LLM_FOLDERS.contains(&folder));
    let is_one = match known_suffix(path) {
        None | Some((Dialect::Sidecar, _)) => false,
        Some((Dialect::Llm, _)) => in_llm(),
        Some(_) => true,
    };
    is_one && !file.starts_with('.') && !PAPERS.iter().any(|paper| paper.eq_ignore_ascii_case(file))
}

/// The name of the prompt in a file, given its path below a prompt root.
pub fn name_of(path: &str) -> Naming {
    let suffix = known_suffix(path).map(|(_, suffix)| suffix);
    // A skill at the root itself has no folder to be named for.
    let name = suffix.and_then(|suffix| path.strip_suffix(suffix)).unwrap_or(path);
    let name = if name == path { path.strip_suffix(".md").unwrap_or(path) } else { name };
    let stem = name.rsplit('/').next().unwrap_or(name);
    let tail = stem.rsplit_once('.').map(|(_, tail)| tail).filter(|tail| is_word(tail));
    let version = tail.and_then(version);
    let variant = tail.filter(|_| version.is_none()).map(str::to_owned);
    let base = tail.map_or(name, |tail| &name[..name.len() - tail.len() - 1]).to_owned();
    Naming { name: name.to_owned(), base, variant, version, partial: stem.starts_with('_') }
}

/// A variant starts with a letter: the tail of `gpt-4.1` is none.
fn is_word(tail: &str) -> bool {
    tail.starts_with(char::is_alphabetic) && tail.chars().all(|c| c.is_alphanumeric() || "-_".contains(c))
}

fn version(tail: &str) -> Option<String> {
    let digits = tail.strip_prefix('v')?;
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.to_owned())
}

/// Where the fields of a file are that its own format has no place for. A format that has a place for all needs none.
pub fn sidecar_of(path: &str) -> Option<String> {
    let others = Dialect::of_path(path).spec().others;
    // What is told apart by its text only may turn out to need one.
    (others == Others::Sidecar || others == Others::Dotted).then(|| format!("{path}.palc.yaml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_paths() {
        let name = |path: &str| {
            let naming = name_of(path);
            let parts = [Some(naming.name), Some(naming.base), naming.variant, naming.version];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ") + if naming.partial { " partial" } else { "" }
        };
        assert_eq!(name("support/triage.md"), "support/triage support/triage");
        assert_eq!(name("support/triage.short.md"), "support/triage.short support/triage short");
        assert_eq!(name("triage.v2.prompt"), "triage.v2 triage 2");
        assert_eq!(name("_tone.md"), "_tone _tone partial");
        assert_eq!(name("a/x.prompt.yml"), "a/x a/x");
        assert_eq!(name("a/x.prompt.md"), "a/x a/x");
        assert_eq!(name("skills/pdf/SKILL.md"), "skills/pdf skills/pdf");
        assert_eq!(name("SKILL.md"), "SKILL SKILL");
        assert_eq!(name("models/gpt-4.1.md"), "models/gpt-4.1 models/gpt-4.1");
        assert_eq!(name("a/b/c/d/e/f/g/h/i/j/k/l.md"), "a/b/c/d/e/f/g/h/i/j/k/l a/b/c/d/e/f/g/h/i/j/k/l");
    }

    #[test]
    fn prompts_are_told_from_other_files() {
        for path in ["a.md", "x/SKILL.md", "a.prompt", "a.prompty", "a.prompt.yaml", "a.mdc", "a.txt", "llm/a.yaml"] {
            assert!(is_prompt_file(path), "{path}");
        }
        for path in ["README.md", "a.yaml", "SKILL.md.palc.yaml", "a.rs", ".hidden.md", "a.json", "a.palc.yaml"] {
            assert!(!is_prompt_file(path), "{path}");
        }
    }

    #[test]
    fn dialects_come_from_paths() {
        let of = |path: &str| Dialect::of_path(path).word();
        assert_eq!(of("a.md"), "palc");
        assert_eq!(of("a.prompt.md"), "prompt.md");
        assert_eq!(of("x/SKILL.md"), "skill");
        assert_eq!(of("MYSKILL.md"), "palc");
        assert_eq!(of("a.prompt.yml.palc.yaml"), "sidecar");
        assert_eq!(of("a"), "palc");
    }
}
