//! Which parts of a prompt are given to an embedder, and where in the file they stand.

use crate::base::text::floor_char;
use crate::render::Markers;
use crate::render::marker::heading;
use crate::search::reading::Reading;

/// Lines of a file, counted from 1, the last one included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lines {
    pub first: u32,
    pub last: u32,
}

/// A text that becomes one vector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    pub text: String,
    pub lines: Lines,
}

/// What of a prompt becomes vectors. It goes with the embedder: what helps one hurts another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipe {
    /// What the prompt says of itself, and by themselves the first parts of its body: for embedders that add words up,
    /// where each word more makes the others count less.
    Parts,
    /// One text of what the prompt says of itself and how it begins: for encoders, which read whole sentences and are
    /// slow.
    Beginning,
}

/// How long the parts of a body are, in bytes. What a prompt is about is said at its beginning, so the first part is
/// short and clear; further ones found nothing more among three thousand public prompts, and every row costs time.
const PARTS: [usize; 2] = [400, 1200];

/// How much of a prompt an encoder gets. It reads the first 126 word pieces, which are hardly ever longer.
const BEGINNING: usize = 1500;

impl Recipe {
    /// Goes up when any recipe gives other passages than before.
    pub const VERSION: u32 = 1;

    pub fn word(self) -> &'static str {
        match self {
            Recipe::Parts => "parts",
            Recipe::Beginning => "beginning",
        }
    }

    /// The passages of a prompt: at least one, and none without a letter or digit unless it is the only one.
    pub fn passages(self, reading: &Reading) -> Vec<Passage> {
        let mut rest = Rest { text: &reading.body, line: reading.body_line };
        let head = Passage {
            text: about(reading),
            lines: Lines { first: 1, last: reading.body_line.saturating_sub(1).max(1) },
        };
        let mut passages = match self {
            Recipe::Parts => std::iter::once(head).chain(PARTS.iter().map_while(|&limit| rest.part(limit))).collect(),
            Recipe::Beginning => vec![match rest.part(BEGINNING) {
                Some(body) => Passage { text: format!("{}\n{}", head.text, body.text), lines: body.lines },
                None => head,
            }],
        };
        passages.dedup_by(|part, before| part.text == before.text);
        passages
    }
}

/// What a prompt says of itself: the last part of its name, which is chosen to say what it is for and found more than
/// the rest among three thousand public prompts; its title, where that is another; its description.
fn about(reading: &Reading) -> String {
    let name = reading.name.rsplit('/').next().unwrap_or_default().replace(['-', '_', '.'], " ");
    let title = Some(&reading.title).filter(|title| title.to_lowercase() != name.to_lowercase());
    let parts = [Some(&name), title, Some(&reading.description)].into_iter().flatten().map(String::as_str);
    parts.filter(|part| has_words(part)).collect::<Vec<_>>().join(". ")
}

/// What is left of a body, beginning inside a line of this number.
struct Rest<'a> {
    text: &'a str,
    line: u32,
}

impl Rest<'_> {
    /// The next part, not longer than the limit, and ending before a message or heading where that makes it no shorter
    /// than half of it.
    fn part(&mut self, limit: usize) -> Option<Passage> {
        let mut text = String::new();
        let mut lines: Option<Lines> = None;
        while !self.text.is_empty() {
            let line = self.text.split_inclusive('\n').next().expect("there is text");
            let room = limit - text.len();
            let is_marker = is_marker(line);
            if 2 * text.len() >= limit && (line.len() > room || is_marker || is_title(line)) {
                break;
            }
            let taken = &line[..fitting(line, room)];
            if !is_marker && has_words(taken) {
                text.push_str(taken);
                lines = Some(Lines { first: lines.map_or(self.line, |lines| lines.first), last: self.line });
            }
            self.skip(taken);
            if taken.len() < line.len() {
                break;
            }
        }
        lines.map(|lines| Passage { text: text.trim().to_owned(), lines })
    }

    fn skip(&mut self, taken: &str) {
        self.text = &self.text[taken.len()..];
        self.line += u32::from(taken.ends_with('\n'));
    }
}

