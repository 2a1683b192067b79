//! How much of a reference an answer has: numbers from 0 to 1. Where there are several references, the best one counts.
//! None of them looks at case.
//!
//! `rouge-…` and `token-f1` cut a text into runs of letters and digits; `rouge-…` counts every other sign as a token of
//! its own, `token-f1` none. `bleu` and `gleu` cut it at blanks, as their inventors' tables do. Characters of scripts
//! that put no blanks between words stand alone in all of them.

use std::collections::HashMap;

use serde_json::json;

use super::normal::{folded, normal, quoted};
use super::options::{Amount, one_or_more, options, schemas, text};
use super::plain;
use crate::eval::{Around, Compiled, Kind};
use crate::model::{Score, Value};

pub static ROUGE_1: Kind = Kind {
    name: "rouge-1",
    about: "The answer shares enough words and signs with the text: F1 of single tokens, each counted as often as it \
            occurs in both (ROUGE-1).",
    example: "rouge-1: The cat sat on the mat.",
    schema: schemas::one_or_more,
    threshold: Some(0.75),
    compile: |value, _| like(value, signs, |answer, texts| best(texts, |text| rouge(answer, text, 1))),
};

pub static ROUGE_2: Kind = Kind {
    name: "rouge-2",
    about: "The answer shares enough pairs of neighbouring words and signs with the text (ROUGE-2, F1).",
    example: "rouge-2: The cat sat on the mat.",
    schema: schemas::one_or_more,
    threshold: Some(0.5),
    compile: |value, _| like(value, signs, |answer, texts| best(texts, |text| rouge(answer, text, 2))),
};

pub static ROUGE_L: Kind = Kind {
    name: "rouge-l",
    about: "The longest sequence of words and signs that the answer and the text have in common, in order and not \
            necessarily next to each other, is long enough (ROUGE-L, F1).",
    example: "rouge-l: The cat sat on the mat.",
    schema: schemas::one_or_more,
    threshold: Some(0.75),
    compile: |value, _| like(value, signs, |answer, texts| best(texts, |text| rouge_l(answer, text))),
};

pub static BLEU: Kind = Kind {
    name: "bleu",
    about: "The answer is made of enough of the text's sequences of one to four words, and is not shorter (BLEU of one \
            sentence; a length without a match counts as 0.0000001).",
    example: "bleu: [The cat sat on the mat., A cat was sitting on the mat.]",
    schema: schemas::one_or_more,
    threshold: Some(0.5),
    compile: |value, _| like(value, words, |answer, texts| Some(bleu(answer, texts))),
};

pub static GLEU: Kind = Kind {
    name: "gleu",
    about: "The answer and the text share enough sequences of one to four words: of all that either has, so that a short \
            answer gains nothing (Google BLEU).",
    example: "gleu: The cat sat on the mat.",
    schema: schemas::one_or_more,
    threshold: Some(0.5),
    compile: |value, _| like(value, words, |answer, texts| best(texts, |text| Some(gleu(answer, text)))),
};

pub static TOKEN_F1: Kind = Kind {
    name: "token-f1",
    about: "The answer shares enough words with the text, whatever their order and the signs between them (F1).",
    example: "token-f1: Ludwig van Beethoven",
    schema: schemas::one_or_more,
    threshold: Some(0.75),
    compile: |value, _| like(value, letters, |answer, texts| best(texts, |text| rouge(answer, text, 1))),
};

pub static LEVENSHTEIN: Kind = Kind {
    name: "levenshtein",
    about: "The answer becomes the text by at most `max` changes of one character (5 if nothing is said). Its number is the \
            share of characters that stay.",
    example: "levenshtein: {text: Amsterdam, max: 2}",
    schema: || {
        let map =
            schemas::options(&json!({"text": schemas::text(), "max": {"type": "integer", "minimum": 0}}), &["text"]);
        json!({"anyOf": [schemas::text(), map]})
    },
    threshold: None,
    compile: edits,
};

type Tokens = Vec<String>;

/// The number that `measure` gives for the answer and the references. None if they are too long to be compared.
fn like(
    value: &Value,
    cut: fn(&str) -> Tokens,
    measure: fn(&Tokens, &[Tokens]) -> Option<f64>,
) -> Result<Compiled, String> {
    let references: Vec<Tokens> = one_or_more(value)?.iter().map(|text| cut(text)).collect();
    if references.iter().any(Vec::is_empty) {
        return Err("there is no word in the text to compare with".into());
    }
    Ok(plain(move |subject| match measure(&cut(&subject.reply.text), &references) {
        Some(value) => Score::graded(value, value == 1.0, format!("the likeness is {value:.3}")),
        None => Score::undecided("the texts are too long to be compared in this way"),
    }))
}

