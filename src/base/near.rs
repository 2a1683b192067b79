//! What someone probably meant.

/// The candidate nearest to a mistyped word, if one is near enough to be worth naming.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, candidate)| distance <= allowed(word, candidate))
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// "did you mean …?", ready to be a hint.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// Whether a word is another one with a single slip of the finger. Short words are too near to each other to tell.
pub fn is_slip(word: &str, meant: &str) -> bool {
    meant.chars().count() > 4 && strsim::damerau_levenshtein(&word.to_lowercase(), &meant.to_lowercase()) == 1
}

/// How many letters must be changed, added, left out or swapped to make one word of another.
pub fn distance(one: &str, other: &str) -> usize {
    strsim::damerau_levenshtein(one, other)
}

/// About one slip in three letters; short words must be nearly right.
fn allowed(word: &str, candidate: &str) -> usize {
    word.chars().count().max(candidate.chars().count()).div_ceil(3).min(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_near_and_not_the_far() {
        let keys = ["description", "tags", "model", "params"];
        assert_eq!(nearest("desciption", keys), Some("description"));
        assert_eq!(nearest("tag", keys), Some("tags"));
        assert_eq!(nearest("zebra", keys), None);
    }
}
