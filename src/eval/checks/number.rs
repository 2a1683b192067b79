//! Numbers in answers.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::json;

use super::normal::quoted;
use super::options::{number, options, schemas, type_word};
use super::plain;
use crate::base::near::did_you_mean;
use crate::eval::{Around, Compiled, Kind};
use crate::model::{Map, Score, Value};

pub static NUMBER: Kind = Kind {
    name: "number",
    about: "The answer is a number: this one, or one from `min` to `max`. `tolerance` is how far it may be off, as a number \
            or as `5%` of what is wanted. `at: first` and `at: last` take a number out of a longer answer. Thousands may \
            stand apart by commas; a comma is no decimal point.",
    example: "number: {equals: 42.5, tolerance: 0.1, at: last}",
    schema,
    threshold: None,
    compile,
};

const KEYS: [&str; 5] = ["equals", "tolerance", "min", "max", "at"];
const PLACES: [&str; 3] = ["whole", "first", "last"];

fn schema() -> Value {
    let properties = json!({
        "equals": {"type": ["number", "string"]},
        "tolerance": {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\d+(\.\d+)?%$"}]},
        "min": {"type": "number"},
        "max": {"type": "number"},
        "at": {"enum": PLACES},
    });
    json!({"anyOf": [{"type": ["number", "string"]}, schemas::options(&properties, &[])]})
}

fn compile(value: &Value, _: &dyn Around) -> Result<Compiled, String> {
    let whole;
    let map = match value {
        Value::Object(_) => options(value, &KEYS)?,
        _ => {
            whole = Map::from_iter([("equals".to_owned(), value.clone())]);
            &whole
        }
    };
    let place = place(map)?;
    let wanted = Wanted::read(map)?;
    Ok(plain(move |subject| match place(&subject.reply.text) {
        None => Score::of(
            false,
            format!("the answer has no number where one is wanted: {}", quoted(subject.reply.text.trim())),
        ),
        Some(number) => {
            Score::of(wanted.allows(number), format!("the number is {number}, and {} is wanted", wanted.words()))
        }
    }))
}

struct Wanted {
    least: Option<f64>,
    most: Option<f64>,
    equals: Option<(f64, f64)>,
}

impl Wanted {
    fn read(map: &Map) -> Result<Wanted, String> {
        let (least, most) = (number(map, "min")?, number(map, "max")?);
        let equals = map.get("equals").map(wanted_number).transpose()?;
        match (equals, least.or(most)) {
            (None, None) => return Err("the value must be a number, or have `equals`, `min` or `max`".into()),
            (Some(_), Some(_)) => return Err("`equals` and `min` or `max` exclude each other".into()),
            (None, Some(_)) if map.contains_key("tolerance") => {
                return Err("`tolerance` belongs to `equals`; widen `min` and `max` instead".into());
            }
            _ => {}
        }
        if let (Some(least), Some(most)) = (least, most)
            && least > most
        {
            return Err(format!("`min` ({least}) is above `max` ({most})"));
        }
        let equals = equals.map(|equals| tolerance(map, equals).map(|tolerance| (equals, tolerance))).transpose()?;
        Ok(Wanted { least, most, equals })
    }

    fn allows(&self, number: f64) -> bool {
        if let Some((equals, tolerance)) = self.equals {
            // 1.01 is as far from 1 as 0.01 says, although the machine's numbers are not.
            let rounding = 1e-12 * equals.abs().max(number.abs());
            return (number - equals).abs() <= if tolerance == 0.0 { 0.0 } else { tolerance + rounding };
        }
        self.least.is_none_or(|least| number >= least) && self.most.is_none_or(|most| number <= most)
    }

    fn words(&self) -> String {
        match (self.equals, self.least, self.most) {
            (Some((equals, 0.0)), ..) => format!("{equals}"),
            (Some((equals, tolerance)), ..) => format!("{equals} ± {tolerance}"),
            (None, Some(least), Some(most)) => format!("{least} to {most}"),
            (None, Some(least), None) => format!("at least {least}"),
            (None, None, Some(most)) => format!("at most {most}"),
            (None, None, None) => "any".into(),
        }
    }
}

/// A number, also as text: data files know no other.
fn wanted_number(value: &Value) -> Result<f64, String> {
    let found = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => whole(text),
        other => return Err(format!("the number to be met must be a number, and is {}", type_word(other))),
    };
    found.ok_or_else(|| format!("{} is no number", quoted(value.as_str().unwrap_or_default())))
}

