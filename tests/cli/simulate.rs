use insta::assert_snapshot;

use crate::harness::Repo;

fn shop() -> Repo {
    let repo = Repo::new();
    repo.write(
        "prompts/triage.md",
        "---\nmodel: openai/gpt-4o\n---\nsystem:\nYou route tickets.\n\nuser:\nTicket: {{ ticket }}{% if tone is defined %} ({{ tone }}){% endif %}\n",
    );
    repo.write("datasets/tickets.csv", "ticket,tone\nfirst,calm\nsecond,angry\n");
    repo
}

const SCENARIO: &str = "\
prompt: triage
vars: {tone: soft}
expect:
  - not_contains: '{{'
  - roles: [system, user]
    role: user
contexts:
  - name: plain
    vars: {ticket: It broke, tone: loud}
    expect:
      - {contains: It broke, role: user}
      - messages: 2
  - name: from a table
    data: datasets/tickets.csv
    row: 2
    expect: [{contains: second (angry)}, {not_contains: loud}]
  - name: after a talk
    vars: {ticket: Still broken}
    history: [{role: user, content: Hi}, {role: assistant, content: Hello}]
    expect: [{roles: [system, user, assistant, user]}, {contains: (soft)}, {matches: '^Ticket: .+$'}]
  - name: without a ticket
    expect: [{missing: ticket}]
";

