//! `judge`: a model scores the answer by the criteria of a rubric.

use std::sync::Arc;

use serde_json::json;

use super::bench::{Bench, Usual, sentence};
use super::hearing::Hearing;
use super::inquiry::{Inquiry, Told};
use super::options::{COMMON, Options};
use super::panel::{Opinion, settle};
use super::sheet::{SHEETS, Sheet};
use super::shown::Shown;
use super::terms::{Said, Terms, Wanted};
use crate::base::Result;
use crate::base::hash::sha256;
use crate::eval::{Around, Compiled, Judged, Kind, Subject, Trial};
use crate::format::rubric::{self as file, THRESHOLD};
use crate::model::rubric::{Criterion, Evaluator, Panel, Scale};
use crate::model::{Map, Rubric, Value};

pub static KIND: Kind = Kind {
    name: "judge",
    about: "A model scores the answer by a rubric: a file, one that comes with palc, or a sentence.",
    example: "judge: {rubric: quality, threshold: 0.8}",
    schema,
    threshold: None,
    compile,
};

/// Keys of a rubric that may be written in the check itself.
const INLINE: [&str; 4] = ["description", "scale", "weights", "criteria"];

/// Rubrics that come with palc, by name.
pub const BUILT_IN: [(&str, &str); 5] = [
    ("consistency", include_str!("../../../assets/rubrics/consistency.yaml")),
    ("edge-cases", include_str!("../../../assets/rubrics/edge-cases.yaml")),
    ("functionality", include_str!("../../../assets/rubrics/functionality.yaml")),
    ("quality", include_str!("../../../assets/rubrics/quality.yaml")),
    ("safety", include_str!("../../../assets/rubrics/safety.yaml")),
];

/// A rubric that comes with palc.
pub fn built_in(name: &str) -> Option<Rubric> {
    let (name, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
    Some(file::read(name, text).expect("the rubrics that are compiled in are right"))
}

struct ByRubric {
    rubric: Arc<Rubric>,
    bench: Bench,
    files: Vec<(String, String)>,
    reference: Option<String>,
}

fn compile(value: &Value, around: &dyn Around) -> Result<Compiled, String> {
    let own: Vec<&str> = ["rubric", "reference"].into_iter().chain(INLINE).collect();
    let options = Options::read(value, "rubric", &own)?;
    let (mut rubric, mut files) = find(&options, around)?;
    if rubric.evaluator == Evaluator::Human {
        return Err(format!("the rubric `{}` is for people: they score by it with `palc rate`", rubric.name));
    }
    rubric.threshold = options.share("threshold")?.unwrap_or(rubric.threshold);
    let sheet = match &rubric.prompt {
        Some(path) if options.value("prompt").is_none() => {
            let path = beside(&rubric.path, path);
            let text = around.file(&path).map_err(|error| sentence(&error))?;
            Arc::new(Sheet::read(&path, &text).map_err(|error| sentence(&error))?)
        }
        _ => SHEETS.rubric.clone(),
    };
    let usual = Usual { judges: &rubric.judges, panel: rubric.panel, sheet: &sheet };
    let bench = Bench::read(&options, around, &usual)?;
    files.extend(bench.files());
    let reference = options.text("reference")?;
    Ok(Compiled::Judged(Box::new(ByRubric { rubric: Arc::new(rubric), bench, files, reference })))
}

/// The rubric that is named or written, and its file with the digest.
fn find(options: &Options, around: &dyn Around) -> Result<(Rubric, Vec<(String, String)>), String> {
    let inline = INLINE.iter().find(|key| options.value(key).is_some());
    match (options.text("rubric")?, inline) {
        (Some(_), Some(key)) => Err(format!("`rubric` names one and `{key}` writes one: give one of the two")),
        (None, None) => Err("it needs a `rubric`: a file, one that comes with palc, or a sentence".into()),
        (None, Some(_)) => {
            let keys = ["reference", "judge", "prompt", "allow_self"];
            let text = Value::Object(options.rest(&keys)).to_string();
            let rubric = file::read("this check", &text);
            rubric.map(|rubric| (rubric, Vec::new())).map_err(|error| {
                let said: Vec<&str> = error.places().iter().map(|finding| finding.message.as_str()).collect();
                said.join("; ")
            })
        }
        (Some(named), None) if is_file(&named) => {
            let text = around.file(&named).map_err(|error| sentence(&error))?;
            let rubric = file::read(&named, &text).map_err(|error| sentence(&error))?;
            Ok((rubric, vec![(named, sha256(text.as_bytes()))]))
        }
        (Some(named), None) => match BUILT_IN.iter().find(|(name, _)| *name == named) {
            Some((name, text)) => {
                let rubric = built_in(name).ok_or("there is no such rubric")?;
                Ok((rubric, vec![(format!("palc:rubrics/{name}.yaml"), sha256(text.as_bytes()))]))
            }
            None if named.trim().contains(char::is_whitespace) => Ok((one_sentence(named.trim()), Vec::new())),
            None => {
                let names: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
                let hint = crate::base::near::did_you_mean(&named, names.iter().copied());
                let hint = hint.unwrap_or_else(|| format!("those are: {}", names.join(", ")));
                Err(format!("no rubric called `{named}` comes with palc, and a file ends in .yaml; {hint}"))
            }
        },
    }
}

fn is_file(named: &str) -> bool {
    !named.contains('\n') && [".yaml", ".yml"].iter().any(|suffix| named.trim_end().ends_with(suffix))
}

/// A path that stands in a file, from that file's folder.
fn beside(file: &str, path: &str) -> String {
    match file.rsplit_once('/') {
        Some((folder, _)) if !path.starts_with('/') => format!("{folder}/{path}"),
        _ => path.to_owned(),
    }
}

/// A rubric of one criterion.
pub(super) fn one_sentence(about: &str) -> Rubric {
    let criterion = Criterion { name: "met".into(), about: about.to_owned(), weight: 1.0, anchors: Vec::new() };
    Rubric {
        name: "this check".into(),
        path: String::new(),
        description: None,
        scale: Scale::default(),
        criteria: vec![criterion],
        threshold: THRESHOLD,
        evaluator: Evaluator::Judge,
        judges: Vec::new(),
        panel: Panel::Mean,
        prompt: None,
    }
}

impl Judged for ByRubric {
    fn begin(&self, subject: &Subject<'_>) -> Result<Box<dyn Trial>> {
        let shown = Shown::of(subject, self.reference.as_deref());
        let (context, nonce) = shown.context(context(&self.rubric));
        let criteria = self.rubric.criteria.iter().map(|criterion| criterion.name.clone()).collect();
        let terms = Terms { nonce, wanted: Wanted::Scores { criteria, scale: self.rubric.scale } };
        let inquiry =
            |(at, seat)| Inquiry::new(seat, format!("{}", at + 1), &self.bench.sheet, context.clone(), terms.clone());
        let inquiries = self.bench.seats.iter().enumerate().map(inquiry).collect::<Result<_>>()?;
        let (rubric, panel) = (self.rubric.clone(), self.bench.panel);
        Ok(Box::new(Hearing::new(
            inquiries,
            Box::new(move |told| {
                let opinions: Vec<Opinion> = told.iter().map(|(judge, told)| opinion(&rubric, judge, told)).collect();
                settle(&opinions, panel, rubric.threshold)
            }),
        )))
    }

    fn files(&self) -> Vec<(String, String)> {
        self.files.clone()
    }

    fn judges(&self) -> Vec<String> {
        self.bench.names()
    }
}

/// What a judge's prompt knows of a rubric.
fn context(rubric: &Rubric) -> Map {
    let anchor = |(at, text): &(f64, String)| json!({"at": number(*at), "text": text});
    let criterion = |criterion: &Criterion| {
        let anchors: Vec<Value> = criterion.anchors.iter().map(anchor).collect();
        json!({"name": criterion.name, "about": criterion.about, "weight": criterion.weight, "anchors": anchors})
    };
    Map::from_iter([
        ("about".to_owned(), rubric.description.clone().map_or(Value::Null, Value::from)),
        ("criteria".to_owned(), rubric.criteria.iter().map(criterion).collect()),
        ("low".to_owned(), number(rubric.scale.low)),
        ("high".to_owned(), number(rubric.scale.high)),
    ])
}

/// Whole numbers are written without a point.
pub(super) fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 1e9 { Value::from(value as i64) } else { Value::from(value) }
}

