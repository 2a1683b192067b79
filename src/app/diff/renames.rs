//! Which prompts that came are prompts that went, under another name.

use std::collections::HashMap;

use rayon::prelude::*;

use super::pairs::{Pair, Version};

/// Put those together that are one prompt: by id where both have one, else by content, else by likeness.
pub fn renamed(pairs: Vec<Pair>) -> Vec<Pair> {
    let mut settled = Vec::new();
    let (mut gone, mut came) = (Vec::new(), Vec::new());
    for pair in pairs {
        match (pair.before, pair.after) {
            // Two prompts that changed places are not one that changed.
            (Some(before), Some(after)) if before.id.is_some() && after.id.is_some() && before.id != after.id => {
                gone.push(before);
                came.push(after);
            }
            (Some(before), None) => gone.push(before),
            (None, Some(after)) => came.push(after),
            (before, after) => settled.push(Pair { before, after }),
        }
    }
    let exact = |key: fn(&Version) -> Option<Vec<u8>>, gone: &mut Vec<Version>, came: &mut Vec<Version>| {
        let mut places: HashMap<Vec<u8>, Vec<Version>> = HashMap::new();
        let mut rest = Vec::new();
        for old in gone.drain(..).rev() {
            match key(&old) {
                Some(key) => places.entry(key).or_default().push(old),
                None => rest.push(old),
            }
        }
        let mut found = Vec::new();
        came.retain(|new| {
            let old = key(new).and_then(|key| places.get_mut(&key).and_then(Vec::pop));
            let Some(old) = old else { return true };
            found.push(Pair { before: Some(old), after: Some(new.clone()) });
            false
        });
        gone.extend(rest.into_iter().chain(places.into_values().flatten()));
        gone.sort_by(|a, b| a.path.cmp(&b.path));
        found
    };
    settled.extend(exact(|version| version.id.clone().map(String::into_bytes), &mut gone, &mut came));
    settled.extend(exact(|version| Some(version.bytes.clone()), &mut gone, &mut came));
    settled.extend(alike(&mut gone, &mut came));
    // The same path with another id stays one line of the report.
    settled.extend(exact(|version| Some(version.path.clone().into_bytes()), &mut gone, &mut came));
    settled.extend(gone.into_iter().map(|old| Pair { before: Some(old), after: None }));
    settled.extend(came.into_iter().map(|new| Pair { before: None, after: Some(new) }));
    settled.sort_by(|a, b| a.path().cmp(b.path()));
    settled
}

/// At least half of the words are the same. Git looks at lines, but a prompt's line may be a page.
const ALIKE: f64 = 0.5;
/// Beyond so many pairs nobody waits for the answer.
const MOST_PAIRS: usize = 250_000;

/// Prompts of which one has an id and the other has none, or both have none.
fn alike(gone: &mut Vec<Version>, came: &mut Vec<Version>) -> Vec<Pair> {
    if gone.is_empty() || came.is_empty() || gone.len() * came.len() > MOST_PAIRS {
        return Vec::new();
    }
    let words: Vec<Vec<&[u8]>> = gone.iter().map(|old| sorted_words(&old.bytes)).collect();
    let score = |new: &Version| {
        let own = sorted_words(&new.bytes);
        let likes = gone.iter().zip(&words).enumerate().filter_map(|(at, (old, words))| {
            let known = (old.id.is_some() && new.id.is_some()) || old.is_beside() != new.is_beside();
            let like = if known { 0.0 } else { shared(words, &own) };
            (like >= ALIKE).then_some((like, at))
        });
        likes.collect::<Vec<_>>()
    };
    let scores: Vec<Vec<(f64, usize)>> = came.par_iter().map(score).collect();
    let mut all: Vec<(f64, usize, usize)> = Vec::new();
    for (new, likes) in scores.into_iter().enumerate() {
        all.extend(likes.into_iter().map(|(like, old)| (like, old, new)));
    }
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut taken, mut given) = (vec![false; gone.len()], vec![false; came.len()]);
    let mut found = Vec::new();
    for (_, old, new) in all {
        if !taken[old] && !given[new] {
            (taken[old], given[new]) = (true, true);
            found.push(Pair { before: Some(gone[old].clone()), after: Some(came[new].clone()) });
        }
    }
    let mut left = taken.into_iter();
    gone.retain(|_| !left.next().unwrap_or(false));
    let mut left = given.into_iter();
    came.retain(|_| !left.next().unwrap_or(false));
    found
}

fn sorted_words(bytes: &[u8]) -> Vec<&[u8]> {
    let mut words: Vec<&[u8]> = bytes.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words
}

/// The share of bytes that stand in words of both.
fn shared(a: &[&[u8]], b: &[&[u8]]) -> f64 {
    let (mut i, mut j, mut same) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                same += a[i].len();
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    let size = |words: &[&[u8]]| words.iter().map(|word| word.len()).sum::<usize>();
    let larger = size(a).max(size(b));
    if larger == 0 { 0.0 } else { same as f64 / larger as f64 }
}

#[cfg(test)]
mod tests {
    use crate::model::Name;

    use super::*;

    fn version(path: &str, id: Option<&str>, text: &str) -> Version {
        Version {
            name: Name::of_path(path),
            path: path.into(),
            blob: None,
            bytes: text.into(),
            id: id.map(str::to_owned),
        }
    }

    fn told(pairs: Vec<Pair>) -> Vec<String> {
        let side = |version: Option<Version>| version.map_or("-".to_owned(), |version| version.path);
        renamed(pairs).into_iter().map(|pair| format!("{}→{}", side(pair.before), side(pair.after))).collect()
    }

    #[test]
    fn a_prompt_is_known_by_id_then_content_then_likeness() {
        let gone = |version| Pair { before: Some(version), after: None };
        let came = |version| Pair { before: None, after: Some(version) };
        assert_eq!(
            told(vec![
                gone(version("a", Some("x"), "one")),
                gone(version("b", None, "same\n")),
                gone(version("c", None, "1\n2\n3\n")),
                gone(version("d", None, "nothing alike")),
                came(version("e", Some("x"), "quite other")),
                came(version("f", None, "same\n")),
                came(version("g", Some("new"), "1\n2\n4\n")),
                came(version("h", None, "unlike it")),
            ]),
            ["d→-", "a→e", "b→f", "c→g", "-→h"]
        );
    }

    #[test]
    fn prompts_that_change_places_keep_their_ids() {
        let pair = |path: &str, before: &str, after: &str| Pair {
            before: Some(version(path, Some(before), before)),
            after: Some(version(path, Some(after), after)),
        };
        assert_eq!(told(vec![pair("a", "x", "y"), pair("b", "y", "x")]), ["b→a", "a→b"]);
        assert_eq!(told(vec![pair("a", "x", "z")]), ["a→a"]);
    }
}
