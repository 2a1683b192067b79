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
    assert_snapshot!(repo.palc(&["ab", "long", "short"]), @"
    sort: long → short

    long → short  a/big  10 cases
      passes  50.0 % → 90.0 %  +40.0 points  [-2.0, +68.6]     p 0.125
      score   0.500 → 0.900    +0.400        [-0.020, +0.686]  p 0.125
      kind    0.500 → 0.900    +0.400        [-0.020, +0.686]  p 0.125
      4 better: c05, c06, c07, c08
      pass: not worse by more than 2.0 points

    pass by passes, margin 2.0 points as usual, since the suite's gate has no max_regression
    ");
    assert_snapshot!(repo.palc(&["ab", "short", "long", "--suite", "sort", "--by", "kind"]), @"
    sort: short → long

    short → long  a/big  10 cases
      passes  90.0 % → 50.0 %  -40.0 points  [-68.6, +2.0]     p 0.125
      score   0.900 → 0.500    -0.400        [-0.686, +0.020]  p 0.125
      kind    0.900 → 0.500    -0.400        [-0.686, +0.020]  p 0.125
      4 worse: c05, c06, c07, c08
      inconclusive: about 5 more cases would tell, if they go as these did; 10 cases show differences of 0.457 and more

    inconclusive by kind, margin 0.020 of kind as usual, since the suite's gate has no max_regression
    ");
}

#[test]
fn says_whether_the_cases_so_far_are_enough() {
    assert_snapshot!(repo("1111100000", "1111111110").palc(&["ab", "long", "short", "--sequential"]), @"
    sort: long → short

    long → short  a/big  10 cases
      passes  50.0 % → 90.0 %  +40.0 points  [-2.0, +68.6]     p 0.125
      score   0.500 → 0.900    +0.400        [-0.020, +0.686]  p 0.125
      kind    0.500 → 0.900    +0.400        [-0.020, +0.686]  p 0.125
      4 better: c05, c06, c07, c08
      e-value 4.38, enough from 20 on: 4 better, 0 worse; 34–100 % of the cases that differ are better
      go on: 3 more cases better in a row would be enough

    an e-value may be looked at after every case; a p value may not
    ");
    assert_snapshot!(repo("1110000000", "1111111111").palc(&["ab", "long", "short", "--sequential"]), @"
    sort: long → short

    long → short  a/big  10 cases
      passes  30.0 % → 100.0 %  +70.0 points  [+22.1, +94.5]    p 0.016
      score   0.300 → 1.000     +0.700        [+0.221, +0.945]  p 0.016
      kind    0.300 → 1.000     +0.700        [+0.221, +0.945]  p 0.016
      7 better: c03, c04, c05, c06, c07, c08, c09
      e-value 26.81, enough from 20 on: 7 better, 0 worse; 52–100 % of the cases that differ are better
      better: stop

    an e-value may be looked at after every case; a p value may not
    ");
    let worse = repo("1111111111", "1110000000");
    let answer = worse.palc(&["ab", "long", "short", "--sequential", "--json"]);
    let sequential = answer.json()["data"]["suites"][0]["groups"][0]["sequential"].clone();
    assert_eq!((&sequential["decided"], &sequential["worse"]), (&"worse".into(), &7.into()));
}

#[test]
fn a_prompt_without_results_is_told() {
    let repo = repo("11", "11");
    repo.write("prompts/new.md", "Sort {{ ticket }} at last.\n");
    assert_snapshot!(repo.palc(&["ab", "long", "new"]), @"
    --- stderr
    error: no results are known of what new says
    hint: `palc perf new` shows of which versions there are
    hint: `palc eval` makes some
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["ab", "long", "long"]), @"
    --- stderr
    error: long and long say the same to a model
    hint: name two prompts, or two versions of one as `triage@7 triage@8`
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["ab", "long", "shor"]), @"
    --- stderr
    error: there is no prompt `shor`
    hint: did you mean `short`?
    --- exit 1
    ");
}
