//! Whether a run reaches what its suite asks for.

use super::tally::{Sum, Tally};
use crate::model::suite::Gate;

/// One thing that is asked for and not reached, in a sentence.
pub fn missed(gate: &Gate, tally: &Tally) -> Vec<String> {
    let mut missed = Vec::new();
    for (column, sum) in &tally.columns {
        let name = format!("{} with {}", column.prompt, column.engine());
        missed.extend(of_column(gate, sum).into_iter().map(|why| format!("{name}: {why}")));
    }
    missed
}

fn of_column(gate: &Gate, sum: &Sum) -> Vec<String> {
    let mut missed = Vec::new();
    let mut at_least = |what: &str, least: Option<f64>, is: Option<f64>| match (least, is) {
        (Some(least), Some(is)) if is < least - 1e-12 => {
            missed.push(format!("{what} is {}, and the gate asks for {}", shown(is), shown(least)));
        }
        (Some(least), None) => missed.push(format!("{what} is not known, and the gate asks for {}", shown(least))),
        _ => {}
    };
    at_least("the pass rate", gate.min_pass_rate, sum.counts.rate());
    at_least("the mean score", gate.min_score, sum.score.mean());
    for (name, least) in &gate.metrics {
        at_least(&format!("`{name}`"), Some(*least), sum.metrics.get(name).and_then(|metric| metric.mean()));
    }
    let most = gate.max_undecided.unwrap_or_default();
    let counts = sum.counts;
    if counts.undecided as f64 > most * counts.all() as f64 + 1e-9 {
        let allowed = if most > 0.0 { format!("at most {} may be", shown(most)) } else { "none may be".to_owned() };
        missed.push(format!("{} of {} are undecided, and {allowed}", counts.undecided, counts.all()));
    }
    if let (Some(most), Some(took)) = (gate.max_latency_ms, sum.elapsed(95))
        && took > most
    {
        missed.push(format!("95 in 100 answers came within {took} ms, and the gate asks for {most} ms"));
    }
    if let Some(most) = gate.max_cost {
        missed.extend(too_dear(sum, most));
    }
    missed
}

/// The mean cost of an answer. A price that is not known is not free.
fn too_dear(sum: &Sum, most: f64) -> Option<String> {
    let cost = &sum.cost;
    if cost.unknown > 0 || cost.known == 0 {
        return Some(format!(
            "the cost of {} answers is not known, and the gate asks for ${most} each",
            sum.counts.all() - cost.known
        ));
    }
    let mean = cost.sum.exact().parse::<f64>().unwrap_or(f64::INFINITY) / cost.known as f64;
    (mean > most).then(|| format!("an answer costs ${}, and the gate asks for ${most}", (mean * 1e6).round() / 1e6))
}

fn shown(number: f64) -> String {
    format!("{}", (number * 1000.0).round() / 1000.0)
}
