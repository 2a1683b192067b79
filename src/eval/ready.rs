//! Checks that have read their values, or will for each case where those name its variables.

use std::collections::BTreeMap;

use super::check::{Around, Compiled, Kind};
use super::checks;
use crate::base::Finding;
use crate::base::near::did_you_mean;
use crate::model::results::Checked;
use crate::model::suite::Check;
use crate::model::{Map, Score, Verdict};
use crate::render::Fill;

/// A check that can be held against answers.
pub struct Ready {
    check: Check,
    kind: &'static Kind,
    /// None if its value names variables of the case.
    fixed: Option<Compiled>,
}

/// A check as one case has it.
pub enum Look<'r> {
    Fixed(&'r Compiled),
    Own(Compiled),
}

impl Look<'_> {
    pub fn compiled(&self) -> &Compiled {
        match self {
            Look::Fixed(compiled) => compiled,
            Look::Own(compiled) => compiled,
        }
    }
}

/// Read the values of checks, before anything is paid. What is wrong is noted with its place, all at once.
pub fn ready(written: &[Check], around: &dyn Around, fill: &Fill, findings: &mut Vec<Finding>) -> Vec<Ready> {
    written.iter().filter_map(|check| one(check, around, fill).map_err(|finding| findings.push(finding)).ok()).collect()
}

fn one(check: &Check, around: &dyn Around, fill: &Fill) -> Result<Ready, Finding> {
    let wrong = |why: String| Finding::error("check", check.place.clone(), why);
    let Some(kind) = checks::find(&check.kind) else {
        let names = checks::KINDS.iter().map(|kind| kind.name);
        let finding = wrong(format!("there is no check `{}`", check.kind));
        return Err(finding.hint_if(did_you_mean(&check.kind, names)).hint("docs/checks.md lists all of them"));
    };
    if Fill::is_wanted(&check.config) {
        fill.names(&check.config).map_err(|why| wrong(format!("`{}`: {why}", check.kind)))?;
        return Ok(Ready { check: check.clone(), kind, fixed: None });
    }
    Ready::fixed(check.clone(), kind, around).map_err(wrong)
}

impl Ready {
    /// A check whose value names no variables, or none any more.
    pub fn fixed(check: Check, kind: &'static Kind, around: &dyn Around) -> Result<Ready, String> {
        let compiled = (kind.compile)(&check.config, around).map_err(|why| format!("`{}`: {why}", check.kind))?;
        if matches!(compiled, Compiled::Plain(_)) && check.options.threshold.is_some() && kind.threshold.is_none() {
            return Err(format!("`{}` passes or fails and has no number to hold against a threshold", check.kind));
        }
        Ok(Ready { check, kind, fixed: Some(compiled) })
    }

    /// None if its value names variables of the case.
    pub fn compiled(&self) -> Option<&Compiled> {
        self.fixed.as_ref()
    }

