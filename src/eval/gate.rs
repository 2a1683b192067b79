//! Whether a run reaches what its suite asks for.

use super::tally::{Spent, Sums, Tally};
use crate::model::suite::Gate;

/// One thing that is asked for and not reached, in a sentence.
pub fn missed(gate: &Gate, tally: &Tally, spent: &Spent) -> Vec<String> {
    let mut missed = Vec::new();
    for (group, sums) in &tally.groups {
        let name = match group.params.is_empty() {
            true => format!("{} with {}", group.prompt, group.model),
            false => format!("{} with {} and {}", group.prompt, group.model, group.params),
        };
        missed.extend(of_group(gate, sums).into_iter().map(|why| format!("{name}: {why}")));
    }
    if let (Some(most), Some(took)) = (gate.max_latency_ms, spent.percentile(0.95))
        && u64::from(took) > most
    {
        missed.push(format!("95 in 100 answers came within {took} ms, and the gate asks for {most} ms"));
    }
    missed
}

fn of_group(gate: &Gate, sums: &Sums) -> Vec<String> {
    let mut missed = Vec::new();
    let mut at_least = |what: &str, least: Option<f64>, is: Option<f64>| match (least, is) {
        (Some(least), Some(is)) if is < least - 1e-12 => {
            missed.push(format!("{what} is {}, and the gate asks for {}", shown(is), shown(least)));
        }
        (Some(least), None) => missed.push(format!("{what} is not known, and the gate asks for {}", shown(least))),
        _ => {}
    };
    at_least("the pass rate", gate.min_pass_rate, sums.pass_rate());
    at_least("the mean score", gate.min_score, sums.mean());
    for (name, least) in &gate.metrics {
        at_least(&format!("`{name}`"), Some(*least), sums.metric(name));
    }
    let most = gate.max_undecided.unwrap_or_default();
    let share = if sums.all() > 0 { sums.undecided as f64 / sums.all() as f64 } else { 0.0 };
    if share > most + 1e-12 {
        let allowed = if most > 0.0 { format!("at most {} may be", shown(most)) } else { "none may be".to_owned() };
        missed.push(format!("{} of {} are undecided, and {allowed}", sums.undecided, sums.all()));
    }
    missed
}

fn shown(number: f64) -> String {
    format!("{}", (number * 1000.0).round() / 1000.0)
}
