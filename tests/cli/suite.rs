use insta::assert_snapshot;

use crate::harness::Repo;

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/triage.md", "---\nid: k3v9q2mx\ninput: {required: [ticket]}\n---\n{{ ticket }}\n");
    repo
}

#[test]
fn a_new_suite_runs_as_it_is() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["suite", "list"]), @"there are no suites; `palc suite new` writes one");
    assert_snapshot!(repo.palc(&["suite", "new", "triage", "triage"]), @"
    wrote evals/triage.eval.yaml
    --- stderr
    hint: say in it what must be true, then `palc eval triage`
    ");
    assert_snapshot!(repo.read("evals/triage.eval.yaml"), @r#"
    prompts: [triage]
    models: [echo]

    # What must be true of every answer; docs/checks.md lists all there is.
    checks:
      - not-is-refusal

    # One situation each, and what must be true of its answer beside that.
    cases:
      - id: first
        vars: {ticket: "…"}
        checks:
          - length: {min: 1}

    gate: {min_pass_rate: 1}
    "#);
    assert_snapshot!(repo.palc(&["suite", "check"]), @"triage: in order, 1 case, 1 answer");
    repo.palc(&["eval", "triage"]).ok();
    assert_snapshot!(repo.palc(&["suite", "new", "triage", "triage"]), @"
    --- stderr
    error: $TMP/repo/evals/triage.eval.yaml exists already
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["suite", "list"]), @"triage  triage: 1 case");
    repo.palc(&["suite", "list", "--json"]).json();
    repo.palc(&["suite", "check", "--json"]).json();
}

#[test]
fn a_suite_of_data_stands_where_its_name_says() {
    let repo = repo();
    repo.write("data/t.csv", "ticket\nhi\n");
    repo.palc(&["suite", "new", "deep/er", "triage", "--dataset", "data/t.csv"]).ok();
    assert_snapshot!(repo.read("evals/deep/er.eval.yaml"), @"
    prompts: [triage]
    models: [echo]
    dataset: ../../data/t.csv

    # What must be true of every answer; docs/checks.md lists all there is.
    checks:
      - not-is-refusal

    gate: {min_pass_rate: 1}
    ");
    assert_snapshot!(repo.palc(&["suite", "check", "deep/er"]), @"deep/er: in order, 1 case, 1 answer");
}

#[test]
fn a_new_suite_gives_what_the_prompt_uses() {
    let repo = repo();
    repo.write("prompts/hi.md", "---\nid: aaaa1111\ninput: {default: {tone: warm}}\n---\nSay hi to {{ who }}{% if more %}{{ more }}{% endif %}, {{ tone }}\n");
    repo.palc(&["suite", "new", "hi", "hi", "triage"]).ok();
    assert!(
        repo.read("evals/hi.eval.yaml").contains("vars: {who: \"…\", ticket: \"…\"}"),
        "{}",
        repo.read("evals/hi.eval.yaml")
    );
    repo.palc(&["eval", "hi"]).ok();
}

#[test]
fn what_is_wrong_with_a_suite_is_said_with_its_place() {
    let repo = repo();
    repo.write("evals/a.eval.yaml", "prompts: triage\nmodels: echo\nchekcs: []\ncases: [{id: x}]\n");
    repo.write("evals/b.eval.yaml", "prompts: triage\nmodels: echo\nchecks: [is-json]\ndataset: ../../up.csv\n");
    assert_snapshot!(repo.palc(&["suite", "check"]), @"
    a: not in order
    b: not in order
    --- stderr
    evals/a.eval.yaml:3:1: error: unknown key `chekcs` [unknown-key]
       3 | chekcs: []
           ^^^^^^
      hint: did you mean `checks`?
    evals/a.eval.yaml:4:14: error: nothing is checked in the case `x` [suite]
       4 | cases: [{id: x}]
                        ^
    evals/b.eval.yaml: error: ../../up.csv lies outside of the repository [suite]
    --- exit 1
    ");
    repo.palc(&["suite", "check", "--json"]).json();
    assert_snapshot!(repo.palc(&["suite", "list"]), @"
    a  not in order: `palc suite check` says why
    b  triage: ../../up.csv
    ");
}

#[test]
fn splits_hang_on_what_the_cases_say() {
    let repo = repo();
    let rows: String = (0..8).map(|at| format!("c{at},Where is the parcel number {}?\n", at * 7919)).collect();
    repo.write("t.csv", format!("id,ticket\n{rows}d1,My boots fell apart on the second day of the tour\nd2,my boots fell apart on the second day of the tour!\n"));
    repo.write(
        "evals/s.eval.yaml",
        "prompts: triage\nmodels: echo\ndataset: ../t.csv\nchecks: [{length: {min: 1}}]\nsplits: {train: 0.5, report: 0.5}\n",
    );
    assert_snapshot!(repo.palc(&["suite", "split", "s"]), @"
    report: 4 cases
      c1
      c3
      c4
      c6
    train: 6 cases
      c0
      c2
      c5
      c7
      d1
      d2
    nearly the same: d1, d2
    ");
    let run = repo.palc(&["eval", "s", "--split", "train", "--json"]).json();
    let split = repo.palc(&["suite", "split", "s", "--json"]).json();
    let train = split["data"]["splits"]["train"].as_array().unwrap().len();
    assert_eq!(run["data"]["results"]["cases"], serde_json::json!(train));
}
