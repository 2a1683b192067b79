use insta::assert_snapshot;

use crate::harness::Repo;

#[test]
fn a_new_word_needs_no_new_palc() {
    let repo = Repo::new();
    assert_snapshot!(repo.palc(&["vocab", "list", "phase"]), @r"
    phase # default
      prima-materia  Expand the raw idea into a complete brief; also idea
      solutio        Rewrite for natural flow without losing a requirement; also human
      coagulatio     Cut what is redundant and make it ready for production; also precision
    ");
    assert_snapshot!(repo.palc(&["vocab", "add", "phase", "system_context", "--system", "--description", "Put before every prompt"]), @r"
    --- stderr
    set vocabulary.phase in $TMP/repo/palc.toml
    ");
    assert_snapshot!(repo.palc(&["vocab", "add", "type", "coach"]), @r"
    --- stderr
    set vocabulary.type in $TMP/repo/palc.toml
    ");
    assert_snapshot!(repo.palc(&["vocab", "add", "type", "sentinel"]), @r"
    --- stderr
    set vocabulary.type in $TMP/repo/palc.toml
    ");
    assert_snapshot!(repo.palc(&["vocab", "add", "actions", "close", "--hidden", "--dry-run", "--json"]), @r#"
    {
      "schema": "palc.vocab.add.v1",
      "data": {
        "key": "vocabulary.actions",
        "path": "$TMP/repo/palc.toml",
        "layer": "repository",
        "before": null,
        "after": {
          "close": {
            "offered": false
          }
        },
        "written": false
      },
      "findings": []
    }
    --- stderr
    would set vocabulary.actions in $TMP/repo/palc.toml
    "#);
    assert_snapshot!(repo.read("palc.toml"), @r#"
    [vocabulary.phase]
    prima-materia = { description = "Expand the raw idea into a complete brief", aliases = ["idea"] }
    solutio = { description = "Rewrite for natural flow without losing a requirement", aliases = ["human"] }
    coagulatio = { description = "Cut what is redundant and make it ready for production", aliases = ["precision"] }
    system_context = { description = "Put before every prompt", user = false }

    [vocabulary]
    type = ["coach", "sentinel"]
    "#);
    assert_snapshot!(repo.palc(&["vocab", "list", "phase"]), @r"
    phase # palc.toml:1:13
      prima-materia   Expand the raw idea into a complete brief; also idea
      solutio         Rewrite for natural flow without losing a requirement; also human
      coagulatio      Cut what is redundant and make it ready for production; also precision
      system_context  Put before every prompt; not for users
    ");
    assert_snapshot!(repo.palc(&["vocab", "remove", "type", "coach"]), @r"
    --- stderr
    set vocabulary.type in $TMP/repo/palc.toml
    hint: palc check lists the prompts that still use the word
    ");
    assert_snapshot!(repo.palc(&["vocab", "list", "type"]), @r"
    type # palc.toml:8:1
      sentinel
    ");
}

#[test]
fn a_word_that_cannot_be_is_refused() {
    let repo = Repo::new();
    assert_snapshot!(repo.palc(&["vocab", "add", "phase", "Solutio"]), @r"
    --- stderr
    error: `Solutio` would be taken for `solutio`, which is in the vocabulary phase
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["vocab", "add", "phase", "idea"]), @r"
    --- stderr
    error: `idea` would be taken for `prima-materia`, which is in the vocabulary phase
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["vocab", "add", "tags", "urgent", "--word-color", "redd"]), @r#"
    --- stderr
    error: the configuration would not be valid, so it is left as it is
    palc.toml:2:20: error: `vocabulary.tags`: `redd` is no colour: write one of black, red, green, yellow, blue, magenta, cyan, white, gray, or #rrggbb [config-word]
       2 | urgent = { color = "redd" }
                              ^^^^^^
      hint: did you mean `red`?
    --- exit 3
    "#);
    assert_snapshot!(repo.palc(&["vocab", "list", "phases"]), @r"
    --- stderr
    error: there is no vocabulary `phases`
    hint: did you mean `phase`?
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["vocab", "remove", "phase", "solution"]), @r"
    --- stderr
    error: `solution` is not a word of the vocabulary phase
    hint: did you mean `solutio`?
    --- exit 1
    ");
    assert!(!repo.exists("palc.toml"));
}
