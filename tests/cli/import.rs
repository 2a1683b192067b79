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
    assert_snapshot!(repo.palc(&["import", "promptfoo", "old/promptfooconfig.yaml", "--dry-run"]), @"
    would create prompts/old/triage.md
    @@ -0,0 +1,4 @@
    +---
    +id: km4y8fqk
    +---
    +Sort this ticket: {{ ticket }}
    would create evals/old.eval.yaml
    @@ -0,0 +1,14 @@
    +description: Where tickets go
    +prompts: [old/triage]
    +models: [echo]
    +checks:
    +  - not-icontains: as an AI
    +cases:
    +  - id: a-refund
    +    description: A refund
    +    vars:
    +      ticket: I was charged twice
    +    checks:
    +      - contains: charged
    +      - word-count:
    +          max: 20
    ");
    assert!(!repo.path("evals").exists() && !repo.path("prompts/old").exists());
    assert_snapshot!(repo.palc(&["import", "promptfoo", "old/promptfooconfig.yaml"]), @"
    created prompts/old/triage.md
    created evals/old.eval.yaml
    --- stderr
    the suite has 1 case
    hint: palc suite check old looks at it as before a run; palc eval old --dry-run says what it costs
    ");
    assert_snapshot!(repo.read("evals/old.eval.yaml"), @"
    description: Where tickets go
    prompts: [old/triage]
    models: [echo]
    checks:
      - not-icontains: as an AI
    cases:
      - id: a-refund
        description: A refund
        vars:
          ticket: I was charged twice
        checks:
          - contains: charged
          - word-count:
              max: 20
    ");
    assert_eq!(repo.palc(&["suite", "check", "old"]).code, Some(0));
    assert_eq!(repo.palc(&["eval", "old"]).code, Some(0));
    assert_snapshot!(repo.palc(&["import", "promptfoo", "old/promptfooconfig.yaml"]), @"
    --- stderr
    error: prompts/old/triage.md and 1 more are there already, and nothing is overwritten
    hint: choose another name with `--name`, or remove what is there
    --- exit 1
    ");
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
    assert_snapshot!(repo.palc(&["import", "promptfoo", "old/promptfooconfig.yaml"]), @"
    --- stderr
    error: 2 things in old/promptfooconfig.yaml cannot be imported, and nothing was written
    old/promptfooconfig.yaml:11:16: error: `javascript` is not imported: it runs code, which no suite does [not-imported]
      11 |       - {type: javascript, value: 'true'}
                          ^^^^^^^^^^
    old/promptfooconfig.yaml:12:16: error: `cotnains` is no type of assertion that promptfoo documents [not-imported]
      12 |       - {type: cotnains, value: x}
                          ^^^^^^^^
      hint: did you mean `contains`?
    hint: change them there, or let `--partial` import the rest
    hint: docs/promptfoo.md says what becomes of each type of assertion
    --- exit 1
    ");
    assert!(!repo.path("evals").exists());
    assert_snapshot!(repo.palc(&["import", "promptfoo", "old/promptfooconfig.yaml", "--partial", "--name", "tickets"]), @"
    created prompts/tickets/triage.md
    created evals/tickets.eval.yaml
    --- stderr
    old/promptfooconfig.yaml:11:16: error: `javascript` is not imported: it runs code, which no suite does [not-imported]
      11 |       - {type: javascript, value: 'true'}
                          ^^^^^^^^^^
    old/promptfooconfig.yaml:12:16: error: `cotnains` is no type of assertion that promptfoo documents [not-imported]
      12 |       - {type: cotnains, value: x}
                          ^^^^^^^^
      hint: did you mean `contains`?
    the suite has 1 case
    hint: palc suite check tickets looks at it as before a run; palc eval tickets --dry-run says what it costs
    ");
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
    assert_snapshot!(repo.palc(&["import", "promptfoo", "promptfooconfig.js"]), @"
    --- stderr
    error: promptfooconfig.js is a program (`.js`), and palc runs none
    hint: write the configuration as YAML or JSON
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["import", "promptfoo", "none.yaml"]), @"
    --- stderr
    error: cannot read none.yaml
      because: No such file or directory (os error 2)
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["import", "promptfoo", "empty.yaml"]), @"
    --- stderr
    error: empty.yaml is no configuration that can be read
    empty.yaml:1:1: error: the file is empty [not-imported]
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["import", "promptfoo", "outside.yaml"]), @"
    --- stderr
    error: one thing in outside.yaml cannot be imported, and nothing was written
    outside.yaml:1:11: error: `../../etc/passwd.txt` lies outside of the repository [not-imported]
       1 | prompts: ['file://../../etc/passwd.txt', x]
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: change them there, or let `--partial` import the rest
    hint: docs/promptfoo.md says what becomes of each type of assertion
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["import", "promptfoo", "broken.yaml"]), @"
    --- stderr
    error: broken.yaml is no configuration that can be read
    broken.yaml:1:10: error: this is not valid YAML: unclosed bracket '[' [yaml]
       1 | prompts: [a
                    ^
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["import", "promptfoo", "outside.yaml", "--name", "a/b"]), @"
    --- stderr
    error: `a/b` cannot be a name: a suite that is imported stands in no folder
    hint: give `--name`
    --- exit 2
    ");
}
