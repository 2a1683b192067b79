//! What is kept of a file: its findings and its facts. A plain value of the content, so it can be kept by content.

use serde::{Deserialize, Serialize};

use crate::base::text::Lines;
use crate::base::{Edit, Finding, Fix, Place, Severity, Span};
use crate::format::{Dialect, Document, parse};

use super::basis::Basis;
use super::facts::Facts;
use super::file::{self, File};
use super::hit::Hit;
use super::mask::{self, Mask};
use super::registry::{self, RULES};
use super::rule::How;

/// Findings and facts of one content. Texts of facts are borrowed from the bytes they were read from.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary<'a> {
    #[serde(borrow)]
    pub facts: Facts<'a>,
    findings: Vec<Kept>,
}

/// A range of bytes in a file. Files are smaller than 4 GiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spot {
    pub start: u32,
    pub end: u32,
}

impl From<Span> for Spot {
    fn from(span: Span) -> Self {
        Spot { start: span.start as u32, end: span.end as u32 }
    }
}

impl From<Spot> for Span {
    fn from(spot: Spot) -> Self {
        Span::new(spot.start as usize, spot.end as usize)
    }
}

/// A finding without its path and severity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Kept {
    rule: String,
    message: String,
    place: Option<KeptPlace>,
    related: Vec<(Option<KeptPlace>, String)>,
    hints: Vec<String>,
    fix: Option<KeptFix>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct KeptFix {
    title: String,
    edits: Vec<(Spot, String)>,
    safe: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct KeptPlace {
    spot: Spot,
    from: (u32, u32),
    to: (u32, u32),
    source: String,
}

/// Read a file and keep what is to be known of it, encoded. Depends on the arguments alone.
pub fn learn(bytes: &[u8], dialect: Dialect, basis: &Basis) -> Vec<u8> {
    let encode = |summary: &Summary<'_>| postcard::to_stdvec(summary).expect("a summary is plain data");
    let document = match Document::split("", bytes, dialect) {
        Ok(document) => document,
        Err(finding) => {
            return encode(&Summary { facts: Facts::default(), findings: vec![keep(&finding, &Mask::of_lines())] });
        }
    };
    let parsed = parse(document);
    let uses = file::uses(&parsed, basis.engine);
    let plain = file::is_plain(parsed.document.text);
    let file = File { parsed: &parsed, uses: uses.as_ref(), basis, plain };
    let mut hits = Vec::new();
    for rule in RULES.iter() {
        if let How::File(check) = rule.how {
            check(&file, &mut hits);
        }
    }
    let facts = Facts::of(&file);
    let mut findings = Vec::new();
    if !hits.is_empty() || !parsed.findings.is_empty() {
        let mask = Mask::of(&file);
        findings.extend(parsed.findings.iter().map(|finding| keep(finding, &mask)));
        let found = locate("", parsed.document.text, &hits, &mask);
        findings.extend(found.iter().map(|finding| keep(finding, &mask)));
    }
    encode(&Summary { facts, findings })
}

/// Hits of one file become findings of it. Related places in other files are not known here and left out.
pub(super) fn locate(path: &str, text: &str, hits: &[Hit], mask: &Mask) -> Vec<Finding> {
    let lines = Lines::new(text);
    let place = |span: Option<Span>| match span {
        Some(span) => mask.place(Place::in_lines(path, &lines, span)),
        None => Place::file(path),
    };
    let finding = |hit: &Hit| {
        let message = mask::tokens(hit.message.clone());
        let mut finding = Finding::new(hit.rule, severity(hit.rule), place(hit.span), message);
        let here = hit.related.iter().filter(|related| related.file.is_none());
        finding.related = here.map(|related| (place(related.span), related.what.clone())).collect();
        finding.hints.clone_from(&hit.hints);
        finding.fix.clone_from(&hit.fix);
        finding
    };
    hits.iter().map(finding).collect()
}

fn severity(rule: &str) -> Severity {
    registry::find(rule).map_or(Severity::Error, |rule| rule.severity)
}

impl<'a> Summary<'a> {
    /// The summary that [`learn`] encoded; nothing if it was another program.
    pub fn read(bytes: &'a [u8]) -> Option<Summary<'a>> {
        postcard::from_bytes(bytes).ok()
    }

    pub fn has_findings(&self) -> bool {
        !self.findings.is_empty()
    }

    /// The file's own findings, now that its path is known.
    pub fn findings(&self, path: &str) -> impl Iterator<Item = Finding> {
        self.findings.iter().map(move |kept| kept.finding(path))
    }
}

fn keep(finding: &Finding, mask: &Mask) -> Kept {
    let place = |place: &Place| {
        place.is_exact().then(|| {
            let place = mask.place(place.clone());
            KeptPlace {
                spot: place.span.into(),
                from: (place.line, place.column),
                to: (place.end_line, place.end_column),
                source: place.source,
            }
        })
    };
    let fix = finding.fix.as_ref().map(|fix| {
        let edits = fix.edits.iter().map(|edit| (edit.span.into(), edit.text.clone()));
        KeptFix { title: fix.title.clone(), edits: edits.collect(), safe: fix.safe }
    });
    Kept {
        rule: finding.rule.clone(),
        message: mask::tokens(finding.message.clone()),
        place: place(&finding.place),
        related: finding.related.iter().map(|(at, what)| (place(at), what.clone())).collect(),
        hints: finding.hints.clone(),
        fix,
    }
}

impl Kept {
    fn finding(&self, path: &str) -> Finding {
        let place = |kept: &Option<KeptPlace>| match kept {
            Some(kept) => kept.place(path),
            None => Place::file(path),
        };
        let mut finding = Finding::new(&self.rule, severity(&self.rule), place(&self.place), &self.message);
        finding.related = self.related.iter().map(|(at, what)| (place(at), what.clone())).collect();
        finding.hints.clone_from(&self.hints);
        finding.fix = self.fix.as_ref().map(|fix| {
            let edits = fix.edits.iter().map(|(spot, text)| Edit { span: (*spot).into(), text: text.clone() });
            Fix { title: fix.title.clone(), edits: edits.collect(), safe: fix.safe }
        });
        finding
    }
}

impl KeptPlace {
    fn place(&self, path: &str) -> Place {
        Place {
            path: path.to_owned(),
            line: self.from.0,
            column: self.from.1,
            end_line: self.to.0,
            end_column: self.to.1,
            span: self.spot.into(),
            source: self.source.clone(),
        }
    }
}
