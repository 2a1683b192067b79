//! Tables of comma or tab separated values with a line of names.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use ::csv::{ErrorKind, Reader, ReaderBuilder, StringRecord, Trim};

use crate::base::{Error, Finding, Result};
use crate::model::{Map, Value};

use super::{MAX_ROW, Row, at, decoder, unreadable, wrong};

/// A record, and the line it starts in.
type Record = (u64, std::result::Result<StringRecord, ::csv::Error>);

type Source<R> = Guard<encoding_rs_io::DecodeReaderBytes<R, Vec<u8>>>;

/// The rows of a table. A wrong header is an error at once.
pub fn rows<R: Read>(path: String, reader: R, delimiter: u8) -> Result<Table<R>> {
    let watch = Rc::new(Watch::default());
    let guard = Guard { reader: decoder(reader), watch: watch.clone() };
    let mut reader = ReaderBuilder::new().delimiter(delimiter).trim(Trim::Headers).from_reader(guard);
    let names = reader.headers().map_err(|error| header_error(&path, &error))?.clone();
    if names.is_empty() {
        return Err(header(&path, "the table has no line of names".into()));
    }
    for (at, name) in names.iter().enumerate() {
        if name.is_empty() {
            return Err(header(&path, format!("column {} has no name", at + 1)));
        }
        if names.iter().take(at).any(|earlier| earlier == name) {
            return Err(header(&path, format!("two columns are called `{name}`")));
        }
    }
    watch.held.set(0);
    Ok(Table { path, reader, watch, names, number: 0, next: None, started: false, done: false })
}

fn header(path: &str, message: String) -> Error {
    Error::findings(format!("{path} cannot be used"), vec![Finding::error("dataset", at(path, 1, 1), message)])
}

fn header_error(path: &str, error: &::csv::Error) -> Error {
    header(path, format!("the line of names cannot be read: {error}"))
}

pub struct Table<R> {
    path: String,
    reader: Reader<Source<R>>,
    watch: Rc<Watch>,
    names: StringRecord,
    number: u64,
    /// One record is read ahead, because only the end of the file shows that a quote was never closed.
    next: Option<Record>,
    started: bool,
    done: bool,
}

impl<R: Read> Iterator for Table<R> {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Result<Row>> {
        if !self.started {
            self.started = true;
            self.next = self.read();
        }
        let current = self.next.take()?;
        self.next = if self.done { None } else { self.read() };
        self.number += 1;
        Some(self.row(current))
    }
}

impl<R: Read> Table<R> {
    fn read(&mut self) -> Option<Record> {
        let mut record = StringRecord::new();
        self.watch.held.set(0);
        let began = self.reader.position().line();
        let read = self.reader.read_record(&mut record);
        self.done = read.as_ref().is_err_and(::csv::Error::is_io_error);
        // The reader takes a record to start before the line feed of a carriage return and line feed.
        let line = record.position().map_or(began, ::csv::Position::line) + u64::from(self.watch.returns.get());
        match read {
            Ok(false) => None,
            read => Some((line, read.map(|_| record))),
        }
    }

    fn row(&self, (line, record): Record) -> Result<Row> {
        let record = record.map_err(|error| self.error(line, &error))?;
        let last = self.next.is_none();
        if last && self.watch.quotes.get() % 2 == 1 && record.iter().any(|field| field.contains('\n')) {
            let message =
                "a quote is opened in this row and never closed, so it swallows the rest of the file".to_owned();
            return Err(wrong(&self.path, self.number, at(&self.path, line, 1), message));
        }
        let cell = |(name, value): (&str, &str)| (name.to_owned(), Value::from(value));
        let values: Map = self.names.iter().zip(record.iter()).map(cell).collect();
        Ok(Row { number: self.number, line, values })
    }

    fn error(&self, line: u64, error: &::csv::Error) -> Error {
        let place = at(&self.path, line, 1);
        let message = match error.kind() {
            ErrorKind::UnequalLengths { expected_len, len, .. } if len < expected_len => {
                let missing = self.names.iter().skip(*len as usize).map(|name| format!("`{name}`")).collect::<Vec<_>>();
                format!("the row has {len} of {expected_len} values; {} is missing", missing.join(", "))
            }
            ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("the row has {len} values, and the table has {expected_len} columns; does a value need quotes?")
            }
            ErrorKind::Utf8 { err, .. } => format!("column {} is not UTF-8", err.field() + 1),
            ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                format!("the row is longer than {} MiB; is a quote never closed?", MAX_ROW >> 20)
            }
            ErrorKind::Io(error) => return unreadable(&self.path, io::Error::new(error.kind(), error.to_string())),
            _ => error.to_string(),
        };
        wrong(&self.path, self.number, place, message)
    }
}

/// What is known of the bytes that went by.
#[derive(Default)]
struct Watch {
    /// Bytes read since the last row.
    held: Cell<usize>,
    quotes: Cell<usize>,
    /// Whether the first line ends with carriage return and line feed.
    returns: Cell<bool>,
    first: Cell<bool>,
}

struct Guard<R> {
    reader: R,
    watch: Rc<Watch>,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.watch.held.get() > MAX_ROW {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "the row is too long"));
        }
        let count = self.reader.read(buffer)?;
        self.watch.held.set(self.watch.held.get() + count);
        let quotes = buffer[..count].iter().filter(|byte| **byte == b'"').count();
        self.watch.quotes.set(self.watch.quotes.get() + quotes);
        if !self.watch.first.get()
            && let Some(end) = buffer[..count].iter().position(|byte| *byte == b'\n')
        {
            self.watch.first.set(true);
            self.watch.returns.set(end > 0 && buffer[end - 1] == b'\r');
        }
        Ok(count)
    }
}
