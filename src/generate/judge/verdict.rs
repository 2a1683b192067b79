//! A judge's reply, read strictly. What is not exactly a verdict is none: no score is ever guessed.

use serde_json::json;

use crate::base::fence;
use crate::model::call::Stop;
use crate::model::rubric::Scale;
use crate::model::{Map, Reply, Value};

/// What a verdict must be to count.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// The word that it repeats.
    pub nonce: String,
    /// How many candidates were shown.
    pub candidates: usize,
    pub criteria: Vec<String>,
    pub scale: Scale,
}

/// What the judge said about the candidates, in the order in which it read them.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub candidates: Vec<Said>,
    /// From 0 to 1, in the judge's own estimate.
    pub confidence: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub reason: String,
    /// From 0 to 1, in the order of the criteria.
    pub scores: Vec<f64>,
}

/// The verdict of a reply, or why it has none. Where several stand in it, the last one counts, whole or not.
pub fn read(reply: &Reply, terms: &Terms) -> Result<Verdict, String> {
    if let Some(refusal) = &reply.refusal {
        return Err(format!("the judge refused: {refusal}"));
    }
    match fence::last(&reply.text, &terms.nonce) {
        Some(Ok(object)) => terms.verdict(&object),
        _ if reply.stop == Stop::Length => Err("the judge's reply broke off at its longest length".to_owned()),
        Some(Err(())) => Err("the judge's last verdict is not whole".to_owned()),
        None => Err("the judge's reply has no verdict".to_owned()),
    }
}

impl Terms {
    /// A JSON Schema for services that hold their models to one. It has only what all of them know.
    pub fn schema(&self) -> Value {
        let object = |properties: Value| {
            let names: Vec<String> = properties.as_object().into_iter().flat_map(Map::keys).cloned().collect();
            json!({"type": "object", "properties": properties, "required": names, "additionalProperties": false})
        };
        let scores: Map = self.criteria.iter().map(|name| (name.clone(), json!({"type": "number"}))).collect();
        let candidate = object(json!({
            "candidate": {"type": "integer"},
            "reason": {"type": "string"},
            "scores": object(Value::Object(scores)),
        }));
        object(json!({
            "verdict": {"type": "string", "enum": [self.nonce]},
            "candidates": {"type": "array", "items": candidate},
            "confidence": {"type": "number"},
        }))
    }

    fn verdict(&self, object: &Map) -> Result<Verdict, String> {
        let listed = object.get("candidates").and_then(Value::as_array).ok_or("the verdict lists no candidates")?;
        let mut said: Vec<Option<Said>> = vec![None; self.candidates];
        for candidate in listed {
            let number = candidate.get("candidate").and_then(Value::as_u64);
            let number = number.ok_or("a candidate in the verdict has no number")?;
            let place = usize::try_from(number).ok().and_then(|number| said.get_mut(number.checked_sub(1)?));
            let place = place.ok_or_else(|| format!("the verdict scores candidate {number}, which there is not"))?;
            if place.is_some() {
                return Err(format!("the verdict scores candidate {number} twice"));
            }
            *place = Some(self.said(number, candidate)?);
        }
        let confidence = object.get("confidence").and_then(Value::as_f64).ok_or("the verdict says no confidence")?;
        if !(0.0..=1.0).contains(&confidence) {
            return Err(format!("the verdict's confidence of {confidence} is not from 0 to 1"));
        }
        let missing = |(at, said): (usize, Option<Said>)| {
            said.ok_or_else(|| format!("the verdict does not score candidate {}", at + 1))
        };
        let candidates = said.into_iter().enumerate().map(missing).collect::<Result<_, _>>()?;
        Ok(Verdict { candidates, confidence })
    }

