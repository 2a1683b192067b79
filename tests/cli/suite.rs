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
    assert_snapshot!(repo.palc(&["suite", "list"]), @"");
    assert_snapshot!(repo.palc(&["suite", "new", "triage", "triage"]), @"");
    assert_snapshot!(repo.read("evals/triage.eval.yaml"), @"");
    assert_snapshot!(repo.palc(&["suite", "check"]), @"");
    repo.palc(&["eval", "triage"]).ok();
    assert_snapshot!(repo.palc(&["suite", "new", "triage", "triage"]), @"");
    assert_snapshot!(repo.palc(&["suite", "list"]), @"");
    repo.palc(&["suite", "list", "--json"]).json();
    repo.palc(&["suite", "check", "--json"]).json();
}

#[test]
fn a_suite_of_data_stands_where_its_name_says() {
    let repo = repo();
    repo.write("data/t.csv", "ticket\nhi\n");
    repo.palc(&["suite", "new", "deep/er", "triage", "--dataset", "data/t.csv"]).ok();
    assert_snapshot!(repo.read("evals/deep/er.eval.yaml"), @"");
    assert_snapshot!(repo.palc(&["suite", "check", "deep/er"]), @"");
}

#[test]
fn what_is_wrong_with_a_suite_is_said_with_its_place() {
    let repo = repo();
    repo.write("evals/a.eval.yaml", "prompts: triage\nmodels: echo\nchekcs: []\ncases: [{id: x}]\n");
    repo.write("evals/b.eval.yaml", "prompts: triage\nmodels: echo\nchecks: [is-json]\ndataset: ../../up.csv\n");
    assert_snapshot!(repo.palc(&["suite", "check"]), @"");
    repo.palc(&["suite", "check", "--json"]).json();
    assert_snapshot!(repo.palc(&["suite", "list"]), @"");
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
    assert_snapshot!(repo.palc(&["suite", "split", "s"]), @"");
    let run = repo.palc(&["eval", "s", "--split", "train", "--json"]).json();
    let split = repo.palc(&["suite", "split", "s", "--json"]).json();
    let train = split["data"]["splits"]["train"].as_array().unwrap().len();
    assert_eq!(run["data"]["results"]["cases"], serde_json::json!(train));
}
