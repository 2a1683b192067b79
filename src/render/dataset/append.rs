//! More rows at the end of a data file. Every byte that was there stays, and the new ones are written as their
//! neighbours are: the same line endings, the same layout, the same columns.

use ::csv::{QuoteStyle, ReaderBuilder, Terminator, Trim, WriterBuilder};
use serde_json::ser::{PrettyFormatter, Serializer};

use crate::base::text::{BOM, Ending};
use crate::base::{Error, Result};
use crate::format::edit;
use crate::format::yaml::{self, Data, Node};
use crate::model::{Map, Value};

use super::Format;

/// The text of a file with these rows behind those it has. It is read again before anyone sees it.
pub fn append(format: Format, path: &str, text: &str, rows: &[Map]) -> Result<String> {
    if rows.is_empty() {
        return Ok(text.to_owned());
    }
    let mut wanted = read(format, path, text)?;
    wanted.extend(rows.iter().cloned());
    let attempts: &[bool] = if format == Format::Yaml { &[false, true] } else { &[false] };
    for &quoted in attempts {
        let after = match format {
            Format::Csv => table(path, text, rows, b',')?,
            Format::Tsv => table(path, text, rows, b'\t')?,
            Format::JsonLines => lines(text, rows),
            Format::Json => list(text, rows),
            Format::Yaml => documents(text, rows, quoted),
        };
        if read(format, path, &after).is_ok_and(|found| agree(format, &found, &wanted)) {
            return Ok(after);
        }
    }
    Err(Error::invalid(format!("{path} cannot be added to without harm, because of the way it is written"))
        .hint("add to it by hand"))
}

fn read(format: Format, path: &str, text: &str) -> Result<Vec<Map>> {
    if text.trim_start_matches(BOM).trim().is_empty() {
        return Ok(Vec::new());
    }
    format.rows(path, text.as_bytes())?.map(|row| row.map(|row| row.values)).collect()
}

/// A table holds texts only, and an empty one for a column that the row does not have.
fn agree(format: Format, found: &[Map], wanted: &[Map]) -> bool {
    let same = |found: &Map, wanted: &Map| match format {
        Format::Csv | Format::Tsv => found.iter().all(|(key, value)| match wanted.get(key) {
            Some(wanted) => cell(wanted).is_some_and(|wanted| *value == wanted),
            None => value == "",
        }),
        _ => found == wanted,
    };
    found.len() == wanted.len() && found.iter().zip(wanted).all(|(found, wanted)| same(found, wanted))
}

/// What a cell of a table holds for a value, if it can.
fn cell(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Null => Some(String::new()),
        Value::Array(_) | Value::Object(_) => None,
        other => Some(other.to_string()),
    }
}

fn table(path: &str, text: &str, rows: &[Map], delimiter: u8) -> Result<String> {
    let plain = text.strip_prefix(BOM).unwrap_or(text);
    let mut reader = ReaderBuilder::new().delimiter(delimiter).trim(Trim::Headers).from_reader(plain.as_bytes());
    let header =
        reader.headers().map_err(|error| Error::invalid(format!("{path} has no line of names")).because(error))?;
    let mut names: Vec<String> = header.iter().map(str::to_owned).collect();
    let is_new = plain.trim().is_empty();
    if is_new {
        names = Vec::new();
        for name in rows.iter().flat_map(Map::keys) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    let ending = Ending::of(text);
    let terminator = if ending == Ending::CrLf { Terminator::CRLF } else { Terminator::Any(b'\n') };
    let mut builder = WriterBuilder::new();
    builder.delimiter(delimiter).quote_style(QuoteStyle::Necessary).terminator(terminator);
    let mut writer = builder.from_writer(Vec::new());
    let failed = |error: ::csv::Error| Error::bug("a row cannot be written").because(error);
    if is_new {
        writer.write_record(&names).map_err(failed)?;
    }
    for row in rows {
        if let Some(name) = row.keys().find(|name| !names.contains(name)) {
            let error = Error::invalid(format!("{path} has no column `{name}`"));
            return Err(error.hint(format!("its columns are {}", names.join(", "))));
        }
        let cells: Option<Vec<String>> =
            names.iter().map(|name| row.get(name).map_or(Some(String::new()), cell)).collect();
        let cells = cells.ok_or_else(|| {
            Error::invalid(format!("a table such as {path} holds texts, and no lists or maps"))
                .hint("keep such examples in a .yaml or .jsonl file")
        })?;
        writer.write_record(&cells).map_err(failed)?;
    }
    let bytes =
        writer.into_inner().map_err(|error| Error::bug("a row cannot be written").because(error.to_string()))?;
    let new = String::from_utf8(bytes).map_err(|_| Error::bug("a row was written as broken text"))?;
    Ok(if is_new { format!("{text}{new}") } else { format!("{}{new}", closed(text)) })
}

fn lines(text: &str, rows: &[Map]) -> String {
    let ending = Ending::of(text).as_str();
    let new: String =
        rows.iter().map(|row| format!("{}{ending}", one_line(&row.clone().into(), is_spaced(text)))).collect();
    format!("{}{new}", closed(text))
}

/// The text with its last line ended.
fn closed(text: &str) -> String {
    let open = !text.is_empty() && !text.ends_with('\n') && text != BOM.to_string();
    format!("{text}{}", if open { Ending::of(text).as_str() } else { "" })
}

/// Whether JSON is written with blanks after colons, as most people do.
fn is_spaced(text: &str) -> bool {
    text.contains("\": ") || !text.contains("\":")
}

fn one_line(value: &Value, spaced: bool) -> String {
    let blank = if spaced { " " } else { "" };
    let comma = format!(",{blank}");
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| one_line(item, spaced)).collect();
            format!("[{}]", items.join(&comma))
        }
        Value::Object(map) => {
            let pair = |(key, value): (&String, &Value)| {
                format!("{}:{blank}{}", Value::from(key.as_str()), one_line(value, spaced))
            };
            format!("{{{}}}", map.iter().map(pair).collect::<Vec<_>>().join(&comma))
        }
        other => other.to_string(),
    }
}

