//! Kept results beside the prompts: what hooks, reviews, logs and bisections make of them.

use insta::assert_snapshot;

use crate::harness::{Answer, Repo};

const SUITE: &str = "\
prompts: [triage]
models: [echo]
checks:
  - contains: billing
dataset: ../tickets.csv
cases:
  - id: crash
    vars: {ticket: it crashes}
";

fn prompt(end: &str) -> String {
    format!("---\nid: k3v9q2mx\n---\nuser:\n{{% include \"_tone.md\" %}}\nSort {{{{ ticket }}}} {end}\n")
}

/// A suite with kept results of its only prompt.
fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/_tone.md", "Be brief.\n");
    repo.write("prompts/triage.md", prompt("into billing"));
    repo.write("prompts/other.md", "---\nid: c1c1c1c1\n---\nHi\n");
    repo.write("tickets.csv", "id,ticket\nrefund,I was charged twice\nlogin,I cannot log in\nlate,Where is it?\n");
    repo.write("evals/triage.eval.yaml", SUITE).commit("Begin");
    keep(&repo, "Keep what is known");
    repo
}

fn keep(repo: &Repo, message: &str) {
    let ran = repo.palc(&["eval", "triage", "--keep", "--quiet"]);
    assert!(ran.code < Some(2), "{}", ran.stderr);
    repo.commit(message);
}

/// What the hook says of one change, which is taken back.
fn hook(repo: &Repo, path: &str, text: &str) -> Answer {
    repo.write(path, text);
    repo.git(&["add", "-A"]);
    let answer = repo.palc(&["hook", "run", "pre-commit"]);
    repo.git(&["reset", "--quiet", "--hard"]);
    answer
}

