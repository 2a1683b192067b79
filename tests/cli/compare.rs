use std::fmt::Write as _;

use insta::assert_snapshot;

use crate::harness::Repo;

/// Lines of a suite with one prompt and model: `1` passes, `0` fails, `?` is undecided. Cases are c00, c01, …
pub fn lines(prompt: &str, id: &str, outcomes: &str) -> String {
    let mut out = String::new();
    for (case, outcome) in outcomes.chars().enumerate() {
        let (verdict, value, score) = match outcome {
            '1' => ("pass", r#""value":1.0,"#, "1.0"),
            '0' => ("fail", r#""value":0.0,"#, "0.0"),
            _ => ("undecided", "", "null"),
        };
        let check = format!(r#"{{"metric":"kind","name":"contains",{value}"verdict":"{verdict}"}}"#);
        let _ = writeln!(
            out,
            r#"{{"answer":{{"input_tokens":12,"output_tokens":3,"text":"x"}},"case":"c{case:02}","checks":[{check}],"fingerprint":"f-{prompt}","id":"{id}","key":"{prompt}{outcomes}{case}","model":"a/big","prompt":"{prompt}","repeat":1,"score":{score},"verdict":"{verdict}"}}"#
        );
    }
    out
}

/// The summary of results; prompts are name, id and blob.
pub fn summary(suite: &str, prompts: &[(&str, &str, &str)]) -> String {
    let prompts: Vec<String> = prompts
        .iter()
        .map(|(name, id, blob)| format!(r#"{{"blob":"{blob}","id":"{id}","prompt":"{name}"}}"#))
        .collect();
    format!(
        r#"{{"manifest":{{"cases":3,"files":[],"models":["a/big"],"prompts":[{}],"repeat":1,"suite":"{suite}","suite_digest":"s1"}},"schema":"palc.results.v1"}}"#,
        prompts.join(",")
    )
}

fn keep(repo: &Repo, outcomes: &str) {
    let blob = repo.git(&["hash-object", "prompts/triage.md"]);
    repo.write("results/triage/results.jsonl", lines("triage", "k3v9q2mx", outcomes));
    repo.write("results/triage/summary.json", summary("triage", &[("triage", "k3v9q2mx", blob.trim())]));
}

fn prompt(repo: &Repo, body: &str) {
    repo.write("prompts/triage.md", format!("---\nid: k3v9q2mx\n---\n{body}\n"));
}

/// A prompt with two versions, each with its results.
fn repo(before: &str, after: &str) -> Repo {
    let repo = Repo::new();
    prompt(&repo, "Sort {{ ticket }}.");
    keep(&repo, before);
    repo.commit("Sort tickets");
    prompt(&repo, "Sort {{ ticket }} with care.");
    keep(&repo, after);
    repo.commit("Sort with care");
    repo
}

#[test]
fn compares_two_revisions_case_by_case() {
    let repo = repo("11110111111111110000", "00001111111111110000");
    assert_snapshot!(repo.palc(&["compare", "HEAD~1", "HEAD"]), @"
    triage: HEAD~1 → HEAD

    triage  a/big  20 cases
      passes  75.0 % → 60.0 %  -15.0 points  [-36.5, +9.2]     p 0.375
      score   0.750 → 0.600    -0.150        [-0.365, +0.092]  p 0.375
      kind    0.750 → 0.600    -0.150        [-0.365, +0.092]  p 0.375
      4 worse: c00, c01, c02, c03
      1 better: c04
      inconclusive: about 92 more cases would tell, if they go as these did; 20 cases show differences of 30.7 points and more

    inconclusive by passes, margin 2.0 points as usual, since the suite's gate has no max_regression
    ");
    assert_snapshot!(repo.palc(&["compare", "HEAD~1", "--strict", "--margin", "0.5"]), @"
    triage: HEAD~1 → the work tree

    triage  a/big  20 cases
      passes  75.0 % → 60.0 %  -15.0 points  [-36.5, +9.2]     p 0.375
      score   0.750 → 0.600    -0.150        [-0.365, +0.092]  p 0.375
      kind    0.750 → 0.600    -0.150        [-0.365, +0.092]  p 0.375
      4 worse: c00, c01, c02, c03
      1 better: c04
      pass: not worse by more than 50.0 points

    pass by passes, margin 50.0 points
    ");
}

#[test]
fn a_regression_is_a_no() {
    let repo = repo(&"1".repeat(30), &format!("{}{}", "0".repeat(12), "1".repeat(18)));
    repo.write("evals/triage.eval.yaml", "prompts: [triage]\nmodels: [echo]\ngate: {max_regression: 0.05}\nchecks: [contains: x]\ncases: [{id: a, vars: {ticket: x}}]\n");
    assert_snapshot!(repo.palc(&["compare", "HEAD~1", "HEAD"]), @"
    triage: HEAD~1 → HEAD

    triage  a/big  30 cases
      passes  100.0 % → 60.0 %  -40.0 points  [-56.4, -18.6]    p < 0.001
      score   1.000 → 0.600     -0.400        [-0.564, -0.186]  p < 0.001
      kind    1.000 → 0.600     -0.400        [-0.564, -0.186]  p < 0.001
      12 worse: c00, c01, c02, c03, c04, c05, c06, c07 and 4 more
      regression: worse by more than 5.0 points

    regression by passes, margin 5.0 points
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["compare", "HEAD~1", "HEAD", "--format", "markdown"]), @r"
    ### Quality: HEAD\~1 → HEAD

    #### ❌ triage

    | prompt | model | cases | measure | before | after | difference | 95 % | p |
    |---|---|--:|---|--:|--:|--:|---|---|
    | triage | a/big | 30 | passes | 100.0 % | 60.0 % | -40.0 points | [-56.4, -18.6] | p < 0.001 |
    | triage | a/big | 30 | score | 1.000 | 0.600 | -0.400 | [-0.564, -0.186] | p < 0.001 |
    | triage | a/big | 30 | kind | 1.000 | 0.600 | -0.400 | [-0.564, -0.186] | p < 0.001 |

    - triage, a/big: regression: worse by more than 5.0 points
      - 12 worse: c00, c01, c02, c03, c04, c05, c06, c07 …

    **regression by passes, margin 5.0 points**
    --- exit 1
    ");
}

#[test]
fn programs_get_every_number() {
    let repo = repo("11110111111111110000", "00001111111111110000");
    let answer = repo.palc(&["compare", "HEAD~1", "HEAD", "--json"]).json();
    let suite = &answer["data"]["suites"][0];
    let passes = &suite["groups"][0]["measures"][0];
    assert_eq!(answer["data"]["verdict"], "inconclusive");
    assert_eq!((&passes["name"], &passes["test"], &passes["cases"]), (&"passes".into(), &"McNemar".into(), &20.into()));
    assert!((passes["p"].as_f64().unwrap() - 0.375).abs() < 1e-12);
    assert_eq!(suite["groups"][0]["changed"][0]["case"], "c00");
}

#[test]
fn versions_are_known_by_what_they_say() {
    let repo = repo("1111", "1101");
    repo.write("prompts/triage.md", "---\nid: k3v9q2mx\ndescription: Careful\n---\nSort {{ ticket }} with care.\n");
    repo.commit("Describe it");
    assert_snapshot!(repo.palc(&["compare", "triage@1", "triage@3"]), @"
    triage: triage@1 → triage@3

    triage  a/big  4 cases
      passes  100.0 % → 75.0 %  -25.0 points  [-71.7, +38.3]    p 1.000
      score   1.000 → 0.750     -0.250        [-0.717, +0.383]  p 1.000
      kind    1.000 → 0.750     -0.250        [-0.717, +0.383]  p 1.000
      1 worse: c02
      inconclusive: about 34 more cases would tell, if they go as these did; 4 cases show differences of 70.0 points and more

    inconclusive by passes, margin 2.0 points as usual, since the suite's gate has no max_regression
    ");
    prompt(&repo, "Sort {{ ticket }} in haste.");
    repo.commit("Hurry");
    assert_snapshot!(repo.palc(&["compare", "triage@1", "triage@4"]), @"
    --- stderr
    error: no results are known of what triage@4 says
    hint: `palc perf triage` shows of which versions there are
    hint: `palc eval` makes some
    --- exit 1
    ");
}

#[test]
fn undecided_and_missing_cases_are_said() {
    let repo = repo("111?11", "11?1");
    assert_snapshot!(repo.palc(&["compare", "HEAD~1", "HEAD", "--by", "score"]), @"
    triage: HEAD~1 → HEAD

    triage  a/big  2 cases
      passes  100.0 % → 100.0 %  ±0.0 points  [-69.3, +69.3]    p 1.000
      score   1.000 → 1.000      ±0.000       [-0.693, +0.693]  p 1.000
      kind    1.000 → 1.000      ±0.000       [-0.693, +0.693]  p 1.000
      inconclusive: about 135 more cases would tell, if they go as these did

    2 cases only in HEAD~1
    1 answer undecided in HEAD~1
    1 answer undecided in HEAD
    2 cases left out, as nothing is decided on one side
    inconclusive by score, margin 0.020 of score as usual, since the suite's gate has no max_regression
    ");
    assert_snapshot!(repo.palc(&["compare", "HEAD~1", "HEAD", "--by", "charm"]), @"
    --- stderr
    error: no case of triage has `charm` on both sides
    hint: there are kind, passes, score
    --- exit 2
    ");
}

#[test]
fn says_what_it_cannot_compare() {
    let empty = Repo::new();
    assert_snapshot!(empty.palc(&["compare", "HEAD"]), @"
    --- stderr
    error: there are no results `HEAD`
    hint: `palc eval` makes some, `palc results keep` keeps them
    hint: revisions, versions of prompts as `triage@7`, runs and folders can be compared
    --- exit 1
    ");
    let repo = repo("1", "1");
    assert_snapshot!(repo.palc(&["compare", "mian", "HEAD"]), @"
    --- stderr
    error: there are no results `mian`
    hint: name a suite, `suite@revision`, a run or a folder; `palc results list` shows them
    hint: revisions, versions of prompts as `triage@7`, runs and folders can be compared
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["compare", "HEAD~1", "HEAD", "--suite", "other"]), @"
    --- stderr
    error: HEAD~1 has no results of other
    hint: there are triage
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["compare", "HEAD", "--margin", "7"]), @"
    --- stderr
    error: invalid value '7' for '--margin <SHARE>': `7` is no share from 0 to 1

    For more information, try '--help'.
    --- exit 2
    ");
    repo.git(&["rm", "-rq", "results"]);
    repo.commit("Forget");
    assert_snapshot!(repo.palc(&["compare", "HEAD~1", "HEAD"]), @"
    --- stderr
    error: no results were kept at HEAD
    hint: `palc results keep` puts them below results/, and a commit keeps them there
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["compare", "HEAD~1"]), @"
    --- stderr
    error: no results are kept in the work tree
    hint: `palc eval` makes some, `palc results keep` keeps them
    hint: name what to compare with: `palc compare A B`
    --- exit 1
    ");
}