fn best(texts: &[Tokens], measure: impl Fn(&Tokens) -> Option<f64>) -> Option<f64> {
    texts.iter().map(measure).try_fold(0.0, |best: f64, value| value.map(|value| best.max(value)))
}

/// Pieces between blanks.
fn words(text: &str) -> Tokens {
    folded(text).split_whitespace().flat_map(|piece| runs(piece, |c| !stands_alone(c))).collect()
}

/// Runs of letters and digits, and every other sign.
fn signs(text: &str) -> Tokens {
    let folded = folded(text);
    folded.split_whitespace().flat_map(|piece| runs(piece, |c| c.is_alphanumeric() && !stands_alone(c))).collect()
}

/// Runs of letters and digits.
fn letters(text: &str) -> Tokens {
    signs(text).into_iter().filter(|token| token.chars().any(char::is_alphanumeric)).collect()
}

/// The piece cut where a character does not belong with its neighbours; such a character is a token.
fn runs(piece: &str, belongs: impl Fn(char) -> bool) -> Tokens {
    let mut tokens: Tokens = Vec::new();
    let mut inside = false;
    for c in piece.chars() {
        let is_mark = unicode_normalization::char::is_combining_mark(c);
        match tokens.last_mut() {
            Some(last) if is_mark || (inside && belongs(c)) => last.push(c),
            _ => tokens.push(c.into()),
        }
        inside = belongs(c) || (is_mark && inside);
    }
    tokens
}

/// Scripts without blanks between words: Han, kana, Thai, Lao, Khmer, Burmese.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Sequences of `n` tokens, and how often each occurs.
fn grams(tokens: &Tokens, n: usize) -> HashMap<&[String], usize> {
    let mut counts = HashMap::new();
    for gram in tokens.windows(n) {
        *counts.entry(gram).or_default() += 1;
    }
    counts
}

fn shared(one: &HashMap<&[String], usize>, other: &HashMap<&[String], usize>) -> usize {
    one.iter().map(|(gram, &count)| count.min(other.get(gram).copied().unwrap_or(0))).sum()
}

fn f1(shared: usize, one: usize, other: usize) -> f64 {
    if one + other == 0 { 0.0 } else { 2.0 * shared as f64 / (one + other) as f64 }
}

fn rouge(answer: &Tokens, text: &Tokens, n: usize) -> Option<f64> {
    if answer == text {
        return Some(1.0);
    }
    let count = |tokens: &Tokens| (tokens.len() + 1).saturating_sub(n);
    Some(f1(shared(&grams(answer, n), &grams(text, n)), count(answer), count(text)))
}

/// Comparing more than this many pairs takes too long.
const MOST_PAIRS: usize = 400_000_000;

