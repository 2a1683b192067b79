use std::io::{BufRead, BufReader};

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::Repo;
use crate::harness::model_server::{Answer, Asked, ModelServer, Said, error, last_user_text, says};

const TRIAGE: &str = "---\nid: k3v9q2mx\ninput: {required: [ticket]}\nparams: {max_tokens: 20}\n---\nsystem:\nName a queue.\n\nuser:\n{{ ticket }}\n";
const SUITE: &str = "prompts: triage\ndataset: ../datasets/tickets.csv\nchecks:\n- contains: '{{ queue }}'\n- {length: {max: 200}, metric: brevity, weight: 0}\n";
const TICKETS: &str =
    "id,ticket,queue\nb,I was charged twice,billing\na,The sole came off,repairs\nc,Where is it?,delivery\n";

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/triage.md", TRIAGE);
    repo.write("evals/triage.eval.yaml", SUITE);
    repo.write("datasets/tickets.csv", TICKETS);
    repo
}

/// Knows two of the three queues.
fn sorts(asked: &Asked) -> Answer {
    let queue = match last_user_text(asked) {
        text if text.contains("charged") => "billing",
        text if text.contains("sole") => "repairs",
        _ => "I cannot tell",
    };
    says(asked, &Said::text(queue))
}

fn served(reply: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> (Repo, ModelServer) {
    let (repo, server) = (repo(), ModelServer::start(reply));
    server.serve_as(&repo, "local", "openai", "timeout = \"5s\"");
    (repo, server)
}

const EVAL: [&str; 4] = ["eval", "triage", "--models", "local/tiny"];

/// The folders of all runs, the latest last.
fn path_of_runs(repo: &Repo) -> Vec<String> {
    let runs = std::fs::read_dir(repo.path(".git/palc/runs")).unwrap().map(|entry| entry.unwrap().path());
    let mut runs: Vec<_> =
        runs.map(|run| (run.join("plan.json").metadata().unwrap().modified().unwrap(), run)).collect();
    runs.sort();
    runs.into_iter().map(|(_, run)| run.display().to_string()).collect()
}

fn eval(more: &[&'static str]) -> Vec<&'static str> {
    [&EVAL[..], more].concat()
}

/// Run the suite, of which one case does not pass.
fn fails(repo: &Repo, more: &[&'static str]) {
    let answer = repo.palc(&eval(more));
    assert_eq!(answer.code, Some(1), "{answer}");
}

#[test]
fn a_suite_is_asked_once_and_then_known() {
    let (repo, server) = served(sorts);
    assert_snapshot!(repo.palc(&eval(&[])), @"
    triage: 2 of 3 pass (67 %, 95 % 20–94 %)

    prompt  model       pass  rate  95 %     score  undecided  tokens   cost
    triage  local/tiny  2/3   67 %  20–94 %  0.67   0          30 → 15  $0.00

    failed
      c  contains: `delivery` is not in the answer
    --- stderr
    3 calls to make, with at most 93 tokens and $0.00
    run 20260131-120000-km4y: 3 answers; $0.00 paid
    --- exit 1
    ");
    let first = repo.read(&format!("{}/results.jsonl", path_of_runs(&repo).last().unwrap()));
    assert_eq!(server.count(), 3);
    assert_snapshot!(repo.palc(&eval(&[])), @"
    triage: 2 of 3 pass (67 %, 95 % 20–94 %)

    prompt  model       pass  rate  95 %     score  undecided  tokens   cost
    triage  local/tiny  2/3   67 %  20–94 %  0.67   0          30 → 15  $0.00

    failed
      c  contains: `delivery` is not in the answer
    --- stderr
    run 20260131-120000-xyn2: 3 answers, all known; $0.00 paid
    --- exit 1
    ");
    assert_eq!(server.count(), 3, "everything was known");
    let runs = path_of_runs(&repo);
    assert_eq!(repo.read(&format!("{}/results.jsonl", runs[1])), first, "the same run has the same bytes");
    assert_snapshot!(first, @r#"
    {"answer":{"input_tokens":10,"output_tokens":5,"text":"repairs"},"case":"a","checks":[{"name":"contains","reason":"`repairs` is in the answer","value":1.0,"verdict":"pass"},{"metric":"brevity","name":"length","reason":"the answer has 7 characters, and at most 200 are wanted","value":1.0,"verdict":"pass","weight":0.0}],"fingerprint":"e6a3afe40f7482a89c99540a1728bc2e","id":"k3v9q2mx","key":"e67a8eadfdfdb2b3cffb30342f59ee7e","model":"local/tiny","prompt":"triage","repeat":1,"score":1.0,"verdict":"pass"}
    {"answer":{"input_tokens":10,"output_tokens":5,"text":"billing"},"case":"b","checks":[{"name":"contains","reason":"`billing` is in the answer","value":1.0,"verdict":"pass"},{"metric":"brevity","name":"length","reason":"the answer has 7 characters, and at most 200 are wanted","value":1.0,"verdict":"pass","weight":0.0}],"fingerprint":"e6a3afe40f7482a89c99540a1728bc2e","id":"k3v9q2mx","key":"0544bf7b9a76fa7f9e4ce41d71fbeb7b","model":"local/tiny","prompt":"triage","repeat":1,"score":1.0,"verdict":"pass"}
    {"answer":{"input_tokens":10,"output_tokens":5,"text":"I cannot tell"},"case":"c","checks":[{"name":"contains","reason":"`delivery` is not in the answer","value":0.0,"verdict":"fail"},{"metric":"brevity","name":"length","reason":"the answer has 13 characters, and at most 200 are wanted","value":1.0,"verdict":"pass","weight":0.0}],"fingerprint":"e6a3afe40f7482a89c99540a1728bc2e","id":"k3v9q2mx","key":"56a7a1eaa337e7cbbec6c449cffd1b86","model":"local/tiny","prompt":"triage","repeat":1,"score":0.0,"verdict":"fail"}
    "#);
}

#[test]
fn only_what_is_new_is_asked() {
    let (repo, server) = served(sorts);
    fails(&repo, &[]);
    repo.write("evals/triage.eval.yaml", SUITE.replace("contains", "icontains").as_str());
    fails(&repo, &[]);
    repo.write("prompts/triage.md", TRIAGE.replace("---\nid", "---\ndescription: Sorts\nid").as_str());
    fails(&repo, &[]);
    assert_eq!(server.count(), 3, "neither a check nor a description changes an answer");
    repo.write("datasets/tickets.csv", TICKETS.replace("Where is it?", "Where is my parcel?").as_str());
    fails(&repo, &[]);
    assert_eq!(server.count(), 4);
    repo.write("prompts/triage.md", TRIAGE.replace("a queue", "one queue").as_str());
    fails(&repo, &[]);
    assert_eq!(server.count(), 7);
    fails(&repo, &["--repeat", "2"]);
    assert_eq!(server.count(), 10, "the first of two is known");
    fails(&repo, &["--sweep", "params.temperature=0,1"]);
    assert_eq!(server.count(), 16);
}

#[test]
fn whatever_is_wrong_is_told_before_anything_is_paid() {
    let (repo, server) = served(sorts);
    repo.write(
        "evals/triage.eval.yaml",
        "prompts: [triage, triag]\nchecks:\n- contians: x\n- regex: '('\n- contains: '{{ quue }}'\ncases:\n- {id: one, vars: {ticket: hi}}\n- {id: two, vars: {tickt: hi}}\n",
    );
    assert_snapshot!(repo.palc(&eval(&[])), @"
    --- stderr
    error: evals/triage.eval.yaml cannot be run
    evals/triage.eval.yaml:1:19: error: there is no prompt `triag` [suite]
       1 | prompts: [triage, triag]
                             ^^^^^
      hint: did you mean `triage`?
    evals/triage.eval.yaml:3:3: error: there is no check `contians` [check]
       3 | - contians: x
             ^^^^^^^^
      hint: did you mean `contains`?
      hint: docs/checks.md lists all of them
    evals/triage.eval.yaml:4:3: error: `regex`: the pattern ( is broken: unclosed group [check]
       4 | - regex: '('
             ^^^^^
    --- exit 3
    ");
    repo.write(
        "evals/triage.eval.yaml",
        "prompts: triage\nchecks:\n- contains: '{{ quue }}'\ncases:\n- {id: one, vars: {ticket: hi}}\n- {id: two, vars: {tickt: hi}}\n",
    );
    assert_snapshot!(repo.palc(&eval(&[])), @"
    --- stderr
    error: a check cannot be read
    evals/triage.eval.yaml:3:3: error: in the case `one`, `contains`: `quue` is not given [check]
       3 | - contains: '{{ quue }}'
             ^^^^^^^^
    evals/triage.eval.yaml:6:3: error: the case `two` cannot be rendered with triage: `ticket` is required and not given [suite]
       6 | - {id: two, vars: {tickt: hi}}
             ^
    --- exit 3
    ");
    assert_eq!(server.count(), 0);
}

#[test]
fn an_answer_that_never_came_is_no_bad_answer() {
    let (repo, server) = served(|asked| match last_user_text(asked).contains("sole") {
        true => error(asked, 400, "bad", "no such thing"),
        false => sorts(asked),
    });
    assert_snapshot!(repo.palc(&eval(&[])), @"
    triage: 1 of 2 pass (50 %, 95 % 9–91 %), 1 undecided

    prompt  model       pass  rate  95 %    score  undecided  tokens   cost
    triage  local/tiny  1/2   50 %  9–91 %  0.50   1          20 → 10  $0.00

    failed
      c  contains: `delivery` is not in the answer

    undecided
      a  bad-request: no such thing
    gate: triage with local/tiny: 1 of 3 are undecided, and none may be
    --- stderr
    3 calls to make, with at most 93 tokens and $0.00
    run 20260131-120000-km4y: 3 answers; $0.00 paid
    error: an answer is missing
    hint: `palc eval --retry-errors 20260131-120000-km4y` asks for these again and for no others
    --- exit 4
    ");
    assert_eq!(server.count(), 3);
    assert_snapshot!(repo.palc(&["eval", "--retry-errors"]), @"
    triage: nothing could be decided, 1 undecided

    prompt  model       pass  rate  95 %  score  undecided  tokens  cost
    triage  local/tiny  0/0   –     –     –      1          –       $0.00

    undecided
      a  bad-request: no such thing
    gate: triage with local/tiny: 1 of 1 are undecided, and none may be
    --- stderr
    1 call to make, with at most 31 tokens and $0.00
    run 20260131-120000-xyn2: 1 answer; $0.00 paid
    error: an answer is missing
    hint: `palc eval --retry-errors 20260131-120000-xyn2` asks for these again and for no others
    --- exit 4
    ");
    assert_eq!(server.count(), 4, "only the one without an answer is asked again");
}

#[test]
fn a_limit_holds_before_every_call_and_the_run_goes_on() {
    let (repo, server) = served(sorts);
    assert_snapshot!(repo.palc(&eval(&["--max-calls", "2", "--workers", "1"])), @"
    triage: 2 of 2 pass (100 %, 95 % 34–100 %)

    prompt  model       pass  rate   95 %      score  undecided  tokens   cost
    triage  local/tiny  2/2   100 %  34–100 %  1.00   0          20 → 10  $0.00
    --- stderr
    3 calls to make, with at most 93 tokens and $0.00
    run 20260131-120000-km4y: 2 answers; $0.00 paid
    error: the limit is reached: not all of triage was run
    hint: go on with `palc eval --resume 20260131-120000-km4y`
    --- exit 1
    ");
    assert_eq!(server.count(), 2);
    assert_snapshot!(repo.palc(&["eval", "--resume", "latest"]), @"
    triage: 2 of 3 pass (67 %, 95 % 20–94 %)

    prompt  model       pass  rate  95 %     score  undecided  tokens   cost
    triage  local/tiny  2/3   67 %  20–94 %  0.67   0          30 → 15  $0.00

    failed
      c  contains: `delivery` is not in the answer
    --- stderr
    1 call to make, with at most 30 tokens and $0.00
    run 20260131-120000-km4y: 3 answers, 2 of them known; $0.00 paid
    --- exit 1
    ");
    assert_eq!(server.count(), 3);
    assert_eq!(path_of_runs(&repo).len(), 1, "it is the same run");
    assert_snapshot!(repo.palc(&eval(&["--repeat", "2", "--max-cost", "1"])), @"
    triage: 4 of 6 pass (67 %, 95 % 15–96 %)

    prompt  model       pass  rate  95 %     score  undecided  tokens   cost
    triage  local/tiny  4/6   67 %  15–96 %  0.67   0          60 → 30  $0.00

    failed
      c     contains: `delivery` is not in the answer
      c #2  contains: `delivery` is not in the answer
    --- stderr
    3 calls to make, with at most 93 tokens and $0.00
    run 20260131-120000-xyn2: 6 answers, 3 of them known; $0.00 paid
    --- exit 1
    ");
    assert_eq!(server.count(), 6, "what costs nothing is within every limit");
}

#[test]
fn a_rehearsal_asks_nothing() {
    let (repo, server) = served(sorts);
    assert_snapshot!(repo.palc(&eval(&["--dry-run"])), @"
    triage: 3 cases, 3 answers, 0 of them known
    3 calls to make, with at most 93 tokens and $0.00
    ");
    let plan = repo.palc(&eval(&["--dry-run", "--json"])).json();
    assert_eq!(plan["data"]["answers"], json!(3));
    assert_eq!(server.count(), 0);
}

#[test]
fn two_revisions_are_run_without_a_checkout() {
    let (repo, server) = served(sorts);
    repo.commit("one");
    repo.write("prompts/triage.md", TRIAGE.replace("a queue", "one queue").as_str());
    repo.commit("two");
    repo.write("prompts/triage.md", "broken");
    let lines = repo.palc(&["eval", "triage", "HEAD~1", "HEAD", "--models", "local/tiny", "--json"]).json_lines();
    let at: Vec<_> = lines.iter().map(|line| line["data"]["at"].clone()).collect();
    assert_eq!(at, [json!("HEAD~1"), json!("HEAD")]);
    assert_ne!(lines[0]["data"]["results"]["prompts"], lines[1]["data"]["results"]["prompts"]);
    assert_eq!(server.count(), 6);
}

#[test]
fn without_names_the_change_decides() {
    let (repo, server) = served(sorts);
    repo.write("prompts/other.md", "Hi\n");
    repo.write("evals/other.eval.yaml", "prompts: other\nmodels: echo\nchecks: [{contains: Hi}]\ncases: [{id: a}]\n");
    repo.commit("all");
    repo.write("datasets/tickets.csv", "id,ticket,queue\na,The sole came off,repairs\n");
    let answer = repo.palc(&["eval", "--models", "local/tiny"]);
    assert!(answer.stdout.starts_with("triage: 1 of 1 pass"), "{answer}");
    assert_eq!(server.count(), 1);
    repo.commit("data");
    repo.write("README.md", "new");
    assert_snapshot!(repo.palc(&["eval"]), @"
    --- stderr
    the change touches no suite
    hint: name suites to run them anyway, or say --all
    ");
}

#[test]
fn shares_of_the_cases_are_all_of_them_and_none_twice() {
    let repo = repo();
    let rows: String = (0..40).map(|at| format!("c{at},hi,h\n")).collect();
    repo.write("datasets/tickets.csv", format!("id,ticket,queue\n{rows}"));
    let mut all = Vec::new();
    for share in ["1/3", "2/3", "3/3"] {
        repo.palc(&["eval", "triage", "--models", "echo", "--shard", share]).ok();
        let text = repo.read(&format!("{}/results.jsonl", path_of_runs(&repo).last().unwrap()));
        let cases = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["case"].clone());
        all.extend(cases.map(|case| case.as_str().unwrap().to_owned()));
    }
    all.sort();
    let mut wanted: Vec<String> = (0..40).map(|at| format!("c{at}")).collect();
    wanted.sort();
    assert_eq!(all, wanted);
}

#[test]
fn a_clone_knows_the_answers_that_were_kept() {
    let (repo, server) = served(sorts);
    fails(&repo, &["--keep"]);
    let kept = repo.read("results/triage/results.jsonl");
    std::fs::remove_dir_all(repo.path(".git/palc")).unwrap();
    fails(&repo, &["--keep"]);
    assert_eq!((server.count(), repo.read("results/triage/results.jsonl")), (3, kept));
}

#[test]
fn a_gate_holds_a_run_against_what_was_kept() {
    let (repo, server) = served(|asked| match asked.text().contains("Name a queue") {
        true => says(asked, &Said::text("billing")),
        false => says(asked, &Said::text("no idea")),
    });
    let rows: String = (0..40).map(|at| format!("c{at},Charged {at} times,billing\n")).collect();
    repo.write("datasets/tickets.csv", format!("id,ticket,queue\n{rows}"));
    repo.write("evals/triage.eval.yaml", format!("{SUITE}gate: {{min_pass_rate: 0, max_regression: 0.02}}\n"));
    repo.palc(&eval(&["--keep"])).ok();
    assert_snapshot!(repo.palc(&eval(&[])), @"
    triage: 40 of 40 pass (100 %, 95 % 91–100 %)

    prompt  model       pass   rate   95 %      score  undecided  tokens     cost
    triage  local/tiny  40/40  100 %  91–100 %  1.00   0          400 → 200  $0.00
    kept results: pass: 40 cases, pass rate 1 → 1 (-0.066 to +0.066)
    --- stderr
    run 20260131-120000-xyn2: 40 answers, all known; $0.00 paid
    ");
    repo.write("prompts/triage.md", TRIAGE.replace("Name a queue", "Which queue?").as_str());
    assert_snapshot!(repo.palc(&eval(&[])), @"
    triage: 0 of 40 pass (0 %, 95 % 0–9 %)

    prompt  model       pass  rate  95 %   score  undecided  tokens     cost
    triage  local/tiny  0/40  0 %   0–9 %  0.00   0          400 → 200  $0.00

    failed
      c0   contains: `billing` is not in the answer
      c1   contains: `billing` is not in the answer
      c10  contains: `billing` is not in the answer
      c11  contains: `billing` is not in the answer
      c12  contains: `billing` is not in the answer
      c13  contains: `billing` is not in the answer
      c14  contains: `billing` is not in the answer
      c15  contains: `billing` is not in the answer
      c16  contains: `billing` is not in the answer
      c17  contains: `billing` is not in the answer
      c18  contains: `billing` is not in the answer
      c19  contains: `billing` is not in the answer
      c2   contains: `billing` is not in the answer
      c20  contains: `billing` is not in the answer
      c21  contains: `billing` is not in the answer
      c22  contains: `billing` is not in the answer
      c23  contains: `billing` is not in the answer
      c24  contains: `billing` is not in the answer
      c25  contains: `billing` is not in the answer
      c26  contains: `billing` is not in the answer

    20 more did not pass
    kept results: regression: 40 cases, pass rate 1 → 0 (-1 to -0.86)
    gate: worse than the results that are kept, by more than 0.02: 40 cases, pass rate 1 → 0 (-1 to -0.86)
    --- stderr
    40 calls to make, with at most 1240 tokens and $0.00
    run 20260131-120000-adkc: 40 answers; $0.00 paid
    --- exit 1
    ");
    assert_eq!(server.count(), 80);
}

#[test]
fn formulas_over_metrics_are_computed_and_asked_for() {
    let repo = repo();
    let suite = "prompts: triage\nmodels: echo\ndataset: ../datasets/tickets.csv\nchecks:\n- {contains: sole, metric: a, required: false}\n- {contains: charged, metric: b, required: false}\nderived: {sum: a + b, mean: sum / 2}\ngate: {metrics: {mean: 0.5}}\n";
    repo.write("evals/triage.eval.yaml", suite);
    let answer = repo.palc(&["eval", "triage", "--json"]);
    let json = answer.json();
    let metrics = &json["data"]["results"]["total"]["metrics"];
    assert!((metrics["mean"]["mean"].as_f64().unwrap() - 1.0 / 3.0).abs() < 1e-9, "{metrics}");
    assert_eq!(json["data"]["missed"], json!(["triage with echo: `mean` is 0.333, and the gate asks for 0.5"]));
    repo.write("evals/triage.eval.yaml", suite.replace("a + b", "a + c").as_str());
    assert_snapshot!(repo.palc(&["eval", "triage"]), @"
    --- stderr
    error: evals/triage.eval.yaml cannot be run
    evals/triage.eval.yaml:7:16: error: `sum`: no check has the metric `c` [suite]
       7 | derived: {sum: a + c, mean: sum / 2}
                          ^^^^^
      hint: did you mean `a`?
    --- exit 3
    ");
}

#[test]
fn suites_are_run_again_when_something_changes_that_they_hang_on() {
    let repo = repo();
    let mut child = repo.start(&["eval", "triage", "--models", "echo", "--json", "--watch", "--interval", "10"]);
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut next = || {
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        serde_json::from_str::<Value>(&line).unwrap()["data"]["results"]["cases"].clone()
    };
    assert_eq!(next(), json!(3));
    repo.write("new", format!("{TICKETS}d,Hello,h\n"));
    std::fs::rename(repo.path("new"), repo.path("datasets/tickets.csv")).unwrap();
    assert_eq!(next(), json!(4));
    child.kill().unwrap();
    child.wait().unwrap();
}