#[test]
fn each_context_stands_alone() {
    let repo = shop();
    let scenario = SCENARIO.replace("  - roles: [system, user]\n    role: user\n", "");
    repo.write("s.yaml", &scenario);
    assert_snapshot!(repo.palc(&["simulate", "--scenario", "s.yaml"]), @"
    ok  plain             2 messages, 23 tokens  3 expectations
    ok  from a table      2 messages, 22 tokens  3 expectations
    ok  after a talk      4 messages, 32 tokens  4 expectations
    ok  without a ticket  not rendered           2 expectations
    --- stderr
    triage is as expected in 4 contexts
    ");
    let messages = |repo: &Repo| -> Vec<(String, String)> {
        let json = repo.palc(&["simulate", "--scenario", "s.yaml", "--json"]).json();
        let mut all: Vec<(String, String)> = json["data"]["contexts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|context| (context["name"].to_string(), context["messages"].to_string()))
            .collect();
        all.sort();
        all
    };
    let before = messages(&repo);
    let (head, contexts) = scenario.split_once("contexts:\n").unwrap();
    let turned: String = contexts
        .split("  - name")
        .skip(1)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .map(|context| format!("  - name{context}"))
        .collect();
    repo.write("s.yaml", format!("{head}contexts:\n{turned}"));
    assert_eq!(messages(&repo), before, "the order of contexts does not matter");
    assert_snapshot!(repo.palc(&["simulate", "--scenario", "s.yaml", "--only", "after a talk", "--messages"]), @"
    === after a talk
    system:
    You route tickets.

    user:
    Hi

    assistant:
    Hello

    user:
    Ticket: Still broken (soft)
    ok  after a talk  4 messages, 32 tokens  4 expectations
    --- stderr
    triage is as expected in 1 context
    ");
}

#[test]
fn what_is_not_as_expected_has_its_place() {
    let repo = shop();
    repo.write(
        "deep/s.yaml",
        SCENARIO.replace("messages: 2", "max_tokens: 3").replace("{missing: ticket}", "{messages: 1}"),
    );
    assert_snapshot!(repo.palc_in("deep", &["simulate", "--scenario", "s.yaml"]), @r#"
    no  plain             2 messages, 23 tokens  4 expectations
    no  from a table      2 messages, 22 tokens  4 expectations
    no  after a talk      4 messages, 32 tokens  5 expectations
    no  without a ticket  not rendered           3 expectations
    --- stderr
    s.yaml:5:12: error: plain: the roles are user, not system, user (of the role user) [expectation]
       5 |   - roles: [system, user]
                      ^^^^^^^^^^^^^^
    s.yaml:12:21: error: plain: there are 23 tokens, more than 3 [expectation]
      12 |       - max_tokens: 3
                               ^
    s.yaml:5:12: error: from a table: the roles are user, not system, user (of the role user) [expectation]
       5 |   - roles: [system, user]
                      ^^^^^^^^^^^^^^
    s.yaml:5:12: error: after a talk: the roles are user, user, not system, user (of the role user) [expectation]
       5 |   - roles: [system, user]
                      ^^^^^^^^^^^^^^
    s.yaml: error: without a ticket: cannot render `prompts/triage.md` [expectation]
    prompts/triage.md:8:12: error: `ticket` is undefined [missing-variable]
       8 | Ticket: {{ ticket }}{% if tone is defined %} ({{ tone }}){% endif %}
                      ^^^^^^
      hint: give it a value, or write what to do without: `{{ name | default("…") }}`
    triage is not as expected in 4 of 4 contexts
    --- exit 1
    "#);
    let answer = repo.palc(&["simulate", "--scenario", "deep/s.yaml", "--json"]);
    assert_eq!(answer.code, Some(1));
    assert_eq!(answer.json()["data"]["passed"], false);
}

#[test]
fn a_scenario_that_is_wrong_is_told_whole() {
    let repo = shop();
    repo.write("s.yaml", "prompt: triage\ncontext: []\ncontexts:\n  - vars: [a]\n    turns: []\n    row: 2\n    expect: [{contain: x}, {contains: [1]}, {matches: '(', role: usr}]\n  - name: x\n  - name: x\n");
    assert_snapshot!(repo.palc(&["simulate", "--scenario", "s.yaml"]), @"
    --- stderr
    error: s.yaml is not in order
    s.yaml:2:1: error: unknown key `context` [unknown-key]
       2 | context: []
           ^^^^^^^
      hint: did you mean `contexts`?
    s.yaml:4:11: error: this must be a map of names and values, and is a list [scenario]
       4 |   - vars: [a]
                     ^^^
    s.yaml:5:5: error: unknown key `turns` [unknown-key]
       5 |     turns: []
               ^^^^^
      hint: known here: name, description, vars, history, data, row, examples, expect
    s.yaml:6:5: error: `row` needs `data` [scenario]
       6 |     row: 2
               ^^^
    s.yaml:7:14: error: an expectation says one of contains, not_contains, matches, messages, roles, max_tokens, missing [scenario]
       7 |     expect: [{contain: x}, {contains: [1]}, {matches: '(', role: usr}]
                        ^^^^^^^^^^^^
    s.yaml:7:15: error: unknown key `contain` [unknown-key]
       7 |     expect: [{contain: x}, {contains: [1]}, {matches: '(', role: usr}]
                         ^^^^^^^
      hint: did you mean `contains`?
    s.yaml:7:39: error: `contains` must be text, and is a list [scenario]
       7 |     expect: [{contain: x}, {contains: [1]}, {matches: '(', role: usr}]
                                                 ^^^
    s.yaml:7:55: error: this is not a regular expression: unclosed group [scenario]
       7 |     expect: [{contain: x}, {contains: [1]}, {matches: '(', role: usr}]
                                                                 ^^^
    s.yaml:7:66: error: `usr` is not one of system, developer, user, assistant, tool [scenario]
       7 |     expect: [{contain: x}, {contains: [1]}, {matches: '(', role: usr}]
                                                                            ^^^
    s.yaml:9:5: error: two contexts are called `x` [scenario]
       9 |   - name: x
               ^^^^^^^
    --- exit 3
    ");
    repo.write("s.yaml", "prompt: triag\ncontexts: [{name: a}]\n");
    assert_snapshot!(repo.palc(&["simulate", "--scenario", "s.yaml"]), @"
    --- stderr
    error: there is no prompt `triag`
    hint: did you mean `triage`?
    --- exit 1
    ");
    repo.write("s.yaml", "prompt: triage\ncontexts: [{name: a, data: ../home/x.csv}]\n");
    assert_snapshot!(repo.palc(&["simulate", "--scenario", "s.yaml"]), @"
    no  a  not rendered  0 expectations
    --- stderr
    s.yaml: error: a: the path ../home/x.csv leads upwards with `..` [expectation]
    triage is not as expected in 1 of 1 context
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["simulate", "--scenario", "s.yaml", "--only", "b"]), @"
    --- stderr
    error: the scenario has no context `b`
    hint: its contexts are a
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["simulate", "--scenario", "none.yaml"]), @"
    --- stderr
    error: cannot read none.yaml
      because: No such file or directory (os error 2)
    --- exit 5
    ");
}

#[test]
fn the_schema_is_the_published_one() {
    let published = format!("{:#}\n", palc::format::scenario::schema());
    assert_eq!(Repo::new().palc(&["simulate", "--schema"]).ok(), published);
}
