use std::cell::Cell;
use std::collections::BTreeMap;

use super::{Plan, Where, World, import};
use crate::base::{Error, Severity};
use crate::format::suite;

/// Import a configuration that lies at the root, with these files beside it.
fn imported(text: &str, files: &[(&str, &str)]) -> Plan {
    let files: BTreeMap<String, String> = files.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect();
    let count = Cell::new(0);
    let world = World {
        read: &|path| files.get(path).cloned().ok_or_else(|| Error::invalid(format!("there is no file {path}"))),
        find: &|pattern| {
            let (begin, end) = pattern.split_once('*').unwrap_or((pattern, ""));
            Ok(files.keys().filter(|path| path.starts_with(begin) && path.ends_with(end)).cloned().collect())
        },
        id: &|| {
            count.set(count.get() + 1);
            format!("id{}", count.get())
        },
    };
    let to = Where { name: "s".into(), prompts: "prompts".into(), suites: "evals".into() };
    import("promptfooconfig.yaml", text, &to, &world).expect("is read")
}

/// What is said, each with its severity and place.
fn said(plan: &Plan) -> Vec<String> {
    let one = |it: &crate::base::Finding| {
        format!("{} {}:{}: {}", it.severity.word(), it.place.path, it.place.line, it.message)
    };
    plan.findings.iter().map(one).collect()
}

fn lost(plan: &Plan) -> Vec<String> {
    let errors = plan.findings.iter().filter(|it| it.severity == Severity::Error);
    errors.map(|it| format!("{}: {}", it.place.line, it.message)).collect()
}

/// The suite, which palc itself must read.
fn suite_of(plan: &Plan) -> &str {
    let (path, text) = plan.suite.as_ref().expect("there is a suite");
    if let Err(error) = suite::read("s", path, text) {
        panic!("{error}: {:?}\n{text}", error.places().iter().map(|it| &it.message).collect::<Vec<_>>());
    }
    text
}

const WHOLE: &str = r#"# yaml-language-server: $schema=https://promptfoo.dev/config-schema.json
description: Ticket triage
prompts:
  - file://prompts/triage.txt
  - id: file://prompts/chat.json
    label: chat
  - |
    Sort this: {{ ticket | dump }}
    user:
    Thanks
providers:
  - id: openai:gpt-4o-mini
    config: {temperature: 0, max_tokens: 200}
  - openai:chat:gpt-4o:
      config: {temperature: 0, max_tokens: 200}
defaultTest:
  vars: {tone: kind}
  assert:
    - type: not-icontains
      value: as an AI
    - {type: latency, threshold: 2000}