/// A JSON list grows in its own layout: its indent, and elements on one line or on several.
fn list(text: &str, rows: &[Map]) -> String {
    let ending = Ending::of(text).as_str();
    let (Some(open), Some(close)) = (text.find('['), text.rfind(']')) else {
        let elements: Vec<String> =
            rows.iter().map(|row| format!("  {}", one_line(&row.clone().into(), true))).collect();
        return format!("{text}[{ending}{}{ending}]{ending}", elements.join(&format!(",{ending}")));
    };
    let inside = &text[open + 1..close];
    let body = inside.trim_end();
    let is_empty = body.trim().is_empty();
    let gap =
        if is_empty { format!("{ending}  ") } else { inside[..inside.len() - inside.trim_start().len()].to_owned() };
    let indent = gap.rsplit('\n').next().unwrap_or_default();
    let step = step(body.trim_start(), indent);
    let element = |row: &Map| match &step {
        Some(step) => pretty(row, step).replace('\n', &format!("{ending}{indent}")),
        None => one_line(&row.clone().into(), is_spaced(text)),
    };
    let between = if gap.is_empty() { " " } else { gap.as_str() };
    let elements: Vec<String> = rows.iter().map(element).collect();
    let new = elements.join(&format!(",{between}"));
    let (start, end) = (&text[..open + 1], &text[close..]);
    match is_empty {
        true => format!("{start}{gap}{new}{ending}{end}"),
        false => format!("{start}{body},{between}{new}{}{end}", &inside[body.len()..]),
    }
}

/// How far the keys of an element over several lines stand to the right of it; nothing if it stands on one line.
fn step(element: &str, indent: &str) -> Option<String> {
    let rest = element.strip_prefix('{')?.trim_start_matches([' ', '\t', '\r']).strip_prefix('\n')?;
    let blanks = &rest[..rest.len() - rest.trim_start_matches([' ', '\t']).len()];
    Some(blanks.strip_prefix(indent).unwrap_or("  ").to_owned())
}

fn pretty(row: &Map, step: &str) -> String {
    let mut out = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut out, PrettyFormatter::with_indent(step.as_bytes()));
    let written = serde::Serialize::serialize(row, &mut serializer);
    written.ok().and_then(|()| String::from_utf8(out).ok()).unwrap_or_default()
}

/// YAML grows by an item where its last document is a list, and by a document where it is a map.
fn documents(text: &str, rows: &[Map], quoted: bool) -> String {
    let start = last_document(text);
    let tree = yaml::read(&text[start..], start);
    let ending = Ending::of(text).as_str();
    let joined = |lines: Vec<String>| lines.into_iter().map(|line| line + ending).collect::<String>();
    match tree.root.filter(|root| !root.is_null()) {
        Some(Node { data: Data::Map(_), .. }) => {
            let one = |row: &Map| format!("---{ending}{}", joined(edit::map_lines(row, quoted)));
            format!("{}{}", closed(text), rows.iter().map(one).collect::<String>())
        }
        Some(Node { data: Data::List(items), span }) if text[span.start..].starts_with('[') => {
            let (at, comma) = items.last().map_or((span.start + 1, ""), |last| (last.span.end, ", "));
            let new: Vec<String> = rows.iter().map(|row| edit::flow_text(&row.clone().into())).collect();
            format!("{}{comma}{}{}", &text[..at], new.join(", "), &text[at..])
        }
        root => {
            let first = root.as_ref().and_then(|root| root.items().first());
            let column = first.map_or(0, |item| dash_column(text, item.span.start));
            let one = |row: &Map| joined(edit::item_lines(&row.clone().into(), column, quoted));
            format!("{}{}", closed(text), rows.iter().map(one).collect::<String>())
        }
    }
}

