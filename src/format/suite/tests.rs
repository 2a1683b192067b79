use super::*;
use crate::model::suite::Check;

fn wrong(text: &str) -> Vec<String> {
    let error = read("s", "evals/s.eval.yaml", text).expect_err("something is wrong");
    let said = error.places().iter().map(|it| format!("{}:{}: {}", it.place.line, it.place.column, it.message));
    said.collect()
}

#[test]
fn a_suite_with_everything() {
    let text = "description: d\nprompts: [a, b@2]\nmodel: echo\ndataset: ../d.csv\nvars: {x: 1}\nparams: {temperature: 0}\nsweep: {params.top_p: [0.5, 1, 0.5]}\nrepeat: 3\njudge: openai/x\ncluster: doc\nderived: {f1: 2 * p}\nsplits: {train: 0.5, report: 0.5}\nchecks: [is-json, {not-contains: no, weight: 2, metric: m, required: false}]\ncases:\n- id: one\n  vars: {y: [1]}\n  tags: [t]\n  split: train\n  checks: [{judge: {rubric: r}, threshold: 0.7}]\ngate: {min_pass_rate: 0.9, metrics: {m: 0.5}}\n";
    let suite = read("s", "evals/s.eval.yaml", text).expect("it is in order");
    let words = |said: &[Said<String>]| said.iter().map(|said| said.it.clone()).collect::<Vec<_>>();
    assert_eq!((words(&suite.prompts), words(&suite.models)), (vec!["a".into(), "b@2".into()], vec!["echo".into()]));
    assert_eq!(suite.sweep, [("params.top_p".to_owned(), vec![Value::from(0.5), Value::from(1)])]);
    assert_eq!((suite.repeat, suite.cluster.as_deref()), (3, Some("doc")));
    let shown = |check: &Check| (check.kind.clone(), check.negated, check.options.weight, check.place.column);
    assert_eq!(
        suite.checks.iter().map(shown).collect::<Vec<_>>(),
        [("is-json".to_owned(), false, 1.0, 10), ("contains".to_owned(), true, 2.0, 20)]
    );
    assert_eq!(suite.cases[0].checks[0].options.threshold, Some(0.7));
    assert_eq!(suite.gate.metrics, [("m".to_owned(), 0.5)]);
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    assert_eq!(wrong(""), ["1:1: a suite names `prompts`, and has `cases` or a `dataset`"]);
    assert_eq!(
        wrong("prompts: a\nasserts: [x]\ncases: [{vars: {}, chekcs: []}]\nrepeat: 0\n"),
        [
            "2:1: unknown key `asserts`",
            "3:9: nothing is checked in the case `44136fa355`",
            "3:20: unknown key `chekcs`",
            "4:9: `repeat` must be a number from 1 to 1000",
        ]
    );
    assert_eq!(
        wrong("prompts: a\nchecks: [{contains: x, tresholt: 1}, {weight: 1}, [x]]\ncases: [{id: a}, {id: a}]\n"),
        [
            "2:24: `tresholt` stands beside `contains`, and a check is of one kind",
            "2:38: a check names its kind, such as `contains: billing`",
            "2:51: this must be a check, and is a list",
            "3:23: two cases have the id `a`; the other is in line 3",
        ]
    );
    assert_eq!(
        wrong("prompts: a\ndataset: d.csv\n"),
        ["2:1: nothing is checked of the rows of the dataset: the suite has no `checks` for every case"]
    );
    assert_eq!(
        wrong("prompts: a\nsplits: {train: 0.5}\nsweep: {temperature: [1]}\ncases: [{id: a, split: x, checks: [y]}]\n"),
        [
            "2:9: the shares of the splits add up to 0.5, not to 1",
            "3:9: `temperature` is neither `params.<name>` nor `vars.<name>`",
            "4:24: `x` is not one of the suite's `splits`",
        ]
    );
}

#[test]
fn a_case_without_an_id_is_named_by_its_values() {
    let id = |text: &str| {
        read("s", "s", &format!("prompts: a\nchecks: [x]\ncases: [{{vars: {text}}}]")).expect("fine").cases[0]
            .id
            .clone()
    };
    assert_eq!(id("{a: 1, b: 2}"), id("{b: 2, a: 1}"));
    assert_ne!(id("{a: 1}"), id("{a: '1'}"));
}
