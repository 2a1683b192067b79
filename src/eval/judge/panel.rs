//! The word of one judge, or of several as one.

use crate::model::Score;
use crate::model::rubric::Panel;

/// How near to each other two values are that count as the same.
const SAME: f64 = 1e-9;

/// What one judge thinks.
#[derive(Debug, Clone, PartialEq)]
pub struct Opinion {
    pub judge: String,
    /// From 0 to 1; or why there is none.
    pub value: Result<f64, String>,
    pub reason: String,
    /// Numbers that the value is made of.
    pub parts: Vec<(String, f64)>,
}

impl Opinion {
    pub fn none(judge: &str, why: String) -> Opinion {
        Opinion { judge: judge.to_owned(), value: Err(why), reason: String::new(), parts: Vec::new() }
    }
}

/// The score that these opinions come to. It passes from the threshold on.
///
/// More than half of the judges must have an opinion: one out of three that answered is not what was asked for.
pub fn settle(opinions: &[Opinion], panel: Panel, threshold: f64) -> Score {
    let held: Vec<(&Opinion, f64)> = opinions.iter().filter_map(|it| Some((it, *it.value.as_ref().ok()?))).collect();
    let missing: Vec<String> = opinions
        .iter()
        .filter_map(|it| Some((it, it.value.as_ref().err()?)))
        .map(|(it, why)| said(opinions, it, why))
        .collect();
    if held.len() * 2 <= opinions.len() {
        let few = match opinions.len() {
            1 => String::new(),
            all => format!("{} of {all} judges have a verdict: ", held.len()),
        };
        return Score::undecided(format!("{few}{}", missing.join("; ")));
    }
    let values: Vec<f64> = held.iter().map(|(_, value)| *value).collect();
    let for_it = values.iter().filter(|value| passes(**value, threshold)).count();
    let (value, passed) = match panel {
        Panel::Mean => {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            (mean, passes(mean, threshold))
        }
        Panel::Majority if for_it * 2 == values.len() && values.len() > 1 => {
            let reasons: Vec<String> = held.iter().map(|(it, _)| said(opinions, it, &it.reason)).collect();
            return Score::undecided(format!("{for_it} of {} judges say pass: {}", values.len(), reasons.join(" ")));
        }
        // A judge alone has a score, and not only a vote.
        Panel::Majority if values.len() == 1 => (values[0], passes(values[0], threshold)),
        Panel::Majority => (for_it as f64 / values.len() as f64, for_it * 2 > values.len()),
    };
    let reasons: Vec<String> = held.iter().map(|(it, _)| said(opinions, it, &it.reason)).chain(missing).collect();
    let mut score = Score::graded(value, passed, reasons.join(" "));
    score.parts = means(&held);
    if opinions.len() > 1 {
        score.parts.extend(held.iter().map(|(it, value)| (format!("judge {}", it.judge), *value)));
        score.parts.extend(agreement(&values).map(|agreement| ("agreement".to_owned(), agreement)));
    }
    score
}

fn passes(value: f64, threshold: f64) -> bool {
    value + SAME >= threshold
}

/// With the judge's name where there are several.
fn said(opinions: &[Opinion], opinion: &Opinion, words: &str) -> String {
    if opinions.len() > 1 { format!("{}: {words}", opinion.judge) } else { words.to_owned() }
}

/// The mean of every part, in the order in which they are first met.
fn means(held: &[(&Opinion, f64)]) -> Vec<(String, f64)> {
    let mut sums: Vec<(String, f64)> = Vec::new();
    for (name, value) in held.iter().flat_map(|(opinion, _)| &opinion.parts) {
        match sums.iter_mut().find(|(known, _)| known == name) {
            Some((_, sum)) => *sum += value,
            None => sums.push((name.clone(), *value)),
        }
    }
    sums.into_iter().map(|(name, sum)| (name, sum / held.len() as f64)).collect()
}

/// 1 less the mean distance of two of them; of votes, the share of pairs that agree.
fn agreement(values: &[f64]) -> Option<f64> {
    let pairs =
        values.iter().enumerate().flat_map(|(at, one)| values[at + 1..].iter().map(move |other| (one - other).abs()));
    let distances: Vec<f64> = pairs.collect();
    (!distances.is_empty()).then(|| 1.0 - distances.iter().sum::<f64>() / distances.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Verdict;

    fn opinions(values: &[Option<f64>]) -> Vec<Opinion> {
        let opinion = |(at, value): (usize, &Option<f64>)| Opinion {
            judge: format!("s/{}", at + 1),
            value: value.ok_or_else(|| "no verdict".to_owned()),
            reason: format!("Because {}.", at + 1),
            parts: value.map(|value| ("wit".to_owned(), value)).into_iter().collect(),
        };
        values.iter().enumerate().map(opinion).collect()
    }

    fn of(values: &[Option<f64>], panel: Panel) -> (Verdict, Option<f64>) {
        let score = settle(&opinions(values), panel, 0.7);
        (score.verdict, score.value)
    }

    #[test]
    fn opinions_become_one() {
        use Verdict::{Failed, Passed, Undecided};
        let (mean, majority) = (Panel::Mean, Panel::Majority);
        assert_eq!(of(&[Some(0.7)], mean), (Passed, Some(0.7)));
        assert_eq!(of(&[Some(0.75), Some(0.25)], mean), (Failed, Some(0.5)));
        assert_eq!(of(&[Some(0.9), Some(0.8), Some(0.0)], majority), (Passed, Some(2.0 / 3.0)));
        assert_eq!(of(&[Some(0.9), Some(0.0), Some(0.0)], majority), (Failed, Some(1.0 / 3.0)));
        assert_eq!(of(&[Some(0.9), Some(0.1)], majority), (Undecided, None));
        assert_eq!(of(&[Some(0.9)], majority), (Passed, Some(0.9)));
        for panel in Panel::ALL {
            assert_eq!(of(&[None], panel), (Undecided, None));
            assert_eq!(of(&[Some(1.0), None], panel), (Undecided, None));
            assert_eq!(of(&[Some(1.0), None, None], panel), (Undecided, None));
            assert_eq!(of(&[Some(1.0), Some(1.0), None], panel), (Passed, Some(1.0)));
        }
    }

    #[test]
    fn a_panel_tells_its_judges_and_their_agreement() {
        let score = settle(&opinions(&[Some(1.0), Some(0.5), None]), Panel::Mean, 0.7);
        assert_eq!(score.reason, "s/1: Because 1. s/2: Because 2. s/3: no verdict");
        let parts: Vec<(&str, f64)> = score.parts.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        assert_eq!(parts, [("wit", 0.75), ("judge s/1", 1.0), ("judge s/2", 0.5), ("agreement", 0.5)]);
        let score = settle(&opinions(&[Some(0.8)]), Panel::Mean, 0.7);
        assert_eq!((score.reason.as_str(), score.parts.len()), ("Because 1.", 1));
        let score = settle(&opinions(&[None, None]), Panel::Mean, 0.7);
        assert_eq!(score.reason, "0 of 2 judges have a verdict: s/1: no verdict; s/2: no verdict");
    }
}
