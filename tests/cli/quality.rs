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
    repo.palc(&["eval", "triage", "--keep", "--quiet"]);
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
    assert_snapshot!(hook(&repo, "prompts/triage.md", &prompt("into a queue")), @"");
    assert_snapshot!(hook(&repo, "prompts/_tone.md", "Be very brief.\n"), @"");
    assert_snapshot!(hook(&repo, "evals/triage.eval.yaml", &SUITE.replace("billing", "bill")), @"");
    assert_snapshot!(hook(&repo, "tickets.csv", "id,ticket\nrefund,x\n"), @"");
    let lines = repo.read("results/triage/results.jsonl");
    let (_, rest) = lines.split_once('\n').expect("there are lines");
    assert_snapshot!(hook(&repo, "results/triage/results.jsonl", rest), @"");
    assert_snapshot!(hook(&repo, "results/triage/results.jsonl", "<<<<<<< HEAD\n"), @"");
}

#[test]
fn what_changes_no_answer_is_no_matter() {
    let repo = repo();
    let described = prompt("into billing").replace("id:", "description: Sorts\nid:");
    for (path, text) in
        [("prompts/triage.md", described.as_str()), ("prompts/other.md", "---\nid: c1c1c1c1\n---\nYo\n")]
    {
        let answer = hook(&repo, path, text);
        assert_eq!((answer.stderr.as_str(), answer.status), ("", 0), "{path}");
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
    assert_snapshot!(hook(&repo, "prompts/triage.md", &prompt("into a queue")), @"");
}

#[test]
fn a_review_holds_kept_results_against_those_of_the_base() {
    let repo = repo();
    repo.git(&["checkout", "--quiet", "-b", "work"]);
    repo.write("prompts/triage.md", prompt("into a queue")).commit("Say queue");
    assert_snapshot!(repo.palc(&["review", "main..work"]), @"");
    keep(&repo, "Keep results");
    assert_snapshot!(repo.palc(&["review", "main..work"]), @"");
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
    assert_eq!(answer.status, 1, "{}", answer.stdout);
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
    assert_snapshot!(backwards, @"");
}
