//! Results as files: a JSON line for every answer, sorted, and a summary beside them. The same results have the same
//! bytes on every machine: keys stand in the order of the alphabet, and numbers have six places at most.

use std::io::BufRead;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::base::{Error, Result};
use crate::model::call::ToolCall;
use crate::model::results::{About, Checked, Given, Line, Manifest, Moment, Tried};
use crate::model::score::Verdict;
use crate::model::{Map, Money, Value};

pub const LINES: &str = "results.jsonl";
pub const SUMMARY: &str = "summary.json";
/// Beside the lines of a run, never in a kept result.
pub const MOMENTS: &str = "moment.jsonl";
pub const SCHEMA: &str = "palc.results.v1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LineV1 {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<GivenV1>,
    case: String,
    checks: Vec<CheckedV1>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    cluster: String,
    fingerprint: String,
    id: String,
    key: String,
    model: String,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    params: Map,
    prompt: String,
    repeat: u32,
    score: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    split: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
    verdict: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenV1 {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    input_tokens: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    output_tokens: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stop: Option<String>,
    text: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<ToolCallV1>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ToolCallV1 {
    arguments: String,
    id: String,
    name: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckedV1 {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    metric: Option<String>,
    name: String,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    parts: Map,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    verdict: String,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    weight: f64,
}

fn one() -> f64 {
    1.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_one(weight: &f64) -> bool {
    *weight == 1.0
}

/// Six places are more than any score has to say, and no two machines differ in them.
pub fn round(number: f64) -> f64 {
    let rounded = (number * 1e6).round() / 1e6;
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// One line, with its end.
pub fn print(line: &Line) -> String {
    let about = line.about.clone();
    let value = LineV1 {
        answer: line.answer.as_ref().map(print_given),
        case: about.case,
        checks: line.checks.iter().map(print_checked).collect(),
        cluster: about.cluster,
        fingerprint: about.fingerprint,
        id: about.id,
        key: about.key,
        model: about.model,
        params: about.params,
        prompt: about.prompt,
        repeat: about.repeat,
        score: line.score.map(round),
        split: about.split,
        tags: about.tags,
        trouble: line.trouble.clone(),
        verdict: line.verdict.word().to_owned(),
    };
    serde_json::to_string(&value).expect("results are JSON") + "\n"
}

fn print_given(given: &Given) -> GivenV1 {
    let call = |call: &ToolCall| {
        let ToolCall { id, name, arguments } = call.clone();
        ToolCallV1 { arguments, id, name }
    };
    GivenV1 {
        input_tokens: given.input_tokens,
        output_tokens: given.output_tokens,
        refusal: given.refusal.clone(),
        stop: given.stop.clone(),
        text: given.text.clone(),
        tool_calls: given.tool_calls.iter().map(call).collect(),
    }
}

fn print_checked(checked: &Checked) -> CheckedV1 {
    CheckedV1 {
        metric: checked.metric.clone(),
        name: checked.name.clone(),
        parts: checked.parts.iter().map(|(name, value)| (name.clone(), json!(round(*value)))).collect(),
        reason: checked.reason.clone(),
        value: checked.value.map(round),
        verdict: checked.verdict.word().to_owned(),
        weight: checked.weight,
    }
}

/// The lines of a file, one at a time: only the current one is held.
pub fn lines<'a>(path: &'a str, reader: impl BufRead + 'a) -> impl Iterator<Item = Result<Line>> + 'a {
    reader.lines().enumerate().map(move |(at, line)| {
        let line = line.map_err(|error| Error::storage(format!("cannot read {path}")).because(error))?;
        parse(&line).map_err(|error| {
            Error::invalid(format!("{path}:{}: this is no line of results: {error}", at + 1))
                .hint("results are made by `palc eval`; run it again, or take the file from git")
        })
    })
}

pub fn parse(line: &str) -> Result<Line, String> {
    let value: LineV1 = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let about = About {
        case: value.case,
        prompt: value.prompt,
        id: value.id,
        model: value.model,
        params: value.params,
        repeat: value.repeat,
        fingerprint: value.fingerprint,
        key: value.key,
        cluster: value.cluster,
        tags: value.tags,
        split: value.split,
    };
    Ok(Line {
        about,
        answer: value.answer.map(parse_given),
        trouble: value.trouble,
        checks: value.checks.into_iter().map(parse_checked).collect::<Result<_, _>>()?,
        verdict: verdict(&value.verdict)?,
        score: value.score,
    })
}

fn parse_given(given: GivenV1) -> Given {
    let call = |ToolCallV1 { arguments, id, name }| ToolCall { id, name, arguments };
    Given {
        text: given.text,
        refusal: given.refusal,
        tool_calls: given.tool_calls.into_iter().map(call).collect(),
        stop: given.stop,
        input_tokens: given.input_tokens,
        output_tokens: given.output_tokens,
    }
}

fn parse_checked(checked: CheckedV1) -> Result<Checked, String> {
    let part = |(name, value): (String, Value)| {
        let number = value.as_f64().ok_or_else(|| format!("`{name}` is no number"))?;
        Ok::<_, String>((name, number))
    };
    Ok(Checked {
        name: checked.name,
        verdict: verdict(&checked.verdict)?,
        value: checked.value,
        weight: checked.weight,
        metric: checked.metric,
        reason: checked.reason,
        parts: checked.parts.into_iter().map(part).collect::<Result<_, _>>()?,
    })
}

fn verdict(word: &str) -> Result<Verdict, String> {
    Verdict::from_word(word).ok_or_else(|| format!("`{word}` is no verdict"))
}

#[derive(Serialize, Deserialize)]
struct MomentV1 {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cost: Option<String>,
    elapsed_ms: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    judged: Option<String>,
    kept: bool,
    key: String,
}

/// One line of what is true for now only, with its end.
pub fn print_moment(moment: &Moment) -> String {
    let value = MomentV1 {
        cost: moment.cost.map(Money::exact),
        elapsed_ms: moment.elapsed_ms,
        judged: moment.judged.map(Money::exact),
        kept: moment.kept,
        key: moment.key.clone(),
    };
    serde_json::to_string(&value).expect("moments are JSON") + "\n"
}

/// None if it is none.
pub fn parse_moment(line: &str) -> Option<Moment> {
    let value: MomentV1 = serde_json::from_str(line).ok()?;
    let money = |text: Option<String>| text.and_then(|text| Money::parse(&text));
    Some(Moment {
        key: value.key,
        elapsed_ms: value.elapsed_ms,
        cost: money(value.cost),
        judged: money(value.judged),
        kept: value.kept,
    })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ManifestV1 {
    cases: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    derived: Vec<(String, String)>,
    files: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    filter: String,
    models: Vec<String>,
    prompts: Vec<TriedV1>,
    repeat: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shard: Option<(u32, u32)>,
    suite: String,
    suite_digest: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TriedV1 {
    blob: String,
    id: String,
    prompt: String,
}

pub fn print_manifest(manifest: &Manifest) -> Value {
    let tried = |Tried { prompt, id, blob }| TriedV1 { blob, id, prompt };
    let manifest = manifest.clone();
    let value = ManifestV1 {
        cases: manifest.cases,
        derived: manifest.derived,
        files: manifest.files,
        filter: manifest.filter,
        models: manifest.models,
        prompts: manifest.prompts.into_iter().map(tried).collect(),
        repeat: manifest.repeat,
        shard: manifest.shard,
        suite: manifest.suite,
        suite_digest: manifest.suite_digest,
    };
    serde_json::to_value(&value).expect("manifests are JSON")
}

pub fn parse_manifest(value: &Value) -> Result<Manifest, String> {
    let value: ManifestV1 = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    let tried = |TriedV1 { blob, id, prompt }| Tried { prompt, id, blob };
    Ok(Manifest {
        suite: value.suite,
        suite_digest: value.suite_digest,
        prompts: value.prompts.into_iter().map(tried).collect(),
        models: value.models,
        files: value.files,
        repeat: value.repeat,
        cases: value.cases,
        shard: value.shard,
        derived: value.derived,
        filter: value.filter,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line {
        let about = About {
            case: "refund".into(),
            prompt: "support/triage".into(),
            id: "k3v9q2mx".into(),
            model: "openai/gpt-4o".into(),
            params: json!({"params.top_p": 0.5}).as_object().expect("a map").clone(),
            repeat: 2,
            fingerprint: "f".into(),
            key: "k".into(),
            ..About::default()
        };
        let call = ToolCall { id: "1".into(), name: "find".into(), arguments: "{".into() };
        let answer =
            Given { text: "billing\n☃".into(), tool_calls: vec![call], output_tokens: Some(3), ..Given::default() };
        let checked = |verdict, value, weight| Checked {
            name: "judge".into(),
            verdict,
            value,
            weight,
            metric: Some("kindness".into()),
            reason: "so".into(),
            parts: vec![("z".into(), 1.0 / 3.0), ("a".into(), 1.0)],
        };
        let checks = vec![checked(Verdict::Passed, Some(2.0 / 3.0), 1.0), checked(Verdict::Undecided, None, 0.5)];
        Line { about, answer: Some(answer), trouble: None, checks, verdict: Verdict::Undecided, score: None }
    }

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let text = print(&line());
        let read = parse(text.trim_end()).expect("a line");
        assert_eq!((print(&read), &read.about), (text.clone(), &line().about));
        assert_eq!(read.checks[0].parts, [("z".to_owned(), 0.333333), ("a".to_owned(), 1.0)]);
        assert!(text.contains(r#""value":0.666667,"verdict":"pass"},"#), "{text}");
        let keys: Vec<String> = serde_json::from_str::<Map>(&text).expect("JSON").keys().cloned().collect();
        assert!(keys.is_sorted(), "{keys:?}");
    }

    #[test]
    fn what_is_no_line_is_told_with_its_place() {
        let text = format!("{}{{}}\n", print(&line()));
        let read: Vec<_> = lines("r.jsonl", text.as_bytes()).collect();
        assert!(read[0].is_ok());
        let error = read[1].as_ref().expect_err("no line");
        assert!(error.message().starts_with("r.jsonl:2: this is no line of results: missing field"), "{error}");
    }

    #[test]
    fn manifests_and_moments_come_back() {
        let tried = Tried { prompt: "a".into(), id: "b".into(), blob: "c".into() };
        let manifest = Manifest {
            suite: "s".into(),
            prompts: vec![tried],
            files: vec![("d.csv".into(), "1".into())],
            repeat: 1,
            cases: 3,
            shard: Some((1, 2)),
            ..Manifest::default()
        };
        assert_eq!(parse_manifest(&print_manifest(&manifest)), Ok(manifest));
        let moment = Moment { key: "k".into(), elapsed_ms: 3, cost: Money::parse("0.01"), judged: None, kept: true };
        assert_eq!(parse_moment(print_moment(&moment).trim_end()), Some(moment));
    }
}
