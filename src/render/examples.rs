//! Examples that show a model how it is done: picked the same way every time, and never the case in question.

use crate::base::hash::sha256;
use crate::model::{Map, Value};

use super::messages::Turn;

#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    pub input: Value,
    pub output: Value,
}

impl Example {
    /// An example from a row with `input` and `output`.
    pub fn read(mut row: Map) -> Option<Self> {
        Some(Example { input: row.remove("input")?, output: row.remove("output")? })
    }

    /// Whether a prompt with these variables asks for what the example answers.
    fn is_case(&self, variables: &Map) -> bool {
        match &self.input {
            Value::Object(input) => {
                !input.is_empty()
                    && input.iter().all(|(name, value)| variables.get(name).is_some_and(|v| same(v, value)))
            }
            input => variables.values().any(|value| same(value, input)),
        }
    }

    fn turns(&self) -> [Turn; 2] {
        let turn = |role: &str, value: &Value| Turn { role: role.into(), content: text(value), name: None };
        [turn("user", &self.input), turn("assistant", &self.output)]
    }
}

/// Texts from a command line or a table carry blanks at their ends, and numbers as text.
fn same(left: &Value, right: &Value) -> bool {
    text(left).trim() == text(right).trim()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// At most `count` examples in the order of their file. Which ones follows from their content and the seed alone, so
/// adding an example moves few others; those with the same input as the case are never among them.
pub fn pick(examples: &[Example], count: usize, variables: &Map, seed: u64) -> Vec<Turn> {
    let key = |example: &Example| sha256(format!("{seed}\n{}\n{}", example.input, example.output).as_bytes());
    let mut free: Vec<(String, usize)> = examples
        .iter()
        .enumerate()
        .filter(|(_, example)| !example.is_case(variables))
        .map(|(at, example)| (key(example), at))
        .collect();
    free.sort();
    let mut chosen: Vec<usize> = free.into_iter().take(count).map(|(_, at)| at).collect();
    chosen.sort_unstable();
    chosen.into_iter().flat_map(|at| examples[at].turns()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn picked(count: usize, variables: &Value, seed: u64) -> Vec<String> {
        let examples: Vec<Example> =
            (0..6).map(|n| Example { input: json!(format!("q{n}")), output: json!({"n": n}) }).collect();
        let turns = pick(&examples, count, variables.as_object().expect("a map"), seed);
        turns.chunks(2).map(|turn| format!("{}→{}", turn[0].content, turn[1].content)).collect()
    }

    #[test]
    fn the_same_ones_every_time_and_never_the_case() {
        let none = json!({});
        assert_eq!(picked(2, &none, 1), picked(2, &none, 1));
        assert_eq!(picked(9, &none, 1).len(), 6);
        for n in 0..6 {
            let case = json!({"question": format!(" q{n}\n")});
            assert!(!picked(6, &case, 1).iter().any(|turn| turn.starts_with(&format!("q{n}→"))));
            assert_eq!(picked(6, &case, 1).len(), 5);
        }
        assert!((0..9).map(|seed| picked(2, &none, seed)).any(|other| other != picked(2, &none, 1)));
    }

    #[test]
    fn an_input_of_several_variables_is_the_case_when_all_agree() {
        let example = Example { input: json!({"a": 1, "b": "x"}), output: json!("y") };
        let case = |value: Value| example.is_case(value.as_object().expect("a map"));
        assert!(case(json!({"a": "1", "b": "x", "c": 3})));
        assert!(!case(json!({"a": 1})));
    }
}
