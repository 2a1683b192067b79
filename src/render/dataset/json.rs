//! JSON: a list whose elements are read one by one, or one value a line.

use std::io::BufRead;

use crate::base::{Error, Finding, Result};
use crate::model::Value;

use super::lines::Lines;
use super::{MAX_ROW, Row, at, values, wrong};

/// One value a line; empty lines are skipped.
pub fn lines<R: BufRead>(path: String, reader: R) -> impl Iterator<Item = Result<Row>> {
    let mut lines = Lines::new(reader);
    let mut number = 0;
    std::iter::from_fn(move || {
        loop {
            let line = match lines.next() {
                Ok(Some(line)) if line.trim().is_empty() => continue,
                Ok(line) => line?,
                Err(message) => return Some(Err(wrong(&path, number + 1, at(&path, lines.number, 1), message))),
            };
            number += 1;
            return Some(row(&path, number, lines.number, 1, line.trim_end().as_bytes()));
        }
    })
}

/// The row that stands at a place of the file.
fn row(path: &str, number: u64, line: u64, column: u64, text: &[u8]) -> Result<Row> {
    let broken = |error: serde_json::Error| {
        let inside = error.line() as u64;
        let column =
            if inside <= 1 { column + (error.column() as u64).saturating_sub(1) } else { error.column() as u64 };
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        let place = at(path, line + inside.saturating_sub(1), column);
        wrong(path, number, place, format!("this is not valid JSON: {message}"))
    };
    let value: Value = serde_json::from_slice(text).map_err(broken)?;
    let values = values(value).map_err(|message| wrong(path, number, at(path, line, column), message))?;
    Ok(Row { number, line, values })
}

/// The elements of a list.
pub fn elements<R: BufRead>(path: String, reader: R) -> Elements<R> {
    Elements { path, bytes: Bytes { reader, line: 1, column: 0 }, number: 0, state: State::Before }
}

pub struct Elements<R> {
    path: String,
    bytes: Bytes<R>,
    number: u64,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    Inside,
    Done,
}

/// Bytes with the place they stand at.
struct Bytes<R> {
    reader: R,
    line: u64,
    column: u64,
}

impl<R: BufRead> Iterator for Elements<R> {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Result<Row>> {
        let next = match self.state {
            State::Done => return None,
            State::Before => self.open().and_then(|()| self.element()),
            State::Inside => self.element(),
        };
        match next {
            Ok(None) => None,
            Ok(Some((line, column, text))) => {
                self.number += 1;
                Some(row(&self.path, self.number, line, column, &text))
            }
            Err(message) => {
                self.state = State::Done;
                let place = at(&self.path, self.bytes.line, self.bytes.column);
                let finding = Finding::error("dataset", place, message);
                Some(Err(Error::findings(format!("{} cannot be read further", self.path), vec![finding])))
            }
        }
    }
}

type Element = (u64, u64, Vec<u8>);

impl<R: BufRead> Elements<R> {
    fn open(&mut self) -> Result<(), String> {
        self.state = State::Inside;
        match self.bytes.significant()? {
            Some(b'[') => Ok(()),
            Some(b'{') => {
                Err("the file holds one map; a data file is a list of maps (or one map a line in .jsonl)".into())
            }
            _ => Err("a JSON data file is a list of maps".into()),
        }
    }

    /// The next element as it is written, or nothing behind the last one.
    fn element(&mut self) -> Result<Option<Element>, String> {
        let mut first = self.bytes.significant()?;
        if self.number > 0 && first == Some(b',') {
            first = self.bytes.significant()?;
            if first == Some(b']') {
                return Err("an element must follow the comma".into());
            }
        } else if self.number > 0 && first != Some(b']') && first.is_some() {
            return Err("a comma or `]` must follow an element".into());
        }
        match first {
            None => Err("the list is not closed".into()),
            Some(b']') => {
                self.state = State::Done;
                match self.bytes.significant()? {
                    None => Ok(None),
                    Some(_) => Err("nothing may follow the list".into()),
                }
            }
            Some(first) => self.rest(first).map(Some),
        }
    }

    /// The text of an element that starts with a byte, up to where it closes.
    fn rest(&mut self, first: u8) -> Result<Element, String> {
        let (line, column) = (self.bytes.line, self.bytes.column);
        let mut text = vec![first];
        let (mut depth, mut string, mut escaped) = (i32::from(matches!(first, b'{' | b'[')), first == b'"', false);
        loop {
            let peeked = self.bytes.peek()?;
            if depth == 0 && !string && peeked.is_none_or(|byte| b",]".contains(&byte) || byte.is_ascii_whitespace()) {
                return Ok((line, column, text));
            }
            let Some(byte) = self.bytes.next()? else { return Err("an element is not closed".into()) };
            text.push(byte);
            if text.len() > MAX_ROW {
                return Err(format!("an element is longer than {} MiB", MAX_ROW >> 20));
            }
            match byte {
                _ if escaped => escaped = false,
                b'\\' if string => escaped = true,
                b'"' => string = !string,
                b'{' | b'[' if !string => depth += 1,
                b'}' | b']' if !string => depth -= 1,
                _ => {}
            }
        }
    }
}

impl<R: BufRead> Bytes<R> {
    fn peek(&mut self) -> Result<Option<u8>, String> {
        self.reader.fill_buf().map(|buffer| buffer.first().copied()).map_err(|error| error.to_string())
    }

    fn next(&mut self) -> Result<Option<u8>, String> {
        let Some(byte) = self.peek()? else { return Ok(None) };
        self.reader.consume(1);
        if byte == b'\n' {
            self.line += 1;
            self.column = 0;
        } else if byte & 0xc0 != 0x80 {
            self.column += 1;
        }
        Ok(Some(byte))
    }

    /// The next byte that is not blank.
    fn significant(&mut self) -> Result<Option<u8>, String> {
        loop {
            match self.next()? {
                Some(byte) if byte.is_ascii_whitespace() => {}
                byte => return Ok(byte),
            }
        }
    }
}
