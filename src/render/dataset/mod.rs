//! Data files, row by row: only the current row is held, however large the file is.
//!
//! What is wrong with a row is an error in its place among the rows; reading goes on behind it where that makes
//! sense. Nothing is skipped in silence.

mod append;
mod csv;
mod json;
mod lines;
mod yaml;

#[cfg(test)]
mod tests;

pub use append::append;

use std::io::{BufReader, Read};

use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use crate::base::{Error, Finding, Place, Result};
use crate::model::{Map, Value};

/// A row longer than this is refused: most often a quote or a bracket that is never closed.
pub const MAX_ROW: usize = 16 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Tsv,
    Json,
    JsonLines,
    Yaml,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Counted from 1.
    pub number: u64,
    /// The line of the file it starts in.
    pub line: u64,
    pub values: Map,
}

pub type Rows<'a> = Box<dyn Iterator<Item = Result<Row>> + 'a>;

type Decoded<R> = BufReader<DecodeReaderBytes<R, Vec<u8>>>;

impl Format {
    pub fn of_path(path: &str) -> Option<Self> {
        let suffix = path.rsplit('.').next()?.to_ascii_lowercase();
        Some(match suffix.as_str() {
            "csv" => Format::Csv,
            "tsv" | "tab" => Format::Tsv,
            "json" => Format::Json,
            "jsonl" | "ndjson" => Format::JsonLines,
            "yaml" | "yml" => Format::Yaml,
            _ => return None,
        })
    }

    /// The rows of a file. UTF-8 and UTF-16 are told apart by their byte order mark.
    pub fn rows<'a>(self, path: &str, reader: impl Read + 'a) -> Result<Rows<'a>> {
        let path = path.to_owned();
        Ok(match self {
            Format::Csv => Box::new(csv::rows(path, reader, b',')?),
            Format::Tsv => Box::new(csv::rows(path, reader, b'\t')?),
            Format::Json => Box::new(json::elements(path, decoded(reader))),
            Format::JsonLines => Box::new(json::lines(path, decoded(reader))),
            Format::Yaml => Box::new(yaml::rows(path, decoded(reader))),
        })
    }
}

/// UTF-16 becomes UTF-8; UTF-8 passes as it is, so that broken bytes are noticed and not replaced.
fn decoder<R: Read>(reader: R) -> DecodeReaderBytes<R, Vec<u8>> {
    DecodeReaderBytesBuilder::new().utf8_passthru(true).strip_bom(true).bom_override(true).build(reader)
}

fn decoded<R: Read>(reader: R) -> Decoded<R> {
    BufReader::new(decoder(reader))
}

fn wrong(path: &str, number: u64, place: Place, message: String) -> Error {
    Error::findings(format!("row {number} of {path} cannot be used"), vec![Finding::error("dataset", place, message)])
}

fn at(path: &str, line: u64, column: u64) -> Place {
    let (line, column) = (line as u32, column.max(1) as u32);
    Place { path: path.into(), line, column, end_line: line, end_column: column, ..Place::default() }
}

fn unreadable(path: &str, error: std::io::Error) -> Error {
    Error::storage(format!("cannot read {path}")).because(error)
}

/// The values of a row, which must be a map.
fn values(value: Value) -> Result<Map, String> {
    match value {
        Value::Object(map) => Ok(map),
        Value::Array(_) => Err("a row must be a map of names and values, and this is a list".into()),
        other => Err(format!("a row must be a map of names and values, and this is {other}")),
    }
}
