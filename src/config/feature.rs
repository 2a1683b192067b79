//! What can be switched off, and the verbs it is made of. A verb is the same word wherever palc is met: a command, a
//! route, a tool.
//!
//! To add a feature: an entry here, a line in `defaults.toml`. To ask whether one is on: `App::permit`.

#[derive(Debug, PartialEq, Eq)]
pub struct Feature {
    /// The last word of its key: `features.watch`.
    pub name: &'static str,
    pub key: &'static str,
    /// What stays possible while it is on; the table of keys says it.
    pub doc: &'static str,
    /// A command with everything below it, one of its subcommands (`label set`), one of its options (`check --fix`), or
    /// an option of any command (`--commit`).
    pub verbs: &'static [&'static str],
}

macro_rules! features {
    ($($name:literal: $doc:literal, [$($verb:literal),* $(,)?];)*) => {
        pub const ALL: &[Feature] = &[$(Feature {
            name: $name,
            key: concat!("features.", $name),
            doc: $doc,
            verbs: &[$($verb),*],
        }),*];
    };
}

features! {
    "branch": "Making, deleting and switching branches, and committing on others.", ["branch create", "branch delete", "switch", "port"];
    "checkpoint": "Keeping the work tree beside all branches.", ["checkpoint"];
    "commit": "Making commits.", ["commit", "--commit"];
    "config": "Changing settings, vocabularies and projects through palc.", [
        "config init", "config set", "config unset", "config upgrade", "vocab add", "vocab remove", "project new",
    ];
    "generate": "Generating prompts.", ["batch", "generate", "refine", "regenerate", "select-best"];
    "hook": "Installing git hooks. Those that are installed go on.", ["hook install"];
    "label": "Saying which version serves where.", [
        "label set", "label move", "label remove", "promote", "activate", "deactivate",
    ];
    "merge": "Merging branches.", ["merge"];
    "models": "Asking models, which may cost money.", ["bisect --suite", "eval", "judge audit", "run"];
    "restore": "Bringing earlier versions back.", ["restore", "rollback"];
    "watch": "Checking files as they are saved.", ["watch"];
    "write": "Changing prompts and examples through palc.", [
        "new", "edit", "set", "unset", "update", "tag add", "tag remove", "tag rename", "mv", "cp", "rm", "purge",
        "fmt", "link", "rate",
        "check --fix", "examples add", "import promptfoo", "tag suggest --apply", "persona new", "results keep", "suite new",
    ];
}

impl Feature {
    /// Whether a verb belongs to it.
    pub fn has(&self, verb: &str) -> bool {
        let below = |known: &str| verb.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        let option = |known: &str| known.starts_with("--") && verb.rsplit(' ').next() == Some(known);
        self.verbs.iter().any(|known| below(known) || option(known))
    }
}

/// The feature that a verb belongs to; most belong to none and are always there.
pub fn of(verb: &str) -> Option<&'static Feature> {
    ALL.iter().find(|feature| feature.has(verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_belongs_to_one_feature() {
        let name = |verb: &str| of(verb).map(|feature| feature.name);
        assert_eq!(name("label set"), Some("label"));
        assert_eq!((name("label list"), name("labels"), name("label")), (None, None, None));
        assert_eq!(name("checkpoint create"), Some("checkpoint"));
        assert_eq!((name("label list --commit"), name("check --fix")), (Some("commit"), Some("write")));
        for verb in ALL.iter().flat_map(|feature| feature.verbs) {
            assert_eq!(ALL.iter().filter(|feature| feature.has(verb)).count(), 1, "{verb}");
        }
    }
}
