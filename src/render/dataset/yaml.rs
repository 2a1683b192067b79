//! YAML: a list, or one document a row.

use std::collections::VecDeque;
use std::io::BufRead;

use crate::base::text::Lines as Positions;
use crate::base::{Error, Result, Span};
use crate::format::yaml::{self, Data, Node};

use super::lines::Lines;
use super::{MAX_ROW, Row, at, values, wrong};

/// The rows of a file. It is cut into documents, and a document that is a list into its items, by their first
/// columns: whatever stands at the start of a line belongs to no value inside.
pub fn rows<R: BufRead>(path: String, reader: R) -> Items<R> {
    Items { path, lines: Lines::new(reader), carried: None, list: None, number: 0, ready: VecDeque::new() }
}

pub struct Items<R> {
    path: String,
    lines: Lines<R>,
    /// The line that ended the chunk before, with its number.
    carried: Option<(u64, String)>,
    /// Whether the current document is a list with a dash before each item; unknown before its first line.
    list: Option<bool>,
    number: u64,
    ready: VecDeque<Result<Row>>,
}

/// Lines that are read together, and the number of the first.
type Chunk = (u64, String);

impl<R: BufRead> Iterator for Items<R> {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Result<Row>> {
        while self.ready.is_empty() {
            match self.chunk() {
                Ok(Some(chunk)) => self.read(&chunk),
                Ok(None) => return None,
                Err(message) => {
                    let place = at(&self.path, self.lines.number, 1);
                    return Some(Err(wrong(&self.path, self.number + 1, place, message)));
                }
            }
        }
        self.ready.pop_front()
    }
}

impl<R: BufRead> Items<R> {
    fn chunk(&mut self) -> Result<Option<Chunk>, String> {
        let mut chunk: Option<Chunk> = None;
        loop {
            let (number, line) = match self.carried.take() {
                Some(carried) => carried,
                None => match self.lines.next()? {
                    Some(line) => (self.lines.number, line),
                    None => return Ok(chunk),
                },
            };
            let bare = line.trim_end();
            let separator = matches!(bare, "---" | "...");
            let dash = bare == "-" || bare.starts_with("- ");
            if chunk.is_some() && (separator || (dash && self.list == Some(true))) {
                self.carried = Some((number, line));
                return Ok(chunk);
            }
            if separator {
                self.list = None;
            } else if chunk.is_some() || !is_blank(bare) {
                self.list.get_or_insert(dash);
                let (_, text) = chunk.get_or_insert_with(|| (number, String::new()));
                text.push_str(&line);
                if text.len() > MAX_ROW {
                    return Err(format!("the row is longer than {} MiB", MAX_ROW >> 20));
                }
            }
        }
    }

    fn read(&mut self, (first, text): &Chunk) {
        let positions = Positions::new(text);
        let place = |span: Span| {
            let (line, column) = positions.position(span.start);
            (first + u64::from(line) - 1, u64::from(column))
        };
        let tree = yaml::read(text, 0);
        if let Some(problem) = tree.problems.first() {
            let (line, column) = place(problem.span);
            self.push(Err((line, column, problem.message.clone())));
            return;
        }
        let Some(root) = tree.root.filter(|root| !root.is_null()) else { return };
        let items: Vec<&Node> =
            if matches!(root.data, Data::List(_)) { root.items().iter().collect() } else { vec![&root] };
        for item in items {
            let (line, column) = place(item.span);
            self.push(values(item.value()).map(|values| (line, values)).map_err(|message| (line, column, message)));
        }
    }

    fn push(&mut self, row: Result<(u64, crate::model::Map), (u64, u64, String)>) {
        self.number += 1;
        let number = self.number;
        let wrong =
            |(line, column, message)| -> Error { wrong(&self.path, number, at(&self.path, line, column), message) };
        self.ready.push_back(row.map(|(line, values)| Row { number, line, values }).map_err(wrong));
    }
}

fn is_blank(line: &str) -> bool {
    line.is_empty() || line.trim_start().starts_with('#')
}
