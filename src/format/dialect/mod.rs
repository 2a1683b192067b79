//! The file formats palc manages in place: one file each, and one registry.
//!
//! A dialect says how its files are found and split, which keys it has, and where each of palc's fields is kept. The
//! rest of palc sees one prompt whatever the dialect, and an edit in palc's words changes the dialect's own key.

mod agent;
mod cursor;
mod dotprompt;
mod github;
mod home;
mod humanloop;
mod instructions;
mod llm;
mod native;
mod prompt_md;
mod prompty;
mod sidecar;
mod skill;
mod spec;
mod text;
mod tolerant;
mod words;

pub use home::Home;
pub use spec::{Key, Others, Spec, Split};
pub(super) use words::translate;

use std::sync::LazyLock;

use super::shape::check_fields;
use super::yaml::{self, Node, Problem, Tree};

/// A dialect of "front matter and text".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Dialect {
    /// palc's own: Markdown with palc's front matter.
    #[default]
    Native,
    /// Google's dotprompt, `.prompt`.
    Dotprompt,
    /// Humanloop's files, `.prompt` too, told apart by their text.
    Humanloop,
    /// Microsoft's Prompty in its three generations, `.prompty`.
    Prompty,
    /// GitHub Models, `.prompt.yml`.
    Github,
    /// Templates of the `llm` program, `.yaml`.
    Llm,
    /// Agent Skills, `SKILL.md`.
    Skill,
    /// Prompt files of VS Code, `.prompt.md`.
    PromptMd,
    /// Custom agents of VS Code and Copilot, `.agent.md`.
    Agent,
    /// Instructions of VS Code and Copilot, `.instructions.md`.
    Instructions,
    /// Cursor's rules, `.mdc`.
    Cursor,
    /// Plain text, `.txt`.
    Text,
    /// palc's fields for a file that cannot hold them, in the file beside it.
    Sidecar,
}

impl Dialect {
    pub const ALL: [Dialect; 13] = [
        Dialect::Native,
        Dialect::Dotprompt,
        Dialect::Humanloop,
        Dialect::Prompty,
        Dialect::Github,
        Dialect::Llm,
        Dialect::Skill,
        Dialect::PromptMd,
        Dialect::Agent,
        Dialect::Instructions,
        Dialect::Cursor,
        Dialect::Text,
        Dialect::Sidecar,
    ];

    pub fn spec(self) -> &'static Spec {
        match self {
            Dialect::Native => &native::SPEC,
            Dialect::Dotprompt => &dotprompt::SPEC,
            Dialect::Humanloop => &humanloop::SPEC,
            Dialect::Prompty => &prompty::SPEC,
            Dialect::Github => &github::SPEC,
            Dialect::Llm => &llm::SPEC,
            Dialect::Skill => &skill::SPEC,
            Dialect::PromptMd => &prompt_md::SPEC,
            Dialect::Agent => &agent::SPEC,
            Dialect::Instructions => &instructions::SPEC,
            Dialect::Cursor => &cursor::SPEC,
            Dialect::Text => &text::SPEC,
            Dialect::Sidecar => &sidecar::SPEC,
        }
    }

    /// The dialect of a file, judged by its name alone. What has no dialect of its own is read as palc's.
    pub fn of_path(path: &str) -> Self {
        known_suffix(path).map_or_else(Dialect::default, |(dialect, _)| dialect)
    }

    /// The dialect once the text is known: two formats share the suffix `.prompt`.
    pub fn refined(self, text: &str) -> Self {
        if self == Dialect::Dotprompt && humanloop::is_one(text) { Dialect::Humanloop } else { self }
    }

    /// The stable word in output and settings.
    pub fn word(self) -> &'static str {
        self.spec().word
    }

    pub fn parse(word: &str) -> Option<Self> {
        Dialect::ALL.into_iter().find(|dialect| dialect.word() == word)
    }

    /// Whether front matter stands between fences.
    pub fn has_fences(self) -> bool {
        matches!(self.spec().split, Split::Fences | Split::FencesAfterComments)
    }

    /// The template language of bodies that do not name one.
    pub fn engine(self) -> &'static str {
        self.spec().engine
    }

    /// How bodies that do not say so mark their messages.
    pub fn messages(self) -> &'static str {
        self.spec().messages
    }

    /// Whether `User:` and `# user:` start a message as `user:` does.
    pub fn has_loose_roles(self) -> bool {
        self == Dialect::Prompty
    }

    /// Read the YAML of a front matter.
    pub(super) fn read(self, text: &str, offset: usize) -> Tree {
        let tree = yaml::read(text, offset);
        let broken = tree.problems.iter().any(|problem| problem.rule == "yaml");
        if self == Dialect::Cursor && broken { tolerant::read(text, offset) } else { tree }
    }

    /// Report what is wrong with a file's keys and values, in the file's own words.
    pub(super) fn check(self, root: &Node, problems: &mut Vec<Problem>) {
        let Spec { fields, unknown, .. } = *self.spec();
        check_fields(root, fields, unknown, "", problems);
    }
}

/// The longest suffix that a path ends with, and whose it is.
pub(super) fn known_suffix(path: &str) -> Option<(Dialect, &'static str)> {
    static SUFFIXES: LazyLock<Vec<(Dialect, &str)>> = LazyLock::new(|| {
        let of = |dialect: Dialect| dialect.spec().suffixes.iter().map(move |suffix| (dialect, *suffix));
        let mut all: Vec<_> = Dialect::ALL.into_iter().flat_map(of).collect();
        all.sort_by_key(|(_, suffix)| std::cmp::Reverse(suffix.len()));
        all
    });
    // Listings ask this of every file several times, and the last letter rules most suffixes out.
    let last = path.as_bytes().last();
    SUFFIXES.iter().find(|(_, suffix)| suffix.as_bytes().last() == last && ends_with(path, suffix)).copied()
}

/// Whether a path ends with a suffix; one that begins with `/` may also be the whole path.
pub(super) fn ends_with(path: &str, suffix: &str) -> bool {
    path.ends_with(suffix) || suffix.strip_prefix('/') == Some(path)
}
