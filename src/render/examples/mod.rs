//! Examples that show a model how it is done: picked the same way every time, and never the case in question.

mod case;
#[cfg(test)]
mod laws;
mod words;

pub use case::{Case, Question};
pub use words::Likeness;

use crate::base::hash::sha256;
use crate::model::{Map, Value};

use super::messages::Turn;
use words::Lexicon;

#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// What its author calls it.
    pub id: Option<String>,
    pub input: Value,
    pub output: Value,
}

impl Example {
    /// An example from a row with `input` and `output`.
    pub fn read(mut row: Map) -> Option<Self> {
        let id = row.remove("id").filter(|id| !id.is_null()).map(|id| text(&id));
        Some(Example { id, input: row.remove("input")?, output: row.remove("output")? })
    }

    /// What it asks, whatever its spelling and the names of its variables.
    pub fn question(&self) -> Question {
        Question::of(&self.input)
    }

    fn turns(&self) -> [Turn; 2] {
        let turn = |role: &str, value: &Value| Turn { role: role.into(), content: text(value), name: None };
        [turn("user", &self.input), turn("assistant", &self.output)]
    }
}

/// A value as it is shown: a text as it is, everything else as JSON.
pub fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The beginning of a text on one line.
pub fn short(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Which examples are taken, of those that may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// Those that share most words with the case.
    #[default]
    Alike,
    First,
    /// Any, as a seed decides.
    Random,
}

impl By {
    pub const WORDS: [&str; 3] = ["alike", "first", "random"];

    pub fn from_word(word: &str) -> Option<By> {
        [By::Alike, By::First, By::Random].into_iter().find(|by| by.word() == word)
    }

    pub fn word(self) -> &'static str {
        match self {
            By::Alike => "alike",
            By::First => "first",
            By::Random => "random",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    pub count: usize,
    pub by: By,
    pub seed: u64,
}

impl Default for Choice {
    fn default() -> Self {
        Choice { count: 3, by: By::Alike, seed: 0 }
    }
}

/// An example that was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picked {
    /// Its position in the set.
    pub at: usize,
    pub likeness: Likeness,
}

/// Examples ready to be chosen from, again and again.
#[derive(Debug, Default)]
pub struct Set {
    examples: Vec<Example>,
    questions: Vec<Question>,
    lexicon: Lexicon,
}

impl Set {
    pub fn new(examples: Vec<Example>) -> Self {
        let questions: Vec<Question> = examples.iter().map(|example| Question::of(&example.input)).collect();
        let lexicon = Lexicon::new(questions.iter().map(Question::words));
        Set { examples, questions, lexicon }
    }

    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// The examples that ask what the case asks, by their positions: to show one would be to tell the answer.
    pub fn same(&self, case: &Case) -> Vec<usize> {
        (0..self.examples.len()).filter(|&at| !self.is_free(at, case)).collect()
    }

    /// At most so many examples, in the order of the set. The same set, choice and case give the same ones; those
    /// that ask what the case asks are never among them.
    pub fn pick(&self, choice: Choice, case: &Case) -> Vec<Picked> {
        let asked = self.lexicon.words(&case.asked);
        let picked = |at: usize| Picked { at, likeness: self.lexicon.likeness(at, &asked) };
        let mut free: Vec<Picked> = (0..self.examples.len()).filter(|&at| self.is_free(at, case)).map(picked).collect();
        match choice.by {
            By::First => {}
            By::Random => free.sort_by_cached_key(|picked| (self.lot(picked.at, choice.seed), picked.at)),
            By::Alike => free.sort_by(|a, b| b.likeness.cmp(&a.likeness).then(a.at.cmp(&b.at))),
        }
        free.truncate(choice.count);
        free.sort_by_key(|picked| picked.at);
        free
    }

    /// What is said for the examples that are chosen.
    pub fn turns(&self, choice: Choice, case: &Case) -> Vec<Turn> {
        self.pick(choice, case).into_iter().flat_map(|picked| self.examples[picked.at].turns()).collect()
    }

    fn is_free(&self, at: usize, case: &Case) -> bool {
        !case.asks(&self.questions[at]) && !case.excepts(&self.examples[at], &self.questions[at])
    }

    /// The lot of an example follows from its content and the seed alone, so a new example moves few others.
    fn lot(&self, at: usize, seed: u64) -> String {
        let Example { input, output, .. } = &self.examples[at];
        sha256(format!("{seed}\n{input}\n{output}").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set(inputs: &[Value]) -> Set {
        let example = |(n, input): (usize, &Value)| Example { id: None, input: input.clone(), output: json!({"n": n}) };
        Set::new(inputs.iter().enumerate().map(example).collect())
    }

    fn tickets() -> Set {
        set(&[
            json!("I was charged twice for the same order"),
            json!("The app crashes when I open the camera"),
            json!("How do I change the address of my order?"),
            json!("The app is slow since the update"),
        ])
    }

    fn picked(set: &Set, choice: Choice, asked: &str) -> Vec<usize> {
        set.pick(choice, &Case::of_text(asked)).iter().map(|picked| picked.at).collect()
    }

    #[test]
    fn the_most_alike_come_first_into_question() {
        let two = Choice { count: 2, ..Choice::default() };
        assert_eq!(picked(&tickets(), two, "my order was charged TWICE"), [0, 2]);
        assert_eq!(picked(&tickets(), two, "the app crashes after the update"), [1, 3]);
        assert_eq!(picked(&tickets(), two, "where?"), [0, 1]);
    }

    #[test]
    fn the_first_are_the_first_and_a_seed_decides_about_any() {
        let first = Choice { by: By::First, count: 2, seed: 0 };
        assert_eq!(picked(&tickets(), first, "the app is slow"), [0, 1]);
        let random = |seed| picked(&tickets(), Choice { by: By::Random, count: 2, seed }, "x");
        assert_eq!(random(1), random(1));
        assert!((0..9).any(|seed| random(seed) != random(1)));
    }

    #[test]
    fn the_case_is_known_in_any_spelling() {
        let all = Choice { count: 9, ..Choice::default() };
        assert_eq!(picked(&tickets(), all, "  THE app\n is slow since   the update "), [0, 1, 2]);
        let case = |case: Value| Case::of_values(case.as_object().expect("a map"), &Map::new());
        let maps = set(&[json!({"subject": "Refund", "body": "twice"}), json!({"subject": "Hi", "lines": [1, "two"]})]);
        let same = |value: Value| maps.same(&case(value));
        assert_eq!(same(json!({"ticket": {"subject": "refund ", "body": "Twice"}, "more": 1})), [0]);
        assert!(same(json!({"subject": "Refund"})).is_empty());
        assert_eq!(same(json!({"row": "{\"subject\": \"hi\", \"lines\": [1, \"TWO\"]}"})), [1]);
    }

    #[test]
    fn what_shall_not_be_shown_is_named_by_id_or_input() {
        let examples = vec![
            Example { id: Some("refund".into()), input: json!("a b"), output: json!(1) },
            Example { id: None, input: json!("c"), output: json!(2) },
        ];
        let set = Set::new(examples);
        let except = |what: &str| set.same(&Case::default().without(&[what.to_owned()]));
        assert_eq!((except("refund"), except("A  b"), except(" C"), except("d")), (vec![0], vec![0], vec![1], vec![]));
    }
}
