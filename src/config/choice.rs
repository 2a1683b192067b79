//! Settings that take one word out of a few. The words stand here once; the table of keys and the settings share them.

macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal),* $(,)? })*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$word_doc])* $variant),* }

        impl $name {
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$variant),)* _ => None }
            }

            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word),* }
            }
        }
    )* };
}

choices! {
    /// What rendering does about a variable that nobody gave.
    OnMissing {
        Error = "error",
        Warn = "warn",
        /// Missing variables become nothing, silently.
        Empty = "empty",
    }
    /// How templates treat undefined values.
    Undefined {
        /// Every use fails, also `if x`.
        Strict = "strict",
        /// Printing and iterating fail; `if x` and `default()` work.
        SemiStrict = "semi-strict",
        Lenient = "lenient",
        /// As lenient, and attributes of undefined values are undefined too.
        Chainable = "chainable",
    }
    /// The template language of a prompt that names none.
    Engine { Jinja = "jinja", Brace = "brace", None = "none" }
    /// Who speaks the text before the first message marker.
    FirstRole { System = "system", Developer = "developer", User = "user", Assistant = "assistant" }
    /// When output is coloured.
    Color { Auto = "auto", Always = "always", Never = "never" }
    /// What moves on from phase to phase.
    Strategy {
        /// Each variant on its own way.
        All = "all",
        /// Only the one that was judged best.
        Cascade = "cascade",
        /// Nothing: each phase works on the idea itself, and the best of each is kept.
        Best = "best",
    }
    /// What is kept of the phases before the last one.
    Keep {
        /// A prompt file for each.
        Files = "files",
        /// Their texts, in the front matter of what came of them.
        Stages = "stages",
        None = "none",
    }
    /// How much is logged.
    Level { Off = "off", Error = "error", Warn = "warn", Info = "info", Debug = "debug", Trace = "trace" }
}
