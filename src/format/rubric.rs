//! Rubrics.
//!
//! ```yaml
//! description: Whether an answer is kind.
//! scale: [0, 10]
//! criteria:
//!   warmth:
//!     about: It takes the reader's trouble seriously.
//!     weight: 0.6
//!     anchors: {"0": It mocks or blames., "10": It names the trouble and cares.}
//!   plainness: {about: It can be understood at once., weight: 0.4}
//! threshold: 0.7
//! ```
//!
//! Weights add up to 1, or the file says `weights: relative`. Without any, all criteria count the same.

use serde_json::{Value, json};

use super::fields::{FREE, Field, LINE, field};
use super::shape::Shape::{AnyOf, Choice, List, Map, MapOf, Number, OneOrMany};
use super::shape::{Rest, check_fields, object};
use super::yaml::{self, Node, Problem};
use crate::base::text::{BOM, Lines};
use crate::base::{Error, Finding, Place, Result, Span};
use crate::model::Rubric;
use crate::model::rubric::{Criterion, Evaluator, Panel, Scale};

/// What passes where a rubric does not say it.
pub const THRESHOLD: f64 = 0.7;

/// How far weights may be from 1 together: they are written in decimals.
const NEAR: f64 = 1e-6;

/// The keys of a rubric.
pub const FIELDS: &[Field] = &[
    field("description", FREE, "What is scored, in a sentence."),
    field("scale", List(&Number { min: -1e6, max: 1e6 }), "The lowest and the highest score; [0, 10] if absent."),
    field(
        "criteria",
        MapOf(&AnyOf(&[FREE, Map(CRITERION, Rest::Refused)])),
        "Each criterion's name, with the sentence whose truth is scored.",
    ),
    field(
        "weights",
        Choice(&["absolute", "relative"]),
        "Whether weights may be of any size; they add up to 1 if absent.",
    ),
    field(
        "threshold",
        Number { min: 0.0, max: 1.0 },
        "The least weighted mean that passes, from 0 to 1 whatever the scale; 0.7 if absent.",
    ),
    field("evaluator", Choice(&["judge", "human"]), "Who scores by it; a model that judges if absent."),
    field("judges", OneOrMany(&LINE), "Models that judge, where a check does not name any."),
    field("panel", Choice(&["mean", "majority"]), "How the word of several judges becomes one; their mean if absent."),
    field("prompt", LINE, "A prompt file that is asked in place of palc's own, from this file's folder."),
];

const CRITERION: &[Field] = &[
    field("about", FREE, "The sentence whose truth is scored."),
    field("weight", Number { min: 0.0, max: 1e6 }, "How much it counts."),
    field("anchors", MapOf(&FREE), "What answers are like that have this score: `\"0\": It is rude.`"),
];

/// Read a file; everything that is wrong in it is reported at once.
pub fn read(path: &str, text: &str) -> Result<Rubric> {
    let start = if text.starts_with(BOM) { BOM.len_utf8() } else { 0 };
    let tree = yaml::read(&text[start..], start);
    let mut reader = Reader { problems: tree.problems };
    let rubric = match &tree.root {
        Some(root) => reader.rubric(path, root),
        None if reader.problems.is_empty() => {
            reader.wrong(Span::at(start), "a rubric lists `criteria`", None);
            None
        }
        None => None,
    };
    let lines = Lines::new(text);
    let finding = |problem: &Problem| {
        let place = Place::in_lines(path, &lines, problem.span);
        Finding::error(problem.rule, place, &problem.message).hint_if(problem.hint.as_ref())
    };
    let mut findings: Vec<Finding> = reader.problems.iter().map(finding).collect();
    Finding::sort(&mut findings);
    match rubric.filter(|_| findings.is_empty()) {
        Some(rubric) => Ok(rubric),
        None => Err(Error::findings(format!("{path} is not in order"), findings)),
    }
}

