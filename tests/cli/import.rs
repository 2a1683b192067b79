use insta::assert_snapshot;

use crate::harness::Repo;

const CONFIG: &str = "description: Where tickets go
prompts: [file://texts/triage.txt]
providers: [echo]
defaultTest:
  assert:
    - {type: not-icontains, value: as an AI}
tests:
  - description: A refund
    vars: {ticket: I was charged twice}
    assert:
      - {type: contains, value: charged}
      - {type: word-count, value: {max: 20}}
";

fn repo(config: &str) -> Repo {
    let repo = Repo::new();
    repo.write("old/promptfooconfig.yaml", config);
    repo.write("old/texts/triage.txt", "Sort this ticket: {{ ticket }}\n");
    repo
}

#[test]
fn a_configuration_becomes_prompts_and_a_suite_that_runs() {
    let repo = repo(CONFIG);
    assert_snapshot!(repo.palc(&["import", "promptfoo", "old/promptfooconfig.yaml", "--dry-run"]), @"");
    assert!(!repo.path("evals").exists() && !repo.path("prompts/old").exists());
    assert_snapshot!(repo.palc(&["import", "promptfoo", "old/promptfooconfig.yaml"]), @"");
    assert_snapshot!(repo.read("evals/old.eval.yaml"), @"");
    assert_eq!(repo.palc(&["suite", "check", "old"]).code, Some(0));
    assert_eq!(repo.palc(&["eval", "old"]).code, Some(0));
    assert_snapshot!(repo.palc(&["import", "promptfoo", "old/promptfooconfig.yaml"]), @"");
    let answer = repo.palc(&["import", "promptfoo", "old/promptfooconfig.yaml", "--name", "again", "--json"]).json();
    assert_eq!(answer["data"]["files"].as_array().unwrap().len(), 2);
}

#[test]
fn what_cannot_be_imported_is_named_and_stops_it() {
    let config = CONFIG.replace(
        "      - {type: contains, value: charged}",
        "      - {type: javascript, value: 'true'}\n      - {type: cotnains, value: x}",
    );
    let repo = repo(&config);
    assert_snapshot!(repo.palc(&["import", "promptfoo", "old/promptfooconfig.yaml"]), @"");
    assert!(!repo.path("evals").exists());
    assert_snapshot!(repo.palc(&["import", "promptfoo", "old/promptfooconfig.yaml", "--partial", "--name", "tickets"]), @"");
    assert_eq!(repo.palc(&["suite", "check", "tickets"]).code, Some(0));
}

#[test]
fn wrong_files_are_refused() {
    let repo = Repo::new();
    repo.write("promptfooconfig.js", "module.exports = {}");
    repo.write("empty.yaml", "");
    repo.write(
        "outside.yaml",
        "prompts: ['file://../../etc/passwd.txt', x]\ntests: [{vars: {a: 1}, assert: [{type: is-json}]}]\n",
    );
    repo.write("broken.yaml", "prompts: [a\n");
    assert_snapshot!(repo.palc(&["import", "promptfoo", "promptfooconfig.js"]), @"");
    assert_snapshot!(repo.palc(&["import", "promptfoo", "none.yaml"]), @"");
    assert_snapshot!(repo.palc(&["import", "promptfoo", "empty.yaml"]), @"");
    assert_snapshot!(repo.palc(&["import", "promptfoo", "outside.yaml"]), @"");
    assert_snapshot!(repo.palc(&["import", "promptfoo", "broken.yaml"]), @"");
    assert_snapshot!(repo.palc(&["import", "promptfoo", "outside.yaml", "--name", "a/b"]), @"");
}