tests:
  - description: A refund, charged twice!
    vars: {ticket: I was charged twice}
    metadata: {area: billing}
    assert:
      - type: contains-any
        value: 'billing, "refund, please"'
      - {type: similar, value: Your refund is on its way, threshold: 0.8, weight: 2, metric: sense}
      - {type: regex, value: '^\d+ [\w-]+$'}
      - {type: levenshtein, value: refund, threshold: 3}
      - {type: is-json, value: file://schemas/ticket.json}
      - type: assert-set
        threshold: 0.5
        assert:
          - {type: equals, value: a}
          - {type: word-count, value: {min: 1, max: 9}}
  - vars: {ticket: [one, two], tone: curt}
    assert: [{type: llm-rubric, value: Is polite, provider: 'openai:gpt-4o'}]
evaluateOptions: {repeat: 2, maxConcurrency: 4}
outputPath: out.json
"#;

#[test]
fn a_whole_configuration() {
    let files = [
        ("prompts/triage.txt", "Sort {{ ticket }}.\n---\nPlease sort: {{ ticket }}\n"),
        (
            "prompts/chat.json",
            r#"[{"role": "system", "content": "Be {{ tone }}."}, {"role": "user", "content": "{{ ticket }}"}]"#,
        ),
    ];
    let plan = imported(WHOLE, &files);
    assert_eq!(lost(&plan), [""; 0]);
    insta::assert_snapshot!(suite_of(&plan), @r#"
    description: Ticket triage
    prompts: [s/triage, s/triage-2, s/chat, s/prompt]
    models: [openai/gpt-4o-mini, openai/gpt-4o]
    params:
      temperature: 0
      max_tokens: 200
    repeat: 2
    vars:
      tone: kind
    checks:
      - not-icontains: as an AI
      - latency: 2000
    cases:
      - id: a-refund-charged-twice
        description: A refund, charged twice!
        vars:
          ticket: I was charged twice
        tags: ["area:billing"]
        checks:
          - contains-any: [billing, "refund, please"]
          - similar: Your refund is on its way
            threshold: 0.8
            weight: 2
            metric: sense
          - regex: ^[0-9]+ [[0-9A-Za-z_]-]+$
          - levenshtein:
              text: refund
              max: 3
          - is-json:
              schema: ../schemas/ticket.json
          - set:
              checks:
                - equals: a
                - word-count:
                    min: 1
                    max: 9
              threshold: 0.5
      - id: test-2
        vars:
          ticket: one
          tone: curt
        checks:
          - judge:
              rubric: Is polite
              judge: openai/gpt-4o
      - id: test-3
        vars:
          ticket: two
          tone: curt
        checks:
          - judge:
              rubric: Is polite
              judge: openai/gpt-4o
    "#);
    let prompts: Vec<String> = plan.prompts.iter().map(|(path, text)| format!("=== {path}\n{text}")).collect();
    insta::assert_snapshot!(prompts.concat(), @"
    === prompts/s/triage.md
    ---
    id: id1
    ---
    Sort {{ ticket }}.
    === prompts/s/triage-2.md
    ---
    id: id2
    ---
    Please sort: {{ ticket }}
    === prompts/s/chat.md
    ---
    id: id3
    ---
    system:
    Be {{ tone }}.

    user:
    {{ ticket }}
    === prompts/s/prompt.md
    ---
    id: id4
    template:
      messages: single
    ---
    Sort this: {{ ticket | tojson }}
    user:
    Thanks
    ");
    insta::assert_snapshot!(said(&plan).join("\n"), @"
    warning promptfooconfig.yaml:29: `similar`: palc's own vectors give other numbers; look at the threshold
    warning promptfooconfig.yaml:39: `llm-rubric`: judged by palc's own prompt: a reply that is no verdict is asked for again and then undecided
    note promptfooconfig.yaml:40: `maxConcurrency` is about running, and is left out
    note promptfooconfig.yaml:41: `outputPath` says nothing of prompts, cases or checks, and is left out
    ");
}

#[test]
fn what_cannot_be_said_is_named_with_its_line() {
    let text = "prompts: ['{{ x.length }}', file://p.py, 'langfuse://a']\nproviders: [{id: 'file://a.js'}, openai:gpt-4o]\nextensions: [file://h.js]\ndefualtTest: {}\ntests:\n- vars: {x: file://v.yaml}\n  provider: openai:x\n  options: {transform: output}\n  assert:\n  - {type: javascript, value: 'true'}\n  - {type: contians, value: a}\n  - {type: regex, value: '(?=a)'}\n  - {type: contains, value: a, transform: x}\n  - {type: contains-any, value: '{{ list }}'}\n  - {type: cost}\n  - {type: equals, value: file://x.js}\n- vars: {x: 1}\n  assert: [{type: python, value: x}]\n";
    insta::assert_snapshot!(said(&imported(text, &[])).join("\n"), @"
    error promptfooconfig.yaml:1: `.length` in the prompt means nothing in palc's templates
    error promptfooconfig.yaml:1: a prompt in a `.py` file is a program or a table
    error promptfooconfig.yaml:1: `langfuse://` names a prompt that lies elsewhere
    error promptfooconfig.yaml:2: palc has no service for `file://a.js`
    error promptfooconfig.yaml:3: `extensions` runs code, which no suite does
    error promptfooconfig.yaml:4: `defualtTest` is no key that promptfoo documents
    error promptfooconfig.yaml:6: nothing that can be imported is asserted here, so this test would always pass
    error promptfooconfig.yaml:6: `file://v.yaml`: only texts are read into variables
    error promptfooconfig.yaml:7: `provider` of a test cannot be said in a suite
    error promptfooconfig.yaml:8: `transform` of a test's options cannot be said in a suite
    error promptfooconfig.yaml:10: `javascript` is not imported: it runs code, which no suite does
    error promptfooconfig.yaml:11: `contians` is no type of assertion that promptfoo documents
    error promptfooconfig.yaml:12: `regex`: look-around, including look-ahead and look-behind, is not supported
    error promptfooconfig.yaml:13: `transform` of `contains` cannot be said in a suite
    error promptfooconfig.yaml:14: `contains-any`: a list that a template makes cannot be taken apart
    error promptfooconfig.yaml:15: `cost`: it has no `threshold`
    error promptfooconfig.yaml:16: `equals`: x.js is a program
    error promptfooconfig.yaml:17: nothing that can be imported is asserted here, so this test would always pass
    error promptfooconfig.yaml:18: `python` is not imported: it runs code, which no suite does
    ");
    let broken = imported("prompts: [a\n", &[]);
    assert!(broken.suite.is_none() && !lost(&broken).is_empty());
    assert_eq!(lost(&imported("", &[])), ["1: the file is empty"]);
}

#[test]
fn tables_with_columns_of_their_own_become_cases() {
    let table = "topic,__expected,__expected2,__description,__metric,__threshold,__metadata:level,__config:__expected:threshold\r\ncats,contains: meow,levenshtein(3): cat,About cats,m,0.5,\"a,b\",\r\ndogs,woof,,,,,,\r\nfish,similar: blub,is-json,,,,,0.6\r\nx,javascript: 1,,,,,,\r\n";
    let plan = imported("prompts: ['{{topic}}']\ntests: data/t.csv\n", &[("data/t.csv", table)]);
    insta::assert_snapshot!(suite_of(&plan), @r#"
    prompts: [s/prompt]
    cases:
      - id: about-cats
        description: About cats
        vars:
          topic: cats
        tags: ["level:a", "level:b"]
        checks:
          - set:
              checks:
                - contains: meow
                  metric: m
                - levenshtein:
                    text: cat
                    max: 3
                  metric: m
              threshold: 0.5
      - id: test-2
        vars:
          topic: dogs
        checks:
          - equals: woof
      - id: test-3
        vars:
          topic: fish
        checks:
          - similar: blub
            threshold: 0.6
          - is-json
    "#);
    insta::assert_snapshot!(said(&plan).join("\n"), @"
    warning data/t.csv:4: `similar`: palc's own vectors give other numbers; look at the threshold
    error data/t.csv:5: `javascript` is not imported: it runs code, which no suite does
    error data/t.csv:5: nothing that can be imported is asserted here, so this test would always pass
    ");
}

#[test]
fn a_plain_table_is_the_dataset() {
    let text = "prompts: ['{{topic}}']\ndefaultTest: {assert: [{type: contains, value: '{{topic}}'}], threshold: 0.5}\ntests: file://data/t.csv\n";
    let plan = imported(text, &[("data/t.csv", "topic\ncats\n")]);
    insta::assert_snapshot!(suite_of(&plan), @r#"
    prompts: [s/prompt]
    datasets: [../data/t.csv]
    checks:
      - set:
          checks:
            - contains: "{{topic}}"
          threshold: 0.5
    "#);
}

#[test]
fn scenarios_and_thresholds() {
    let text = "prompts: ['Say {{word}} in {{language}}']\ndefaultTest: {assert: [{type: is-refusal}]}\nscenarios:\n- config: [{vars: {language: French}}, {vars: {language: German}}]\n  tests: [{vars: {word: yes}, threshold: 0.4, assert: [{$ref: '#/assertionTemplates/short'}]}]\nassertionTemplates: {short: {type: word-count, value: 1}}\n";
    let plan = imported(text, &[]);
    assert_eq!(lost(&plan), [""; 0]);
    insta::assert_snapshot!(suite_of(&plan), @r#"
    prompts: [s/prompt]
    cases:
      - id: test-1
        vars:
          language: French
          word: "yes"
        checks:
          - set:
              checks:
                - is-refusal
                - word-count: 1
              threshold: 0.4
      - id: test-2
        vars:
          language: German
          word: "yes"
        checks:
          - set:
              checks:
                - is-refusal
                - word-count: 1
              threshold: 0.4
    "#);
}

/// Each type has a place in the reference, and kinds are named as palc names them.
#[test]
fn the_table_is_in_order() {
    for (at, known) in super::table::TABLE.iter().enumerate() {
        assert!(known.ours.is_some() || !known.says.is_empty(), "{}", known.theirs);
        assert!(
            super::table::TABLE[..at].iter().all(|other| other.theirs != known.theirs),
            "{} stands twice",
            known.theirs
        );
    }
}
