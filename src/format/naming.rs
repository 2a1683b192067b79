//! From a file's path to its prompt's name.

/// What a path says about the prompt in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// The path below the root without the suffix, `support/triage.short`.
    pub name: String,
    pub variant: Option<String>,
    /// The file's own name starts with `_`: it is there to be included.
    pub partial: bool,
}

/// File name endings of prompts, longest first. A native file comes first among equals.
pub fn suffixes() -> &'static [&'static str] {
    &[".md"]
}

pub fn is_prompt_file(path: &str) -> bool {
    suffixes().iter().any(|suffix| path.ends_with(suffix))
}

/// The name of the prompt in a file, given its path below a prompt root.
pub fn name_of(path: &str) -> Naming {
    let name = suffixes().iter().find_map(|suffix| path.strip_suffix(suffix)).unwrap_or(path);
    let stem = name.rsplit('/').next().unwrap_or(name);
    let variant = stem.split_once('.').map(|(_, variant)| variant.to_owned());
    Naming { name: name.to_owned(), variant, partial: stem.starts_with('_') }
}
