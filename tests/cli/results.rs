use insta::assert_snapshot;

use crate::harness::Repo;

const SUITE: &str = "prompts: hi\nmodels: echo\ndataset: ../who.csv\nchecks: [{contains: Hi}, {not-contains: Eve}]\n";

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/hi.md", "---\nid: k3v9q2mx\n---\nHi {{ who }}\n");
    repo.write("evals/hi.eval.yaml", SUITE);
    repo.write("who.csv", "id,who\nb,Bob\na,Ada\ne,Eve\n");
    repo
}

#[test]
fn results_are_kept_beside_the_suite_and_the_same_ones_change_nothing() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["results", "list"]), @"");
    assert_eq!(repo.palc(&["eval", "hi"]).code, Some(1));
    assert_snapshot!(repo.palc(&["results", "keep", "--dry-run"]), @"");
    assert!(!repo.exists("results/hi"));
    assert_snapshot!(repo.palc(&["results", "keep"]), @"");
    repo.commit("results");
    assert_eq!(repo.palc(&["eval", "hi", "--keep"]).code, Some(1));
    assert_eq!(repo.git(&["status", "--short"]), "", "the same run changes no line");
    assert_snapshot!(repo.palc(&["results", "list"]), @"");
    repo.palc(&["results", "list", "--json"]).json();
    assert_snapshot!(repo.read("results/hi/summary.json"), @"");
}

#[test]
fn a_part_of_the_cases_is_not_kept() {
    let repo = repo();
    repo.palc(&["eval", "hi", "--case", "a"]).ok();
    assert_snapshot!(repo.palc(&["results", "keep"]), @"");
}

#[test]
fn one_case_is_shown_with_all_that_is_said_of_it() {
    let repo = repo();
    assert_eq!(repo.palc(&["eval", "hi"]).code, Some(1));
    assert_snapshot!(repo.palc(&["results", "show", "e"]), @"");
    repo.palc(&["results", "show", "e", "--json"]).json();
    assert_snapshot!(repo.palc(&["results", "show", "x"]), @"");
}

#[test]
fn shares_are_put_together_when_they_are_all_of_one_thing() {
    let repo = repo();
    let rows: String = (0..30).map(|at| format!("c{at},Ada\n")).collect();
    repo.write("who.csv", format!("id,who\n{rows}"));
    let share = |share: &str| {
        let json = repo.palc(&["eval", "hi", "--shard", share, "--json"]).json();
        json["data"]["run"].as_str().unwrap().to_owned()
    };
    let (one, two) = (share("1/2"), share("2/2"));
    assert_snapshot!(repo.palc(&["results", "merge", &one]), @"");
    assert_snapshot!(repo.palc(&["results", "merge", &one, &one]), @"");
    assert_snapshot!(repo.palc(&["results", "merge", &two, &one]), @"");
    repo.palc(&["results", "keep"]).ok();
    let merged = repo.read("results/hi/results.jsonl");
    repo.palc(&["eval", "hi", "--keep"]).ok();
    assert_eq!(repo.read("results/hi/results.jsonl"), merged, "as if there had been no shares");
    repo.write("who.csv", format!("id,who\n{rows}x,Bob\n"));
    let other = share("2/2");
    assert_snapshot!(repo.palc(&["results", "merge", &one, &other]), @"");
}

#[test]
fn old_runs_are_removed() {
    let repo = repo();
    for _ in 0..3 {
        assert_eq!(repo.palc(&["eval", "hi"]).code, Some(1));
    }
    assert_snapshot!(repo.palc(&["results", "prune", "--keep", "1", "--dry-run"]), @"");
    assert_snapshot!(repo.palc(&["results", "prune", "--keep", "1"]), @"");
    let listed = repo.palc(&["results", "list", "--json"]).json();
    assert_eq!(listed["data"]["runs"].as_array().unwrap().len(), 1);
}
