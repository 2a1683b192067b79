//! How near an answer is in meaning.

use super::options::{one_or_more, schemas};
use super::plain;
use crate::eval::{Around, Compiled, Kind};
use crate::model::{Score, Value};

pub static SIMILAR: Kind = Kind {
    name: "similar",
    about: "The answer means much the same as the text, or as one of these: the cosine of their directions in the space of \
            meanings that `palc search` uses. What is opposed counts as 0.",
    example: "similar: Your refund is on its way.",
    schema: schemas::one_or_more,
    threshold: Some(0.75),
    compile,
};

fn compile(value: &Value, around: &dyn Around) -> Result<Compiled, String> {
    let texts = one_or_more(value)?;
    if texts.iter().any(|text| text.trim().is_empty()) {
        return Err("a text of nothing but blanks means nothing".into());
    }
    let said = |error: crate::base::Error| error.message().to_owned();
    let directions = around.meaning().map_err(said)?;
    let wanted = directions(&texts.iter().map(String::as_str).collect::<Vec<_>>()).map_err(said)?;
    Ok(plain(move |subject| {
        if subject.reply.text.trim().is_empty() {
            return Score::graded(0.0, false, "the answer is empty");
        }
        match directions(&[&subject.reply.text]) {
            Ok(found) => {
                let answer = found.first().map(Vec::as_slice).unwrap_or_default();
                let nearest = wanted.iter().map(|one| cosine(one, answer)).fold(0.0, f64::max);
                Score::graded(nearest, nearest == 1.0, format!("the cosine is {nearest:.3}"))
            }
            Err(error) => Score::undecided(format!("the answer has no direction: {error}")),
        }
    }))
}

/// Of directions of length 1: between 0 and 1, as what is opposed is no nearer than what has nothing to do with it.
fn cosine(one: &[f32], other: &[f32]) -> f64 {
    one.iter().zip(other).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>().clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::trial::{refused, table, value};

    #[test]
    fn meanings() {
        table(
            "similar",
            &json!("red and green"),
            &[
                ("green, red", true),
                ("green red\r\nred green 😀", true),
                ("red red", false),
                ("blue", false),
                ("", false),
            ],
        );
        table("similar", &json!(["blue", "red"]), &[("red", true), ("green", false)]);
        assert!((value("similar", &json!("red"), "red green") - 0.5_f64.sqrt()).abs() < 1e-6);
        assert!(refused("similar", &json!(" ")).is_some());
    }
}