fn rouge_l(answer: &Tokens, text: &Tokens) -> Option<f64> {
    if answer.len().saturating_mul(text.len()) > MOST_PAIRS {
        return None;
    }
    let mut row = vec![0; text.len() + 1];
    for token in answer {
        let mut diagonal = 0;
        for (at, other) in text.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if token == other { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    Some(f1(row[text.len()], answer.len(), text.len()))
}

/// Texts of fewer than four words are compared by the sequences that they have.
const LONGEST_GRAM: usize = 4;

fn bleu(answer: &Tokens, texts: &[Tokens]) -> f64 {
    if answer.is_empty() {
        return 0.0;
    }
    let longest = LONGEST_GRAM.min(answer.len());
    let log_of = |n: usize| {
        let ours = grams(answer, n);
        let theirs: Vec<_> = texts.iter().map(|text| grams(text, n)).collect();
        let clipped: usize = ours
            .iter()
            .map(|(gram, &count)| {
                count.min(theirs.iter().filter_map(|text| text.get(gram)).copied().max().unwrap_or(0))
            })
            .sum();
        let total = answer.len() + 1 - n;
        (clipped as f64).max(1e-7).ln() - (total as f64).ln()
    };
    let mean = (1..=longest).map(log_of).sum::<f64>() / longest as f64;
    let nearest = texts.iter().map(Vec::len).min_by_key(|&length| (length.abs_diff(answer.len()), length)).unwrap_or(0);
    let brevity = (1.0 - nearest as f64 / answer.len() as f64).min(0.0);
    (mean + brevity).exp().clamp(0.0, 1.0)
}

fn gleu(answer: &Tokens, text: &Tokens) -> f64 {
    let all = |tokens: &Tokens| (1..=LONGEST_GRAM).map(|n| (tokens.len() + 1).saturating_sub(n)).sum::<usize>();
    let matches: usize = (1..=LONGEST_GRAM).map(|n| shared(&grams(answer, n), &grams(text, n))).sum();
    matches as f64 / all(answer).max(all(text)) as f64
}

fn edits(value: &Value, _: &dyn Around) -> Result<Compiled, String> {
    let (wanted, most) = match value {
        Value::Object(_) => {
            let map = options(value, &["text", "max"])?;
            let wanted = text(map.get("text").ok_or("`text` must say what to compare with")?)?;
            (wanted, Amount::bounds(map)?)
        }
        _ => (text(value)?, None),
    };
    let most = most.unwrap_or(Amount::at_most(5));
    let wanted: Vec<char> = normal(&wanted).chars().collect();
    Ok(plain(move |subject| {
        let answer: Vec<char> = normal(&subject.reply.text).chars().collect();
        if answer.len().saturating_mul(wanted.len()) > MOST_PAIRS {
            return Score::undecided("the texts are too long to be compared in this way");
        }
        let distance = strsim::generic_levenshtein(&answer, &wanted);
        let longer = answer.len().max(wanted.len()).max(1);
        let stays = 1.0 - distance as f64 / longer as f64;
        let reason =
            format!("it takes {distance} changes to make {} of the answer", quoted(&String::from_iter(&wanted)));
        Score::graded(stays, most.allows(distance as u64), reason)
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::trial::{refused, table, value};

    const CAT: &str = "The cat sat on the mat.";
    const DOG: &str = "The dog sat on the mat.";

    fn near(kind: &str, text: &str, wanted: f64) {
        let got = value(kind, &json!(CAT), text);
        assert!((got - wanted).abs() < 5e-10, "{kind}: {text}: {got}");
    }

    /// Values that others' programs give.
    #[test]
    fn reference_values() {
        near("rouge-1", DOG, 0.857_142_857_14);
        near("rouge-1", "Dogs run in the park.", 0.307_692_307_69);
        near("bleu", DOG, 0.537_284_965_91);
        near("gleu", DOG, 0.611_111_111_11);
        near("rouge-2", DOG, 4.0 / 6.0);
        near("rouge-l", DOG, 6.0 / 7.0);
        near("token-f1", DOG, 5.0 / 6.0);
        near("rouge-l", "On the mat sat the cat.", 2.0 * 4.0 / 14.0);
    }

    #[test]
    fn the_same_is_1_and_nothing_is_0() {
        for kind in ["rouge-1", "rouge-2", "rouge-l", "bleu", "gleu", "token-f1"] {
            near(kind, "the CAT sat\r\non the mat.", 1.0);
            near(kind, "", 0.0);
            assert!(value(kind, &json!(CAT), "😀") < 1e-6, "{kind}");
            let short = value(kind, &json!("yes"), "Yes");
            assert!((short - 1.0).abs() < 1e-12, "{kind}: {short}");
            let accents = value(kind, &json!("café 東京"), "cafe\u{301} 東京");
            assert!((accents - 1.0).abs() < 1e-12, "{kind}: {accents}");
            assert_eq!(refused(kind, &json!(" \n")).expect("refused"), "there is no word in the text to compare with");
            table(kind, &json!(["nothing alike", CAT]), &[(CAT, true), ("", false), ("something else", false)]);
        }
    }

    #[test]
    fn scripts_without_blanks_are_cut() {
        let got = value("rouge-1", &json!("東京都"), "東京市");
        assert!((got - 2.0 / 3.0).abs() < 1e-12, "{got}");
    }

    #[test]
    fn bleu_takes_each_sequence_from_its_best_reference() {
        let got = value("bleu", &json!(["a b c d x", "y b c d e"]), "a b c d e");
        let wanted: f64 = (1.0_f64 * 1.0 * 1.0 * 1.0).powf(0.25);
        assert!((got - wanted).abs() < 1e-12, "{got}");
        let short = value("bleu", &json!("a b c d e f g h"), "a b c d");
        assert!((short - (1.0_f64 - 2.0).exp()).abs() < 1e-12, "too short: {short}");
    }

    #[test]
    fn changes_are_counted_in_characters() {
        table(
            "levenshtein",
            &json!({"text": "kitten 😀", "max": 3}),
            &[("sitting 😀", true), ("kitten ", true), ("", false), ("sitting by", false)],
        );
        table("levenshtein", &json!("é\n1"), &[("e\u{301}\r\n1", true), ("", true), ("é\n1234567", false)]);
        table("levenshtein", &json!({"text": "", "max": 0}), &[("", true), ("a", false)]);
        assert!((value("levenshtein", &json!("kitten"), "sitting") - 4.0 / 7.0).abs() < 1e-12);
        assert_eq!(
            refused("levenshtein", &json!({"text": "a", "max": -1})).expect("refused"),
            "`max` must be a whole number of 0 or more, and is -1"
        );
        assert!(refused("levenshtein", &json!({"max": 1})).is_some());
    }
}
