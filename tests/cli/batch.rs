use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;

use insta::assert_snapshot;
use serde_json::Value;

use crate::harness::Repo;
use crate::harness::model_server::{Answer, ModelServer, Said, error, last_user_text, says};

const ONE_PHASE: [&str; 4] = ["--phases", "solutio", "--model", "local/m"];

fn batch<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["batch", "ideas.txt"], &ONE_PHASE[..], more].concat()
}

fn ideas(repo: &Repo, count: usize) {
    let ideas: String = (1..=count).map(|at| format!("idea number {at} about things\n")).collect();
    repo.write("ideas.txt", ideas);
}

fn numbers(jobs: &Value, state: &str) -> Vec<u64> {
    let of_state = jobs.as_array().unwrap().iter().filter(|job| job["state"] == state);
    of_state.map(|job| job["number"].as_u64().unwrap()).collect()
}

#[test]
fn jobs_become_prompts() {
    let repo = Repo::new();
    repo.write("ideas.csv", "idea,count,into\nsort tickets,2,support\n\"write, then check\",,\n");
    assert_snapshot!(repo.palc(&["batch", "ideas.csv", "--phases", "solutio", "--model", "echo"]), @"
    1  done  support/sort-tickets/solutio-1, support/sort-tickets/solutio-2
    2  done  generated/write-then-check/solutio-1
    --- stderr
    2 of 2 jobs are done; 3 calls, $0.00
    ");
    assert_snapshot!(repo.palc(&["list", "--format", "names"]), @"
    generated/write-then-check/solutio-1
    support/sort-tickets/solutio-1
    support/sort-tickets/solutio-2
    ");
    assert_snapshot!(repo.palc(&["batch", "ideas.csv", "--phases", "solutio", "--model", "echo", "--dry-run"]), @"
    1  open  sort tickets
    2  open  write, then check
    at most 3 calls to echo
    the first with about 1624 tokens
    about $0.00 if each answer has 1000 tokens
    ");
}

#[test]
fn a_hundred_jobs_of_which_seven_fail() {
    let repo = Repo::new();
    let server = ModelServer::start(|asked| {
        let text = last_user_text(asked);
        let bad = (1..=7).any(|at| text.contains(&format!("number {} about", at * 13)));
        if bad { error(asked, 400, "bad", "no such thing") } else { says(asked, &Said::text(text)) }
    });
    server.serve(&repo, "openai");
    ideas(&repo, 100);
    let answer = repo.palc(&batch(&["--skip-errors", "--workers", "8", "--json"]));
    assert_eq!(answer.code, Some(1));
    let data = answer.json()["data"].clone();
    assert_eq!((&data["done"], &data["failed"], &data["open"]), (&93.into(), &7.into(), &0.into()));
    assert_eq!(numbers(&data["jobs"], "failed"), [13, 26, 39, 52, 65, 78, 91]);
    assert_eq!(server.count(), 100);
    assert!(server.most_at_once() <= 8);
    let prompts: BTreeSet<String> = data["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|job| job["prompts"].as_array().unwrap().iter().map(|name| name.to_string()))
        .collect();
    assert_eq!(prompts.len(), 93);
    // What failed is tried again, and nothing else.
    let run = data["run"].as_str().unwrap().to_owned();
    let again = repo.palc(&["batch", &format!("--resume={run}"), "--skip-errors", "--json"]);
    assert_eq!((again.code, server.count()), (Some(1), 107));
    assert_eq!(again.json()["data"]["done"], 93);
}

#[test]
fn a_failure_ends_it_unless_it_is_to_go_on() {
    let repo = Repo::new();
    let server = ModelServer::start(|asked| error(asked, 401, "invalid_api_key", "no"));
    server.serve(&repo, "openai");
    ideas(&repo, 50);
    let answer = repo.palc(&batch(&["--workers", "1", "--json"]));
    assert_eq!((answer.code, server.count()), (Some(4), 1));
    let data = answer.json()["data"].clone();
    assert_eq!((&data["failed"], &data["open"], &data["stopped"]), (&1.into(), &49.into(), &true.into()));
}

/// Killed without a word while three answers were on their way.
#[test]
fn a_killed_run_goes_on_and_pays_nothing_twice() {
    let repo = Repo::new();
    let (tell, told) = channel();
    let hold = Arc::new(AtomicUsize::new(37));
    let holding = hold.clone();
    let server = ModelServer::start(move |asked| {
        let held = asked.number >= holding.load(Ordering::SeqCst);
        let _ = tell.send(held);
        if held { Answer::never() } else { says(asked, &Said::text(format!("made of {}", last_user_text(asked)))) }
    });
    server.serve(&repo, "openai");
    ideas(&repo, 100);
    let mut child = repo.start(&batch(&["--workers", "3"]));
    for _ in 0..3 {
        while !told.recv().unwrap() {}
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(server.count(), 40);
    hold.store(usize::MAX, Ordering::SeqCst);
    let data = repo.palc(&batch(&["--workers", "3", "--resume", "--json"])).json()["data"].clone();
    assert_eq!((&data["done"], &data["calls"]), (&100.into(), &63.into()), "{data}");
    assert_eq!(server.count(), 103);
    // Those that were on their way are marked, and nothing else was asked twice.
    assert_eq!(data["doubtful"].as_array().unwrap().len(), 3, "{}", data["doubtful"]);
    let mut asked: Vec<String> = server.asked().iter().map(last_user_text).collect();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), 100);
    let names = repo.palc(&["list", "--format", "names"]).ok();
    assert_eq!(names.lines().count(), 100);
    assert_snapshot!(repo.palc(&batch(&["--resume"])), @"
    --- stderr
    error: there is no run of these jobs to take up
    hint: leave --resume away to begin one, or name a run: --resume=RUN
    --- exit 1
    ");
}

#[test]
fn ideas_may_come_from_standard_input() {
    let repo = Repo::new();
    let answer = repo.palc_with_input(
        &["batch", "-", "--phases", "solutio", "--model", "echo", "--json"],
        "[{\"idea\": \"one\"}, {\"idea\": \"two\"}]",
    );
    assert_eq!(answer.json()["data"]["done"], 2);
}

#[test]
fn nothing_begins_unless_all_jobs_are_in_order() {
    let repo = Repo::new();
    repo.write("ideas.csv", "idea,cuont\na,1\n,2\n");
    assert_snapshot!(repo.palc(&["batch", "ideas.csv", "--model", "echo"]), @"
    --- stderr
    error: ideas.csv has jobs that are not in order, so nothing was begun
    ideas.csv:2:1: error: job 1: `cuont` is nothing that a job has [job]
      hint: did you mean `count`?
    ideas.csv:3:1: error: job 2: `cuont` is nothing that a job has [job]
      hint: did you mean `count`?
    ideas.csv:3:1: error: job 2: it has no `idea` [job]
    --- exit 3
    ");
    repo.write("ideas.csv", "idea,count,temperature\na,1000,\nb,,9\n");
    assert_snapshot!(repo.palc(&["batch", "ideas.csv", "--model", "echo"]), @"
    --- stderr
    error: nothing was begun
    --count: error: job 1: 1000 variants: 1 to 100 can be made [request]
    --temperature: error: job 2: a temperature is from 0 to 2, and this is 9 [request]
    --- exit 3
    ");
    repo.write("ideas.txt", "\n# none\n");
    assert_snapshot!(repo.palc(&["batch", "ideas.txt", "--model", "echo"]), @"
    --- stderr
    error: ideas.txt has no jobs
    hint: write an idea a line, or a table with a column `idea`
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["batch", "nowhere.txt", "--model", "echo"]), @"
    --- stderr
    error: cannot read nowhere.txt
      because: No such file or directory (os error 2)
    --- exit 5
    ");
    assert_snapshot!(repo.palc(&["batch"]), @"
    --- stderr
    error: the following required arguments were not provided:
      <FILE>

    Usage: palc batch <FILE>

    For more information, try '--help'.
    --- exit 2
    ");
    repo.write("ideas.txt", "one\n");
    assert_snapshot!(repo.palc(&["batch", "ideas.txt", "--workers", "21"]), @"
    --- stderr
    error: 21 jobs at once are too many
    hint: 1 to 20 work
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["batch", "ideas.txt", "--timeout", "soon"]), @"
    --- stderr
    error: invalid value 'soon' for '--timeout <TIME>': write it as 300s, 10m or 1h

    For more information, try '--help'.
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["batch", "ideas.txt", "--resume"]), @"
    --- stderr
    error: there is no run of these jobs to take up
    hint: leave --resume away to begin one, or name a run: --resume=RUN
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["batch", "--resume=2026"]), @"
    --- stderr
    error: there is no run 2026
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["batch", "--interactive"]), @"
    --- stderr
    error: ideas can only be asked for at a terminal
    hint: name a file, or - for standard input
    --- exit 2
    ");
}

#[test]
fn a_job_that_has_had_its_time_is_broken_off_in_the_middle_of_a_call() {
    let repo = Repo::new();
    repo.write("ideas.txt", "sort tickets\nwrite nothing, ever\n");
    let stalls = Arc::new(AtomicBool::new(true));
    let stalling = stalls.clone();
    let server = ModelServer::start(move |asked| match last_user_text(asked) {
        text if text.contains("ever") && stalling.load(Ordering::SeqCst) => Answer::never(),
        text => says(asked, &Said::text(text)),
    });
    server.serve(&repo, "openai");
    let answer = repo.palc(&batch(&["--timeout", "3s", "--skip-errors"]));
    assert_snapshot!(answer, @"
    1  done  generated/sort-tickets/solutio-1
    2  late  write nothing, ever: solutio/1: local/m: no answer came in the time there was; it was not done in 3s
    --- stderr
    1 of 2 jobs are done; 1 failed; 2 calls, $0.00
    warning: these calls were sent and never heard of, so they may have been paid for: 2/solutio/1
    hint: palc batch --resume=20260131-120000-xyn2 goes on, and tries again what failed
    --- exit 1
    ");
    assert_eq!(server.count(), 2);
    stalls.store(false, Ordering::SeqCst);
    assert_snapshot!(repo.palc(&batch(&["--timeout", "3s", "--resume"])), @"
    1  done  generated/sort-tickets/solutio-1
    2  done  generated/write-nothing-ever/solutio-1
    --- stderr
    2 of 2 jobs are done (1 were before); 1 calls, $0.00
    warning: these calls were sent and never heard of, so they may have been paid for: 2/solutio/1
    ");
    assert_eq!(server.count(), 3);
}