#[test]
fn the_hook_asks_whether_results_are_still_of_the_prompts() {
    let repo = repo();
    assert_snapshot!(hook(&repo, "prompts/triage.md", &prompt("into a queue")), @"
    --- stderr
    prompts/triage.md: warning: the kept results of `triage` are of another version of this prompt [evidence]
      evals/triage.eval.yaml:1:11: the suite names it here
      hint: `palc eval evals/triage.eval.yaml --keep` brings them up to date; nothing is asked again that was asked before
    ");
    assert_snapshot!(hook(&repo, "prompts/_tone.md", "Be very brief.\n"), @"
    --- stderr
    prompts/triage.md: warning: the kept results of `triage` are of another version of what this prompt includes [evidence]
      evals/triage.eval.yaml:1:11: the suite names it here
      hint: `palc eval evals/triage.eval.yaml --keep` brings them up to date; nothing is asked again that was asked before
    ");
    assert_snapshot!(hook(&repo, "evals/triage.eval.yaml", &SUITE.replace("billing", "bill")), @"
    --- stderr
    evals/triage.eval.yaml: warning: the kept results of `triage` are of another version of this suite [evidence]
      hint: `palc eval evals/triage.eval.yaml --keep` brings them up to date; nothing is asked again that was asked before
    ");
    assert_snapshot!(hook(&repo, "tickets.csv", "id,ticket\nrefund,x\n"), @"
    --- stderr
    tickets.csv: warning: the kept results of `triage` are of another version of this file [evidence]
      hint: `palc eval evals/triage.eval.yaml --keep` brings them up to date; nothing is asked again that was asked before
    ");
    let lines = repo.read("results/triage/results.jsonl");
    let (_, rest) = lines.split_once('\n').expect("there are lines");
    assert_snapshot!(hook(&repo, "results/triage/results.jsonl", rest), @"
    --- stderr
    prompts/triage.md: warning: the kept results of `triage` hold 3 of 4 cases [evidence]
      evals/triage.eval.yaml:1:11: the suite names it here
      hint: `palc eval evals/triage.eval.yaml --keep` brings them up to date; nothing is asked again that was asked before
    ");
    assert_snapshot!(hook(&repo, "results/triage/results.jsonl", "<<<<<<< HEAD\n"), @"
    --- stderr
    results/triage: warning: results/triage/results.jsonl:1: this is no line of results: expected value at line 1 column 1 [evidence]
      hint: `palc eval evals/triage.eval.yaml --keep` brings them up to date; nothing is asked again that was asked before
    ");
}

#[test]
fn what_changes_no_answer_is_no_matter() {
    let repo = repo();
    let described = prompt("into billing").replace("id:", "description: Sorts\nid:");
    for (path, text) in
        [("prompts/triage.md", described.as_str()), ("prompts/other.md", "---\nid: c1c1c1c1\n---\nYo\n")]
    {
        let answer = hook(&repo, path, text);
        assert_eq!((answer.stderr.as_str(), answer.code), ("", Some(0)), "{path}");
    }
    repo.write("palc.toml", "[eval]\nevidence = \"off\"\n").commit("Turn it off");
    assert_eq!(hook(&repo, "prompts/triage.md", &prompt("into a queue")).stderr, "");
}

#[test]
fn evidence_can_be_asked_for() {
    let repo = repo();
    repo.git(&["rm", "-r", "--quiet", "results"]);
    repo.commit("Take the results away");
    assert_eq!(hook(&repo, "prompts/triage.md", &prompt("into a queue")).stderr, "");
    repo.write("palc.toml", "[eval]\nevidence = \"error\"\n").commit("Ask for it");
    assert_snapshot!(hook(&repo, "prompts/triage.md", &prompt("into a queue")), @"
    --- stderr
    prompts/triage.md: error: no results of the suite `triage` are kept [evidence]
      evals/triage.eval.yaml:1:11: the suite names it here
      hint: `palc eval evals/triage.eval.yaml --keep` brings them up to date; nothing is asked again that was asked before
    hint: `palc check --fix` mends what it can, then stage it again; `git commit --no-verify` goes around palc
    --- exit 1
    ");
}

#[test]
fn a_review_holds_kept_results_against_those_of_the_base() {
    let repo = repo();
    repo.git(&["checkout", "--quiet", "-b", "work"]);
    repo.write("prompts/triage.md", prompt("into a queue")).commit("Say queue");
    assert_snapshot!(repo.palc(&["review", "main..work"]), @r#"
    nothing new is wrong; 1 prompt differs: 1 behaviour
    prompts/triage.md: warning: the kept results of `triage` are of another version of this prompt [evidence]
      evals/triage.eval.yaml:1:11: the suite names it here
      hint: `palc eval evals/triage.eval.yaml --keep` brings them up to date; nothing is asked again that was asked before

    triage (behaviour)
      user
        | {% include "_tone.md" %}
        ~ Sort {{ ticket }} into [-billing-]{+a queue+}
      tokens 16 → 17 (+1)

    tokens +1 in all; cost unknown, because no price is configured
    "#);
    keep(&repo, "Keep results");
    assert_snapshot!(repo.palc(&["review", "main..work"]), @r#"
    blocked by worse results of triage; 1 prompt differs: 1 behaviour

    quality: triage
      triage  echo  100 % → 0 %  -100 (-100 to -7)  0 better, 4 worse  p 0.125  regression
      worse: crash with echo: 100 % → 0 %
      worse: late with echo: 100 % → 0 %
      worse: login with echo: 100 % → 0 %
      worse: refund with echo: 100 % → 0 %

    triage (behaviour)
      user
        | {% include "_tone.md" %}
        ~ Sort {{ ticket }} into [-billing-]{+a queue+}
      tokens 16 → 17 (+1)

    tokens +1 in all; cost unknown, because no price is configured
    --- exit 1
    "#);
    let markdown = repo.palc(&["review", "main..work", "--format", "markdown"]);
    assert!(markdown.stdout.contains("## Quality\n\nSuite `triage`\n\n| prompt |"), "{}", markdown.stdout);
    let json = repo.palc(&["review", "main..work", "--json"]).json();
    assert_eq!(json["data"]["quality"][0]["groups"][0]["worse"], 4);
    let html = repo.palc(&["review", "main..work", "--format", "html"]);
    assert!(html.stdout.contains("<h2>Quality: triage</h2>"), "{}", html.stdout);
}

#[test]
fn a_review_is_blocked_by_what_became_surely_worse() {
    let repo = repo();
    let rows: String = (0..40).map(|row| format!("case-{row},Ticket {row}\n")).collect();
    repo.write("tickets.csv", format!("id,ticket\n{rows}"));
    keep(&repo, "Keep more results");
    repo.git(&["checkout", "--quiet", "-b", "work"]);
    repo.write("prompts/triage.md", prompt("into a queue"));
    keep(&repo, "Say queue");
    let answer = repo.palc(&["review", "main..work"]);
    assert_eq!(answer.code, Some(1), "{}", answer.stdout);
    assert!(answer.stdout.starts_with("blocked by worse results of triage; "), "{}", answer.stdout);
    let junit = repo.palc(&["review", "main..work", "--format", "junit"]);
    assert!(
        junit.stdout.contains("failures=\"1\"") && junit.stdout.contains("type=\"regression\""),
        "{}",
        junit.stdout
    );
}

#[test]
fn logs_and_bisections_know_the_scores_of_versions() {
    let repo = repo();
    for (at, end) in ["into billing now", "into bill", "into a queue"].iter().enumerate() {
        repo.write("prompts/triage.md", prompt(end)).commit(&format!("Reword {at}"));
    }
    keep(&repo, "Keep results");
    let log = repo.palc(&["log", "triage"]).stdout;
    let scores: Vec<&str> = log.lines().filter_map(|line| line.split_once(" · ").map(|(_, score)| score)).collect();
    assert_eq!(scores, ["triage 0 %", "triage 100 %"], "{log}");
    let json = repo.palc(&["log", "triage", "--json"]).json();
    assert_eq!(json["data"][0]["changes"][0]["scores"][0]["failed"], 4);
    let good = ["bisect", "triage", "--suite", "triage", "--good", "HEAD~4"];
    let found = repo.palc(&good).stdout;
    assert!(found.contains("4 worse and 0 better at the bad end, p 0.12"), "{found}");
    assert!(found.contains("first bad: ") && found.contains(": Reword 1\n"), "{found}");
    let json = repo.palc(&[&good[..], &["--json"]].concat()).json();
    assert_eq!(json["data"]["scores"]["bad"]["failed"], 4);
    let backwards = repo.palc(&["bisect", "triage", "--suite", "triage", "--good", "HEAD~2", "--bad", "HEAD"]);
    assert_snapshot!(backwards, @"
    --- stderr
    error: the suite does not pass less often at HEAD (0 %) than at HEAD~2 (0 %)
    hint: name other revisions, or a suite that shows what is wrong
    --- exit 1
    ");
}
