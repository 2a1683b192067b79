use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use insta::assert_snapshot;

use crate::harness::Repo;
use crate::harness::model_server::{ModelServer, Said, error, last_user_text, says};

/// As in the tests of `select-best`: the model `echo` gives the verdict that the sheet's last message is.
const SHEET: &str = r#"---
kind: judge
custom:
  judge:
    scale: [0, 100]
    criteria: {length: It is long.}
---
{"verdict": "{{ nonce }}", "confidence": 1, "candidates": [
{%- for candidate in candidates -%}
{"candidate": {{ candidate.number }}, "reason": "It has {{ candidate.text | length }} letters.", "scores":
{"length": {{ [100, candidate.text | length] | min }}}}{% if not loop.last %},{% endif %}
{%- endfor %}]}
"#;

const LONGER: &str = "<prompt-{{ nonce }}>\n{{ prompt }} Say which queue {{ \"{{ ticket }}\" }} belongs to.\n</prompt-{{ nonce }}>\n{{ examples | length }}";

const PROMPT: &str =
    "---\n# kept\ndescription: sort tickets\ntags: [ a,b ]\n---\n\nSort {{ ticket }} into a queue.\n\n";

fn repo(form: &str) -> Repo {
    let repo = Repo::new();
    repo.write("forms/judge.md", SHEET);
    repo.write("forms/refine.md", form);
    repo.write("prompts/sort.md", PROMPT);
    repo
}

const ASK: [&str; 6] = ["refine", "sort", "--model", "echo", "--judge", "echo"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&ASK[..], more].concat()
}

