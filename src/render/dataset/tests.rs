//! Rows of every format, what is wrong with them, and how little is held.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Format, Row, Rows};
use crate::base::Result;

fn show(rows: Result<Rows<'_>>) -> Vec<String> {
    let error = |error: crate::base::Error| {
        let finding = &error.places()[0];
        format!("{}:{} {}", finding.place.line, finding.place.column, finding.message)
    };
    let row = |row: Result<Row>| match row {
        Ok(Row { number, line, values }) => format!("{number}@{line} {}", serde_json::Value::Object(values)),
        Err(wrong) => error(wrong),
    };
    match rows {
        Ok(rows) => rows.map(row).collect(),
        Err(wrong) => vec![error(wrong)],
    }
}

fn read(format: Format, bytes: impl AsRef<[u8]>) -> Vec<String> {
    show(format.rows("x", bytes.as_ref()))
}

#[test]
fn csv_with_quotes_line_breaks_and_a_byte_order_mark() {
    let text = "\u{feff}id, text \r\n1,\"a, \"\"b\"\"\r\nc\"\r\n2,ü\r\n";
    assert_eq!(
        read(Format::Csv, text),
        ["1@2 {\"id\":\"1\",\"text\":\"a, \\\"b\\\"\\r\\nc\"}", "2@4 {\"id\":\"2\",\"text\":\"ü\"}"]
    );
    assert_eq!(read(Format::Tsv, "a\tb\n1\t2,3\n"), ["1@2 {\"a\":\"1\",\"b\":\"2,3\"}"]);
}

#[test]
fn utf16_is_read_by_its_byte_order_mark() {
    let units = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
    let little: Vec<u8> = units("\u{feff}a,b\n1,ö\n").into_iter().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units("\u{feff}{\"a\": \"ö\"}\n").into_iter().flat_map(u16::to_be_bytes).collect();
    assert_eq!(read(Format::Csv, little), ["1@2 {\"a\":\"1\",\"b\":\"ö\"}"]);
    assert_eq!(read(Format::JsonLines, big), ["1@1 {\"a\":\"ö\"}"]);
}

#[test]
fn wrong_rows_have_a_place_and_the_rest_is_read() {
    assert_eq!(
        read(Format::Csv, b"a,b,c\n1,2,3\n1\n1,2,3,4\n\xff,2,3\n4,5,6\n"),
        [
            "1@2 {\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}",
            "3:1 the row has 1 of 3 values; `b`, `c` is missing",
            "4:1 the row has 4 values, and the table has 3 columns; does a value need quotes?",
            "5:1 column 1 is not UTF-8",
            "5@6 {\"a\":\"4\",\"b\":\"5\",\"c\":\"6\"}",
        ]
    );
    assert_eq!(
        read(Format::Csv, "a,b\n1,2\n3,\"4\n5,6\n"),
        [
            "1@2 {\"a\":\"1\",\"b\":\"2\"}",
            "3:1 a quote is opened in this row and never closed, so it swallows the rest of the file"
        ]
    );
    assert_eq!(read(Format::Csv, "a,a\n"), ["1:1 two columns are called `a`"]);
    assert_eq!(read(Format::Csv, "a,\n"), ["1:1 column 2 has no name"]);
    assert_eq!(read(Format::Csv, ""), ["1:1 the table has no line of names"]);
}

#[test]
fn json_lists_and_lines() {
    assert_eq!(
        read(Format::Json, "[\n {\"a\": \"]\\\"\", \"b\": [{}]},\n\n {\"a\": 2},\n 3, {\"x\" 1}]"),
        [
            "1@2 {\"a\":\"]\\\"\",\"b\":[{}]}",
            "2@4 {\"a\":2}",
            "5:2 a row must be a map of names and values, and this is 3",
            "5:10 this is not valid JSON: expected `:`",
        ]
    );
    assert_eq!(read(Format::Json, "[]"), Vec::<String>::new());
    assert_eq!(read(Format::Json, "[{}"), ["1@1 {}", "1:3 the list is not closed"]);
    assert_eq!(read(Format::Json, "[{},]"), ["1@1 {}", "1:5 an element must follow the comma"]);
    assert_eq!(read(Format::Json, "[{} {}]"), ["1@1 {}", "1:5 a comma or `]` must follow an element"]);
    assert_eq!(read(Format::Json, "[{}] x"), ["1@1 {}", "1:6 nothing may follow the list"]);
    assert_eq!(
        read(Format::Json, "{\"a\": 1}"),
        ["1:1 the file holds one map; a data file is a list of maps (or one map a line in .jsonl)"]
    );
    assert_eq!(
        read(Format::JsonLines, "{\"a\":1}\n\n{\"a\":\n[1]\n{\"b\":2}"),
        [
            "1@1 {\"a\":1}",
            "3:5 this is not valid JSON: EOF while parsing a value",
            "4:1 a row must be a map of names and values, and this is a list",
            "4@5 {\"b\":2}",
        ]
    );
}

