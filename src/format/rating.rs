//! Ratings as events: JSON lines that are only ever added to, one file for each writer and month. Other events may stand
//! between them.

use serde::{Deserialize, Serialize};

use crate::model::rating::Rating;
use crate::model::{Map, Value, Verdict};

/// Where events are, from the repository's root.
pub const FOLDER: &str = "events";

const EVENT: &str = "rating";

#[derive(Serialize, Deserialize)]
struct RatingV1 {
    at: String,
    blind: bool,
    case: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    event: String,
    item: String,
    rater: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rubric: Option<String>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    scores: Map,
    suite: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    verdict: String,
}

/// The file of a writer at a moment, as RFC 3339 says it.
pub fn shard(writer: &str, at: &str) -> String {
    format!("{FOLDER}/{}/{writer}.jsonl", at.get(..7).unwrap_or("undated"))
}

/// One line, with its end.
pub fn print(rating: &Rating) -> String {
    let score = |(name, value): &(String, f64)| (name.clone(), Value::from(super::results::round(*value)));
    let value = RatingV1 {
        at: rating.at.clone(),
        blind: rating.blind,
        case: rating.case.clone(),
        comment: rating.comment.clone(),
        event: EVENT.to_owned(),
        item: rating.item.clone(),
        rater: rating.rater.clone(),
        rubric: rating.rubric.clone(),
        scores: rating.scores.iter().map(score).collect(),
        suite: rating.suite.clone(),
        value: rating.value.map(super::results::round),
        verdict: rating.verdict.word().to_owned(),
    };
    serde_json::to_string(&value).expect("it has only text, numbers and maps of them") + "\n"
}

/// The rating in a line. None if it is another event; what is wrong if it is no event at all.
pub fn read(line: &str) -> Result<Option<Rating>, String> {
    let value: Value = serde_json::from_str(line).map_err(|error| format!("this is no JSON: {error}"))?;
    if value["event"] != EVENT {
        return Ok(None);
    }
    let event: RatingV1 = serde_json::from_value(value).map_err(|error| format!("this is no rating: {error}"))?;
    let verdict = Verdict::from_word(&event.verdict).ok_or_else(|| format!("`{}` is no verdict", event.verdict))?;
    let score = |(name, value): (String, Value)| Some((name, value.as_f64().filter(|share| is_share(*share))?));
    let scores: Option<Vec<(String, f64)>> = event.scores.into_iter().map(score).collect();
    if !event.value.is_none_or(is_share) || event.value.is_none() != (verdict == Verdict::Undecided) {
        return Err("`value` is a number from 0 to 1, and none where nobody can tell".into());
    }
    Ok(Some(Rating {
        at: event.at,
        suite: event.suite,
        item: event.item,
        case: event.case,
        rater: event.rater,
        rubric: event.rubric,
        scores: scores.ok_or("`scores` are numbers from 0 to 1")?,
        verdict,
        value: event.value,
        comment: event.comment,
        blind: event.blind,
    }))
}

fn is_share(value: f64) -> bool {
    (0.0..=1.0).contains(&value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rating() -> Rating {
        Rating {
            at: "2026-01-31T12:00:00Z".into(),
            suite: "triage".into(),
            item: "0123456789abcdef".into(),
            case: "refund".into(),
            rater: "ada".into(),
            rubric: Some("quality".into()),
            scores: vec![("safety".into(), 0.8)],
            verdict: Verdict::Passed,
            value: Some(0.8),
            comment: Some("Fine.".into()),
            blind: true,
        }
    }

    #[test]
    fn a_rating_is_read_as_it_was_written() {
        let bare = Rating {
            rubric: None,
            scores: Vec::new(),
            comment: None,
            verdict: Verdict::Undecided,
            value: None,
            ..rating()
        };
        for rating in [rating(), bare] {
            let line = print(&rating);
            assert_eq!(read(line.trim_end()), Ok(Some(rating)), "{line}");
        }
        assert_eq!(shard("ada", &rating().at), "events/2026-01/ada.jsonl");
    }

    #[test]
    fn other_events_are_passed_over_and_broken_ones_told() {
        assert_eq!(read(r#"{"event": "choice", "at": 1}"#), Ok(None));
        assert!(read("{").is_err());
        assert!(read(r#"{"event": "rating"}"#).is_err());
        let wrong = print(&rating()).replace("\"value\":0.8", "\"value\":8");
        assert!(read(wrong.trim_end()).is_err(), "{wrong}");
    }
}
