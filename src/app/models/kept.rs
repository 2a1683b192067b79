//! Answers as values, for journals and records: what is written is read again as it was.

use std::time::Duration;

use serde_json::json;

use crate::model::call::{Reply, Stop, ToolCall, Usage};
use crate::model::engine::Answered;
use crate::model::{Map, Money, Value};

pub fn answered(answered: &Answered) -> Value {
    json!({
        "attempts": answered.attempts,
        "cost": answered.cost.map(Money::exact),
        "elapsed_ms": answered.elapsed.as_millis() as u64,
        "kept": answered.kept,
        "model": answered.model,
        "reply": reply(&answered.reply),
    })
}

/// None if it is not what [`answered`] writes.
pub fn read_answered(value: &Value) -> Option<Answered> {
    let cost = match &value["cost"] {
        Value::Null => None,
        cost => Some(Money::parse(cost.as_str()?)?),
    };
    Some(Answered {
        reply: read_reply(&value["reply"])?,
        model: text(&value["model"])?,
        cost,
        elapsed: Duration::from_millis(value["elapsed_ms"].as_u64()?),
        attempts: u32::try_from(value["attempts"].as_u64()?).ok()?,
        kept: value["kept"].as_bool()?,
    })
}

/// What is empty is left out.
pub fn reply(reply: &Reply) -> Value {
    let mut map = Map::new();
    let mut add = |name: &str, value: Value| {
        let is_empty = match &value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(list) => list.is_empty(),
            _ => false,
        };
        if !is_empty {
            map.insert(name.to_owned(), value);
        }
    };
    add("backend", json!(reply.backend));
    add("id", json!(reply.id));
    add("kept", json!(reply.kept));
    add("model", json!(reply.model));
    add("refusal", json!(reply.refusal));
    add("stop", json!(reply.stop.word()));
    add("stop_word", json!(reply.stop_word));
    add("text", json!(reply.text));
    add("thoughts", json!(reply.thoughts));
    add("tool_calls", reply.tool_calls.iter().map(tool_call).collect());
    add("usage", reply.usage.as_ref().map_or(Value::Null, usage));
    Value::Object(map)
}

fn read_reply(value: &Value) -> Option<Reply> {
    let value = value.as_object()?;
    let maybe = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let list = |name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    Some(Reply {
        text: maybe("text").unwrap_or_default(),
        thoughts: maybe("thoughts").unwrap_or_default(),
        refusal: maybe("refusal"),
        tool_calls: list("tool_calls").iter().map(read_tool_call).collect::<Option<_>>()?,
        kept: list("kept"),
        stop: Stop::from_word(&maybe("stop")?),
        stop_word: maybe("stop_word"),
        usage: match value.get("usage") {
            None => None,
            Some(usage) => Some(read_usage(usage)?),
        },
        model: maybe("model"),
        id: maybe("id"),
        backend: maybe("backend"),
    })
}

fn tool_call(call: &ToolCall) -> Value {
    json!({"arguments": call.arguments, "id": call.id, "name": call.name})
}

fn read_tool_call(value: &Value) -> Option<ToolCall> {
    Some(ToolCall { id: text(&value["id"])?, name: text(&value["name"])?, arguments: text(&value["arguments"])? })
}

/// What was counted, by the names that palc has for it; what the service said is under `raw`.
pub fn usage(usage: &Usage) -> Value {
    json!({
        "cache_read": usage.cache_read,
        "cache_write": usage.cache_write,
        "cache_write_hour": usage.cache_write_hour,
        "cost": usage.cost.map(Money::exact),
        "input": usage.input,
        "output": usage.output,
        "raw": usage.raw,
        "reasoning": usage.reasoning,
    })
}

fn read_usage(value: &Value) -> Option<Usage> {
    let cost = match &value["cost"] {
        Value::Null => None,
        cost => Some(Money::parse(cost.as_str()?)?),
    };
    Some(Usage {
        input: value["input"].as_u64(),
        output: value["output"].as_u64(),
        cache_read: value["cache_read"].as_u64()?,
        cache_write: value["cache_write"].as_u64()?,
        cache_write_hour: value["cache_write_hour"].as_u64()?,
        reasoning: value["reasoning"].as_u64(),
        cost,
        raw: value["raw"].clone(),
    })
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let usage = Usage {
            input: Some(3),
            output: None,
            cache_read: 1,
            cache_write_hour: 2,
            cost: Money::parse("0.0000015"),
            raw: json!({"prompt_tokens": 4}),
            ..Usage::default()
        };
        let call = ToolCall { id: "1".into(), name: "find".into(), arguments: "{not json".into() };
        let full = Reply {
            text: "Yes".into(),
            refusal: Some(String::new()).filter(|text| !text.is_empty()),
            tool_calls: vec![call],
            kept: vec![json!({"signature": "x"})],
            stop: Stop::Other("weird".into()),
            usage: Some(usage),
            model: Some("m-1".into()),
            ..Reply::default()
        };
        for reply in [full, Reply::default()] {
            let one = Answered {
                reply,
                model: "a/b".into(),
                cost: Money::parse("0.1"),
                elapsed: Duration::from_millis(7),
                attempts: 2,
                kept: false,
            };
            let line = answered(&one).to_string();
            let again = serde_json::from_str(&line).ok().and_then(|value| read_answered(&value));
            assert_eq!(again, Some(one));
        }
        assert_eq!(read_answered(&json!({"reply": {}})), None);
    }
}
