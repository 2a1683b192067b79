use insta::assert_snapshot;

use super::compare::{lines, summary};
use crate::harness::Repo;

/// Two prompts that a suite tried on the same cases.
fn repo(one: &str, other: &str) -> Repo {
    let repo = Repo::new();
    repo.write("prompts/long.md", "---\nid: aaaaaaaa\n---\nSort {{ ticket }} with care.\n");
    repo.write("prompts/short.md", "---\nid: bbbbbbbb\n---\nSort {{ ticket }}.\n");
    let [long, short] = ["long", "short"].map(|name| repo.git(&["hash-object", &format!("prompts/{name}.md")]));
    let tried = [("long", "aaaaaaaa", long.trim()), ("short", "bbbbbbbb", short.trim())];
    repo.write("results/sort/results.jsonl", lines("long", "aaaaaaaa", one) + &lines("short", "bbbbbbbb", other));
    repo.write("results/sort/summary.json", summary("sort", &tried));
    repo.commit("Try both");
    repo
}

#[test]
fn compares_two_prompts_on_their_cases() {
    let repo = repo("1111100000", "1111111110");
    assert_snapshot!(repo.palc(&["ab", "long", "short"]), @"");
    assert_snapshot!(repo.palc(&["ab", "short", "long", "--suite", "sort", "--by", "kind"]), @"");
}

#[test]
fn says_whether_the_cases_so_far_are_enough() {
    assert_snapshot!(repo("1111100000", "1111111110").palc(&["ab", "long", "short", "--sequential"]), @"");
    assert_snapshot!(repo("1110000000", "1111111111").palc(&["ab", "long", "short", "--sequential"]), @"");
    let worse = repo("1111111111", "1110000000");
    let answer = worse.palc(&["ab", "long", "short", "--sequential", "--json"]);
    let sequential = answer.json()["data"]["suites"][0]["groups"][0]["sequential"].clone();
    assert_eq!((&sequential["decided"], &sequential["worse"]), (&"worse".into(), &7.into()));
}

#[test]
fn a_prompt_without_results_is_told() {
    let repo = repo("11", "11");
    repo.write("prompts/new.md", "Sort {{ ticket }} at last.\n");
    assert_snapshot!(repo.palc(&["ab", "long", "new"]), @"");
    assert_snapshot!(repo.palc(&["ab", "long", "long"]), @"");
    assert_snapshot!(repo.palc(&["ab", "long", "shor"]), @"");
}