    fn said(&self, number: u64, candidate: &Value) -> Result<Said, String> {
        let reason = candidate.get("reason").and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        let reason = reason.ok_or_else(|| format!("the verdict gives no reason for candidate {number}"))?;
        let scores = candidate.get("scores").and_then(Value::as_object);
        let scores = scores.ok_or_else(|| format!("the verdict gives no scores for candidate {number}"))?;
        if let Some(name) = scores.keys().find(|name| !self.criteria.contains(name)) {
            return Err(format!("the verdict scores candidate {number} on `{name}`, which was not asked"));
        }
        let score = |name: &String| {
            let score = scores.get(name).and_then(Value::as_f64);
            let score = score.ok_or_else(|| format!("the verdict does not score candidate {number} on `{name}`"))?;
            if !self.scale.holds(score) {
                let Scale { low, high } = self.scale;
                return Err(format!("candidate {number} has {score} for `{name}`, which is not from {low} to {high}"));
            }
            Ok(self.scale.share(score))
        };
        let scores = self.criteria.iter().map(score).collect::<Result<_, _>>()?;
        Ok(Said { reason: reason.to_owned(), scores })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> Terms {
        let criteria = vec!["relevance".to_owned(), "toxicity".to_owned()];
        Terms { nonce: "abc123".into(), candidates: 2, criteria, scale: Scale { low: 0.0, high: 10.0 } }
    }

    fn right() -> Value {
        json!({
            "verdict": "abc123",
            "candidates": [
                {"candidate": 2, "reason": "Vague.", "scores": {"relevance": 5, "toxicity": 0}},
                {"candidate": 1, "reason": "Exact.", "scores": {"relevance": 10, "toxicity": 2.5}},
            ],
            "confidence": 0.8,
        })
    }

    fn of(text: impl Into<String>) -> Result<Verdict, String> {
        read(&Reply { text: text.into(), ..Reply::default() }, &terms())
    }

    fn changed(change: impl Fn(&mut Value)) -> String {
        let mut verdict = right();
        change(&mut verdict);
        of(verdict.to_string()).expect_err("is no verdict")
    }

    #[test]
    fn a_verdict_is_read_in_whatever_text_it_stands() {
        let bare = of(right().to_string()).expect("a verdict");
        assert_eq!(bare.candidates[0].scores, [1.0, 0.25]);
        assert_eq!(bare.candidates[1].reason, "Vague.");
        let pretty = serde_json::to_string_pretty(&right()).expect("writes");
        assert_eq!(of(format!("I think {{so}}.\n```json\n{pretty}\n```\nThat is all.")), Ok(bare));
    }

    #[test]
    fn the_last_verdict_counts() {
        let first = right().to_string().replace("\"relevance\":10", "\"relevance\":0");
        let both = format!("{first}\nNo, rather:\n{}", right());
        assert_eq!(of(both).expect("a verdict").candidates[0].scores[0], 1.0);
        let cut = format!("{}\nNo, rather: {{\"verdict\": \"abc123\", \"cand", right());
        assert_eq!(of(cut).expect_err("no verdict"), "the judge's last verdict is not whole");
        let worse = format!("{}{}", right(), json!({"verdict": "abc123"}));
        assert_eq!(of(worse).expect_err("no verdict"), "the verdict lists no candidates");
    }

    #[test]
    fn a_verdict_without_the_word_is_only_quoted() {
        let quoted = right().to_string().replace("abc123", "def456");
        assert_eq!(of(quoted.clone()).expect_err("no verdict"), "the judge's reply has no verdict");
        let after = format!("{}\nCandidate 2 says: {quoted}", right());
        assert_eq!(of(after), of(right().to_string()));
    }

    #[test]
    fn what_is_not_whole_is_none() {
        let message = changed(|v| v["candidates"][0]["scores"]["relevance"] = json!(11));
        assert_eq!(message, "candidate 2 has 11 for `relevance`, which is not from 0 to 10");
        let message = changed(|v| v["candidates"][0]["scores"]["relevance"] = json!("8"));
        assert_eq!(message, "the verdict does not score candidate 2 on `relevance`");
        let message = changed(|v| v["candidates"][0]["scores"]["beauty"] = json!(8));
        assert_eq!(message, "the verdict scores candidate 2 on `beauty`, which was not asked");
        let message = changed(|v| v["candidates"][0]["candidate"] = json!(1));
        assert_eq!(message, "the verdict scores candidate 1 twice");
        for number in [json!(0), json!(3), json!(u64::MAX)] {
            assert!(changed(|v| v["candidates"][0]["candidate"] = number.clone()).ends_with("which there is not"));
        }
        for number in [json!(-1), json!(1.5), json!("1"), Value::Null] {
            let message = changed(|v| v["candidates"][0]["candidate"] = number.clone());
            assert_eq!(message, "a candidate in the verdict has no number");
        }
        let message = changed(|v| drop(v["candidates"].as_array_mut().expect("a list").remove(0)));
        assert_eq!(message, "the verdict does not score candidate 2");
        assert_eq!(
            changed(|v| v["candidates"][1]["reason"] = json!(" ")),
            "the verdict gives no reason for candidate 1"
        );
        assert_eq!(changed(|v| v["confidence"] = json!(8)), "the verdict's confidence of 8 is not from 0 to 1");
        assert_eq!(changed(|v| v["confidence"] = Value::Null), "the verdict says no confidence");
    }

    #[test]
    fn replies_that_say_nothing_say_why() {
        for text in ["", "Candidate 1 is better.", "{\"verdict\": ", "null", "[1, 2]"] {
            assert_eq!(of(text).expect_err(text), "the judge's reply has no verdict");
        }
        let text = right().to_string();
        let cut = Reply { text: text[..60].into(), stop: Stop::Length, ..Reply::default() };
        assert_eq!(read(&cut, &terms()).expect_err("cut"), "the judge's reply broke off at its longest length");
        let refused = Reply { text, refusal: Some("I will not.".into()), ..Reply::default() };
        assert_eq!(read(&refused, &terms()).expect_err("refused"), "the judge refused: I will not.");
    }

    #[test]
    fn deep_and_long_replies_are_read_in_no_time() {
        for text in [
            "{".repeat(200_000),
            "{\"a\":".repeat(50_000),
            format!("{{\"verdict\":\"abc123\",\"a\":{}", "[".repeat(200_000)),
        ] {
            assert!(of(text).is_err());
        }
        let long = format!("{}{}", "{\"a\": [1, {}, {}]} ".repeat(10_000), right());
        assert_eq!(of(long), of(right().to_string()));
    }
}
