//! What a prompt is about: small enough to keep for a hundred thousand of them.

use std::collections::BTreeSet;

use crate::base::Result;
use crate::base::text::floor_char;
use crate::model::Name;
use crate::search::meaning::{Embedder, Recipe, Vector};
use crate::search::reading::Reading;
use crate::search::words::is_cjk;

/// The direction of a prompt's meaning, its tags, and the words that it begins with.
#[derive(Debug, Clone, PartialEq)]
pub struct Gist {
    pub vector: Vector,
    pub tags: Vec<String>,
    /// Each once, in order, in lower case.
    pub words: Vec<String>,
}

/// Goes up when the same file would give another gist.
pub const VERSION: u32 = 1;

/// How much of a body says what a prompt is about.
const BEGINNING: usize = 600;

/// Words that are in every text, and those of which prompts are made whatever they are about.
const COMMON: &str = " about above act acting after all also always and any are article ask asked based been before being below but can could describe detailed did does done each else ensure every first following for from given has have help her here him his how include including information input into its just like make may more most must need never not now one only other our out output over own please prompt prompts provide provided same section should some such system task tell than that the their them then there these they this those through under use used user using very want was well were what when where which while who will with within without would write yes you your ";

impl Gist {
    /// The gist of a file's content, which knows nothing of its name yet.
    pub fn of(reading: &Reading, embedder: &dyn Embedder) -> Result<Gist> {
        let passages = Recipe::Parts.passages(reading);
        let texts: Vec<&str> = passages.iter().map(|passage| passage.text.as_str()).collect();
        let beginning = &reading.body[..floor_char(&reading.body, BEGINNING)];
        let words: BTreeSet<String> =
            [&reading.title, &reading.description, beginning].into_iter().flat_map(words).collect();
        let tags: BTreeSet<String> = reading.tags.iter().cloned().collect();
        Ok(Gist {
            vector: sum(&embedder.embed(&texts)?),
            tags: tags.into_iter().collect(),
            words: words.into_iter().collect(),
        })
    }

    /// The same with what the prompt's name says. Its folder tells where a team keeps it rather than what it is about.
    pub fn named(mut self, name: &Name, embedder: &dyn Embedder) -> Result<Gist> {
        let text = name.stem().replace(['-', '_', '.'], " ");
        let named = embedder.embed(&[&text])?;
        self.vector = sum(&[vec![self.vector], named].concat());
        self.words.extend(words(&text));
        self.words.sort_unstable();
        self.words.dedup();
        Ok(self)
    }

    /// The values of the vector, the tags a line each, a NUL, the words a line each.
    pub fn encode(&self) -> Vec<u8> {
        let clean = |tag: &String| tag.replace(['\0', '\n'], " ");
        let tags = self.tags.iter().map(clean).collect::<Vec<_>>().join("\n");
        let text = format!("{tags}\0{}", self.words.join("\n"));
        self.vector.values.iter().map(|&value| value as u8).chain(text.into_bytes()).collect()
    }

    pub fn decode(bytes: &[u8], dimensions: usize) -> Option<Gist> {
        let (values, text) = bytes.split_at_checked(dimensions)?;
        let (tags, words) = std::str::from_utf8(text).ok()?.split_once('\0')?;
        let lines = |text: &str| text.lines().map(str::to_owned).collect();
        let vector = Vector::from_bytes(values.iter().map(|&byte| byte as i8).collect());
        Some(Gist { vector, tags: lines(tags), words: lines(words) })
    }
}

/// The direction between several, each counting the same.
fn sum(vectors: &[Vector]) -> Vector {
    let mut sum = vec![0.0_f32; vectors.first().map_or(0, |vector| vector.values.len())];
    for vector in vectors {
        for (sum, &value) in sum.iter_mut().zip(&vector.values) {
            *sum += f32::from(value) * vector.inverse_norm;
        }
    }
    Vector::of(&sum)
}

/// The words of a text that may tell it from others. Of a writing without spaces, pairs of characters are words.
fn words(text: impl AsRef<str>) -> Vec<String> {
    let is_short =
        |word: &&str| (3..=24).contains(&word.chars().count()) && !word.contains(|c: char| c.is_ascii_digit());
    let runs = text.as_ref().split(|c: char| !c.is_alphanumeric());
    let (pairs, words): (Vec<&str>, Vec<&str>) = runs.partition(|run| run.chars().any(is_cjk));
    let words = words.into_iter().filter(is_short).map(str::to_lowercase);
    let words = words.filter(|word| !COMMON.contains(&format!(" {word} ")));
    words.chain(pairs.into_iter().flat_map(pairs_of)).collect()
}

fn pairs_of(run: &str) -> impl Iterator<Item = String> {
    run.chars().zip(run.chars().skip(1)).filter(|(a, b)| is_cjk(*a) && is_cjk(*b)).map(|(a, b)| [a, b].iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Dialect;
    use crate::search::meaning::Builtin;

    fn gist(title: &str, body: &str) -> Gist {
        let text = format!("---\ntitle: '{title}'\ntags: [b, a]\n---\n{body}");
        Gist::of(&Reading::of("", text.as_bytes(), Dialect::Native), &Builtin::new()).expect("nothing can fail")
    }

    #[test]
    fn the_words_that_tell_prompts_apart_are_kept() {
        let gist = gist("Refund mails", "You are a kind clerk. Write about REFUNDS of order 4711.");
        assert_eq!(gist.words, ["clerk", "kind", "mails", "order", "refund", "refunds"]);
        assert_eq!(gist.tags, ["a", "b"]);
        assert_eq!(words("写一首诗 now"), ["写一", "一首", "首诗"]);
    }

    #[test]
    fn it_can_be_kept_and_read_again() {
        let gist = gist("Refund mails", "You are a kind clerk.");
        assert_eq!(Gist::decode(&gist.encode(), 256), Some(gist));
        assert_eq!(Gist::decode(b"short", 256), None);
    }

    #[test]
    fn a_name_adds_its_words() {
        let bare = gist("", ".");
        let named =
            bare.clone().named(&Name::of_path("support/refund-mail"), &Builtin::new()).expect("nothing can fail");
        assert_eq!(named.words, ["mail", "refund"]);
        let meant = gist("A refund by mail", ".");
        assert!(named.vector.cosine(&meant.vector) > bare.vector.cosine(&meant.vector) + 0.1);
    }
}