#[test]
fn yaml_lists_and_documents() {
    let list = "# cases\n- a: 1\n  b: |\n    - x\n\n    ---\n- a: 2\n\n-\n  a: 3\n- [1]\n- a: *x\n- a: 4\n";
    assert_eq!(
        read(Format::Yaml, list),
        [
            "1@2 {\"a\":1,\"b\":\"- x\\n\\n---\\n\"}",
            "2@7 {\"a\":2}",
            "3@10 {\"a\":3}",
            "11:3 a row must be a map of names and values, and this is a list",
            "12:6 this is not valid YAML: while parsing node, found unknown anchor",
            "6@13 {\"a\":4}",
        ]
    );
    assert_eq!(
        read(Format::Yaml, "---\na: 1\nb:\n- 1\n- 2\n---\na: 2\n...\n"),
        ["1@2 {\"a\":1,\"b\":[1,2]}", "2@7 {\"a\":2}"]
    );
    assert_eq!(read(Format::Yaml, "[{a: 1}, {a: 2}]"), ["1@1 {\"a\":1}", "2@1 {\"a\":2}"]);
}

/// Repeats a row for ever, as far as it is read.
struct Endless {
    head: Vec<u8>,
    row: Vec<u8>,
    at: u64,
    length: u64,
    read: Arc<AtomicU64>,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let left = (self.length - self.at).min(buffer.len() as u64) as usize;
        let head = self.head.len() as u64;
        for slot in &mut buffer[..left] {
            *slot = match self.head.get(self.at as usize) {
                Some(byte) => *byte,
                None => self.row[((self.at - head) % self.row.len() as u64) as usize],
            };
            self.at += 1;
        }
        self.read.fetch_add(left as u64, Ordering::Relaxed);
        Ok(left)
    }
}

#[test]
fn no_more_is_held_than_a_row_and_a_buffer() {
    let cell = "x".repeat(1000);
    let cases = [
        (Format::Csv, "a,b\n".to_owned(), format!("1,\"{cell}\"\n")),
        (Format::Json, "[{}".to_owned(), format!(",{{\"a\": \"{cell}\"}}\n")),
        (Format::JsonLines, String::new(), format!("{{\"a\": \"{cell}\"}}\n")),
        (Format::Yaml, String::new(), format!("- a: {cell}\n")),
    ];
    for (format, head, row) in cases {
        let read = Arc::new(AtomicU64::new(0));
        let size = row.len() as u64;
        let length = head.len() as u64 + 3000 * size;
        let source = Endless { head: head.into(), row: row.into(), at: 0, length, read: read.clone() };
        for (number, row) in format.rows("x", source).expect("opens").take(3000).enumerate() {
            row.expect("a row");
            let ahead = read.load(Ordering::Relaxed).saturating_sub(number as u64 * size);
            assert!(ahead < 100_000, "{format:?}: {ahead} bytes are held at row {number}");
        }
    }
}

#[test]
fn a_quote_that_is_never_closed_does_not_fill_the_memory() {
    let read = Arc::new(AtomicU64::new(0));
    let source =
        Endless { head: b"a\n\"".to_vec(), row: b"word\n".to_vec(), at: 0, length: 1 << 40, read: read.clone() };
    let rows = show(Format::Csv.rows("x", source));
    assert_eq!(rows, ["2:1 the row is longer than 16 MiB; is a quote never closed?"]);
    assert!(read.load(Ordering::Relaxed) < 20 << 20);
}