/// The JSON Schema of a rubric, for editors.
pub fn schema() -> Value {
    let mut schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "palc rubric",
        "description": "By what answers are scored, and how much each part counts.",
        "required": ["criteria"],
    });
    if let (Some(schema), Value::Object(fields)) = (schema.as_object_mut(), object(FIELDS, Rest::Refused)) {
        schema.extend(fields);
    }
    schema
}

/// The name of a rubric's file: without its folders and its suffix.
pub fn name(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.strip_suffix(".yaml").or_else(|| file.strip_suffix(".yml")).unwrap_or(file)
}

struct Reader {
    problems: Vec<Problem>,
}

/// A weight where one is written.
type Weighed = (Criterion, Option<f64>);

impl Reader {
    /// None if nothing can be made of it; what is wrong is among the problems.
    fn rubric(&mut self, path: &str, root: &Node) -> Option<Rubric> {
        if !matches!(root.data, yaml::Data::Map(_)) {
            self.wrong(root.span, format!("a rubric is a map, and this is {}", root.type_word()), None);
            return None;
        }
        let before = self.problems.len();
        check_fields(root, FIELDS, Rest::Refused, "", &mut self.problems);
        for problem in self.problems.iter_mut().skip(before) {
            mend(problem);
        }
        let scale = self.scale(root)?;
        let criteria = self.criteria(root, scale);
        let text = |key: &str| root.get(key).and_then(Node::text);
        Some(Rubric {
            name: name(path).to_owned(),
            path: path.to_owned(),
            description: text("description").map(|text| text.trim().to_owned()),
            scale,
            criteria,
            threshold: root.get("threshold").and_then(|node| node.value().as_f64()).unwrap_or(THRESHOLD),
            evaluator: text("evaluator").and_then(Evaluator::from_word).unwrap_or_default(),
            judges: root.get("judges").map(texts).unwrap_or_default(),
            panel: text("panel").and_then(Panel::from_word).unwrap_or_default(),
            prompt: text("prompt").map(str::to_owned),
        })
    }

    fn scale(&mut self, root: &Node) -> Option<Scale> {
        let Some(node) = root.get("scale").filter(|node| !node.is_null()) else { return Some(Scale::default()) };
        let numbers: Vec<f64> = node.items().iter().filter_map(|item| item.value().as_f64()).collect();
        match numbers[..] {
            [low, high] if low < high && node.items().len() == 2 => Some(Scale { low, high }),
            _ => {
                let message = "`scale` is two numbers, the lower one first";
                self.wrong(node.span, message, Some("as in `scale: [0, 10]`".into()));
                None
            }
        }
    }

    fn criteria(&mut self, root: &Node, scale: Scale) -> Vec<Criterion> {
        let Some(entry) = root.entry("criteria").filter(|entry| !entry.value.entries().is_empty()) else {
            let place = root.entry("criteria").map_or(Span::at(root.span.start), |entry| entry.key_span);
            let hint = "as in `criteria: {clarity: It can be understood in one way only.}`";
            self.wrong(place, "a rubric lists `criteria`, and this one has none", Some(hint.into()));
            return Vec::new();
        };
        let mut weighed: Vec<Weighed> = Vec::new();
        for criterion in entry.value.entries() {
            if criterion.key.trim().is_empty() {
                self.wrong(criterion.key_span, "a criterion has a name", None);
            }
            weighed.extend(self.criterion(criterion, scale));
        }
        // Weights of criteria that are wrong themselves would only be told twice.
        let span = entry.value.span;
        let is_inside = |problem: &Problem| span.start <= problem.span.start && problem.span.end <= span.end;
        if !self.problems.iter().any(is_inside) {
            let relative = root.get("weights").and_then(Node::text) == Some("relative");
            self.weigh(&mut weighed, relative, entry.key_span, &entry.value);
        }
        weighed.into_iter().map(|(criterion, _)| criterion).collect()
    }

