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
    assert_snapshot!(repo.palc(&["rubric", "list"]), @"");
    assert_snapshot!(repo.palc(&["rubric", "show", "kindness"]), @"");
    assert_eq!(repo.palc(&["rubric", "show", "kindness", "--raw"]).ok(), KIND);
    let json = repo.palc(&["rubric", "show", "evals/rubrics/kindness.yaml", "--json"]).json();
    assert_eq!((&json["data"]["panel"], &json["data"]["criteria"][1]["weight"]), (&"majority".into(), &0.4.into()));
    assert_eq!(repo.palc(&["rubric", "list", "--json"]).json()["data"].as_array().unwrap().len(), 6);
    assert_snapshot!(repo.palc(&["rubric", "show", "kindnes"]), @"");
    assert_snapshot!(repo.palc(&["rubric", "show", "gone.yaml"]), @"");
}

#[test]
fn everything_that_is_wrong_with_rubrics_is_told() {
    let repo = Repo::new();
    assert_snapshot!(repo.palc(&["rubric", "check"]), @"");
    repo.write("rubrics/good.yaml", KIND);
    assert_snapshot!(repo.palc(&["rubric", "check"]), @"");
    repo.write(
        "rubrics/bad.yaml",
        "criteria:\n  a: {about: A., weight: 0.5}\n  b: {about: B., weight: 0.6}\nthreshhold: 1\n",
    );
    assert_snapshot!(repo.palc(&["rubric", "check"]), @"");
    let answer = repo.palc(&["rubric", "check", "rubrics/bad.yaml", "--json"]);
    assert_eq!(answer.code(), 1);
    assert_eq!(answer.json()["findings"].as_array().unwrap().len(), 1);
    assert_snapshot!(repo.palc(&["rubric", "list"]).stderr, @"");
}

#[test]
fn the_prompts_of_judges_can_be_read() {
    let repo = Repo::new();
    let text = repo.palc(&["rubric", "prompt"]).ok();
    assert!(text.starts_with("---\nkind: judge\n") && text.contains("{{ nonce }}"), "{text}");
    let json = repo.palc(&["rubric", "prompt", "pairwise", "--json"]).json();
    assert_eq!(json["data"]["path"], "palc:judges/pairwise.md");
    assert_snapshot!(repo.palc(&["rubric", "prompt", "pairwis"]), @"");
}
