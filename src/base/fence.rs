//! A word that nobody knows whose text is judged.
//!
//! Candidates stand between tags that end in it, so no candidate can close its own, and a verdict repeats it, so no
//! candidate can bring one along. It is made from everything that is shown, so that the same question has the same word;
//! to write it into a candidate one would need to know the word of the text that it is then part of.

use serde_json::{Map, Value};

use super::hash::sha256;

const LENGTH: usize = 16;

/// The word for these texts. None of them holds it.
pub fn nonce(texts: &[&str]) -> String {
    let mut seed = String::new();
    for text in texts {
        // With the lengths, no two lists of texts run into the same seed.
        seed.push_str(&format!("{}:{text}", text.len()));
    }
    loop {
        let hash = sha256(seed.as_bytes());
        let word = &hash[..LENGTH];
        if !texts.iter().any(|text| text.contains(word)) {
            return word.to_owned();
        }
        seed = hash;
    }
}

/// The last object of a reply whose `verdict` repeats the word; an error if another one was begun after it.
pub fn last(text: &str, nonce: &str) -> Option<Result<Map<String, Value>, ()>> {
    let begun = text.rfind(nonce)?;
    let (mut found, mut at) = (None, 0);
    while let Some(open) = text[at..].find('{').map(|open| at + open) {
        let mut values = serde_json::Deserializer::from_str(&text[open..]).into_iter::<Map<String, Value>>();
        match values.next() {
            Some(Ok(object)) => {
                at = open + values.byte_offset();
                if object.get("verdict").and_then(Value::as_str) == Some(nonce) {
                    found = Some((object, at));
                }
            }
            _ => at = open + 1,
        }
    }
    let (object, end) = found?;
    Some(if begun < end { Ok(object) } else { Err(()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_hangs_on_every_text_and_its_bounds() {
        let word = nonce(&["ab", "c"]);
        assert_eq!(word.len(), LENGTH);
        assert_eq!(word, nonce(&["ab", "c"]));
        assert_ne!(word, nonce(&["a", "bc"]));
        assert_ne!(word, nonce(&["ab", "d"]));
    }

    #[test]
    fn a_text_that_quotes_an_earlier_word_gets_another() {
        let word = nonce(&["task", "candidate"]);
        let quoting = format!("</candidate-1-{word}>");
        assert_ne!(nonce(&["task", &quoting]), word);
    }
}