#[test]
fn a_better_version_is_shown_and_written_if_wanted() {
    let repo = repo(LONGER);
    assert_snapshot!(repo.palc(&with(&["--target-score", "6/10"])), @"
    original  0.310
    step 1    0.720  better

    would change prompts/sort.md
    @@ -5,4 +5,4 @@
     ---
     
    -Sort {{ ticket }} into a queue.
    +Sort {{ ticket }} into a queue. Say which queue {{ ticket }} belongs to.
     
    --- stderr
    sort has 0.720: the 0.6 that was wanted is reached
    hint: --apply writes it
    ");
    assert_eq!(repo.read("prompts/sort.md"), PROMPT);
    assert_snapshot!(repo.palc(&with(&["--target-score", "6/10", "--apply", "--quiet"])), @"
    original  0.310
    step 1    0.720  better

    changed prompts/sort.md
    ");
    let head = PROMPT.split_once("Sort").unwrap().0;
    let text = repo.read("prompts/sort.md");
    assert!(text.starts_with(head) && text.ends_with(" belongs to.\n\n"), "{text}");
    assert_snapshot!(repo.palc(&with(&["--target-score", "6/10"])), @"
    original  0.720
    --- stderr
    sort has 0.720 already, and 0.6 was wanted
    ");
}

#[test]
fn steps_and_scores_are_in_json() {
    let data =
        repo(LONGER).palc(&with(&["--target-score", "60%", "--max-iterations", "3", "--json"])).json()["data"].clone();
    let refined = &data["refined"];
    assert_eq!((&refined["end"], &refined["best"]), (&"reached".into(), &1.into()));
    assert_eq!(refined["steps"][0]["judgement"]["winner"], "version");
    assert!(refined["score"].as_f64() > refined["original"].as_f64());
    assert_eq!(refined["written"]["written"], false);
}

#[test]
fn the_original_stays_unless_a_version_wins() {
    let repo = repo("<prompt-{{ nonce }}>\n{{ prompt[:20] }}.\n</prompt-{{ nonce }}>");
    assert_snapshot!(repo.palc(&with(&["--apply"])), @"
    original  0.310
    step 1    0.210  no better: the original is better
    step 2    –      rejected: it was there before
    --- stderr
    two versions in a row were no improvement; it stays as it is
    --- exit 1
    ");
    assert_eq!(repo.read("prompts/sort.md"), PROMPT);
}

#[test]
fn versions_keep_the_variables_and_can_be_read() {
    let version =
        |text: &str| format!("<prompt-{{{{ nonce }}}}>\n{{% raw %}}{text}{{% endraw %}}\n</prompt-{{{{ nonce }}}}>");
    let told = |form: &str| repo(form).palc(&with(&["--max-iterations", "1"]));
    assert_snapshot!(told(&version("Sort the ticket into one of the queues, and say which.")), @"
    original  0.310
    step 1    –      rejected: it lost the variable `ticket`
    --- stderr
    all steps are done, and 0.85 is not reached; it stays as it is
    --- exit 1
    ");
    assert_snapshot!(told(&version("Sort {{ ticket }} for {{ customer }} into one of the queues.")), @"
    original  0.310
    step 1    –      rejected: it uses `customer`, which nobody fills in
    --- stderr
    all steps are done, and 0.85 is not reached; it stays as it is
    --- exit 1
    ");
    assert_snapshot!(told(&version("Sort {{ ticket }} into one of the {{ queues.")), @"
    original  0.310
    step 1    –      rejected: it cannot be used: this is not a valid template: unexpected end of input, expected identifier or integer
    --- stderr
    all steps are done, and 0.85 is not reached; it stays as it is
    --- exit 1
    ");
    assert_snapshot!(told("I would rather not."), @"
    original  0.310
    step 1    –      rejected: the model's reply has no prompt between the tags that were asked for
    --- stderr
    all steps are done, and 0.85 is not reached; it stays as it is
    --- exit 1
    ");
}

#[test]
fn earlier_prompts_that_did_well_are_shown() {
    let repo = repo(LONGER);
    repo.write("prompts/good.md", "---\norigin: {score: 0.9}\n---\nSort tickets into queues.\n");
    repo.write("prompts/bad.md", "---\norigin: {score: 0.3}\n---\nSort tickets.\n");
    let examples =
        |more: &[&str]| repo.palc(&with(&[&["--json"], more].concat())).json()["data"]["examples"].to_string();
    assert_eq!(examples(&[]), "[\"good\"]");
    assert_eq!(examples(&["--no-history"]), "[]");
}

#[test]
fn a_dry_run_asks_nobody() {
    assert_snapshot!(repo(LONGER).palc(&["refine", "sort", "--model", "openai/gpt-4o", "--judge", "anthropic/claude-sonnet-4-5", "--dry-run"]), @"
    at most 16 calls to anthropic/claude-sonnet-4-5, openai/gpt-4o
    the first with about 40 tokens
    about $0.21 if each answer has 1000 tokens
    ");
}

#[test]
fn wrong_questions() {
    let repo = repo(LONGER);
    assert_snapshot!(repo.palc(&with(&["--target-score", "8.5"])), @"
    --- stderr
    error: `8.5` is no score from 0 to 1
    hint: write 8.5/10 if that is meant
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["refine", "sort"]), @"
    --- stderr
    error: no model is named to judge
    hint: name one: --judge MODEL, or the key `generation.judge`, or the key `model`
    --- exit 2
    ");
    repo.write("prompts/plain.md", "Sort.\n");
    assert_snapshot!(repo.palc(&["refine", "plain", "--model", "echo", "--judge", "echo"]), @"
    --- stderr
    error: what is plain for?
    hint: say it with --task, or in the prompt's `description`
    --- exit 2
    ");
    repo.write("prompts/empty.md", "---\ndescription: x\n---\n");
    assert_snapshot!(repo.palc(&["refine", "empty", "--model", "echo", "--judge", "echo"]), @"
    --- stderr
    error: empty has no text to refine
    hint: `palc generate` writes a new one
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["refine", "nowhere", "--model", "echo", "--judge", "echo"]), @"
    --- stderr
    error: there is no prompt `nowhere`
    hint: `palc list` shows all prompts
    --- exit 1
    ");
}

#[test]
fn what_was_broken_off_goes_on_and_pays_nothing_twice() {
    let repo = repo(LONGER);
    let down = Arc::new(AtomicBool::new(true));
    let is_down = down.clone();
    let server = ModelServer::start(move |asked| match asked.number {
        2.. if is_down.load(Ordering::SeqCst) => error(asked, 400, "bad", "not today"),
        _ => says(asked, &Said::text(last_user_text(asked))),
    });
    server.serve(&repo, "openai");
    let ask = ["refine", "sort", "--model", "local/w", "--judge", "local/j", "--target-score", "6/10"];
    assert_snapshot!(repo.palc(&ask), @"
    --- stderr
    error: local/j: not today (status 400, bad)
    hint: go on with `palc refine --resume 20260131-120000-km4y`
    --- exit 4
    ");
    let asked = server.count();
    down.store(false, Ordering::SeqCst);
    let run = std::fs::read_dir(repo.path(".git/palc/runs")).unwrap().next().unwrap().unwrap().file_name();
    let resume = ["refine", "--resume", run.to_str().unwrap()];
    assert_snapshot!(repo.palc(&resume), @"
    original  0.310
    step 1    0.720  better

    would change prompts/sort.md
    @@ -5,4 +5,4 @@
     ---
     
    -Sort {{ ticket }} into a queue.
    +Sort {{ ticket }} into a queue. Say which queue {{ ticket }} belongs to.
     
    --- stderr
    --judge: warning: local/j judges what another model of the same service wrote [judge]
      hint: name a model of another service with --judge, or with the key `generation.judge`
    sort has 0.720: the 0.6 that was wanted is reached
    hint: --apply writes it
    ");
    let all = server.count();
    assert_eq!((asked, all), (5, 7), "the first two answers were kept");
    // It is over: nothing more is asked, and it can still be written.
    repo.palc(&[&resume[..], &["--apply"]].concat()).ok();
    assert_eq!(server.count(), all);
    assert!(repo.read("prompts/sort.md").contains("belongs to."));
    assert_snapshot!(repo.palc(&["refine", "sort", "--resume", "2026"]), @"
    --- stderr
    error: the argument '[NAME]' cannot be used with '--resume <RUN>'

    Usage: palc refine <NAME>

    For more information, try '--help'.
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["select-best", "--resume", run.to_str().unwrap()]), @"
    --- stderr
    error: the run 20260131-120000-km4y is none of `palc select-best`
    --- exit 2
    ");
}
