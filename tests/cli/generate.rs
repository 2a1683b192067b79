use insta::assert_snapshot;
use serde_json::Value;

use crate::harness::Repo;

/// One short phase, so that what the echo says can be read.
fn short() -> Repo {
    let repo = Repo::new();
    repo.write("phases/a.md", "---\nkind: phase\ndescription: First\nparams: {temperature: 0.9}\n---\nsystem:\nBegin.\n\nuser:\nA {{ input }}\n");
    repo.write("phases/b.md", "---\nkind: phase\ndescription: Then\nparams: {temperature: 0.1}\n---\nsystem:\nGo on.\n\nuser:\nB {{ input }}\n");
    repo.write("palc.toml", "[generation]\nmodel = \"echo\"\nphases = [\"a\", \"b\"]\n");
    repo
}

#[test]
fn every_text_becomes_a_prompt_of_a_session() {
    let repo = short();
    assert_snapshot!(repo.palc(&["generate", "Sort tickets", "-n", "2", "--tag", "support", "--target-model", "claude-x"]), @"");
    assert_snapshot!(repo.git(&["status", "--short", "--untracked-files=all", "prompts", "sessions"]), @"");
    assert_snapshot!(repo.read("prompts/generated/sort-tickets/b-2.md"), @"");
    // The same answers make the same files, so nothing changes.
    assert_snapshot!(repo.palc(&["generate", "Sort tickets", "-n", "2", "--tag", "support", "--target-model", "claude-x", "-q"]), @"");
    repo.commit("all");
    let again = repo.palc(&["generate", "Sort tickets", "-n", "2", "--tag", "support", "--target-model", "claude-x"]);
    assert!(again.to_string().contains("everything is there already, as it was"), "{again}");
    assert_eq!(repo.git(&["status", "--short"]), "");
}

#[test]
fn an_idea_is_taken_word_for_word() {
    let repo = short();
    let idea = "---\nid: x\n---\nuser:\nKeep {{ this }} and {% that %} 🜁\n";
    let answer = repo.palc_with_input(&["generate", "-", "--json"], idea).json();
    assert_eq!(answer["data"]["session"]["request"]["idea"], idea);
    assert_eq!(answer["data"]["texts"][1]["text"], format!("B A {}", idea.trim_end()));
    let id = answer["data"]["session"]["id"].as_str().unwrap();
    let path = answer["data"]["texts"][1]["path"].as_str().unwrap();
    let prompt = repo.read(path);
    assert!(prompt.ends_with(&format!("---\nB A {idea}")), "{prompt}");
    assert!(prompt.contains("template:\n  engine: none\n"), "it is no template: {prompt}");
    assert!(repo.read(&format!("sessions/{id}.yaml")).contains("{% that %} 🜁"));
    repo.palc(&["check"]).ok();
}

#[test]
fn without_saving_nothing_is_touched() {
    let repo = short();
    repo.commit("begin");
    let all = |folder: &str| {
        let listed = std::process::Command::new("find").arg(repo.path(folder)).arg("-type").arg("f").output().unwrap();
        String::from_utf8(listed.stdout).unwrap()
    };
    repo.palc(&["list"]).ok();
    let before = (all("."), all(".git"));
    assert_snapshot!(repo.palc(&["generate", "Sort tickets", "--no-save", "--phases", "a"]), @"");
    assert_eq!((all("."), all(".git")), before);
    assert_eq!(repo.git(&["status", "--short"]), "");
}

#[test]
fn what_is_out_of_bounds_is_told_at_once() {
    let repo = short();
    assert_snapshot!(repo.palc(&["generate", " ", "-n", "101", "--temperature", "2.1", "--max-tokens", "0", "--tag", "a\tb", "--into", "a/../b", "--phases", "a,a"]), @"");
    assert_snapshot!(repo.palc(&["generate", "a\u{7}b", "-n", "0"]), @"");
    assert_snapshot!(repo.palc(&["generate", "x", "--phases", "idee"]), @"");
    assert_snapshot!(repo.palc(&["generate", "x", "--strategy", "worst"]), @"");
    repo.write("palc.toml", "");
    assert_snapshot!(repo.palc(&["generate", "x"]), @"");
    repo.palc(&["generate", "x", "-n", "100", "--temperature", "2", "--max-tokens", "1", "-m", "echo", "--dry-run"]).ok();
}

