//! Weights that somebody gives on the command line, or in a file.

use std::path::Path;

use crate::base::{Error, Finding, Place, Result, disk};
use crate::format::yaml;
use crate::generate::weights;
use crate::model::Value;

use super::App;

/// `clarity=0.5,relevance=2`, or the path of a YAML or JSON file with such a map.
pub fn given(app: &App, typed: &str) -> Result<Vec<(String, f64)>> {
    if typed.contains('=') {
        return weights::typed(typed);
    }
    let path = app.env.folder().join(typed);
    if !path.is_file() {
        return Err(Error::usage(format!("there is no file {typed} with weights"))
            .hint("name a YAML or JSON file, or write them out: --weights clarity=0.5,relevance=2"));
    }
    read(typed, &path)
}

/// The weights in a file. A file that somebody has not yet written to its end says so.
pub fn read(shown: &str, path: &Path) -> Result<Vec<(String, f64)>> {
    let bytes = disk::read(path)?.bytes;
    let text = String::from_utf8(bytes).map_err(|_| Error::invalid(format!("{shown} is not UTF-8")))?;
    parse(shown, &text)
}

pub fn parse(shown: &str, text: &str) -> Result<Vec<(String, f64)>> {
    let wrong = |finding| Error::findings(format!("{shown} holds no weights"), vec![finding]);
    let tree = yaml::read(text, 0);
    if let Some(problem) = tree.problems.first() {
        let place = Place::in_text(shown, text, problem.span);
        return Err(wrong(Finding::error("weights", place, &problem.message)));
    }
    let root = tree.root.map(|root| root.value());
    let Some(Value::Object(map)) = root else {
        let finding = Finding::error("weights", Place::file(shown), "weights are a map of names and numbers");
        return Err(wrong(finding.hint("as in `clarity: 0.5`, one a line")));
    };
    weights::numbers(&map).map_err(|error| wrong(Finding::error("weights", Place::file(shown), error.message())))
}

/// Whether a text looks as if it went on: whoever writes it is not done.
pub fn is_half(text: &str) -> bool {
    let text = text.trim_end_matches([' ', '\t', '\r']);
    !text.ends_with(['\n', '}'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_read_from_yaml_and_json() {
        let wanted = vec![("length".to_owned(), 1.0), ("ratio".to_owned(), 0.5)];
        assert_eq!(parse("w", "length: 1\nratio: 0.5 # half\n").expect("right"), wanted);
        assert_eq!(parse("w", "{\"length\": 1, \"ratio\": 0.5}").expect("right"), wanted);
        for wrong in ["", "- 1\n", "length\n", "length: long\n", "length: [\n"] {
            assert!(parse("w", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_torn_file_is_seen() {
        assert!(is_half("length: 0.2\nratio: 0") && is_half(""));
        assert!(!is_half("length: 0.2\nratio: 0.1\n") && !is_half("{\"length\": 1}"));
    }
}
