use insta::assert_snapshot;

use crate::harness::Repo;

fn triage() -> Repo {
    let repo = Repo::new();
    repo.write(
        "prompts/support/triage.md",
        "---\nid: k3v9q2mx\nmodel: openai/gpt-4o-mini\nparams: {temperature: 0.2, max_tokens: 200}\n\
         input:\n  schema: {ticket: string, limit?: integer}\n  default: {queues: [billing, bug]}\n---\n\
         system:\nYou route tickets. {% include \"_tone.md\" %}\n\nuser:\nQueues: {{ queues | join(\", \") }}\n\
         Ticket: {{ ticket }}\n",
    );
    repo.write("prompts/support/_tone.md", "---\nkind: partial\n---\nBe kind.\n");
    repo
}

#[test]
fn prints_the_messages() {
    assert_snapshot!(triage().palc(&["render", "support/triage", "--var", "ticket=It broke"]), @"
    system:
    You route tickets. Be kind.

    user:
    Queues: billing, bug
    Ticket: It broke
    ");
}

#[test]
fn reports_all_that_is_missing_or_mistyped() {
    let answer = triage().palc(&["render", "support/triage", "--var", "limit=many", "--var", "tikcet=x"]);
    assert_snapshot!(answer, @r#"
    --- stderr
    error: cannot render `prompts/support/triage.md`
    prompts/support/triage.md: error: `limit` must be a whole number, and is "many" [wrong-type]
    prompts/support/triage.md:14:12: error: `ticket` is required and not given (text) [missing-variable]
      14 | Ticket: {{ ticket }}
                      ^^^^^^
      hint: give it with --var ticket=…
    "#);
}

#[test]
fn variables_come_from_files_and_standard_input() {
    let repo = triage();
    repo.write("mail.txt", "system:\n{{ queues }}\n").write("more.yaml", "queues: [a]\nticket: overridden\n");
    let render = |arguments: &[&str], input: &str| {
        let all = [&["render", "support/triage", "--vars", "more.yaml"], arguments].concat();
        repo.palc_with_input(&all, input).ok().split("Queues: ").nth(1).unwrap_or_default().to_owned()
    };
    assert_eq!(render(&["--var", "ticket=@mail.txt"], ""), "a\nTicket: system:\n{{ queues }}\n");
    assert_eq!(render(&["--var", "ticket=-"], "piped"), "a\nTicket: piped\n");
    assert_eq!(render(&["--var", "ticket=@@me"], ""), "a\nTicket: @me\n");
    assert_eq!(render(&[], ""), "a\nTicket: overridden\n");
}

#[test]
fn speaks_the_providers_language() {
    let ask = |format: &str| {
        let answer = triage().palc(&["render", "support/triage", "--var", "ticket=x", "--format", format]);
        answer.to_string().replace("    ", "  ")
    };
    assert_snapshot!(ask("anthropic"), @r#"
    {
      "model": "gpt-4o-mini",
      "system": "You route tickets. Be kind.",
      "messages": [
      {
        "role": "user",
        "content": "Queues: billing, bug\nTicket: x"
      }
      ],
      "max_tokens": 200,
      "temperature": 0.2
    }
    --- stderr
    warning: the prompt's model is one of openai, not of anthropic
    "#);
    assert_snapshot!(ask("openai").contains("\"max_completion_tokens\": 200"), @"true");
    assert_snapshot!(ask("openrouter").contains("\"model\": \"openai/gpt-4o-mini\""), @"true");
    assert_snapshot!(ask("responses"), @r#"
    {
      "model": "gpt-4o-mini",
      "instructions": "You route tickets. Be kind.",
      "input": [
      {
        "role": "user",
        "content": "Queues: billing, bug\nTicket: x"
      }
      ],
      "temperature": 0.2,
      "max_output_tokens": 200,
      "store": false
    }
    "#);
}

#[test]
fn says_what_the_model_does_not_take() {
    let repo = Repo::new();
    let front = "model: openai/gpt-5-mini\nparams: {temperature: 0.2, max_tokens: 9, seed: 1}\ntools: [grep]";
    repo.write("prompts/a.md", format!("---\nid: k3v9q2mx\n{front}\n---\nHi\n"));
    assert_snapshot!(repo.palc(&["render", "a", "--format", "openai"]), @r#"
    {
      "model": "gpt-5-mini",
      "messages": [
        {
          "role": "user",
          "content": "Hi"
        }
      ],
      "max_completion_tokens": 9,
      "seed": 1
    }
    --- stderr
    warning: the tool "grep" has no definition and is left out
    warning: openai/gpt-5-mini takes no `temperature`: `params.temperature` (0.2) is left out
    "#);
}

#[test]
fn the_settings_of_a_service_are_in_its_request() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "---\nid: k3v9q2mx\nmodel: openrouter/openai/gpt-4o\n---\nHi\n");
    let folder = repo.home().join(".config/palc");
    std::fs::create_dir_all(&folder).unwrap();
    let options = "models = [\"mistralai/mistral-large\"]\nprovider = {data_collection = \"deny\"}\n";
    std::fs::write(folder.join("config.toml"), format!("[providers.openrouter.options]\n{options}")).unwrap();
    assert_snapshot!(repo.palc(&["render", "a", "--format", "openrouter"]), @r#"
    {
      "model": "openai/gpt-4o",
      "messages": [
        {
          "role": "user",
          "content": "Hi"
        }
      ],
      "models": [
        "mistralai/mistral-large"
      ],
      "provider": {
        "data_collection": "deny"
      }
    }
    "#);
}

#[test]
fn pictures_of_the_repository_are_sent_themselves() {
    let repo = Repo::new();
    repo.write("prompts/cat.png", "ABC");
    repo.write("prompts/a.md", "---\nid: k3v9q2mx\nmodel: openai/gpt-4o\n---\n{{ media(\"cat.png\") }}What is it?\n");
    repo.write("prompts/b.md", "---\nid: m4w8r3py\nmodel: openai/gpt-4o\n---\n{{ media(\"cow.png\") }}What is it?\n");
    assert_snapshot!(repo.palc(&["render", "a", "--format", "openai"]), @r#"
    {
      "model": "gpt-4o",
      "messages": [
        {
          "role": "user",
          "content": [
            {
              "type": "image_url",
              "image_url": {
                "url": "data:image/png;base64,QUJD"
              }
            },
            {
              "type": "text",
              "text": "What is it?"
            }
          ]
        }
      ]
    }
    "#);
    assert_snapshot!(repo.palc(&["render", "a"]), @"[cat.png]What is it?");
    assert_snapshot!(repo.palc(&["render", "b", "--format", "openai"]), @"
    --- stderr
    error: prompts/b.md shows `cow.png`: there is no such file
    hint: looked for prompts/cow.png, cow.png
    --- exit 3
    ");
}

#[test]
fn renders_once_a_row_and_goes_on_behind_a_wrong_one() {
    let repo = triage();
    repo.write("cases.csv", "ticket,limit\n\"one\nline two\",1\nshort\nthree,3\n");
    assert_snapshot!(repo.palc(&["render", "support/triage", "--data", "cases.csv"]), @"
    === row 1 (line 2)
    system:
    You route tickets. Be kind.

    user:
    Queues: billing, bug
    Ticket: one
    line two
    === row 3 (line 5)
    system:
    You route tickets. Be kind.

    user:
    Queues: billing, bug
    Ticket: three
    --- stderr
    error: row 2 of cases.csv cannot be used
    cases.csv:4:1: error: the row has 1 of 2 values; `limit` is missing [dataset]
    error: 1 of 3 rows could not be rendered
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["render", "support/triage", "--data", "cases.csv", "--row", "3"]), @"
    === row 3 (line 5)
    system:
    You route tickets. Be kind.

    user:
    Queues: billing, bug
    Ticket: three
    ");
    assert_snapshot!(repo.palc(&["render", "support/triage", "--data", "cases.csv", "--row", "9"]), @"
    --- stderr
    error: cases.csv has no row 9
    --- exit 1
    ");
    let lines = repo.palc(&["render", "support/triage", "--data", "cases.csv", "--json"]);
    assert_eq!(lines.code, Some(3));
}

#[test]
fn a_stream_of_json_has_one_object_a_row() {
    let repo = triage();
    repo.write("cases.jsonl", "{\"ticket\": \"a\"}\n{\"ticket\": \"b\", \"queues\": [\"x\"]}\n");
    let rows = repo.palc(&["render", "support/triage", "--data", "cases.jsonl", "--json"]).json_lines();
    let last = |at: usize| rows[at]["data"]["messages"][1]["content"].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        (rows.len(), last(0), last(1)),
        (2, "Queues: billing, bug\nTicket: a".into(), "Queues: x\nTicket: b".into())
    );
    assert_eq!(rows[1]["data"]["row"]["number"], 2);
}

#[test]
fn explains_where_each_piece_came_from() {
    assert_snapshot!(triage().palc(&["render", "support/triage", "--var", "ticket=It broke", "--explain"]), @"
    system:  7 tokens
      prompts/support/triage.md:9-10    5 tokens  You route tickets.
      prompts/support/_tone.md:4:1      3 tokens  Be kind.
    user:  10 tokens
      prompts/support/triage.md:10-13            3 tokens  Queues:
      prompts/support/triage.md:13:9   computed  3 tokens  billing, bug
      prompts/support/triage.md:13-14            4 tokens  Ticket:
      prompts/support/triage.md:14:9   computed  2 tokens  It broke
    in all  28 tokens for openai/gpt-4o-mini
    ");
    let json = triage().palc(&["render", "support/triage", "--var", "ticket=x", "--explain", "--json"]).json();
    assert_eq!(json["data"]["messages"][1]["segments"][1]["place"]["path"], "prompts/support/triage.md");
    assert_eq!(json["data"]["tokens"]["exact"], true);
}

#[test]
fn only_what_is_asked_for_is_taken_from_a_context() {
    let repo = triage();
    repo.write("context.json", "{\"ticket\": \"x\", \"phone\": \"555\"}");
    let answer = repo.palc(&["render", "support/triage", "--vars", "context.json", "--trace"]);
    assert!(!answer.to_string().contains("555"), "{answer}");
}

#[test]
fn traces_the_steps() {
    let json = triage().palc(&["render", "support/triage", "--var", "ticket=x", "--trace"]).json();
    let spans = json["data"]["spans"].as_array().unwrap();
    let below = |parent: u64| spans.iter().filter(move |span| span["parent"] == parent);
    let steps: Vec<&str> = below(0).filter_map(|span| span["step"].as_str()).collect();
    assert_eq!(steps, ["inputs", "load", "expand", "message", "message"]);
    let load = below(0).find(|span| span["step"] == "load").unwrap();
    let partial = below(load["id"].as_u64().unwrap()).next().unwrap();
    assert_eq!((&partial["path"], &partial["place"]["line"]), (&"prompts/support/_tone.md".into(), &10.into()));
}

#[test]
fn history_and_examples_are_data() {
    let repo = triage();
    repo.write(
        "history.json",
        "[{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\", \"content\": \"Hello\"}]",
    );
    repo.write(
        "examples.jsonl",
        "{\"input\": \"x\", \"output\": {\"queue\": \"bug\"}}\n{\"input\": \"y\", \"output\": \"billing\"}\n",
    );
    let answer = repo.palc(&[
        "render",
        "support/triage",
        "--var",
        "ticket=x",
        "--history",
        "history.json",
        "--examples",
        "examples.jsonl:5",
    ]);
    assert_snapshot!(answer, @"
    system:
    You route tickets. Be kind.

    user:
    y

    assistant:
    billing

    user:
    Hi

    assistant:
    Hello

    user:
    Queues: billing, bug
    Ticket: x
    ");
}

#[test]
fn an_older_revision_is_rendered_with_its_own_includes() {
    let repo = triage();
    repo.commit("first");
    repo.write("prompts/support/_tone.md", "Be harsh.\n").commit("second");
    let render = |what: &str| repo.palc(&["render", what, "--var", "ticket=x"]).ok();
    assert!(render("support/triage").contains("Be harsh."));
    assert!(render("support/triage@HEAD~1").contains("Be kind."));
}

#[test]
fn a_link_out_of_the_repository_is_not_followed() {
    let repo = triage();
    std::fs::write(repo.home().join("secret.md"), "secret").unwrap();
    std::fs::remove_file(repo.path("prompts/support/_tone.md")).unwrap();
    std::os::unix::fs::symlink(repo.home().join("secret.md"), repo.path("prompts/support/_tone.md")).unwrap();
    assert_snapshot!(repo.palc(&["render", "support/triage", "--var", "ticket=x"]), @r#"
    --- stderr
    error: cannot render `prompts/support/triage.md`
    prompts/support/triage.md:10:31: error: `prompts/support/_tone.md` cannot be read: prompts/support/_tone.md is a link that leads out of the repository [broken-include]
      10 | You route tickets. {% include "_tone.md" %}
                                         ^^^^^^^^^^
    "#);
}

#[test]
fn on_missing_decides_about_gaps() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "Hello {{ name }}!\n");
    assert_snapshot!(repo.palc(&["render", "a"]), @r#"
    --- stderr
    error: cannot render `prompts/a.md`
    prompts/a.md:1:10: error: `name` is undefined [missing-variable]
       1 | Hello {{ name }}!
                    ^^^^
      hint: give it a value, or write what to do without: `{{ name | default("…") }}`
    "#);
    assert_snapshot!(repo.palc(&["render", "a", "--on-missing", "warn"]), @"
    Hello !
    --- stderr
    prompts/a.md:1:10: warning: `name` is not given [missing-variable]
       1 | Hello {{ name }}!
                    ^^^^
    ");
    assert_snapshot!(repo.palc(&["render", "a", "--on-missing", "empty"]), @"Hello !");
}

#[test]
fn foreign_files_are_rendered_by_their_own_rules() {
    let repo = Repo::new();
    repo.write("prompts/p.prompty", "---\nname: x\nsample: {q: Why}\n---\nSystem:\nBe brief.\n\n# User:\n{{ q }}\n");
    repo.write("prompts/t/SKILL.md", "---\nname: t\ndescription: d\n---\nUse {{ this }} as it is.\nuser:\n");
    assert_snapshot!(repo.palc(&["render", "p"]), @"
    system:
    Be brief.

    user:
    Why
    ");
    assert_snapshot!(repo.palc(&["render", "t"]), @"
    Use {{ this }} as it is.
    user:
    ");
}