    fn criterion(&mut self, entry: &yaml::Entry, scale: Scale) -> Option<Weighed> {
        let node = &entry.value;
        let about = node.text().or_else(|| node.get("about")?.text()).map(str::trim).filter(|text| !text.is_empty());
        let Some(about) = about else {
            let message = format!("the criterion `{}` says nothing `about` itself", entry.key);
            self.wrong(entry.key_span, message, Some("write the sentence whose truth is scored".into()));
            return None;
        };
        let mut anchors = Vec::new();
        for anchor in node.get("anchors").map(Node::entries).unwrap_or_default() {
            match anchor.key.trim().parse::<f64>().ok().filter(|at| scale.holds(*at)) {
                Some(at) => anchors.push((at, anchor.value.text().unwrap_or_default().trim().to_owned())),
                None => {
                    let Scale { low, high } = scale;
                    let message = format!("`{}` is no score from {low} to {high}", anchor.key);
                    self.wrong(anchor.key_span, message, None);
                }
            }
        }
        anchors.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let weight = node.get("weight").and_then(|weight| weight.value().as_f64());
        Some((Criterion { name: entry.key.clone(), about: about.to_owned(), weight: 0.0, anchors }, weight))
    }

    fn weigh(&mut self, weighed: &mut [Weighed], relative: bool, place: Span, node: &Node) {
        let even = weighed.iter().all(|(_, weight)| weight.is_none());
        let sum: f64 = if even { weighed.len() as f64 } else { weighed.iter().filter_map(|(_, weight)| *weight).sum() };
        let missing = weighed.iter().position(|(_, weight)| weight.is_none()).filter(|_| !even);
        if let Some(at) = missing {
            let entry = &node.entries()[at];
            let message = format!("the criterion `{}` has no `weight`, and others have one", entry.key);
            return self.wrong(entry.key_span, message, Some("give each a weight, or none at all".into()));
        }
        if sum <= 0.0 {
            return self.wrong(place, "no weight is above 0, so nothing would count", None);
        }
        if !even && !relative && (sum - 1.0).abs() > NEAR {
            let message = format!("the weights add up to {}, not to 1", round(sum));
            let hint = "correct them, or write `weights: relative` if only their proportion is meant";
            return self.wrong(place, message, Some(hint.into()));
        }
        for (criterion, weight) in weighed {
            criterion.weight = weight.unwrap_or(1.0) / sum;
        }
    }

    fn wrong(&mut self, span: Span, message: impl Into<String>, hint: Option<String>) {
        self.problems.push(Problem { rule: "rubric", message: message.into(), span, hint });
    }
}

/// What a rubric's reader would not understand of the words for prompt files.
fn mend(problem: &mut Problem) {
    if problem.hint.as_deref() == Some("put fields of your own under `custom`") {
        let names: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
        problem.hint = Some(format!("known here: {}", names.join(", ")));
    }
    if problem.message.starts_with("`threshold` must be 0 to 1") {
        problem.hint = Some("a threshold is a share of the scale: 0.7 stands for 7 on a scale from 0 to 10".into());
    }
}

/// A list, or its only item.
fn texts(node: &Node) -> Vec<String> {
    match node.text() {
        Some(text) => vec![text.to_owned()],
        None => node.items().iter().filter_map(Node::text).map(str::to_owned).collect(),
    }
}