fn tolerance(map: &Map, equals: f64) -> Result<f64, String> {
    let wrong = "`tolerance` must be a number of 0 or more, or a share such as `5%`";
    let tolerance = match map.get("tolerance") {
        None => 0.0,
        Some(Value::String(text)) => {
            let share: f64 = text.trim().strip_suffix('%').and_then(|share| share.trim().parse().ok()).ok_or(wrong)?;
            equals.abs() * share / 100.0
        }
        Some(value) => value.as_f64().ok_or(wrong)?,
    };
    (tolerance >= 0.0 && tolerance.is_finite()).then_some(tolerance).ok_or_else(|| wrong.into())
}

type Place = fn(&str) -> Option<f64>;

fn place(map: &Map) -> Result<Place, String> {
    match map.get("at").map(|value| value.as_str().unwrap_or_default()) {
        None | Some("whole") => Ok(whole),
        Some("first") => Ok(|text| numbers(text).next()),
        Some("last") => Ok(|text| numbers(text).last()),
        Some(word) => Err(match did_you_mean(word, PLACES) {
            Some(hint) => format!("`at` must be {}; {hint}", PLACES.join(", ")),
            None => format!("`at` must be {}", PLACES.join(", ")),
        }),
    }
}

static NUMBERS: LazyLock<Regex> = LazyLock::new(|| {
    let digits = r"(?:\d{1,3}(?:,\d{3})+\b|\d+)";
    Regex::new(&format!(r"[-+−]?(?:{digits}(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?")).expect("the pattern is one")
});

/// Nothing but one number with blanks around it.
fn whole(text: &str) -> Option<f64> {
    let text = text.trim();
    NUMBERS.find(text).filter(|found| found.len() == text.len()).and_then(|found| parse(found.as_str()))
}

/// Numbers in a text. Digits in a word or behind a decimal point of another number are none; a dash behind a letter or
/// digit is no sign.
fn numbers(text: &str) -> impl Iterator<Item = f64> {
    NUMBERS.find_iter(text).filter_map(|found| {
        let before = text[..found.start()].chars().next_back();
        let joined = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let signed = found.as_str().starts_with(['-', '+', '−']);
        match joined {
            true if signed => parse(found.as_str().trim_start_matches(['-', '+', '−'])),
            true => None,
            false => parse(found.as_str()),
        }
    })
}

fn parse(text: &str) -> Option<f64> {
    text.replace(',', "").replace('−', "-").parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::trial::{refused, table};

    #[test]
    fn numbers_in_answers() {
        table(
            "number",
            &json!(42),
            &[
                ("42", true),
                (" 42.0\r\n", true),
                ("4.2e1", true),
                ("42 €", false),
                ("the answer is 42", false),
                ("", false),
                ("😀", false),
            ],
        );
        table("number", &json!({"equals": 1, "tolerance": 0.01}), &[("1.01", true), ("0.99", true), ("1.011", false)]);
        table("number", &json!({"equals": -200, "tolerance": "5%"}), &[("-210", true), ("−190", true), ("211", false)]);
        table("number", &json!({"equals": "1,234.5"}), &[("1234.5", true), ("1,234.50", true), ("1,23", false)]);
        table("number", &json!({"min": 0, "max": 1}), &[(".5", true), ("0", true), ("1.1", false), ("3,5", false)]);
        table(
            "number",
            &json!({"equals": 7, "at": "last"}),
            &[("2 + 5 = 7.", true), ("gpt4 says 7", true), ("from 3-7", true), ("7 of 9", false), ("none", false)],
        );
        table("number", &json!({"equals": 2, "at": "first"}), &[("v1 has 2 or 3", true), ("$2", true), ("x", false)]);
    }

    #[test]
    fn what_is_wrong_is_told() {
        let wrong = |value| refused("number", &value).expect("refused");
        assert_eq!(wrong(json!("many")), "`many` is no number");
        assert!(wrong(json!({"at": "last"})).contains("`equals`, `min` or `max`"));
        assert!(wrong(json!({"equals": 1, "max": 2})).contains("exclude"));
        assert!(wrong(json!({"min": 1, "tolerance": 2})).contains("belongs to `equals`"));
        assert!(wrong(json!({"equals": 1, "tolerance": "much"})).contains("`5%`"));
        assert!(wrong(json!({"equals": 1, "at": "lst"})).contains("did you mean `last`?"));
        assert!(wrong(json!({"min": 2, "max": 1})).contains("above"));
    }
}
