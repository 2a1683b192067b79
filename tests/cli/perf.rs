use insta::assert_snapshot;

use super::compare::{lines, summary};
use crate::harness::Repo;

fn prompt(repo: &Repo, rest: &str, body: &str) {
    repo.write("prompts/triage.md", format!("---\nid: k3v9q2mx\n{rest}---\n{body}\n"));
}

fn write(repo: &Repo, folder: &str, lines: &str) {
    let blob = repo.git(&["hash-object", "prompts/triage.md"]);
    repo.write(&format!("{folder}/results.jsonl"), lines);
    repo.write(&format!("{folder}/summary.json"), summary("triage", &[("triage", "k3v9q2mx", blob.trim())]));
}

fn repo() -> Repo {
    let repo = Repo::new();
    prompt(&repo, "", "Sort {{ ticket }}.");
    write(&repo, "results/triage", &lines("triage", "k3v9q2mx", "1100?"));
    repo.commit("Sort");
    prompt(&repo, "", "Sort {{ ticket }} with care.");
    write(&repo, "results/triage", &lines("triage", "k3v9q2mx", "1110"));
    repo.commit("Sort with care");
    repo
}

#[test]
fn shows_each_version_with_what_is_known_of_it() {
    let repo = repo();
    prompt(&repo, "description: Careful\n", "Sort {{ ticket }} with care.");
    repo.commit("Describe it");
    assert_snapshot!(repo.palc(&["perf", "triage"]), @"
    triage

    version     model  cases  passes                   95 %         score                               p95  tokens  cost
    2, 3 (now)  a/big  4      3/4 75.0 %               30.1–95.4 %  0.750 [0.000, 1.000], spread 0.500  –    12 → 3  –
    1           a/big  5      2/4 50.0 %, 1 undecided  15.0–85.0 %  0.500 [0.000, 1.000], spread 0.577  –    12 → 3  –
    ");
    prompt(&repo, "", "Sort {{ ticket }} in haste.");
    assert_snapshot!(repo.palc(&["perf", "triage", "--format", "markdown"]), @"
    ### triage

    | version | model | cases | passes | 95 % | score | p95 | tokens | cost |
    |---|---|---|---|---|---|---|---|---|
    | 2, 3 | a/big | 4 | 3/4 75.0 % | 30.1–95.4 % | 0.750 [0.000, 1.000], spread 0.500 | – | 12 → 3 | – |
    | 1 | a/big | 5 | 2/4 50.0 %, 1 undecided | 15.0–85.0 % | 0.500 [0.000, 1.000], spread 0.577 | – | 12 → 3 | – |
    ");
}

#[test]
fn runs_add_time_and_cost_and_repeats_their_noise() {
    let repo = repo();
    let kept = lines("triage", "k3v9q2mx", "1110");
    let again = kept.replace(r#""repeat":1"#, r#""repeat":2"#).replace(r#""key":""#, r#""key":"again"#);
    let again = again.replacen("1.0", "0.0", 2).replacen("pass", "fail", 2);
    write(&repo, ".git/palc/runs/20260101-000000-aaaa", &(kept + &again));
    let moments: String = ["", "again"]
        .iter()
        .flat_map(|again| (0..4).map(move |case| (again, case)))
        .map(|(again, case)| {
            let cost = if case == 3 { "" } else { r#""cost":"0.001","# };
            format!(r#"{{{cost}"elapsed_ms":{},"kept":false,"key":"{again}triage1110{case}"}}"#, 100 + case) + "\n"
        })
        .collect();
    repo.write(".git/palc/runs/20260101-000000-aaaa/moment.jsonl", moments);
    assert_snapshot!(repo.palc(&["perf", "triage"]), @"
    triage

    version  model  cases  passes                   95 %         score                               p95     tokens  cost
    2 (now)  a/big  4      5/8 62.5 %               22.2–90.7 %  0.625 [0.000, 1.000], spread 0.518  103 ms  12 → 3  $0.0010, 2 without a price
    1        a/big  5      2/4 50.0 %, 1 undecided  15.0–85.0 %  0.500 [0.000, 1.000], spread 0.577  –       12 → 3  –

    2 (now), a/big: 1 of 4 repeated cases pass only now and then; one of 2 passes in 75.0 %, all in 50.0 %; 27 % of the noise of the score is between repeats: more cases help, more repeats hardly
    ");
    let row = repo.palc(&["perf", "triage", "--json"]).json()["data"]["rows"][0].clone();
    assert_eq!((&row["cases"], &row["passed"], &row["failed"]), (&4.into(), &5.into(), &3.into()));
    assert_eq!((&row["timed"], &row["p95_ms"], &row["cost_total"]), (&8.into(), &103.into(), &"0.006".into()));
    assert_eq!((&row["unpriced"], &row["repeats"]["flaky"]), (&2.into(), &1.into()));
}

#[test]
fn a_prompt_of_which_nothing_is_known() {
    let repo = Repo::new();
    repo.write("prompts/new.md", "Sort {{ ticket }}.\n");
    assert_snapshot!(repo.palc(&["perf", "new"]), @"
    --- stderr
    error: no results are known of new
    hint: `palc eval` makes some, `palc results keep` keeps them
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["perf", "nwe"]), @"
    --- stderr
    error: there is no prompt `nwe`
    hint: did you mean `new`?
    --- exit 1
    ");
}
