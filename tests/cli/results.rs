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
    assert_snapshot!(repo.palc(&["results", "list"]), @"there are no results yet; `palc eval` makes some");
    assert_eq!(repo.palc(&["eval", "hi"]).code, Some(1));
    assert_snapshot!(repo.palc(&["results", "keep", "--dry-run"]), @"would keep 20260131-120000-km4y in results/hi");
    assert!(!repo.exists("results/hi"));
    assert_snapshot!(repo.palc(&["results", "keep"]), @"kept 20260131-120000-km4y in results/hi");
    repo.commit("results");
    assert_eq!(repo.palc(&["eval", "hi", "--keep"]).code, Some(1));
    assert_eq!(repo.git(&["status", "--short"]), "", "the same run changes no line");
    assert_snapshot!(repo.palc(&["results", "list"]), @"
    kept
      hi  2 of 3 pass
    runs
      20260131-120000-xyn2  hi  2 of 3 pass
      20260131-120000-km4y  hi  2 of 3 pass
    ");
    repo.palc(&["results", "list", "--json"]).json();
    assert_snapshot!(repo.read("results/hi/summary.json"), @r#"
    {
      "counts": {
        "failed": 1,
        "passed": 2,
        "undecided": 0
      },
      "manifest": {
        "cases": 3,
        "files": [
          [
            "who.csv",
            "99c41a3de58ce0d94a4e9703754077cd4ecd1b0a6852e4a634e9ff4fa7ddf895"
          ]
        ],
        "models": [
          "echo"
        ],
        "prompts": [
          {
            "blob": "e7ae443f3ca78a0bc4549261ba118c3a42c72389",
            "id": "k3v9q2mx",
            "prompt": "hi"
          }
        ],
        "repeat": 1,
        "suite": "hi",
        "suite_digest": "f64fd1ea9523397276893d607e97950fd3c8393c459159282eed90fac39d4ad0"
      },
      "schema": "palc.results.v1",
      "whole": true
    }
    "#);
}

#[test]
fn a_part_of_the_cases_is_not_kept() {
    let repo = repo();
    repo.palc(&["eval", "hi", "--case", "a"]).ok();
    assert_snapshot!(repo.palc(&["results", "keep"]), @"
    --- stderr
    error: the run 20260131-120000-km4y left cases out: --case a
    hint: only results of all cases of a suite can be kept
    --- exit 1
    ");
}

#[test]
fn one_case_is_shown_with_all_that_is_said_of_it() {
    let repo = repo();
    assert_eq!(repo.palc(&["eval", "hi"]).code, Some(1));
    assert_snapshot!(repo.palc(&["results", "show", "e"]), @"
    e · hi · echo fail, in run 20260131-120000-km4y
      │ Hi Eve
      pass 1.00 contains: `Hi` is in the answer
      fail 0.00 not-contains: `contains` holds, and must not: `Eve` is in the answer
    ");
    repo.palc(&["results", "show", "e", "--json"]).json();
    assert_snapshot!(repo.palc(&["results", "show", "x"]), @"
    --- stderr
    error: run 20260131-120000-km4y has no case `x`
    --- exit 1
    ");
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
    assert_snapshot!(repo.palc(&["results", "merge", &one]), @"
    --- stderr
    error: shares are missing: 2/2
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["results", "merge", &one, &one]), @"
    --- stderr
    error: shares are missing: 2/2
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["results", "merge", &two, &one]), @"run 20260131-120000-adkc: 30 answers of hi");
    repo.palc(&["results", "keep"]).ok();
    let merged = repo.read("results/hi/results.jsonl");
    repo.palc(&["eval", "hi", "--keep"]).ok();
    assert_eq!(repo.read("results/hi/results.jsonl"), merged, "as if there had been no shares");
    repo.write("who.csv", format!("id,who\n{rows}x,Bob\n"));
    let other = share("2/2");
    assert_snapshot!(repo.palc(&["results", "merge", &one, &other]), @"
    --- stderr
    error: run 20260131-120000-km4y and run 20260131-120000-hbsa are not of the same: the files differ
    hint: shares must be run with the same suite, data and prompts
    --- exit 1
    ");
}

#[test]
fn old_runs_are_removed() {
    let repo = repo();
    for _ in 0..3 {
        assert_eq!(repo.palc(&["eval", "hi"]).code, Some(1));
    }
    assert_snapshot!(repo.palc(&["results", "prune", "--keep", "1", "--dry-run"]), @"would remove 2 runs, 1 stays");
    assert_snapshot!(repo.palc(&["results", "prune", "--keep", "1"]), @"removed 2 runs, 1 stays");
    let listed = repo.palc(&["results", "list", "--json"]).json();
    assert_eq!(listed["data"]["runs"].as_array().unwrap().len(), 1);
}