fn round(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KIND: &str = "description: Kind?\nscale: [1, 5]\ncriteria:\n  warmth:\n    about: It cares.\n    weight: 0.6\n    \
                        anchors: {\"5\": It names the trouble., \"1\": It mocks.}\n  plainness: {about: It is plain., weight: 0.4}\n\
                        threshold: 0.8\njudges: [a/b, c/d]\npanel: majority\n";

    fn wrong(text: &str) -> Vec<String> {
        let error = read("rubrics/r.yaml", text).expect_err("is wrong");
        error.places().iter().map(|f| format!("{}:{} {}", f.place.line, f.place.column, f.message)).collect()
    }

    #[test]
    fn a_rubric_is_read() {
        let rubric = read("evals/rubrics/kind.yaml", KIND).expect("right");
        assert_eq!((rubric.name.as_str(), rubric.scale), ("kind", Scale { low: 1.0, high: 5.0 }));
        let [warmth, plainness] = &rubric.criteria[..] else { panic!("two") };
        assert_eq!((warmth.weight, plainness.about.as_str()), (0.6, "It is plain."));
        assert_eq!(warmth.anchors, [(1.0, "It mocks.".to_owned()), (5.0, "It names the trouble.".to_owned())]);
        assert_eq!((rubric.threshold, rubric.panel), (0.8, Panel::Majority));
        assert_eq!(rubric.judges, ["a/b", "c/d"]);
        assert!((rubric.total(&[1.0, 0.5]) - 0.8).abs() < 1e-12);
    }

    #[test]
    fn criteria_may_be_sentences_and_weigh_the_same() {
        let rubric = read("r.yaml", "criteria: {a: It is a., b: It is b.}").expect("right");
        assert!(rubric.criteria.iter().all(|criterion| criterion.weight == 0.5));
        assert_eq!((rubric.scale, rubric.threshold), (Scale::default(), THRESHOLD));
    }

    #[test]
    fn weights_are_never_made_to_fit_in_silence() {
        let of = |weights: &str, more: &str| {
            let [a, b] = [0, 1].map(|at| weights.split(' ').nth(at).expect("two"));
            format!("criteria:\n  a: {{about: A., weight: {a}}}\n  b: {{about: B., weight: {b}}}\n{more}")
        };
        assert_eq!(wrong(&of("0.5 0.6", "")), ["1:1 the weights add up to 1.1, not to 1"]);
        assert_eq!(wrong(&of("0.333 0.666", "weights: absolute")), ["1:1 the weights add up to 0.999, not to 1"]);
        assert_eq!(wrong(&of("0 0", "weights: relative")), ["1:1 no weight is above 0, so nothing would count"]);
        let rubric = read("r.yaml", &of("3 1", "weights: relative")).expect("declared");
        assert_eq!(rubric.criteria[0].weight, 0.75);
        let one = "criteria:\n  a: {about: A., weight: 1}\n  b: B.\n";
        assert_eq!(wrong(one), ["3:3 the criterion `b` has no `weight`, and others have one"]);
    }

    #[test]
    fn everything_that_is_wrong_has_its_place() {
        let text = "desciption: x\nthreshold: 7\ncriteria:\n  a: {abut: x}\n  b: {about: B., anchors: {\"11\": x}}\npanel: vote\n";
        insta::assert_snapshot!(wrong(text).join("\n"), @"
        1:1 `desciption` is not a key palc knows
        2:12 `threshold` must be 0 to 1, and is 7
        4:3 the criterion `a` says nothing `about` itself
        4:7 `criteria.a.abut` is not a key palc knows
        5:28 `11` is no score from 0 to 10
        6:8 `panel` cannot be `vote`
        ");
        assert_eq!(wrong("scale: [10, 0]\ncriteria: {a: A.}"), ["1:8 `scale` is two numbers, the lower one first"]);
        assert_eq!(wrong(""), ["1:1 a rubric lists `criteria`"]);
        assert_eq!(wrong("[a]"), ["1:1 a rubric is a map, and this is a list"]);
        assert_eq!(wrong("criteria: {}"), ["1:1 a rubric lists `criteria`, and this one has none"]);
    }

    proptest! {
        #[test]
        fn relative_weights_become_shares(sizes in prop::collection::vec(0.0..1e3, 1..6)) {
            prop_assume!(sizes.iter().sum::<f64>() > 0.0);
            let criterion = |(at, size): (usize, &f64)| format!("  c{at}: {{about: A., weight: {size}}}\n");
            let lines: String = sizes.iter().enumerate().map(criterion).collect();
            let rubric = read("r.yaml", &format!("weights: relative\ncriteria:\n{lines}")).expect("right");
            let sum: f64 = rubric.criteria.iter().map(|criterion| criterion.weight).sum();
            prop_assert!((sum - 1.0).abs() < 1e-9);
            let total = rubric.total(&vec![1.0; sizes.len()]);
            prop_assert!((total - 1.0).abs() < 1e-9 && total <= 1.0);
        }
    }
}
