use insta::assert_snapshot;

use crate::harness::Repo;

fn shop() -> Repo {
    let repo = Repo::new();
    repo.write(
        "prompts/triage.md",
        "---\nmodel: anthropic/claude-sonnet-4-5\nparams: {temperature: 0.2, max_tokens: 200}\n\
         input: {default: {queues: [billing, bug]}}\n---\nsystem:\nYou route tickets. {% include \"_tone.md\" %}\n\n\
         user:\nQueues: {{ queues | join(\", \") }}\nTicket: {{ ticket }}\n",
    );
    repo.write("prompts/_tone.md", "Be kind{% include \"_end.md\" %}\n").write("prompts/_end.md", ".");
    repo.write("examples/t.yaml", "- {input: it broke, output: bug}\n- {input: too dear, output: billing}\n");
    repo.write(
        "old.json",
        "[{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\", \"content\": \"Hello\"}]",
    );
    repo
}

/// Render with everything that can be given, and keep the trace.
fn traced(repo: &Repo) -> String {
    let render =
        ["render", "triage", "--var", "ticket=It  BROKE", "--history", "old.json", "--examples", "t", "--trace"];
    let answer = repo.palc(&render);
    let text = answer.stdout.clone();
    answer.json();
    repo.write("trace.json", &text);
    text
}

