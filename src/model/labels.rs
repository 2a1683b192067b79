//! Which version of a prompt a label means, and which versions are switched off.

use std::collections::BTreeMap;

/// A version with its content: the number is for people, the blob is what is meant even when history was rewritten.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pin {
    pub version: u32,
    /// git's id of the content, in hex.
    pub blob: String,
}

/// What `labels.yaml` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// Prompt id, then label.
    pub pins: BTreeMap<String, BTreeMap<String, Pin>>,
    /// Prompt id, then its versions that do not serve, in the order of their numbers.
    pub inactive: BTreeMap<String, Vec<Pin>>,
}

impl Labels {
    pub fn pin(&self, id: &str, label: &str) -> Option<&Pin> {
        self.pins.get(id)?.get(label)
    }

    /// The labels of a prompt with what they mean.
    pub fn of(&self, id: &str) -> impl Iterator<Item = (&str, &Pin)> {
        self.pins.get(id).into_iter().flatten().map(|(label, pin)| (label.as_str(), pin))
    }

    /// Every label that is in use, once.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.pins.values().flat_map(|labels| labels.keys().map(String::as_str)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Put a label on a version; what it meant before.
    pub fn set(&mut self, id: &str, label: &str, pin: Pin) -> Option<Pin> {
        self.pins.entry(id.to_owned()).or_default().insert(label.to_owned(), pin)
    }

    /// Take a label away; what it meant.
    pub fn remove(&mut self, id: &str, label: &str) -> Option<Pin> {
        let labels = self.pins.get_mut(id)?;
        let pin = labels.remove(label);
        if labels.is_empty() {
            self.pins.remove(id);
        }
        pin
    }

    /// The versions of a prompt that are switched off.
    pub fn off(&self, id: &str) -> &[Pin] {
        self.inactive.get(id).map_or(&[], Vec::as_slice)
    }

    /// Switch a version off. Says whether it was on.
    pub fn deactivate(&mut self, id: &str, pin: Pin) -> bool {
        let off = self.inactive.entry(id.to_owned()).or_default();
        let new = !off.contains(&pin);
        if new {
            let at = off.partition_point(|other| *other < pin);
            off.insert(at, pin);
        }
        new
    }

    /// Switch a version on again. Says whether it was off.
    pub fn activate(&mut self, id: &str, off: &Pin) -> bool {
        let Some(pins) = self.inactive.get_mut(id) else { return false };
        let before = pins.len();
        pins.retain(|pin| pin != off);
        let any = pins.len() < before;
        if pins.is_empty() {
            self.inactive.remove(id);
        }
        any
    }
}

impl Pin {
    /// The version that is meant among all of a prompt, whose blobs come in the order of their numbers from 1: the one
    /// of the number if it still has the content, else the newest that has it. History may have been rewritten.
    pub fn place(&self, blobs: &[&str]) -> Option<u32> {
        let at = |version: u32| blobs.get((version as usize).checked_sub(1)?).copied();
        if at(self.version) == Some(self.blob.as_str()) {
            return Some(self.version);
        }
        blobs.iter().rposition(|blob| *blob == self.blob).map(|at| at as u32 + 1)
    }

    pub fn short(&self) -> &str {
        self.blob.get(..12).unwrap_or(&self.blob)
    }
}

/// Longer words are refused.
const MAX_LABEL: usize = 64;

/// Why a word cannot be a label, if it cannot: `x@WORD` must not be taken for something else.
pub fn label_fault(word: &str) -> Option<&'static str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let hex = word.len() >= 4 && word.chars().all(|c| c.is_ascii_hexdigit());
    if word.is_empty() {
        Some("a label cannot be empty")
    } else if word.len() > MAX_LABEL {
        Some("a label has at most 64 characters")
    } else if digits(word) || word.strip_prefix(['v', 'V']).is_some_and(digits) {
        Some("it looks like a version")
    } else if hex {
        Some("it looks like the start of a commit's id")
    } else if !word.starts_with(|c: char| c.is_ascii_alphabetic()) || !word.chars().all(plain) {
        Some("a label begins with a letter and holds letters, digits, `-`, `_` and `.` only")
    } else if word.ends_with('.') || word.contains("..") {
        Some("it looks like a range of revisions")
    } else if word.ends_with("HEAD") || word.eq_ignore_ascii_case("head") {
        Some("git has a meaning for it")
    } else if word.eq_ignore_ascii_case("latest") {
        Some("a label stays where it was put; the name alone means the newest version")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(version: u32, blob: &str) -> Pin {
        Pin { version, blob: blob.into() }
    }

    #[test]
    fn labels_cannot_be_taken_for_versions_or_revisions() {
        for good in ["production", "staging-eu", "qa.2", "v2-beta", "a", "beta"] {
            assert_eq!(label_fault(good), None, "{good}");
        }
        for bad in ["", "7", "1.2", "v1", "v1.2", "deadbeef", "a/b", "a b", "-x", "a..b", "a~1", "HEAD", "latest", "ä"]
        {
            assert!(label_fault(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn the_blob_says_which_version_is_meant() {
        assert_eq!(pin(2, "b").place(&["a", "b", "b"]), Some(2));
        assert_eq!(pin(1, "b").place(&["a", "b", "b"]), Some(3));
        assert_eq!(pin(9, "a").place(&["a", "b"]), Some(1));
        assert_eq!(pin(1, "c").place(&["a", "b"]), None);
    }

    #[test]
    fn what_is_emptied_is_gone() {
        let mut labels = Labels::default();
        assert_eq!(labels.set("x", "production", pin(1, "a")), None);
        assert_eq!(labels.set("x", "production", pin(2, "b")), Some(pin(1, "a")));
        assert!(labels.deactivate("x", pin(3, "c")) && !labels.deactivate("x", pin(3, "c")));
        assert_eq!(labels.names(), ["production"]);
        assert_eq!(labels.remove("x", "production"), Some(pin(2, "b")));
        assert!(labels.activate("x", &pin(3, "c")) && !labels.activate("x", &pin(3, "c")));
        assert_eq!(labels, Labels::default());
    }
}
