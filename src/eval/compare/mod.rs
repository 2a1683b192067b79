//! Two sets of results side by side: how much better the second is, how sure that is, and whether it became worse than it
//! may. Only what both hold is compared; what only one holds is counted, and what is undecided counts for neither.

mod measure;
mod side;

pub use measure::{Delta, Test};
pub use side::{Item, Pairing, Side};

use crate::base::stats::flips::Flips;
use crate::base::stats::gate::{self, Verdict};
use crate::base::stats::{Interval, many, power::Aim, sequential};
use measure::Pairs;
use side::Answers;

/// What decides, and how sure it must be.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    pub by: Measure,
    /// How much worse than before the second may be.
    pub margin: f64,
    pub confidence: f64,
    /// The chance to see what is there, for the number of cases that it takes.
    pub power: f64,
}

impl Default for Rule {
    fn default() -> Rule {
        Rule { by: Measure::Passes, margin: 0.02, confidence: 0.95, power: 0.8 }
    }
}

impl Rule {
    fn aim(&self, groups: usize) -> Aim {
        Aim { alpha: (1.0 - self.confidence) / groups as f64, power: self.power }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// The share of answers that pass.
    Passes,
    /// The weighted mean of the checks.
    Score,
    /// A named metric, or checks by the name of their kind.
    Metric(String),
}

impl Measure {
    /// `passes`, `score`, or the name of a metric.
    pub fn named(name: &str) -> Measure {
        match name {
            "passes" => Measure::Passes,
            "score" => Measure::Score,
            name => Measure::Metric(name.to_owned()),
        }
    }

    pub fn name(&self) -> &str {
        match self {
            Measure::Passes => "passes",
            Measure::Score => "score",
            Measure::Metric(name) => name,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    pub rule: Rule,
    /// By prompt and model.
    pub groups: Vec<Group>,
    /// All groups together, if there are several. A case is a cluster then, as it was given to each.
    pub all: Option<Group>,
    pub coverage: Coverage,
}

impl Comparison {
    /// The worst of what the groups and all together come to. None if nothing could be compared.
    pub fn verdict(&self) -> Option<Verdict> {
        self.groups.iter().chain(&self.all).map(|group| group.verdict).max()
    }
}

/// What could be compared, and what could not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Cases, by prompt, model and parameters, that both hold.
    pub shared: u64,
    pub only_base: u64,
    pub only_head: u64,
    /// Answers to shared cases that nobody could judge.
    pub undecided_base: u64,
    pub undecided_head: u64,
    /// Shared cases without any decided answer on one side: they count for nothing.
    pub lost: u64,
}

/// One prompt with one model.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The prompt's name on either side. Empty for all together.
    pub base: String,
    pub head: String,
    pub model: String,
    /// Whether the very same calls were made on both sides and all came out the same.
    pub same: bool,
    /// Cases that count.
    pub cases: u64,
    /// Passes, then the score, then the metrics by name.
    pub deltas: Vec<Delta>,
    pub flips: Flips,
    /// The cases whose share of passes changed, those that lost most first.
    pub changed: Vec<Change>,
    pub verdict: Verdict,
    /// How many more cases it takes to tell, if it is inconclusive and a number would tell.
    pub needed: Option<u64>,
    /// The least difference of what decides that so many cases show.
    pub detectable: Option<f64>,
    pub evidence: Evidence,
}

/// What may be looked at after every case, unlike p.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// Cases that came out better, and worse; those of one cluster together as one.
    pub better: u64,
    pub worse: u64,
    /// How strongly they speak against "both are as good": a bet that pays `value` for one.
    pub value: f64,
    /// From where on that is enough.
    pub bar: f64,
    /// Between which values the share of better ones lies, whenever one looks.
    pub share: Interval,
    /// The row of cases on the side that leads that would be enough.
    pub needed: u64,
}

impl Evidence {
    fn of(pairs: &Pairs<'_>, aim: Aim) -> Evidence {
        let (better, worse) = pairs.signs();
        let (most, least) = (better.max(worse), better.min(worse));
        Evidence {
            better,
            worse,
            value: sequential::e_value(better, worse),
            bar: 1.0 / aim.alpha,
            share: sequential::share_interval(better, worse, 1.0 - aim.alpha),
            needed: sequential::wins_needed(most, least, aim.alpha),
        }
    }

    /// Whether one is better than the other: then which.
    pub fn decided(&self) -> Option<bool> {
        (self.value >= self.bar).then_some(self.better > self.worse)
    }
}

impl Group {
    pub fn delta(&self, measure: &Measure) -> Option<&Delta> {
        self.deltas.iter().find(|delta| delta.measure == *measure)
    }
}

/// A case whose share of passes changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub item: Item,
    pub base: f64,
    pub head: f64,
}

type Both<'a> = (&'a Item, &'a Answers, &'a Answers);

