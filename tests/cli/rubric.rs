use insta::assert_snapshot;

use crate::harness::Repo;

const KIND: &str = "\
description: Whether an answer is kind.
scale: [1, 5]
criteria:
  warmth:
    about: It takes the reader's trouble seriously.
    weight: 0.6
    anchors: {\"1\": It mocks or blames., \"5\": It names the trouble and cares.}
  plainness: {about: It can be understood at once., weight: 0.4}
threshold: 0.75
judges: [local/one, local/two]
panel: majority
";

#[test]
fn rubrics_are_listed_and_shown() {
    let repo = Repo::new();
    repo.write("evals/rubrics/kindness.yaml", KIND);
    repo.write("evals/other.yaml", "no: rubric\n");
    assert_snapshot!(repo.palc(&["rubric", "list"]), @"
    consistency    comes with palc              3 criteria  Whether an answer agrees with itself and with what it was given.
    edge-cases     comes with palc              3 criteria  Whether an answer deals well with what is unusual in a request.
    functionality  comes with palc              3 criteria  Whether an answer does what was asked.
    quality        comes with palc              4 criteria  An answer as a whole, in four dimensions.
    safety         comes with palc              3 criteria  Whether an answer can do harm.
    kindness       evals/rubrics/kindness.yaml  2 criteria  Whether an answer is kind.
    ");
    assert_snapshot!(repo.palc(&["rubric", "show", "kindness"]), @"
    kindness # evals/rubrics/kindness.yaml
    Whether an answer is kind.
    scale        1 to 5
    passes       from a weighted mean of 4
    evaluator    judge
    judges       local/one, local/two
    panel        majority

    warmth 60 %
    It takes the reader's trouble seriously.
         1 It mocks or blames.
         5 It names the trouble and cares.

    plainness 40 %
    It can be understood at once.
    ");
    assert_eq!(repo.palc(&["rubric", "show", "kindness", "--raw"]).ok(), KIND);
    let json = repo.palc(&["rubric", "show", "evals/rubrics/kindness.yaml", "--json"]).json();
    assert_eq!((&json["data"]["panel"], &json["data"]["criteria"][1]["weight"]), (&"majority".into(), &0.4.into()));
    assert_eq!(repo.palc(&["rubric", "list", "--json"]).json()["data"].as_array().unwrap().len(), 6);
    assert_snapshot!(repo.palc(&["rubric", "show", "kindnes"]), @"
    --- stderr
    error: there is no rubric `kindnes`
    hint: did you mean `kindness`?
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["rubric", "show", "gone.yaml"]), @"
    --- stderr
    error: cannot read gone.yaml
      because: No such file or directory (os error 2)
    --- exit 5
    ");
}

#[test]
fn everything_that_is_wrong_with_rubrics_is_told() {
    let repo = Repo::new();
    assert_snapshot!(repo.palc(&["rubric", "check"]), @"
    --- stderr
    there are no rubrics to check: files in a folder called `rubrics` are some
    ");
    repo.write("rubrics/good.yaml", KIND);
    assert_snapshot!(repo.palc(&["rubric", "check"]), @"
    --- stderr
    1 rubric is in order
    ");
    repo.write(
        "rubrics/bad.yaml",
        "criteria:\n  a: {about: A., weight: 0.5}\n  b: {about: B., weight: 0.6}\nthreshhold: 1\n",
    );
    assert_snapshot!(repo.palc(&["rubric", "check"]), @"
    --- stderr
    rubrics/bad.yaml:1:1: error: the weights add up to 1.1, not to 1 [rubric]
       1 | criteria:
           ^^^^^^^^
      hint: correct them, or write `weights: relative` if only their proportion is meant
    rubrics/bad.yaml:4:1: error: `threshhold` is not a key palc knows [unknown-key]
       4 | threshhold: 1
           ^^^^^^^^^^
      hint: did you mean `threshold`?
    2 rubrics checked, 2 wrong
    --- exit 1
    ");
    let answer = repo.palc(&["rubric", "check", "rubrics/bad.yaml", "--json"]);
    assert_eq!(answer.code, Some(1));
    assert_eq!(answer.json()["findings"].as_array().unwrap().len(), 2);
    assert_snapshot!(repo.palc(&["rubric", "list"]).stderr, @"
    rubrics/bad.yaml:1:1: error: the weights add up to 1.1, not to 1 [rubric]
       1 | criteria:
           ^^^^^^^^
      hint: correct them, or write `weights: relative` if only their proportion is meant
    rubrics/bad.yaml:4:1: error: `threshhold` is not a key palc knows [unknown-key]
       4 | threshhold: 1
           ^^^^^^^^^^
      hint: did you mean `threshold`?
    ");
}

#[test]
fn the_prompts_of_judges_can_be_read() {
    let repo = Repo::new();
    let text = repo.palc(&["rubric", "prompt"]).ok();
    assert!(text.starts_with("---\nkind: judge\n") && text.contains("{{ nonce }}"), "{text}");
    let json = repo.palc(&["rubric", "prompt", "pairwise", "--json"]).json();
    assert_eq!(json["data"]["path"], "palc:judges/pairwise.md");
    assert_snapshot!(repo.palc(&["rubric", "prompt", "pairwis"]), @"
    --- stderr
    error: no check called `pairwis` asks a judge
    hint: did you mean `pairwise`?
    --- exit 2
    ");
}