/// How much of a line fits: all of it, or up to a blank, or what must.
fn fitting(line: &str, room: usize) -> usize {
    if line.len() <= room {
        return line.len();
    }
    let most = floor_char(line, room);
    line[..most].rfind([' ', '\t']).map_or(most, |blank| blank + 1)
}

fn has_words(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

fn is_marker(line: &str) -> bool {
    heading(line.trim_end_matches(['\n', '\r']), Markers::Lines).is_some()
}

/// `## A heading` of Markdown.
fn is_title(line: &str) -> bool {
    let text = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - text.len())) && text.starts_with(' ')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reading(body: &str) -> Reading {
        Reading { name: "support/triage".into(), body: body.into(), body_line: 5, ..Reading::default() }
    }

    fn places(passages: &[Passage]) -> Vec<(u32, u32)> {
        passages.iter().map(|passage| (passage.lines.first, passage.lines.last)).collect()
    }

    #[test]
    fn a_short_prompt_has_what_it_says_of_itself_and_its_body() {
        let passages = Recipe::Parts.passages(&reading("system:\nBe kind.\n\nuser:\n{{ ticket }}\n"));
        let texts: Vec<&str> = passages.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(texts, ["triage", "Be kind.\n{{ ticket }}"]);
        assert_eq!(places(&passages), [(1, 4), (6, 9)]);
    }

    #[test]
    fn a_title_that_repeats_the_name_is_said_once() {
        let named = |name: &str, title: &str| Reading { name: name.into(), title: title.into(), ..reading("") };
        assert_eq!(about(&named("a/code-review", "Code Review")), "code review");
        assert_eq!(about(&named("a/code-review", "Reviews code")), "code review. Reviews code");
        assert_eq!(about(&named("界", "")), "界");
    }

    #[test]
    fn parts_end_before_messages_and_headings() {
        let sentence = "Answer every question in full sentences.\n".repeat(6);
        for head in ["## Tone", "user:"] {
            let body = format!("# Role\n{sentence}{head}\n{sentence}## More\n{sentence}{sentence}{sentence}{sentence}");
            let passages = Recipe::Parts.passages(&reading(&body));
            assert_eq!(passages.len(), 3);
            assert_eq!(passages[1].lines, Lines { first: 5, last: 11 }, "{head}");
            let after = if head == "user:" { 13 } else { 12 };
            assert_eq!(passages[2].lines.first, after, "{head}");
            assert!(passages[2].text.len() <= PARTS[1]);
        }
    }

    #[test]
    fn a_line_longer_than_a_part_is_divided_at_a_blank() {
        let passages = Recipe::Parts.passages(&reading(&"word ".repeat(200)));
        assert_eq!(places(&passages), [(1, 4), (5, 5), (5, 5)]);
        assert!(passages[1..].iter().all(|it| it.text.starts_with("word") && it.text.ends_with("word")));
    }

    #[test]
    fn an_encoder_gets_one_text() {
        let mut prompt = reading("user:\nSay hello.\n");
        prompt.description = "Greets".into();
        let passages = Recipe::Beginning.passages(&prompt);
        assert_eq!(
            passages,
            [Passage { text: "triage. Greets\nSay hello.".into(), lines: Lines { first: 6, last: 6 } }]
        );
        let empty = Recipe::Beginning.passages(&Reading { body: String::new(), ..prompt });
        assert_eq!(empty.len(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn parts_are_bounded_in_order_and_from_the_lines_they_name(body in "(user:\n|# b |ä|[a-z]{1,300}|[ \n]|界){0,60}") {
            let prompt = reading(&body);
            let lines: Vec<&str> = body.split('\n').collect();
            let passages = Recipe::Parts.passages(&prompt);
            let mut at = 0;
            for (passage, limit) in passages[1..].iter().zip(PARTS) {
                prop_assert!(passage.text.len() <= limit && has_words(&passage.text));
                prop_assert!(passage.lines.first >= at && passage.lines.last >= passage.lines.first);
                at = passage.lines.last;
                let of = lines[passage.lines.first as usize - 5..=passage.lines.last as usize - 5].join("\n");
                for word in passage.text.split_whitespace() {
                    prop_assert!(of.contains(word));
                }
            }
        }
    }
}
