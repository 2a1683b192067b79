//! Findings as SARIF 2.1.0, which code scanning services read.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::base::hash::sha256;
use crate::base::{Finding, Place};
use crate::check::registry::RULES;
use crate::check::{Report, Rule};

use super::paint::printable;

/// Services refuse or cut runs with more results.
const MOST: usize = 25_000;

pub fn report(report: &Report, version: &str) -> String {
    let mut prints = Prints::default();
    let mut order: Vec<&Finding> = report.findings.iter().collect();
    // What does not fit is the least serious.
    order.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let left = order.len().saturating_sub(MOST);
    order.truncate(MOST);
    let mut results: Vec<Value> = order.into_iter().map(|finding| result(finding, &mut prints)).collect();
    for allowed in report.allowed.iter().take(MOST - results.len()) {
        let mut result = result(&allowed.finding, &mut prints);
        result["suppressions"] = json!([{"kind": "inSource", "justification": printable(&allowed.reason)}]);
        results.push(result);
    }
    let mut notifications = Vec::new();
    if left > 0 {
        let text = format!("{left} more findings were left out; `palc check` shows all");
        notifications.push(json!({"level": "note", "message": {"text": text}}));
    }
    let run = json!({
        "tool": {"driver": {
            "name": "palc",
            "semanticVersion": version,
            "rules": RULES.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
        }},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"description": {"text": "The root of the repository."}}},
        "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": notifications}],
        "results": results,
    });
    let log = json!({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]});
    format!("{log:#}\n")
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.name,
        "shortDescription": {"text": rule.doc},
        "fullDescription": {"text": format!("{} {}", rule.doc, rule.why)},
        "help": {"text": rule.why, "markdown": rule.why},
        "defaultConfiguration": {"level": rule.severity.word()},
    })
}

fn result(finding: &Finding, prints: &mut Prints) -> Value {
    let text = std::iter::once(&finding.message).chain(&finding.hints).map(|text| plain(text));
    let related = |(index, (place, what)): (usize, &(Place, String))| {
        let mut related = location(place);
        related["id"] = json!(index + 1);
        related["message"] = json!({"text": plain(what)});
        related
    };
    let mut result = json!({
        "ruleId": finding.rule,
        "level": finding.severity.word(),
        "message": {"text": text.collect::<Vec<_>>().join("\n")},
        "locations": [location(&finding.place)],
        "relatedLocations": finding.related.iter().enumerate().map(related).collect::<Vec<_>>(),
        "partialFingerprints": {"palcFinding/v1": prints.next(finding)},
    });
    if let Ok(index) = RULES.binary_search_by_key(&finding.rule.as_str(), |rule| rule.name) {
        result["ruleIndex"] = json!(index);
    }
    result
}

/// Text of which no part becomes a link: brackets are escaped, as the format wants it.
fn plain(text: &str) -> String {
    printable(text).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

fn location(place: &Place) -> Value {
    let mut physical = json!({"artifactLocation": {"uri": uri(&place.path), "uriBaseId": "ROOT"}});
    if place.is_exact() {
        physical["region"] = json!({
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        });
    }
    json!({"physicalLocation": physical})
}

/// A relative path as a URI: everything but plain characters is encoded.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Names for findings that stay the same when lines move: the rule, the file, the text of the line, and which one of
/// several alike it is.
#[derive(Debug, Default)]
pub struct Prints(HashMap<String, usize>);

impl Prints {
    pub fn next(&mut self, finding: &Finding) -> String {
        let place = &finding.place;
        let story = format!("{}\0{}\0{}\0{}", finding.rule, place.path, place.source.trim(), finding.message);
        let hash = sha256(story.as_bytes());
        let count = self.0.entry(hash.clone()).or_default();
        *count += 1;
        format!("{}:{count}", &hash[..32])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("prompts/a b/ö:%.md"), "prompts/a%20b/%C3%B6%3A%25.md");
    }

    #[test]
    fn fingerprints_do_not_know_line_numbers() {
        let at = |line| Place { path: "a".into(), line, source: " x: 1".into(), ..Place::default() };
        let mut prints = Prints::default();
        let mut print = |line| prints.next(&Finding::error("r", at(line), "m"));
        let first = print(1);
        let mut later = Prints::default();
        assert_eq!(later.next(&Finding::error("r", at(9), "m")), first);
        assert_ne!(print(2), first, "two alike are told apart");
    }
}
