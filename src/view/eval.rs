//! A run of a suite, for people and for programs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::eval::keep::Kept;
use crate::app::eval::{Outcome, Plan, baseline};
use crate::base::stats::gate::Verdict;
use crate::eval::compare::Comparison;
use crate::eval::run::Stopped;

use super::evaluation::{counted, json, text as report};
use super::paint::Paint;

/// What a run of a suite comes to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EvalV1<'a> {
    /// The run's id: `palc report run` shows it again.
    run: &'a str,
    /// Whether everything is reached that the suite asks for.
    passes: bool,
    /// Whether the run came to its end.
    whole: bool,
    /// budget, time or results, if it did not because of one of these.
    stopped: Option<&'static str>,
    /// What of the gate is not reached.
    missed: &'a [String],
    /// Beside the results that are kept, if the gate asks for that and there are any.
    against: Option<AgainstV1>,
    /// The revision whose prompts were asked; null for those in the work tree.
    at: Option<&'a str>,
    spent: SpentV1,
    /// Calls that may have been paid for without an answer.
    in_doubt: &'a [String],
    /// The folder in which the results were kept.
    kept: Option<&'a str>,
    results: json::EvaluationV1<'a>,
}

/// `palc compare` says more.
#[derive(Debug, Serialize, JsonSchema)]
struct AgainstV1 {
    /// pass, inconclusive or regression; null if no case is in both.
    verdict: Option<&'static str>,
    said: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SpentV1 {
    /// US dollars that were paid now for answers, and for judges.
    answers: String,
    judges: String,
    /// Answers whose price, or whose judges' price, nobody knows.
    unpriced: u64,
    /// Answers that were known already, of all.
    known: u64,
    all: u64,
}

pub fn object<'a>(outcome: &'a Outcome, kept: Option<&'a Kept>) -> EvalV1<'a> {
    let spent = &outcome.spent;
    EvalV1 {
        run: &outcome.id,
        passes: outcome.passes(),
        whole: outcome.is_whole(),
        stopped: outcome.stopped.map(|stopped| match stopped {
            Stopped::Budget => "budget",
            Stopped::Time => "time",
            Stopped::Told => "results",
        }),
        missed: &outcome.missed,
        against: outcome
            .against
            .as_ref()
            .map(|against| AgainstV1 { verdict: against.verdict().map(Verdict::word), said: baseline::said(against) }),
        at: outcome.at.as_deref(),
        spent: SpentV1 {
            answers: spent.cost.exact(),
            judges: spent.judged.exact(),
            unpriced: spent.unpriced,
            known: spent.kept,
            all: spent.lines,
        },
        in_doubt: &outcome.doubtful,
        kept: kept.map(|kept| kept.folder.as_str()),
        results: json::object(&outcome.manifest, &outcome.tally),
    }
}

pub fn text(outcome: &Outcome, paint: Paint, width: Option<usize>) -> String {
    let name = match &outcome.at {
        Some(revision) => format!("{} at {revision}", outcome.manifest.suite),
        None => outcome.manifest.suite.clone(),
    };
    let mut text = report::report(&name, &outcome.tally, paint, width);
    if let Some(against) = &outcome.against {
        text += &format!("{}\n", beside(against, paint));
    }
    for missed in &outcome.missed {
        text += &format!("{} {missed}\n", paint.red("gate:"));
    }
    text
}

/// `kept results: inconclusive: 12 cases, …; about 340 more cases would tell`
fn beside(against: &Comparison, paint: Paint) -> String {
    let verdict = against.verdict();
    let word = match verdict {
        Some(Verdict::Pass) => paint.green(Verdict::Pass.word()),
        Some(Verdict::Inconclusive) => paint.yellow(Verdict::Inconclusive.word()),
        Some(Verdict::Regression) => paint.red(Verdict::Regression.word()),
        None => "nothing to compare".to_owned(),
    };
    let groups = || against.all.iter().chain(&against.groups);
    let needed = groups().filter_map(|group| group.needed).max().filter(|_| verdict == Some(Verdict::Inconclusive));
    let needed =
        needed.map(|needed| format!("; about {} would tell", counted(needed, "more case"))).unwrap_or_default();
    format!("kept results: {word}: {}{needed}", baseline::said(against))
}

/// `run 20260131-1200-k3v9: 12 answers, 9 of them known; $0.0021 paid`
pub fn ended(outcome: &Outcome) -> String {
    let spent = &outcome.spent;
    let known = match spent.kept {
        0 => String::new(),
        all if all == spent.lines => ", all known".to_owned(),
        some => format!(", {some} of them known"),
    };
    let paid = spent.cost + spent.judged;
    let judges = if spent.judged.0 > 0 { format!(", {} of it for judges", spent.judged) } else { String::new() };
    let unpriced =
        if spent.unpriced > 0 { format!(", the price of {} not known", spent.unpriced) } else { String::new() };
    format!("run {}: {}{known}; {paid} paid{judges}{unpriced}", outcome.id, counted(spent.lines, "answer"))
}

pub fn kept(kept: &Kept) -> String {
    match kept.changed {
        true => format!("kept in {}", kept.folder),
        false => format!("{} holds these results already", kept.folder),
    }
}

pub fn in_doubt(tickets: &[String]) -> String {
    const MOST: usize = 5;
    let names: Vec<&str> = tickets.iter().take(MOST).map(|ticket| ticket.split(' ').next().unwrap_or(ticket)).collect();
    let more = if tickets.len() > MOST { ", …" } else { "" };
    format!(
        "{} sent before and never heard of, and may be paid for twice: {}{more}",
        if tickets.len() == 1 { "1 call was".to_owned() } else { format!("{} calls were", tickets.len()) },
        names.join(", ")
    )
}

/// What a run would ask for and cost.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EvalPlanV1<'a> {
    suite: &'a str,
    cases: u64,
    /// All answers, and those that are known already.
    answers: u64,
    known: u64,
    /// What the calls for the others use at most, as an estimate; judges come on top.
    tokens: u64,
    /// US dollars; null if a price is not known.
    cost: Option<String>,
    unpriced: &'a [String],
}

pub fn plan(plan: &Plan) -> EvalPlanV1<'_> {
    EvalPlanV1 {
        suite: &plan.manifest.suite,
        cases: plan.manifest.cases,
        answers: plan.samples,
        known: plan.known,
        tokens: plan.tokens,
        cost: plan.cost.map(crate::model::Money::exact),
        unpriced: &plan.unpriced,
    }
}

pub fn plan_text(plan: &Plan) -> String {
    let asked = plan.samples - plan.known;
    let head = format!(
        "{}: {}, {}, {} of them known\n",
        plan.manifest.suite,
        counted(plan.manifest.cases, "case"),
        counted(plan.samples, "answer"),
        plan.known
    );
    if asked == 0 {
        return head + "nothing would be asked\n";
    }
    format!("{head}{}\n", planned(plan))
}

/// `9 calls to make, with at most 12000 tokens and $0.02`
pub fn planned(plan: &Plan) -> String {
    let cost = match plan.cost {
        Some(cost) => format!(" and {cost}"),
        None => format!("; the price of {} is not known", plan.unpriced.join(", ")),
    };
    let judges = if plan.is_judged { ", judges not counted" } else { "" };
    let calls = counted(plan.samples - plan.known, "call");
    format!("{calls} to make, with at most {} tokens{cost}{judges}", plan.tokens)
}
