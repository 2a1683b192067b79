use insta::assert_snapshot;

use crate::harness::Repo;

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write(
        "palc.toml",
        "[vocabulary.actions]\nnext = \"Go to the next phase\"\nsave = {}\ndelete_account = { offered = false }\n",
    );
    repo.write(
        "prompts/coach.md",
        "---\nallowed_actions: [next, delete_account]\n---\nYou may:{% for action in allowed_actions %} {{ action.name }} ({{ \
         action.description }}){% endfor %}\n",
    );
    repo.write("prompts/plain.md", "Hi\n");
    repo
}

#[test]
fn only_allowed_actions_are_in_the_schema_and_the_text() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["render", "coach"]), @"You may: next (Go to the next phase)");
    assert_snapshot!(repo.palc(&["render", "coach", "--schema"]), @r#"
    {
      "type": "object",
      "properties": {
        "message": {
          "type": "string"
        },
        "actions": {
          "type": "array",
          "items": {
            "type": "string",
            "enum": [
              "next"
            ]
          }
        }
      },
      "required": [
        "message",
        "actions"
      ],
      "additionalProperties": false
    }
    "#);
    assert_snapshot!(repo.palc(&["render", "plain", "--schema"]), @"
    --- stderr
    error: plain says nothing of its answers
    hint: give it `output.schema`, or `allowed_actions`
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["check"]), @"
    --- stderr
    checked 2 prompts: nothing to report
    ");
}

#[test]
fn an_answer_with_a_forbidden_action_is_refused() {
    let repo = repo();
    let validate = |answer: &str| repo.palc_with_input(&["validate-response", "coach"], answer);
    assert_snapshot!(validate(r#"{"message": "Hi", "actions": ["next"]}"#), @"valid");
    assert_snapshot!(validate(r#"{"message": "Hi", "actions": ["save", "delete_account"]}"#), @"
    --- stderr
    <stdin>: error: /actions/0: `save` is not an action that this prompt allows [forbidden-action]
    <stdin>: error: /actions/1: `delete_account` is never the model's to choose [forbidden-action]
    --- exit 1
    ");
    assert_snapshot!(validate(r#"{"actions": []}"#), @r#"
    --- stderr
    <stdin>: error: "message" is a required property [response-schema]
    --- exit 1
    "#);
    assert_snapshot!(validate("```json\n{}\n```"), @"
    --- stderr
    <stdin>:1:1: error: this is not JSON [response-json]
       1 | ```json
           ^
      hint: take off the fence around it
    --- exit 1
    ");
    repo.write("answer.json", r#"{"message": "Hi", "actions": ["save"]}"#);
    let answer = repo.palc(&["validate-response", "coach", "answer.json", "--format", "json"]);
    assert_eq!(answer.code, Some(1));
    let json = answer.json();
    assert_eq!(json["data"]["actions"], serde_json::json!(["save"]));
    assert_eq!(json["findings"][0]["rule"], "forbidden-action");
}