/// Where the last document starts.
fn last_document(text: &str) -> usize {
    let mut start = if text.starts_with(BOM) { BOM.len_utf8() } else { 0 };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        if matches!(line.trim_end(), "---" | "...") {
            start = at;
        }
    }
    start
}

/// The column of the dash before an item.
fn dash_column(text: &str, item: usize) -> usize {
    let dash = text[..item].rfind('-').unwrap_or(item);
    let line = text[..dash].rfind('\n').map_or(0, |at| at + 1);
    text[line..dash].trim_start_matches(BOM).chars().count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn row(value: &Value) -> Map {
        value.as_object().expect("a map").clone()
    }

    fn grown(format: Format, before: &str) -> String {
        append(format, "x", before, &[row(&json!({"input": "a, b", "output": "c"}))]).expect("it grows")
    }

    #[test]
    fn tables_keep_their_columns_and_endings() {
        assert_eq!(grown(Format::Csv, ""), "input,output\n\"a, b\",c\n");
        assert_eq!(
            grown(Format::Csv, "id,output,input\r\n1,\"x\",y"),
            "id,output,input\r\n1,\"x\",y\r\n,c,\"a, b\"\r\n"
        );
        assert_eq!(grown(Format::Tsv, "input\toutput\n"), "input\toutput\na, b\tc\n");
        let fails = |value: &Value| append(Format::Csv, "x", "input,output\n", &[row(value)]).expect_err("fails");
        assert_eq!(
            fails(&json!({"input": "a", "output": ["b"]})).message(),
            "a table such as x holds texts, and no lists or maps"
        );
        assert_eq!(fails(&json!({"input": "a", "note": "b"})).message(), "x has no column `note`");
    }

    #[test]
    fn json_keeps_its_layout() {
        assert_eq!(grown(Format::JsonLines, "{\"input\":1}"), "{\"input\":1}\n{\"input\":\"a, b\",\"output\":\"c\"}\n");
        assert_eq!(grown(Format::JsonLines, ""), "{\"input\": \"a, b\", \"output\": \"c\"}\n");
        assert_eq!(grown(Format::Json, "[]\n"), "[\n  {\"input\": \"a, b\", \"output\": \"c\"}\n]\n");
        assert_eq!(grown(Format::Json, "[{\"input\":1}]"), "[{\"input\":1}, {\"input\":\"a, b\",\"output\":\"c\"}]");
        assert_eq!(
            grown(Format::Json, "[\n\t{\n\t\t\"input\": 1\n\t}\n]\n"),
            "[\n\t{\n\t\t\"input\": 1\n\t},\n\t{\n\t\t\"input\": \"a, b\",\n\t\t\"output\": \"c\"\n\t}\n]\n"
        );
    }

    #[test]
    fn yaml_grows_as_it_is_written() {
        let new = "- input: a, b\n  output: c\n";
        assert_eq!(grown(Format::Yaml, ""), new);
        assert_eq!(
            grown(Format::Yaml, "# all\n- input: 1 # one\n  output: x"),
            format!("# all\n- input: 1 # one\n  output: x\n{new}")
        );
        assert_eq!(grown(Format::Yaml, "  - input: 1\n"), "  - input: 1\n  - input: a, b\n    output: c\n");
        assert_eq!(
            grown(Format::Yaml, "input: 1\n---\ninput: 2\n"),
            "input: 1\n---\ninput: 2\n---\ninput: a, b\noutput: c\n"
        );
        assert_eq!(grown(Format::Yaml, "[{input: 1}] # end\n"), "[{input: 1}, {input: \"a, b\", output: c}] # end\n");
        let crlf = grown(Format::Yaml, "- input: 1\r\n");
        assert_eq!(crlf, "- input: 1\r\n- input: a, b\r\n  output: c\r\n");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_was_there_stays_and_what_is_new_is_read_back(
            texts in proptest::collection::vec("[a :#\"'\\\\,\\-\n\té{}|>]{1,12}", 1..4),
            format in prop_oneof![Just(Format::Csv), Just(Format::Json), Just(Format::JsonLines), Just(Format::Yaml)],
            crlf: bool,
        ) {
            let rows: Vec<Map> = texts.iter().map(|text| row(&json!({"input": text, "output": text}))).collect();
            let mut text = append(format, "x", "", &rows[..1]).expect("begins");
            if crlf && format != Format::Yaml && !texts[0].contains('\n') {
                text = text.replace('\n', "\r\n");
            }
            let grown = append(format, "x", &text, &rows[1..]).expect("grows");
            let kept = text.trim_end_matches(|c: char| c == ']' || c.is_whitespace());
            prop_assert!(grown.starts_with(kept));
            prop_assert_eq!(read(format, "x", &grown).expect("reads"), rows);
        }
    }
}
