use insta::assert_snapshot;

use crate::harness::Repo;

const SETTINGS: &str = "[vocabulary]\ntype = [\"coach\", \"system\"]\n\n[vocabulary.phase]\nintroduction = {}\nsystem_context \
                        = { user = false }\n\n[vocabulary.actions]\ngreet = { description = \"Say hello\" }\nleave = {}\nadmin \
                        = { offered = false }\n";

const ASSEMBLY: &str = "# In which order a request stands.\nsegments:\n  - select: {type: system, phase: system_context}\n  \
                        - prompt: rules@1\n  - variable: notes\n    title: Notes about the user\n  - template\n  - actions\n  \
                        - history: 2\n";

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("palc.toml", SETTINGS).write("assembly.yaml", ASSEMBLY);
    repo.write("prompts/rules.md", "---\nid: k3v9q2ma\n---\nsystem:\nBe kind.\n").commit("rules");
    repo.write("prompts/rules.md", "---\nid: k3v9q2ma\n---\nsystem:\nBe strict.\n");
    repo.write(
        "prompts/coach.md",
        "---\nid: k3v9q2mb\ntype: coach\nphase: introduction\nallowed_actions: [greet, admin]\ninput:\n  required: [name]\n\
         ---\nsystem:\nWelcome {{ name }}.\n",
    );
    repo.write(
        "prompts/context.md",
        "---\nid: k3v9q2mc\ntype: system\nphase: system_context\ninput: {default: {place: here}}\n---\nsystem:\nYou \
         coach {{ place }}.\n",
    );
    repo.commit("all");
    repo.write("history.json", r#"[{"role": "user", "content": "one"}, {"role": "assistant", "content": "two"}, {"role": "user", "content": "{{ three }}"}]"#);
    repo.write(
        "context.json",
        "{\"notes\": [\"likes tea\", \"user:\\n{{ name }}\"], \"place\": \"there\", \"secret\": 1}",
    );
    repo
}

const RENDER: &[&str] = &["render", "coach", "--var", "name=Ada", "--assembly", "assembly.yaml"];

#[test]
fn the_parts_stand_in_the_order_of_the_file() {
    let repo = repo();
    let full = [RENDER, &["--vars", "context.json", "--history", "history.json"]].concat();
    assert_snapshot!(repo.palc(&full), @"
    system:
    You coach there.

    system:
    Be kind.

    system:
    Notes about the user

    - likes tea
    - user:
    {{ name }}

    system:
    Welcome Ada.

    system:
    Ask for no action but these:
    - greet: Say hello

    assistant:
    two

    user:
    {{ three }}
    ");
    assert_snapshot!(repo.palc(&[&full[..], &["--explain"]].concat()), @"
    == context@1
    system:  4 tokens
      prompts/context.md:7-8             3 tokens  You coach
      prompts/context.md:8:11  computed  1 token   there
      prompts/context.md:8:22            1 token   .
    == rules@1
    system:  3 tokens
      prompts/rules.md:4-5    3 tokens  Be kind.
    == notes
    system:  15 tokens
      assembly.yaml:5-6  computed  15 tokens  Notes about the user - likes tea - user: {{ name }}
    == template
    system:  3 tokens
      prompts/coach.md:9-10             2 tokens  Welcome
      prompts/coach.md:10:9   computed  1 token   Ada
      prompts/coach.md:10:19            1 token   .
    == actions
    system:  12 tokens
      assembly.yaml:8:5  computed  12 tokens  Ask for no action but these: - greet: Say hello
    == history
    assistant:  1 token
      with the request    1 token  two
    user:  3 tokens
      with the request    3 tokens  {{ three }}
    in all  72 tokens for openai/gpt-4o
    ");
    let json = repo.palc(&[&full[..], &["--json"]].concat()).json();
    assert_snapshot!(json["data"]["parts"], @r#"[{"name":"context@1","messages":1},{"name":"rules@1","messages":1},{"name":"notes","messages":1},{"name":"template","messages":1},{"name":"actions","messages":1},{"name":"history","messages":2}]"#);
    let moved = ASSEMBLY.replace("  - template\n", "").replace("segments:\n", "segments:\n  - template\n");
    repo.write("assembly.yaml", moved.replace("  - history: 2\n", ""));
    assert_snapshot!(repo.palc(&full), @"
    system:
    Welcome Ada.

    user:
    one

    assistant:
    two

    user:
    {{ three }}

    system:
    You coach there.

    system:
    Be kind.

    system:
    Notes about the user

    - likes tea
    - user:
    {{ name }}

    system:
    Ask for no action but these:
    - greet: Say hello
    ");
    let chosen = ["select", "--phase", "introduction", "--assembly", "assembly.yaml", "--context", "name.json"];
    repo.write("name.json", "{\"name\": \"Bob\"}");
    assert_snapshot!(repo.palc(&chosen), @"
    system:
    Welcome Bob.

    system:
    You coach here.

    system:
    Be kind.

    system:
    Ask for no action but these:
    - greet: Say hello
    --- stderr
    coach@1
    ");
}

#[test]
fn what_is_absent_is_told_and_the_rest_is_rendered() {
    let repo = repo();
    repo.palc(&["deactivate", "context@1"]).ok();
    repo.git(&["rm", "--quiet", "prompts/rules.md"]);
    repo.write("assembly.yaml", ASSEMBLY.replace("rules@1", "rules"));
    assert_snapshot!(repo.palc(RENDER), @"
    system:
    Welcome Ada.

    system:
    Ask for no action but these:
    - greet: Say hello
    --- stderr
    assembly.yaml:3:5: warning: every version for the phase `system_context` and the type `system` is switched off: context@1 (system, system_context) [missing-segment]
       3 |   - select: {type: system, phase: system_context}
               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      hint: switch one on: palc activate context@1
    assembly.yaml:4:5: warning: there is no prompt `rules` [missing-segment]
       4 |   - prompt: rules
               ^^^^^^^^^^^^^
      hint: `palc list` shows all prompts
    ");
    repo.write("assembly.yaml", ASSEMBLY.replace("rules@1\n", "rules\n    missing: error\n"));
    assert_snapshot!(repo.palc(RENDER), @"
    --- stderr
    error: a part of the request is missing
    assembly.yaml:4:5: error: there is no prompt `rules` [missing-segment]
       4 |   - prompt: rules
               ^^^^^^^^^^^^^
      hint: `palc list` shows all prompts
    --- exit 3
    ");
    repo.write("assembly.yaml", "segments:\n  - temlate\n  - prompt: {}\n");
    assert_snapshot!(repo.palc(RENDER), @"
    --- stderr
    error: assembly.yaml is not in order
    assembly.yaml:2:5: error: unknown key `temlate` [unknown-key]
       2 |   - temlate
               ^^^^^^^
      hint: did you mean `template`?
    assembly.yaml:3:13: error: `prompt` takes the name of a prompt [wrong-value]
       3 |   - prompt: {}
                       ^^
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["render", "coach", "--assembly", "none.yaml"]), @"
    --- stderr
    error: cannot read none.yaml
      because: No such file or directory (os error 2)
    --- exit 5
    ");
}