/// What one judge's scores come to.
pub(super) fn opinion(rubric: &Rubric, judge: &str, told: &Told) -> Opinion {
    let verdict = match told {
        Ok(verdict) => verdict,
        Err(why) => return Opinion::none(judge, why.clone()),
    };
    let Some(Said::Scores(shares)) = &verdict.said else {
        return Opinion::none(judge, format!("the judge cannot tell: {}", verdict.reason));
    };
    let improvement = Some(verdict.improvement.as_str()).filter(|text| !text.is_empty());
    let reason =
        improvement.map_or_else(|| verdict.reason.clone(), |text| format!("{} Better: {text}", verdict.reason));
    let names = rubric.criteria.iter().map(|criterion| criterion.name.clone());
    Opinion {
        judge: judge.to_owned(),
        value: Ok(rubric.total(shares)),
        reason,
        parts: names.zip(shares.iter().copied()).collect(),
    }
}

fn schema() -> Value {
    let mut schema = common(&json!({
        "rubric": {"type": "string", "description": "A file from the suite's folder, the name of one that comes with palc, or a sentence that is to be true of the answer."},
        "reference": {"type": "string", "description": "What a good answer says, shown to the judge."},
    }));
    let rubric = file::schema();
    for key in INLINE {
        schema["anyOf"][1]["properties"][key] = rubric["properties"][key].clone();
    }
    schema
}

/// A text, or a map with these keys and those that all ways of judging know.
pub(super) fn common(own: &Value) -> Value {
    let shared = json!({
        "judge": {"type": "string", "description": "The model that judges."},
        "judges": {"type": "array", "items": {"type": "string"}, "minItems": 1, "description": "Several models that judge together."},
        "panel": {"enum": ["mean", "majority"], "description": "How the word of several judges becomes one."},
        "prompt": {"type": "string", "description": "A prompt file that is asked in place of palc's own, from the suite's folder."},
        "threshold": {"type": "number", "minimum": 0, "maximum": 1, "description": "The least value that passes."},
        "allow_self": {"type": "boolean", "description": "Whether a model may judge its own answers."},
    });
    debug_assert!(COMMON.iter().all(|key| shared.get(key).is_some()));
    let mut properties = own.as_object().cloned().unwrap_or_default();
    properties.extend(shared.as_object().cloned().unwrap_or_default());
    json!({"anyOf": [{"type": ["string", "number", "boolean"]}, {"type": "object", "properties": properties, "additionalProperties": false}]})
}