#[test]
fn shows_the_steps_as_a_tree() {
    let repo = shop();
    traced(&repo);
    assert_snapshot!(repo.palc(&["trace", "show", "trace.json"]), @r#"
    triage  prompts/triage.md  for anthropic/claude-sonnet-4-5, by palc 0.1.0
    ├─ inputs
    │  ├─ ticket = "It BROKE"         variable               prompts/triage.md:11:12
    │  └─ queues = ["billing","bug"]  default                prompts/triage.md:10:12
    ├─ history                        2 messages
    ├─ examples                       1 shown
    ├─ load prompts/triage.md         244 bytes
    │  └─ load prompts/_tone.md       31 bytes               prompts/triage.md:7:31
    │     └─ load prompts/_end.md     1 byte                 prompts/_tone.md:1:19
    ├─ expand                         71 bytes, 17 steps
    ├─ message system                 27 bytes, ~8 tokens    prompts/triage.md:6:1
    │  ├─ text                        19 bytes, 6 tokens     prompts/triage.md:6:1
    │  ├─ text                        7 bytes, 2 tokens      prompts/_tone.md:1:1
    │  └─ text                        1 byte, 1 token        prompts/_end.md:1:1
    ├─ message user                   8 bytes, ~3 tokens
    │  └─ text                        8 bytes, 3 tokens
    ├─ message assistant              7 bytes, ~2 tokens
    │  └─ text                        7 bytes, 2 tokens
    ├─ message user                   2 bytes, ~1 token
    │  └─ text                        2 bytes, 1 token
    ├─ message assistant              5 bytes, ~2 tokens
    │  └─ text                        5 bytes, 2 tokens
    ├─ message user                   38 bytes, ~11 tokens   prompts/triage.md:7:44
    │  ├─ text                        8 bytes, 3 tokens      prompts/triage.md:7:44
    │  ├─ computed                    12 bytes, 4 tokens     prompts/triage.md:10:9
    │  ├─ text                        9 bytes, 3 tokens      prompts/triage.md:10:34
    │  └─ computed                    9 bytes, 3 tokens      prompts/triage.md:11:9
    └─ request to anthropic           332 bytes, ~62 tokens  ad25189e7372
    "#);
    let json = repo.palc(&["trace", "show", "trace.json", "--json"]).json();
    assert_eq!(json["data"][0]["can_replay"], true);
    let load =
        json["data"][0]["spans"].as_array().unwrap().iter().find(|span| span["path"] == "prompts/_end.md").unwrap();
    assert_eq!((&load["step"], &load["place"]["path"]), (&"load".into(), &"prompts/_tone.md".into()));
}

#[test]
fn a_replay_makes_the_same_request() {
    let repo = shop();
    let text = traced(&repo);
    std::fs::remove_dir_all(repo.path("prompts")).unwrap();
    std::fs::remove_dir_all(repo.path("examples")).unwrap();
    assert_snapshot!(repo.palc(&["trace", "replay", "trace.json"]), @"triage: the same request, byte for byte (332 bytes, ad25189e7372)");
    assert!(repo.palc_with_input(&["trace", "replay", "-"], &text).ok().contains("the same request"));
    let json = repo.palc(&["trace", "replay", "trace.json", "--json"]).json();
    assert_eq!((&json["data"][0]["same"], &json["data"][0]["intact"]), (&true.into(), &true.into()));
}

#[test]
fn a_replay_that_differs_says_where() {
    let repo = shop();
    let text = traced(&repo);
    repo.write("trace.json", text.replace("\"ticket\": \"It  BROKE\"", "\"ticket\": \"Other\""));
    assert_snapshot!(repo.palc(&["trace", "replay", "trace.json"]), @r#"
    triage: another request
    @@ -22,5 +22,5 @@
           "role": "user",
           "content": "Queues: billing, bug\n
    -Ticket: It  BROKE"
    +Ticket: Other"
         }
       ],
    --- exit 1
    "#);
    repo.write("trace.json", text.replace("Be kind.", "Be harsh."));
    assert_snapshot!(repo.palc(&["trace", "replay", "trace.json"]), @r#"
    triage: another request
    @@ -1,5 +1,5 @@
     {
       "model": "claude-sonnet-4-5",
    -  "system": "You route tickets. Be harsh.",
    +  "system": "You route tickets. Be kind.",
       "messages": [
         {
    --- stderr
    warning: the trace's request was changed after it was written
    --- exit 1
    "#);
}

#[test]
fn a_replay_with_todays_files_tells_what_an_edit_does() {
    let repo = shop();
    traced(&repo);
    assert!(repo.palc(&["trace", "replay", "trace.json", "--now"]).ok().contains("the same request"));
    repo.write("prompts/_end.md", ", and brief.");
    assert_snapshot!(repo.palc(&["trace", "replay", "trace.json", "--now"]), @r#"
    triage: another request
    @@ -1,5 +1,5 @@
     {
       "model": "claude-sonnet-4-5",
    -  "system": "You route tickets. Be kind.",
    +  "system": "You route tickets. Be kind, and brief.",
       "messages": [
         {
    --- exit 1
    "#);
    assert_eq!(repo.palc(&["trace", "replay", "trace.json"]).code, Some(0));
}

#[test]
fn a_trace_that_lacks_something_says_so() {
    let repo = shop();
    let text = traced(&repo);
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut try_with = |change: &dyn Fn(&mut serde_json::Value)| {
        change(&mut value);
        repo.write("trace.json", value.to_string());
        repo.palc(&["trace", "replay", "trace.json"])
    };
    let files = |value: &mut serde_json::Value| value["data"]["given"]["files"] = serde_json::json!([]);
    assert_snapshot!(try_with(&files), @r#"
    triage: cannot be replayed
    --- stderr
    error: cannot render `prompts/triage.md`
    prompts/triage.md:7:31: error: `prompts/_tone.md` cannot be read: the trace does not hold prompts/_tone.md, which is asked for now [broken-include]
       7 | You route tickets. {% include "_tone.md" %}
                                         ^^^^^^^^^^
    --- exit 3
    "#);
    let part = |value: &mut serde_json::Value| drop(value["data"]["given"].as_object_mut().unwrap().remove("options"));
    assert_snapshot!(try_with(&part), @"
    triage: cannot be replayed
    --- stderr
    error: the trace does not hold all that a replay needs, in `given`
      because: missing field `options`
    hint: take a new trace
    --- exit 3
    ");
    let whole = |value: &mut serde_json::Value| drop(value["data"].as_object_mut().unwrap().remove("given"));
    assert_snapshot!(try_with(&whole), @"
    triage: cannot be replayed
    --- stderr
    error: the trace lacks `given`: what the prompt was rendered from
    hint: take a new trace; a replay needs the prompt's text, its variables and its includes
    --- exit 3
    ");
    assert!(repo.palc(&["trace", "show", "trace.json"]).ok().contains("message user"));
    let newer = |value: &mut serde_json::Value| value["schema"] = "palc.trace.v2".into();
    assert_snapshot!(try_with(&newer), @"
    --- stderr
    error: trace.json is a trace of the kind palc.trace.v2, and this palc reads palc.trace.v1
    hint: it was made by another version of palc
    --- exit 3
    ");
    repo.write("trace.json", repo.palc(&["render", "triage", "--var", "ticket=x", "--json"]).ok());
    assert_snapshot!(repo.palc(&["trace", "show", "trace.json"]), @"
    --- stderr
    error: trace.json holds palc.render.v1 and no trace
    hint: make one: palc render PROMPT --trace > trace.json
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["trace", "show", "prompts/triage.md"]), @"
    --- stderr
    error: prompts/triage.md is not JSON
      because: invalid number at line 1 column 2
    --- exit 3
    ");
}

#[test]
fn a_trace_of_a_table_has_a_line_a_row() {
    let repo = shop();
    repo.write("cases.csv", "ticket\na\nb\n");
    let lines = repo.palc(&["render", "triage", "--data", "cases.csv", "--trace"]);
    repo.write("trace.jsonl", &lines.stdout);
    assert_eq!(lines.json_lines().len(), 2);
    assert_snapshot!(repo.palc(&["trace", "replay", "trace.jsonl"]), @"
    triage row 1: the same request, byte for byte (176 bytes, 5fb07e15c7e6)
    triage row 2: the same request, byte for byte (176 bytes, f308f6d41cf2)
    ");
    assert!(repo.palc(&["trace", "show", "trace.jsonl", "--row", "2"]).ok().contains("\"b\""));
    assert_eq!(repo.palc(&["trace", "show", "trace.jsonl", "--row", "3"]).code, Some(1));
}

#[test]
fn other_kinds_of_prompts_replay_too() {
    let repo = Repo::new();
    repo.write("prompts/p.prompty", "---\nname: x\nsample: {q: Why}\n---\nSystem:\nBe brief.\n\n# User:\n{{ q }}\n");
    repo.write(
        "prompts/g.prompt.yml",
        "messages:\n  - role: system\n    content: Hi {{x}}\n  - role: user\n    content: '{{x}}'\n",
    );
    repo.write("prompts/base.md", "system:\n{% block a %}base{% endblock %}\n");
    repo.write("prompts/child.md", "---\nextends: base\n---\n{% block a %}child {{ x }}{% endblock %}\n");
    for (name, count) in [("p", 2), ("g", 2), ("child", 1)] {
        let trace = repo.palc(&["render", name, "--var", "x=1", "--on-missing", "empty", "--trace"]);
        repo.write("trace.json", &trace.stdout);
        let messages = trace.stdout.matches("\"step\": \"message\"").count();
        assert_eq!(messages, count, "{trace}");
        let answer = repo.palc(&["trace", "replay", "trace.json"]);
        assert_eq!(answer.code, Some(0), "{answer}");
    }
}
