//! What a judge said.

use schemars::JsonSchema;
use serde::Serialize;

use crate::generate::judge::{Judged, Judgement, Order, Verdict};

use super::paint::{Paint, printable};
use super::table;

/// The candidates with their scores, the best first, and below what the judge said of each.
pub fn text(judgement: &Judgement, names: &[&str], paint: Paint, width: Option<usize>) -> String {
    let mut order: Vec<usize> = (0..judgement.candidates.len()).collect();
    let total = |at: &usize| judgement.candidates[*at].total.unwrap_or(-1.0);
    order.sort_by(|a, b| total(b).total_cmp(&total(a)));
    let row = |at: &usize| {
        let judged = &judgement.candidates[*at];
        let score = |(name, score): &(String, f64)| format!("{} {score:.2}", printable(name));
        let scores = judged.scores.iter().map(score).collect::<Vec<_>>().join("  ");
        vec![number(judged.total), mark(&judgement.verdict, *at).to_owned(), paint.bold(&printable(names[*at])), scores]
    };
    let mut out = table::columns(&order.iter().map(row).collect::<Vec<_>>(), width);
    for at in &order {
        let mut reasons: Vec<&String> = judgement.candidates[*at].reasons.iter().collect();
        reasons.dedup();
        if !reasons.is_empty() {
            out += &format!("\n{}\n", paint.bold(&printable(names[*at])));
        }
        for reason in reasons {
            out += &format!("  {}\n", printable(reason));
        }
    }
    out
}

/// `0.912`, or a dash where there is no score.
pub fn number(score: Option<f64>) -> String {
    score.map_or_else(|| "–".to_owned(), |score| format!("{score:.3}"))
}

fn mark(verdict: &Verdict, at: usize) -> &'static str {
    match verdict {
        Verdict::Decided(winner) if *winner == at => "best",
        Verdict::Tie { among, .. } if among.contains(&at) => "tie",
        _ => "",
    }
}

/// The verdict in a sentence.
pub fn sentence(judgement: &Judgement, names: &[&str]) -> String {
    let orders = judgement.orders.len();
    let sure = judgement.confidence.map_or_else(String::new, |sure| format!(", {:.0} % sure", sure * 100.0));
    match &judgement.verdict {
        Verdict::Decided(at) => match orders {
            0 | 1 => format!("{} is the best{sure}", printable(names[*at])),
            _ => format!("{} is the best in {orders} orders{sure}", printable(names[*at])),
        },
        Verdict::Tie { among, why } => {
            let among: Vec<String> = among.iter().map(|at| printable(names[*at])).collect();
            format!("a tie between {}: {}", among.join(" and "), printable(why))
        }
        Verdict::Undecided(why) => format!("undecided: {}", printable(why)),
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct JudgementV1<'a> {
    /// `decided`, `tie` or `undecided`.
    verdict: &'static str,
    winner: Option<&'a str>,
    /// Those that cannot be told apart.
    tie: Vec<&'a str>,
    /// Why there is no winner.
    why: Option<&'a str>,
    /// The lowest that the judge gave, from 0 to 1; null without a verdict.
    confidence: Option<f64>,
    candidates: Vec<JudgedV1<'a>>,
    /// One for each time that the judge was asked.
    orders: Vec<OrderV1<'a>>,
    /// US dollars as a decimal number; null if a price is not known.
    cost: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct JudgedV1<'a> {
    name: &'a str,
    /// From 0 to 1, over all orders; null if it is not scored.
    total: Option<f64>,
    /// Each from 0 to 1, as the criterion is worded.
    scores: Vec<ScoreV1<'a>>,
    reasons: Vec<&'a str>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ScoreV1<'a> {
    criterion: &'a str,
    score: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct OrderV1<'a> {
    /// The candidates as the judge read them.
    shown: Vec<&'a str>,
    /// Their totals; empty without a verdict.
    totals: Vec<f64>,
    /// Why there is no verdict.
    unscored: Option<&'a str>,
    /// The model that answered.
    model: Option<&'a str>,
}

pub fn object<'a>(judgement: &'a Judgement, names: &[&'a str]) -> JudgementV1<'a> {
    let (verdict, winner, tie, why) = match &judgement.verdict {
        Verdict::Decided(at) => ("decided", Some(names[*at]), Vec::new(), None),
        Verdict::Tie { among, why } => ("tie", None, among.iter().map(|at| names[*at]).collect(), Some(why.as_str())),
        Verdict::Undecided(why) => ("undecided", None, Vec::new(), Some(why.as_str())),
    };
    JudgementV1 {
        verdict,
        winner,
        tie,
        why,
        confidence: judgement.confidence,
        candidates: judgement.candidates.iter().zip(names).map(|(judged, name)| candidate(judged, name)).collect(),
        orders: judgement.orders.iter().map(|order| self::order(order, names)).collect(),
        cost: judgement.cost.map(crate::model::Money::exact),
    }
}

fn candidate<'a>(judged: &'a Judged, name: &'a str) -> JudgedV1<'a> {
    let scores = judged.scores.iter().map(|(criterion, score)| ScoreV1 { criterion, score: *score });
    let reasons = judged.reasons.iter().map(String::as_str).collect();
    JudgedV1 { name, total: judged.total, scores: scores.collect(), reasons }
}

fn order<'a>(order: &'a Order, names: &[&'a str]) -> OrderV1<'a> {
    OrderV1 {
        shown: order.shown.iter().map(|at| names[*at]).collect(),
        totals: order.totals.clone().unwrap_or_default(),
        unscored: order.totals.as_ref().err().map(String::as_str),
        model: order.model.as_deref(),
    }
}
