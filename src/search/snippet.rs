//! The line of a prompt that shows best why it was found.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::reading::Reading;
use super::words::words;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    /// Of the file.
    pub line: u32,
    pub text: String,
    /// What was asked for, as bytes of the text.
    pub marks: Vec<Range<usize>>,
}

/// A line's number and text, and what of it was asked for.
type Line<'a> = (u32, &'a str, Vec<(String, Range<usize>)>);

/// Longer lines are shown from shortly before the first word that was asked for.
const WIDTH: usize = 160;
const BEFORE: usize = 40;

/// The line of the body with most of the words; the first line of the passage that has the meaning, if no word is there.
pub fn snippet(reading: &Reading, asked: &HashSet<String>, passage: Option<u32>) -> Option<Snippet> {
    let mut rarity: HashMap<String, f32> = HashMap::new();
    let lines: Vec<Line<'_>> = (reading.body_line..)
        .zip(reading.body.lines())
        .map(|(number, line)| {
            let mut found = words(line);
            found.retain(|(word, _)| asked.contains(word));
            found.iter().for_each(|(word, _)| *rarity.entry(word.clone()).or_default() += 1.0);
            (number, line, found)
        })
        .collect();
    let worth = |found: &[(String, Range<usize>)]| -> f32 {
        let distinct: HashSet<&String> = found.iter().map(|(word, _)| word).collect();
        distinct.into_iter().map(|word| 1.0 + 1.0 / rarity[word]).sum()
    };
    let mut best: Option<(f32, usize)> = None;
    for (at, (_, _, found)) in lines.iter().enumerate() {
        let worth = worth(found);
        if worth > best.map_or(0.0, |(best, _)| best) {
            best = Some((worth, at));
        }
    }
    let by_meaning = || {
        let passage = passage?;
        lines.iter().position(|(number, line, _)| *number >= passage && !line.trim().is_empty())
    };
    let first = || lines.iter().position(|(_, line, _)| !line.trim().is_empty());
    let at = best.map(|(_, at)| at).or_else(by_meaning).or_else(first)?;
    let (line, text, found) = &lines[at];
    let marks = found.iter().map(|(_, range)| range.clone()).collect();
    Some(cut(Snippet { line: *line, text: (*text).to_owned(), marks }))
}

/// At most so much of a line that it can be read at a glance.
fn cut(snippet: Snippet) -> Snippet {
    let Snippet { line, text, marks } = snippet;
    let lead = text.len() - text.trim_start().len();
    let first = marks.first().map_or(lead, |mark| mark.start);
    let chars: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let place = |offset: usize| chars.partition_point(|&at| at < offset);
    let start = if chars.len() - place(lead) <= WIDTH {
        place(lead)
    } else {
        place(first).saturating_sub(BEFORE).max(place(lead))
    };
    let end = (start + WIDTH).min(chars.len() - 1);
    let range = chars[start]..chars[end];
    let (before, after) = (if start > place(lead) { "…" } else { "" }, if end + 1 < chars.len() { "…" } else { "" });
    let shift = |offset: usize| offset - range.start + before.len();
    let marks = marks.iter().filter(|mark| mark.start >= range.start && mark.end <= range.end);
    let marks = marks.map(|mark| shift(mark.start)..shift(mark.end)).collect();
    Snippet { line, text: format!("{before}{}{after}", text[range.clone()].trim_end()), marks }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str, asked: &[&str], passage: Option<u32>) -> Snippet {
        let reading = Reading { body: body.into(), body_line: 5, ..Reading::default() };
        let asked = asked.iter().map(|word| (*word).to_owned()).collect();
        snippet(&reading, &asked, passage).expect("there is one")
    }

    #[test]
    fn shows_the_line_with_most_of_the_words() {
        let body = "Be kind.\nRefund the customer.\n  Calm the customer and refund.\n";
        let snippet = of(body, &["calm", "refund", "custom"], None);
        assert_eq!((snippet.line, snippet.text.as_str()), (7, "Calm the customer and refund."));
        let marked: Vec<&str> = snippet.marks.iter().map(|mark| &snippet.text[mark.clone()]).collect();
        assert_eq!(marked, ["Calm", "customer", "refund"]);
    }

    #[test]
    fn shows_what_means_it_where_no_word_does() {
        assert_eq!(of("One.\n\n\nTwo.\nThree.\n", &["x"], Some(6)).line, 8);
        assert_eq!(of("\nOne.\n", &["x"], None).line, 6);
    }

    #[test]
    fn long_lines_are_cut_around_the_words() {
        let line = format!("{} refund {}", "é".repeat(300), "z ".repeat(300));
        let snippet = of(&line, &["refund"], None);
        assert!(snippet.text.starts_with("…é") && snippet.text.ends_with('…'), "{}", snippet.text);
        assert_eq!(&snippet.text[snippet.marks[0].clone()], "refund");
        assert!(snippet.text.chars().count() <= WIDTH + 2);
    }
}
