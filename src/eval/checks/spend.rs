//! What an answer took: money, time, tokens. Where nobody knows, nothing is decided.
//!
//! The reasons name no amounts of money or time: those belong to the moment, and results stay the same without them.

use std::time::Duration;

use serde_json::json;

use super::options::{Amount, options, schemas, type_word};
use super::plain;
use crate::eval::{Around, Compiled, Kind};
use crate::model::{Money, Score, Value};

pub static COST: Kind = Kind {
    name: "cost",
    about: "The answer costs no more than so many US dollars. Undecided where the price is not known.",
    example: "cost: 0.002",
    schema: || json!({"type": "number", "minimum": 0}),
    threshold: None,
    compile: cost,
};

pub static LATENCY: Kind = Kind {
    name: "latency",
    about: "The answer took no longer than so many milliseconds when it was given, or than `2s`. Undecided where nobody \
            knows any more.",
    example: "latency: 2000",
    schema: || json!({"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": r"^\d+(\.\d+)? ?(ms|s)$"}]}),
    threshold: None,
    compile: latency,
};

pub static TOKENS: Kind = Kind {
    name: "tokens",
    about: "As many tokens went in, came out, or both, as the service counted them. Undecided where it did not.",
    example: "tokens: {output: {max: 200}}",
    schema: || {
        let mut map = schemas::options(
            &json!({"input": Amount::schema(), "output": Amount::schema(), "total": Amount::schema()}),
            &[],
        );
        map["minProperties"] = json!(1);
        map
    },
    threshold: None,
    compile: tokens,
};

fn cost(value: &Value, _: &dyn Around) -> Result<Compiled, String> {
    let most = match value {
        Value::Number(number) => Money::parse(&number.to_string()).filter(|most| *most >= Money::default()),
        other => return Err(format!("the value must be a number of dollars, and is {}", type_word(other))),
    };
    let most =
        most.ok_or_else(|| format!("{value} is no number of dollars of 0 or more with at most twelve places"))?;
    Ok(plain(move |subject| match subject.cost {
        None => Score::undecided("the price of this answer is not known"),
        Some(cost) if cost <= most => Score::of(true, format!("the answer costs no more than {most}")),
        Some(_) => Score::of(false, format!("the answer costs more than {most}")),
    }))
}

fn latency(value: &Value, _: &dyn Around) -> Result<Compiled, String> {
    let most = duration(value)
        .ok_or_else(|| format!("the value must be milliseconds or a time such as `2s`, and is {value}"))?;
    let shown = format!("{} ms", most.as_millis());
    Ok(plain(move |subject| match subject.elapsed {
        None => Score::undecided("nobody knows any more how long this answer took"),
        Some(elapsed) if elapsed <= most => Score::of(true, format!("the answer took no longer than {shown}")),
        Some(_) => Score::of(false, format!("the answer took longer than {shown}")),
    }))
}

fn duration(value: &Value) -> Option<Duration> {
    let milliseconds = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => match text.strip_suffix("ms") {
            Some(number) => number.trim().parse().ok()?,
            None => text.strip_suffix('s')?.trim().parse::<f64>().ok()? * 1000.0,
        },
        _ => return None,
    };
    Duration::try_from_secs_f64(milliseconds / 1000.0).ok().filter(|most| !most.is_zero())
}

fn tokens(value: &Value, _: &dyn Around) -> Result<Compiled, String> {
    let map = options(value, &["input", "output", "total"])?;
    if map.is_empty() {
        return Err("the value must have `input`, `output` or `total`".into());
    }
    let read = |(key, value): (&String, &Value)| match Amount::read(value) {
        Ok(amount) => Ok((key.clone(), amount)),
        Err(error) => Err(format!("`{key}`: {error}")),
    };
    let wanted: Vec<(String, Amount)> = map.iter().map(read).collect::<Result<_, _>>()?;
    Ok(plain(move |subject| {
        let usage = subject.reply.usage.as_ref();
        let (input, output) = (usage.and_then(|usage| usage.input_total()), usage.and_then(|usage| usage.output));
        let mut said = Vec::new();
        for (key, amount) in &wanted {
            let count = match key.as_str() {
                "input" => input,
                "output" => output,
                _ => input.zip(output).map(|(input, output)| input + output),
            };
            let Some(count) = count else {
                return Score::undecided(format!("the service did not count `{key}` tokens"));
            };
            let sentence = format!("`{key}` is {count} tokens, and {} are wanted", amount.words());
            if !amount.allows(count) {
                return Score::of(false, sentence);
            }
            said.push(sentence);
        }
        Score::of(true, said.join("; "))
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::trial::{look, refused, said, subject};
    use super::*;
    use crate::eval::Subject;
    use crate::model::Verdict::{Failed, Passed, Undecided};
    use crate::model::call::Usage;

    #[test]
    fn what_is_not_known_is_undecided() {
        let reply = said("😀\r\n");
        for (kind, value) in [("cost", json!(1)), ("latency", json!(1)), ("tokens", json!({"total": {"max": 9}}))] {
            let score = look(kind, &value, &subject(&reply));
            assert_eq!((score.verdict, score.value), (Undecided, None), "{kind}");
        }
    }

    #[test]
    fn money_and_time() {
        let reply = said("");
        let at = Subject { cost: Money::parse("0.002"), elapsed: Some(Duration::from_millis(1500)), ..subject(&reply) };
        let verdict = |kind, value| look(kind, &value, &at).verdict;
        assert_eq!(verdict("cost", json!(0.002)), Passed);
        assert_eq!(verdict("cost", json!(0.0019)), Failed);
        assert_eq!(verdict("cost", json!(0)), Failed);
        assert_eq!(verdict("latency", json!(1500)), Passed);
        assert_eq!(verdict("latency", json!("1.5s")), Passed);
        assert_eq!(verdict("latency", json!("1499 ms")), Failed);
        for value in [json!(-1), json!("1"), json!(null)] {
            assert!(refused("cost", &value).is_some(), "{value}");
        }
        for value in [json!(0), json!("soon"), json!([])] {
            assert!(refused("latency", &value).is_some(), "{value}");
        }
    }

    #[test]
    fn counted_tokens() {
        let usage = Usage { input: Some(10), output: Some(5), cache_read: 90, ..Usage::default() };
        let mut reply = said("");
        reply.usage = Some(usage);
        let verdict = |value| look("tokens", &value, &subject(&reply)).verdict;
        assert_eq!(verdict(json!({"input": 100, "output": {"max": 5}})), Passed);
        assert_eq!(verdict(json!({"total": {"max": 104}})), Failed);
        let half = crate::model::Reply { usage: Some(Usage { output: Some(5), ..Usage::default() }), ..said("") };
        assert_eq!(look("tokens", &json!({"total": 5}), &subject(&half)).verdict, Undecided);
        assert_eq!(look("tokens", &json!({"output": 5}), &subject(&half)).verdict, Passed);
        assert!(refused("tokens", &json!({"out": 5})).expect("refused").contains("there is no option `out`"));
        assert!(refused("tokens", &json!({})).is_some());
        assert!(refused("tokens", &json!({"output": {"max": "5"}})).expect("refused").starts_with("`output`: "));
    }
}
