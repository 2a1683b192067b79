//! Allowances: an author says in the file that a finding is meant, and why.
//!
//! `# palc:allow RULE REASON` in the front matter, `{# palc:allow RULE REASON #}` or `<!-- palc:allow RULE REASON -->`
//! in the body. Each covers its own line and the next one that is not an allowance too.

use serde::{Deserialize, Serialize};

use crate::base::{Finding, Span};

use super::file::File;
use super::hit::Hit;
use super::registry;
use super::rule::How;
use super::rules::{unused_allow, wrong_allow};
use super::summary::Spot;

const WORD: &str = "palc:allow";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance<'a> {
    pub rule: &'a str,
    pub reason: &'a str,
    pub at: Spot,
    /// The lines it speaks for.
    pub covers: Spot,
}

/// Every allowance of a file, in order.
pub fn read<'a>(file: &File<'a>) -> Vec<Allowance<'a>> {
    let text = file.text();
    if !text.contains(WORD) {
        return Vec::new();
    }
    let comments = file.parsed.tree.comments.iter().filter_map(|comment| {
        let inside = comment.span.text(text).strip_prefix('#')?;
        Some((comment.span, inside.trim().strip_prefix(WORD)?))
    });
    let mut allowances: Vec<Allowance<'a>> = comments.filter_map(|(at, said)| allowance(text, at, said)).collect();
    allowances.extend(in_body(file));
    allowances
}

fn in_body<'a>(file: &File<'a>) -> impl Iterator<Item = Allowance<'a>> {
    let (text, body, start) = (file.parsed.document.text, file.body(), file.body_start());
    body.match_indices(WORD).filter_map(move |(at, _)| {
        let before = body[..at].trim_end();
        let (open, close) =
            [("{#", "#}"), ("{#-", "-#}"), ("<!--", "-->")].into_iter().find(|(open, _)| before.ends_with(open))?;
        let said = body[at..].split(close).next()?.trim_end_matches('-');
        let from = before.len() - open.len();
        let span = Span::new(start + from, start + at + said.len());
        allowance(text, span, &said[WORD.len()..])
    })
}

fn allowance<'a>(text: &'a str, at: Span, said: &'a str) -> Option<Allowance<'a>> {
    if said.starts_with(|c: char| !c.is_whitespace()) {
        return None;
    }
    let said = said.trim();
    let (rule, reason) = said.split_once(char::is_whitespace).unwrap_or((said, ""));
    Some(Allowance { rule, reason: reason.trim(), at: at.into(), covers: covered(text, at).into() })
}

/// From the start of the allowance's line to the end of the next line that is not an allowance itself.
fn covered(text: &str, at: Span) -> Span {
    let start = text[..at.start].rfind('\n').map_or(0, |at| at + 1);
    let mut end = text[at.end..].find('\n').map_or(text.len(), |next| at.end + next);
    while end < text.len() {
        let next = text[end + 1..].find('\n').map_or(text.len(), |next| end + 1 + next);
        let line = &text[end + 1..next];
        end = next;
        if !line.contains(WORD) {
            break;
        }
    }
    Span::new(start, end)
}

impl Allowance<'_> {
    fn covers(&self, finding: &Finding) -> bool {
        let covers = Span::from(self.covers);
        let inside = (covers.start..=covers.end).contains(&finding.place.span.start);
        self.is_sound() && self.rule == finding.rule && (inside || !finding.place.is_exact())
    }

    fn is_sound(&self) -> bool {
        !self.reason.is_empty() && known(self.rule)
    }
}

/// Allowances themselves cannot be allowed.
fn known(rule: &str) -> bool {
    registry::find(rule).is_some_and(|rule| !matches!(rule.how, How::Allowances))
}

/// Part a file's findings in those that stay and those that were allowed, each with the reason. What is wrong with the
/// allowances themselves comes back as hits.
pub fn apply(
    allowances: &[Allowance<'_>],
    findings: Vec<Finding>,
    ran: impl Fn(&str) -> bool,
) -> (Vec<Finding>, Vec<(Finding, String)>, Vec<Hit>) {
    let mut used = vec![false; allowances.len()];
    let (mut stay, mut allowed) = (Vec::new(), Vec::new());
    for finding in findings {
        match allowances.iter().position(|allowance| allowance.covers(&finding)) {
            Some(index) => {
                used[index] = true;
                allowed.push((finding, allowances[index].reason.to_owned()));
            }
            None => stay.push(finding),
        }
    }
    let mut hits = Vec::new();
    for (allowance, used) in allowances.iter().zip(used) {
        if !allowance.is_sound() {
            hits.push(wrong_allow::hit(allowance));
        } else if !used && ran(allowance.rule) {
            hits.push(unused_allow::hit(allowance));
        }
    }
    (stay, allowed, hits)
}