pub fn compare(base: &Side, head: &Side, rule: &Rule) -> Comparison {
    let shared: Vec<Both<'_>> =
        base.items().filter_map(|(item, before)| Some((item, before, head.answers(item)?))).collect();
    let coverage = coverage(base, head, &shared);
    let decided: Vec<Both<'_>> =
        shared.into_iter().filter(|(_, before, after)| before.is_decided() && after.is_decided()).collect();
    let parts: Vec<&[Both<'_>]> =
        decided.chunk_by(|a, b| (&a.0.prompt, &a.0.model) == (&b.0.prompt, &b.0.model)).collect();
    let groups = parts.iter().map(|part| group(part, rule, parts.len())).collect();
    let all = (parts.len() > 1).then(|| Group {
        base: String::new(),
        head: String::new(),
        model: String::new(),
        ..group(&decided, rule, 1)
    });
    Comparison { rule: rule.clone(), groups, all, coverage }
}

fn coverage(base: &Side, head: &Side, shared: &[Both<'_>]) -> Coverage {
    let count = shared.len() as u64;
    Coverage {
        shared: count,
        only_base: base.items().count() as u64 - count,
        only_head: head.items().count() as u64 - count,
        undecided_base: shared.iter().map(|(_, before, _)| before.undecided()).sum(),
        undecided_head: shared.iter().map(|(_, _, after)| after.undecided()).sum(),
        lost: shared.iter().filter(|(_, before, after)| !before.is_decided() || !after.is_decided()).count() as u64,
    }
}

/// `groups` are judged at once, so each has to be surer, that all of them together are as sure as is asked for.
fn group(both: &[Both<'_>], rule: &Rule, groups: usize) -> Group {
    let aim = rule.aim(groups);
    let mut measured: Vec<(Measure, Pairs)> = measures(both)
        .into_iter()
        .map(|measure| {
            let pairs = Pairs::of(both, &measure);
            (measure, pairs)
        })
        .collect();
    measured.retain(|(_, pairs)| !pairs.is_empty());
    let mut deltas: Vec<Delta> =
        measured.iter().filter_map(|(measure, pairs)| pairs.delta(measure, 1.0 - aim.alpha)).collect();
    adjust(&mut deltas);
    let (_, first, last) = both[0];
    let same = both.iter().all(|(_, before, after)| before.is_same(after));
    let decides = measured.iter().find(|(measure, _)| *measure == rule.by).map(|(_, pairs)| pairs);
    let interval = deltas.iter().find(|delta| delta.measure == rule.by).and_then(|delta| delta.interval);
    let verdict = if same { Verdict::Pass } else { gate::verdict(interval, rule.margin) };
    let needed = decides.filter(|_| verdict == Verdict::Inconclusive).and_then(|pairs| pairs.needed(rule.margin, aim));
    let changed = changes(both);
    Group {
        base: first.prompt.clone(),
        head: last.prompt.clone(),
        model: both[0].0.model.clone(),
        same,
        cases: both.len() as u64,
        flips: flips(&changed),
        changed,
        verdict,
        needed,
        detectable: decides.and_then(|pairs| pairs.detectable(aim)),
        evidence: Evidence::of(decides.unwrap_or(&Pairs::default()), aim),
        deltas,
    }
}

fn measures(both: &[Both<'_>]) -> Vec<Measure> {
    let mut names: Vec<&String> = both.iter().flat_map(|(_, before, _)| before.metrics()).collect();
    names.sort();
    names.dedup();
    let metrics = names.into_iter().map(|name| Measure::Metric(name.clone()));
    [Measure::Passes, Measure::Score].into_iter().chain(metrics).collect()
}

/// Metrics are many, so their p values are adjusted together; passes and score are what one came for.
fn adjust(deltas: &mut [Delta]) {
    let mut metrics: Vec<&mut Delta> =
        deltas.iter_mut().filter(|delta| matches!(delta.measure, Measure::Metric(_)) && delta.p.is_some()).collect();
    let ps: Vec<f64> = metrics.iter().filter_map(|delta| delta.p).collect();
    for (delta, adjusted) in metrics.iter_mut().zip(many::holm(&ps)) {
        delta.adjusted = Some(adjusted);
    }
}

fn changes(both: &[Both<'_>]) -> Vec<Change> {
    let mut changes: Vec<Change> = both
        .iter()
        .filter_map(|(item, before, after)| {
            let (base, head) = (before.mean(&Measure::Passes)?, after.mean(&Measure::Passes)?);
            (base != head).then(|| Change { item: (*item).clone(), base, head })
        })
        .collect();
    changes.sort_by(|a, b| (a.head - a.base).total_cmp(&(b.head - b.base)));
    changes
}

fn flips(changes: &[Change]) -> Flips {
    let worse = changes.iter().filter(|change| change.head < change.base).count() as u64;
    Flips { worse, better: changes.len() as u64 - worse }
}

#[cfg(test)]
mod tests;
