//! The file formats palc manages in place, told apart by name.

/// A dialect of "front matter and text".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Dialect {
    /// palc's own: Markdown with palc's front matter.
    #[default]
    Native,
}

impl Dialect {
    /// The dialect of a file, judged by its name alone.
    pub fn of_path(_path: &str) -> Self {
        Dialect::Native
    }

    /// Whether front matter stands between fences.
    pub fn has_fences(self) -> bool {
        true
    }

    /// The stable word in output and settings.
    pub fn word(self) -> &'static str {
        match self {
            Dialect::Native => "palc",
        }
    }
}
