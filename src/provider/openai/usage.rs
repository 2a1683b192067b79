//! Tokens as OpenAI's languages count them.

use crate::model::call::Usage;
use crate::model::{Money, Value};

/// None if nothing was counted.
pub fn read(usage: Option<&Value>) -> Option<Usage> {
    let raw = usage?;
    let count = |names: &[&str]| names.iter().find_map(|name| raw.get(name)?.as_u64());
    let detail = |side: &str, name: &str| {
        ["prompt", "input", "completion", "output"]
            .into_iter()
            .filter(|word| (*word == "prompt" || *word == "input") == (side == "input"))
            .find_map(|word| raw.get(format!("{word}_tokens_details"))?.get(name)?.as_u64())
    };
    let input = count(&["prompt_tokens", "input_tokens"]);
    let output = count(&["completion_tokens", "output_tokens"]);
    let cost = raw.get("cost").and_then(money);
    if input.is_none() && output.is_none() && cost.is_none() {
        return None;
    }
    let cache_read = detail("input", "cached_tokens").or(count(&["prompt_cache_hit_tokens"])).unwrap_or(0);
    let cache_write = detail("input", "cache_write_tokens").unwrap_or(0);
    let reasoning = detail("output", "reasoning_tokens");
    Some(Usage {
        input: input.map(|all| all.saturating_sub(cache_read + cache_write)),
        output: output.map(|output| output + uncounted(input, output, reasoning, count(&["total_tokens"]))),
        cache_read,
        cache_write,
        cache_write_hour: 0,
        reasoning,
        cost,
        raw: raw.clone(),
    })
}

/// The thoughts that some services leave out of what came out; their total then is greater by just as many.
fn uncounted(input: Option<u64>, output: u64, reasoning: Option<u64>, total: Option<u64>) -> u64 {
    match (input, reasoning, total) {
        (Some(input), Some(reasoning), Some(total)) if input + output + reasoning == total => reasoning,
        _ => 0,
    }
}

/// An amount of dollars, as a number or as text. What is smaller than palc's smallest amount is rounded.
fn money(value: &Value) -> Option<Money> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    Money::parse(&text).or_else(|| Money::parse(&format!("{:.12}", text.parse::<f64>().ok()?)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn counts(raw: &Value) -> Option<[Option<u64>; 5]> {
        read(Some(raw))
            .map(|usage| [usage.input, usage.output, Some(usage.cache_read), Some(usage.cache_write), usage.reasoning])
    }

    #[test]
    fn caches_are_taken_out_of_the_input() {
        let chat = json!({"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120,
            "prompt_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 10},
            "completion_tokens_details": {"reasoning_tokens": 5}});
        let responses = json!({"input_tokens": 100, "output_tokens": 20, "total_tokens": 120,
            "input_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 10},
            "output_tokens_details": {"reasoning_tokens": 5}});
        let wanted = Some([Some(30), Some(20), Some(60), Some(10), Some(5)]);
        assert_eq!([counts(&chat), counts(&responses)], [wanted, wanted]);
    }

    #[test]
    fn nothing_counted_is_unknown() {
        assert_eq!([read(None), read(Some(&Value::Null)), read(Some(&json!({})))], [None, None, None]);
        assert_eq!(counts(&json!({"prompt_tokens": 0})), Some([Some(0), None, Some(0), Some(0), None]));
    }

    #[test]
    fn thoughts_beside_the_output_are_paid_too() {
        let beside = json!({"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 312,
            "completion_tokens_details": {"reasoning_tokens": 300}});
        assert_eq!(counts(&beside), Some([Some(10), Some(302), Some(0), Some(0), Some(300)]));
    }

    #[test]
    fn a_cost_is_exact() {
        let cost = |cost: Value| read(Some(&json!({"cost": cost}))).and_then(|usage| usage.cost).map(Money::exact);
        assert_eq!(cost(json!(0.000_021_35)).as_deref(), Some("0.00002135"));
        assert_eq!(cost(json!(1.5e-7)).as_deref(), Some("0.00000015"));
        assert_eq!(cost(json!("0.95")).as_deref(), Some("0.95"));
        assert_eq!(cost(json!(0.000_123_456_789_012_3)).as_deref(), Some("0.000123456789"));
        assert_eq!(cost(json!(0)).as_deref(), Some("0"));
        assert_eq!(cost(json!("free")), None);
    }
}
