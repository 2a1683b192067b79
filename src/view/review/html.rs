//! A review as one self-contained page.

use crate::app::review::Outcome;
use crate::base::Finding;

use super::super::diff::html::{badge, escape, page, prompt};
use super::super::diff::{Shown, heading};
use super::super::finding::position;
use super::super::paint::visible;

pub fn report(outcome: &Outcome) -> String {
    let title = format!("Prompt review of {}", escape(&visible(&outcome.range)));
    let verdict = escape(&super::verdict(outcome));
    let tokens = super::token_delta(outcome).map(|delta| {
        format!("<p class=\"quiet\">tokens {delta} in all; cost unknown, because no price is configured</p>\n")
    });
    let details: String = outcome.prompts.iter().map(|changed| prompt(changed, Shown::default())).collect();
    let content = format!(
        "<h1>{title}</h1>\n<p class=\"sum\">{verdict}</p>\n{}{}{}{}{}{}{details}",
        tokens.unwrap_or_default(),
        findings(outcome),
        super::quality::html(outcome),
        overview(outcome),
        labels(outcome),
        dependants(outcome),
    );
    page(&title, &content)
}

fn table(title: &str, rows: &[String]) -> String {
    if rows.is_empty() { String::new() } else { format!("<h2>{title}</h2>\n<table>\n{}</table>\n", rows.concat()) }
}

fn findings(outcome: &Outcome) -> String {
    let row = |finding: &&Finding| {
        format!(
            "<tr><td>{}</td><th>{}</th><td>{}</td><td>{}</td></tr>\n",
            super::severity(finding.severity),
            escape(&position(&finding.place)),
            escape(&visible(&finding.message)),
            escape(&finding.rule)
        )
    };
    table("New findings", &super::by_severity(outcome).iter().map(row).collect::<Vec<_>>())
}

fn overview(outcome: &Outcome) -> String {
    let row = |changed: &crate::app::diff::Changed| {
        let summary = escape(&visible(&changed.summary()));
        format!(
            "<tr><th>{}</th><td>{}</td><td>{summary}</td></tr>\n",
            escape(&heading(changed)),
            badge(changed.class())
        )
    };
    table("Prompts", &outcome.prompts.iter().map(row).collect::<Vec<_>>())
}

fn labels(outcome: &Outcome) -> String {
    let row = |(label, whose, how): (String, String, String)| {
        format!("<tr><th>{}</th><td>{}</td><td>{}</td></tr>\n", escape(&label), escape(&whose), escape(&how))
    };
    table("Labels", &outcome.labels.iter().map(|moved| row(super::label_move(moved))).collect::<Vec<_>>())
}

fn dependants(outcome: &Outcome) -> String {
    let row = |dependant: &crate::app::review::Dependant| {
        let through = escape(&visible(&dependant.through.join(", ")));
        format!("<tr><th>{}</th><td>includes {through}</td></tr>\n", escape(&visible(&dependant.name)))
    };
    table("Also affected, through what they include", &outcome.dependants.iter().map(row).collect::<Vec<_>>())
}
