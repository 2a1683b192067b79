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
    assert_snapshot!(repo.palc(&["compare", "HEAD~1", "HEAD"]), @"");
    assert_snapshot!(repo.palc(&["compare", "HEAD~1", "--strict", "--margin", "0.5"]), @"");
}

#[test]
fn a_regression_is_a_no() {
    let repo = repo(&"1".repeat(30), &format!("{}{}", "0".repeat(12), "1".repeat(18)));
    repo.write("evals/triage.eval.yaml", "prompts: [triage]\nmodels: [echo]\ngate: {max_regression: 0.05}\nchecks: [contains: x]\ncases: [{id: a, vars: {ticket: x}}]\n");
    assert_snapshot!(repo.palc(&["compare", "HEAD~1", "HEAD"]), @"");
    assert_snapshot!(repo.palc(&["compare", "HEAD~1", "HEAD", "--format", "markdown"]), @"");
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
    assert_snapshot!(repo.palc(&["compare", "triage@1", "triage@3"]), @"");
    prompt(&repo, "Sort {{ ticket }} in haste.");
    repo.commit("Hurry");
    assert_snapshot!(repo.palc(&["compare", "triage@1", "triage@4"]), @"");
}

#[test]
fn undecided_and_missing_cases_are_said() {
    let repo = repo("111?11", "11?1");
    assert_snapshot!(repo.palc(&["compare", "HEAD~1", "HEAD", "--by", "score"]), @"");
    assert_snapshot!(repo.palc(&["compare", "HEAD~1", "HEAD", "--by", "charm"]), @"");
}

#[test]
fn says_what_it_cannot_compare() {
    let empty = Repo::new();
    assert_snapshot!(empty.palc(&["compare", "HEAD"]), @"");
    let repo = repo("1", "1");
    assert_snapshot!(repo.palc(&["compare", "mian", "HEAD"]), @"");
    assert_snapshot!(repo.palc(&["compare", "HEAD~1", "HEAD", "--suite", "other"]), @"");
    assert_snapshot!(repo.palc(&["compare", "HEAD", "--margin", "7"]), @"");
    repo.git(&["rm", "-rq", "results"]);
    repo.commit("Forget");
    assert_snapshot!(repo.palc(&["compare", "HEAD~1", "HEAD"]), @"");
    assert_snapshot!(repo.palc(&["compare", "HEAD~1"]), @"");
}