    /// What it looks at answers with, in a case with these variables.
    pub fn look(&self, vars: &Map, around: &dyn Around, fill: &Fill) -> Result<Look<'_>, Finding> {
        if let Some(fixed) = &self.fixed {
            return Ok(Look::Fixed(fixed));
        }
        let wrong =
            |why: String| Finding::error("check", self.check.place.clone(), format!("`{}`: {why}", self.check.kind));
        let config = fill.fill(&self.check.config, vars).map_err(wrong)?;
        (self.kind.compile)(&config, around).map(Look::Own).map_err(wrong)
    }

    pub fn is_fixed(&self) -> bool {
        self.fixed.is_some()
    }

    /// Whether it asks models, as far as that can be told before a case is known.
    pub fn may_ask(&self) -> bool {
        !matches!(self.fixed, Some(Compiled::Plain(_)))
    }

    pub fn kind(&self) -> &'static Kind {
        self.kind
    }

    pub fn required(&self) -> bool {
        self.check.options.required
    }

    pub fn weight(&self) -> f64 {
        self.check.options.weight
    }

    /// As suites write it.
    fn name(&self) -> String {
        if self.check.negated { format!("not-{}", self.kind.name) } else { self.kind.name.to_owned() }
    }

    /// What it says in the end: with its threshold, and turned round if it is negated. Undecided stays undecided.
    pub fn said(&self, score: Score) -> Checked {
        let Score { mut verdict, mut value, mut reason, parts } = score;
        let threshold = self.check.options.threshold.or(self.kind.threshold);
        if let (Some(number), Some(least), true) = (value, threshold, verdict != Verdict::Undecided) {
            verdict = if number >= least - 1e-9 { Verdict::Passed } else { Verdict::Failed };
            if verdict == Verdict::Failed && reason.is_empty() {
                reason = format!("{} is less than {least}", crate::format::results::round(number));
            }
        }
        if self.check.negated {
            (verdict, value) = match verdict {
                Verdict::Passed => (Verdict::Failed, value.map(|value| 1.0 - value)),
                Verdict::Failed => (Verdict::Passed, value.map(|value| 1.0 - value)),
                Verdict::Undecided => (Verdict::Undecided, None),
            };
            reason = match verdict {
                Verdict::Failed if reason.is_empty() => format!("`{}` holds, and must not", self.kind.name),
                Verdict::Failed => format!("`{}` holds, and must not: {reason}", self.kind.name),
                Verdict::Passed => String::new(),
                Verdict::Undecided => reason,
            };
        }
        Checked {
            name: self.name(),
            verdict,
            value,
            weight: self.check.options.weight,
            metric: self.check.options.metric.clone(),
            reason,
            parts,
        }
    }
}

/// Several of one name are told apart by their numbers.
pub fn number(checks: &mut [Checked]) {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for check in checks {
        let count = seen.entry(check.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            check.name = format!("{}#{count}", check.name);
        }
    }
}

/// What the checks of one answer come to: a verdict, and the weighted mean of their values.
pub fn together(checks: &[(Checked, bool)]) -> (Verdict, Option<f64>) {
    let counted = || checks.iter().filter(|(check, _)| check.weight > 0.0);
    let undecided = counted().any(|(check, _)| check.verdict == Verdict::Undecided);
    let failed = counted().any(|(check, required)| *required && check.verdict == Verdict::Failed);
    let verdict = match (failed, undecided) {
        (true, _) => Verdict::Failed,
        (false, true) => Verdict::Undecided,
        (false, false) => Verdict::Passed,
    };
    let weight: f64 = counted().map(|(check, _)| check.weight).sum();
    let sum: Option<f64> = counted().map(|(check, _)| Some(check.weight * check.value?)).sum();
    (verdict, sum.filter(|_| weight > 0.0).map(|sum| sum / weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(verdict: Verdict, value: Option<f64>, weight: f64) -> Checked {
        Checked { name: "c".into(), verdict, value, weight, metric: None, reason: String::new(), parts: Vec::new() }
    }

    #[test]
    fn what_checks_come_to() {
        use Verdict::{Failed, Passed, Undecided};
        let passed = (checked(Passed, Some(1.0), 1.0), true);
        let half = (checked(Failed, Some(0.5), 3.0), true);
        let lost = (checked(Undecided, None, 1.0), true);
        let measured = (checked(Failed, Some(0.0), 0.0), true);
        let optional = (checked(Failed, Some(0.0), 1.0), false);
        assert_eq!(together(&[passed.clone(), measured.clone()]), (Passed, Some(1.0)));
        assert_eq!(together(&[passed.clone(), half.clone()]), (Failed, Some(0.625)));
        assert_eq!(together(&[passed.clone(), optional]), (Passed, Some(0.5)));
        assert_eq!(together(&[passed.clone(), lost.clone()]), (Undecided, None));
        assert_eq!(together(&[half, lost]), (Failed, None));
        assert_eq!(together(&[measured]), (Passed, None));
        let mut many = vec![passed.0.clone(), passed.0];
        number(&mut many);
        assert_eq!((many[0].name.as_str(), many[1].name.as_str()), ("c", "c#2"));
    }
}
