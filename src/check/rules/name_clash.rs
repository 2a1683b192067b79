//! Two files with names that some computers cannot tell apart.

use std::borrow::Cow;
use std::collections::HashMap;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::base::Severity;

use crate::check::hit::Hit;
use crate::check::repository::Repository;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "name-clash",
    doc: "Another prompt has the same name, or one that differs only in case or in how Unicode is written.",
    why: "Windows and macOS would put both into one file, and a name would mean one prompt here and another there. Two \
          files of different kinds with one name cannot be told apart either. Rename one of them.",
    severity: Severity::Error,
    fix: false,
    how: How::Repository(check),
};

fn check(repository: &Repository<'_>, out: &mut Vec<(usize, Hit)>) {
    let mut first: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(repository.members.len());
    for index in 0..repository.members.len() {
        let name = repository.name(index);
        let first = *first.entry(folded(name)).or_insert(index);
        if first == index {
            continue;
        }
        let other = repository.name(first);
        let hit = if other == name {
            Hit::file(RULE.name, format!("`{}` has the same name", repository.path(first)))
        } else {
            let how = if other.to_lowercase() == name.to_lowercase() { "case" } else { "how Unicode writes them" };
            let message = format!("on some computers `{name}` is the same file name as `{other}`");
            Hit::file(RULE.name, message).hint(format!("they differ only in {how}; rename one of them"))
        };
        out.push((index, hit.see(first, None, "the other file")));
    }
}

fn folded(name: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    if name.bytes().all(plain) {
        return Cow::Borrowed(name);
    }
    if is_nfc(name) { name.to_lowercase().into() } else { name.nfc().collect::<String>().to_lowercase().into() }
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn case_and_composition_do_not_count() {
        assert_eq!(folded("Caf\u{e9}"), folded("cafe\u{301}"));
        assert_ne!(folded("a"), folded("b"));
    }
}