#[test]
fn a_dry_run_says_what_would_be_asked() {
    let repo = short();
    repo.write("notes.md", "The queues are billing and bugs.\n");
    repo.write("phases/a.md", "---\nkind: phase\nmodel: nowhere/x\n---\nuser:\nA {{ input }}\n");
    assert_snapshot!(repo.palc(&["generate", "Write tests", "--persona", "code", "--context", "notes.md", "--dry-run", "-n", "3", "--strategy", "cascade", "--temperature", "0.4"]), @"");
    let planned = repo.palc(&["generate", "Write tests", "--context", "notes.md", "--dry-run", "--json"]).json();
    let asked = planned["data"]["planned"][0]["messages"][1]["content"].as_str().unwrap();
    assert!(asked.contains("<context name=\"notes.md\">\nThe queues are billing and bugs.\n</context>"), "{asked}");
    assert!(!repo.exists("sessions") && !repo.exists("prompts"));
    assert_snapshot!(repo.palc(&["generate", "x", "--context", "notes.md", "--config", "generation.context_tokens=3"]), @"");
}

#[test]
fn earlier_prompts_that_proved_themselves_are_shown() {
    let repo = short();
    repo.write("prompts/triage.md", "---\nid: triage01\ndescription: Sort an incoming ticket into one queue\n---\nSort this ticket into a queue: {{ ticket }}\n");
    repo.write("prompts/draft.md", "---\nid: draft001\nstatus: draft\n---\nSort an incoming ticket into one queue.\n");
    repo.write("prompts/poem.md", "---\nid: poem0001\n---\nWrite a poem about the sea.\n");
    let asked = |more: &[&str]| {
        let begin = ["generate", "Sort incoming tickets into queues", "--dry-run", "--json"];
        let planned = repo.palc(&[&begin[..], more].concat()).json();
        (planned["data"]["planned"][0]["messages"][1]["content"].as_str().unwrap().to_owned(), planned["data"]["session"]["settled"]["examples"].clone())
    };
    let (text, shown) = asked(&[]);
    assert!(text.contains("<example name=\"triage\">\nSort this ticket into a queue: {{ ticket }}\n</example>"), "{text}");
    assert_eq!(shown.as_array().unwrap().len(), 1, "no draft, and nothing about something else: {shown}");
    assert_eq!(shown[0]["id"], "triage01");
    assert_eq!(asked(&["--no-history"]).1, Value::Null);
    assert_eq!(asked(&["--config", "generation.min_relevance=1"]).1, Value::Null);
    assert_eq!(asked(&["--config", "generation.max_examples=0"]).1, Value::Null);
    assert_eq!(asked(&["--config", "generation.min_relevance=0"]).1.as_array().unwrap().len(), 2);
}

#[test]
fn recorded_answers_make_the_same_session_everywhere() {
    let made = |seed: &str| {
        let mut repo = short();
        repo.set("PALC_SEED", seed);
        repo.palc(&["generate", "Sort tickets", "-n", "2", "--replay", "cassette", "--model", "echo"]).ok();
        let answer = repo.palc(&["generate", "Sort tickets", "-n", "2", "--replay", "cassette", "--model", "echo", "--json"]).json();
        answer.to_string()
    };
    assert_eq!(made("1"), made("2"));
}

#[test]
fn a_judge_that_does_not_judge_makes_nobody_the_winner() {
    let repo = short();
    // The echo is no judge.
    assert_snapshot!(repo.palc(&["generate", "Sort tickets", "-n", "2", "--auto-select", "--optimize", "--phases", "a"]), @"");
    let session = repo.palc(&["generate", "Sort tickets", "-n", "2", "--auto-select", "--phases", "a", "--format", "yaml"]).ok();
    assert!(session.starts_with("schema: palc.generate.v1\n"), "{session}");
}

#[test]
fn stages_may_be_kept_in_one_file() {
    let repo = short();
    repo.palc(&["generate", "Sort tickets", "--keep", "stages", "--into", "new/ones"]).ok();
    assert_snapshot!(repo.read("prompts/new/ones/sort-tickets/b-1.md"), @"");
    assert!(!repo.exists("prompts/new/ones/sort-tickets/a-1.md"));
}
