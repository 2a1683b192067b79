//! What of a prompt's file can be searched.

use crate::format::prompt::outline;
use crate::format::{Dialect, Document};
use crate::model::{Map, Value};

/// The words of one file, each part by itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    pub name: String,
    pub title: String,
    pub description: String,
    pub tags: Vec<String>,
    /// What its author asked for when it was generated.
    pub input: String,
    pub body: String,
    /// The line of the file that the body begins on.
    pub body_line: u32,
}

impl Reading {
    /// Read a file for its words. One whose front matter is no YAML, every eighth in public collections, gives what can
    /// be made out of it; it is the business of checks to say what is wrong.
    pub fn of(name: &str, bytes: &[u8], dialect: Dialect) -> Reading {
        let reading = match Document::split("", bytes, dialect) {
            Ok(document) => Reading::of_document(&document),
            Err(_) => Reading { body: String::from_utf8_lossy(bytes).into_owned(), body_line: 1, ..Reading::default() },
        };
        Reading { name: name.to_owned(), ..reading }
    }

    fn of_document(document: &Document<'_>) -> Reading {
        let (prompt, broken) = outline(document);
        // A file that is all YAML has its messages in there.
        let body = document.front.filter(|front| front.end == document.text.len()).unwrap_or(document.body);
        let reading = Reading {
            title: prompt.title.unwrap_or_default(),
            description: prompt.description.unwrap_or_default(),
            tags: prompt.tags,
            input: words_below(&prompt.origin),
            body: document.text[body.range()].to_owned(),
            body_line: document.text[..body.start].matches('\n').count() as u32 + 1,
            ..Reading::default()
        };
        if broken.is_some() { reading.salvaged(document.front_text()) } else { reading }
    }

    /// Fill what is missing from a front matter that is no YAML: whatever looks like `key: value` on a line of its own.
    fn salvaged(mut self, front: &str) -> Reading {
        let value_of = |key: &str| {
            let mut lines =
                front.lines().skip_while(|line| !line.strip_prefix(key).is_some_and(|it| it.starts_with(':')));
            let first = lines.next()?.split_once(':')?.1.trim();
            let rest = lines.take_while(|line| line.starts_with([' ', '\t', '-'])).map(str::trim);
            let first = first.trim_start_matches(['>', '|', '-', '+']);
            Some(std::iter::once(first).chain(rest).collect::<Vec<_>>().join("\n"))
        };
        let plain = |text: String| text.trim().trim_matches(['"', '\'']).to_owned();
        for (slot, keys) in [(&mut self.title, ["title", "name"]), (&mut self.description, ["description", "summary"])]
        {
            if slot.is_empty() {
                *slot = keys.iter().find_map(|key| value_of(key)).map(plain).unwrap_or_default();
            }
        }
        if self.tags.is_empty() {
            let tags = value_of("tags").unwrap_or_default();
            let tags =
                tags.split(['[', ']', ',', '\n']).map(|tag| plain(tag.trim().trim_start_matches('-').to_owned()));
            self.tags = tags.filter(|tag| !tag.is_empty()).collect();
        }
        self
    }

    /// Its title and what it says of itself; the words of its name where it says nothing.
    pub fn heading(&self) -> String {
        match (self.title.as_str(), self.description.as_str()) {
            ("", "") => self.name.replace(['/', '-', '_', '.'], " "),
            (title, "") => title.to_owned(),
            ("", description) => description.to_owned(),
            (title, description) => format!("{title}. {description}"),
        }
    }
}

/// All texts below a map, a line each.
fn words_below(map: &Map) -> String {
    fn add(value: &Value, words: &mut Vec<String>) {
        match value {
            Value::String(text) => words.push(text.clone()),
            Value::Array(items) => items.iter().for_each(|item| add(item, words)),
            Value::Object(map) => map.values().for_each(|value| add(value, words)),
            _ => {}
        }
    }
    let mut words = Vec::new();
    map.values().for_each(|value| add(value, &mut words));
    words.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Reading {
        Reading::of("support/triage", text.as_bytes(), Dialect::Native)
    }

    #[test]
    fn every_part_is_told_apart() {
        let reading = read(
            "---\ntitle: Triage\ndescription: Sort tickets\ntags: [a, b]\norigin: {input: help me}\n---\nsystem:\nBe kind.\n",
        );
        assert_eq!((reading.title.as_str(), reading.description.as_str()), ("Triage", "Sort tickets"));
        assert_eq!((reading.tags.join(","), reading.input.as_str()), ("a,b".into(), "help me"));
        assert_eq!((reading.body.as_str(), reading.body_line), ("system:\nBe kind.\n", 7));
        assert_eq!(reading.heading(), "Triage. Sort tickets");
    }

    #[test]
    fn a_front_matter_that_is_no_yaml_still_gives_its_words() {
        let reading = read("---\nname: x\ndescription: Use: this\nglobs: **/*\ntags: [one, \"two\"]\n---\nBody.\n");
        assert_eq!((reading.title.as_str(), reading.description.as_str()), ("x", "Use: this"));
        assert_eq!(reading.tags, ["one", "two"]);
        assert_eq!(reading.body, "Body.\n");
    }

    #[test]
    fn a_file_that_is_no_prompt_is_words_still() {
        assert_eq!(read("---\nnever: closed\n").body, "---\nnever: closed\n");
        let reading = Reading::of("x", b"caf\xe9", Dialect::Native);
        assert!(reading.body.starts_with("caf") && reading.body_line == 1);
        assert_eq!(reading.heading(), "x");
    }
}
