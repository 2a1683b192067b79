use insta::assert_snapshot;

use crate::harness::Repo;

const TRIAGE: &str = "---
id: k3v9q2mx
model: openai/gpt-4o-mini
params: {temperature: 0.2}
tags: [support]
input:
  default: {queues: [billing, bug]}
---
system:
You route support tickets.

# Rules
- Answer with one word.
- Never apologise.

user:
Queues: {{ queues | join(\", \") }}
Ticket: {{ ticket }}
";

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/support/triage.md", TRIAGE);
    repo.write("prompts/mail/greet.md", "Greet {{ name }} warmly.\n");
    repo.commit("Begin");
    repo
}

#[test]
fn shows_fields_by_path_and_text_by_word() {
    let repo = repo();
    let changed = TRIAGE
        .replace("0.2", "0.7")
        .replace("[support]", "[support, urgent]")
        .replace("one word", "a single word")
        .replace("{{ ticket }}", "{{ message }}");
    repo.write("prompts/support/triage.md", changed);
    repo.write("prompts/mail/bye.md", "Say goodbye.\n");
    assert_snapshot!(repo.palc(&["diff"]), @r#"
    mail/bye (added, behaviour)
        + Say goodbye.
      tokens 3

    support/triage (breaking)
      variable message    was ticket (breaking)
      params.temperature  0.2 → 0.7
      tags                +urgent
      system › Rules
        ~ - Answer with [-one-]{+a single+} word.
      user
        | Queues: {{ queues | join(", ") }}
        ~ Ticket: {{ [-ticket-]{+message+} }}
      tokens 36 → 37 (+1)
    --- stderr
    2 prompts differ: 1 breaking, 1 behaviour
    "#);
    assert_snapshot!(repo.palc(&["diff", "--stat"]), @"
    mail/bye        behaviour  +2/-0  3 tokens             new prompt
    support/triage  breaking   +3/-2  36 → 37 (+1) tokens  variable ticket renamed to message, temperature 0.2 → 0.7, tags +urgent, system message reworded, user message reworded
    --- stderr
    2 prompts differ: 1 breaking, 1 behaviour
    ");
    assert_snapshot!(repo.palc(&["diff", "--meta", "support"]), @"
    support/triage (breaking)
      variable message    was ticket (breaking)
      params.temperature  0.2 → 0.7
      tags                +urgent
      tokens 36 → 37 (+1)
    --- stderr
    1 prompt differs: 1 breaking
    ");
}

#[test]
fn nothing_to_tell() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["diff", "--exit-code"]), @"
    --- stderr
    no prompt differs
    ");
    // Quotes, order and the spelling of numbers say nothing; line breaks say little.
    repo.write("prompts/support/triage.md", TRIAGE.replace("0.2", "0.20").replace("[support]", "support"));
    repo.write("prompts/mail/greet.md", "Greet\n{{ name }} warmly.\n");
    assert_snapshot!(repo.palc(&["diff", "--exit-code"]), @"
    mail/greet (cosmetic)
      text
        ~ Greet[- -]{+⏎+}
        | {{ name }} warmly.
      tokens 7 → 8 (+1)

    support/triage (cosmetic)
      front matter  only layout
    --- stderr
    2 prompts differ: 2 cosmetic
    --- exit 1
    ");
}

#[test]
fn compares_revisions_versions_and_what_is_staged() {
    let repo = repo();
    repo.write("prompts/mail/greet.md", "Greet {{ name }} kindly.\n").commit("Kind");
    repo.git(&["mv", "prompts/mail/greet.md", "prompts/mail/hello.md"]);
    repo.git(&["commit", "--quiet", "-m", "Rename"]);
    assert_snapshot!(repo.palc(&["diff", "HEAD~2..HEAD"]), @"
    mail/greet → mail/hello (renamed, breaking)
      text
        ~ Greet {{ name }} [-warmly-]{+kindly+}.
    --- stderr
    1 prompt differs: 1 breaking
    ");
    assert_snapshot!(repo.palc(&["diff", "HEAD~2..HEAD~1", "mail/greet"]), @"
    mail/greet (behaviour)
      text
        ~ Greet {{ name }} [-warmly-]{+kindly+}.
    --- stderr
    1 prompt differs: 1 behaviour
    ");
    repo.write("prompts/mail/hello.md", "Greet {{ name }} coldly.\n");
    repo.git(&["add", "."]);
    repo.write("prompts/mail/hello.md", "Greet {{ name }}.\n");
    assert_snapshot!(repo.palc(&["diff", "--staged"]), @"
    mail/hello (behaviour)
      text
        ~ Greet {{ name }} [-kindly-]{+coldly+}.
      tokens 7 → 8 (+1)
    --- stderr
    1 prompt differs: 1 behaviour
    ");
    assert_snapshot!(repo.palc(&["diff", "mail/hello@HEAD", "mail/hello"]), @"
    mail/hello (behaviour)
      text
        ~ Greet {{ name }}[- kindly-].
      tokens 7 → 6 (-1)
    --- stderr
    1 prompt differs: 1 behaviour
    ");
    assert_snapshot!(repo.palc(&["diff", "no/such"]), @"
    --- stderr
    error: there is no prompt `no/such`
    hint: `palc list` shows all prompts
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["diff", "nope..HEAD"]), @r#"
    --- stderr
    error: git knows no revision `nope` here
      because: couldn't parse revision, input="nope"
      because: Reference "nope" could not be found
      because: NotFound
    --- exit 1
    "#);
}

#[test]
fn rendered_shows_what_is_sent() {
    let repo = repo();
    repo.write("prompts/_tone.md", "Be brief.\n");
    repo.write("prompts/a.md", "{% include \"_tone.md\" %}\nSay {{ what }}.\n");
    repo.commit("Include");
    repo.write("prompts/_tone.md", "Be very brief.\n");
    repo.write("prompts/mail/greet.md", "{% set who = name %}Greet {{ who }} warmly.\n");
    assert_snapshot!(repo.palc(&["diff", "--rendered"]), @"
    a (behaviour through an include)
      user
        ~ Be {+very +}brief.
        |
        | Say «what».

    mail/greet (pure refactor)
      the same messages are sent
    --- stderr
    1 prompt sends other messages; 1 only written in another way
    ");
    assert_snapshot!(repo.palc(&["diff", "--rendered", "--var", "what=hi", "a"]), @"
    a (behaviour through an include)
      user
        ~ Be {+very +}brief.
        |
        | Say hi.
    --- stderr
    1 prompt sends other messages
    ");
}

#[test]
fn programs_can_apply_what_is_reported() {
    let repo = repo();
    let after = TRIAGE.replace("- Never apologise.\n", "").replace("# Rules\n", "# Rules\n- Never apologise.\n");
    repo.write("prompts/support/triage.md", &after);
    let json = repo.palc(&["diff", "--json"]).json();
    let prompt = &json["data"]["prompts"][0];
    assert_eq!(prompt["body"][0]["change"], "moved");
    let made: String = prompt["operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|operation| {
            let at = |key: &str| operation[key].as_u64().unwrap() as usize;
            match operation["op"].as_str().unwrap() {
                "keep" | "move" => TRIAGE[at("start")..at("end")].to_owned(),
                "insert" => operation["text"].as_str().unwrap().to_owned(),
                _ => String::new(),
            }
        })
        .collect();
    assert_eq!(made, after);
}

#[test]
fn markdown_and_html_hold_hostile_text() {
    let repo = repo();
    repo.write(
        "prompts/mail/greet.md",
        "Greet <script>alert(1)</script> @team ![x](http://e.vil/i.png) ```\n::error::x\n",
    );
    assert_snapshot!(repo.palc(&["diff", "--format", "markdown"]), @r"
    ### `mail/greet` — behaviour

    | what | change | class |
    |---|---|---|
    | `variable name` | `removed` | behaviour |

    `text`

    ````diff
    ~ Greet [-{{ name }} warmly.-]{+<script>alert(1)</script> @team ![x](http://e.vil/i.png) ```+}
    ~ {+:\u{3a}error:\u{3a}x+}
    ````

    Tokens: 7 → 30 (+23)
    ");
    let html = repo.palc(&["diff", "--format", "html"]).ok();
    assert!(!html.contains("<script") && html.contains("&lt;script&gt;"), "{html}");
}

#[test]
fn what_cannot_be_seen_is_shown() {
    let repo = repo();
    repo.write("prompts/mail/greet.md", "Greet {{ name }}\u{200b} warmly.\u{a0}\n");
    assert_snapshot!(repo.palc(&["diff"]), @r"
    mail/greet (behaviour)
      text
        ~ Greet {{ name }}{+\u{200b}+} warmly.{+\u{a0}+}
      tokens 7 → 10 (+3)
    --- stderr
    1 prompt differs: 1 behaviour
    ");
}

#[test]
fn without_commits_or_git() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "Hi\n");
    assert_snapshot!(repo.palc(&["diff"]), @"
    a (added, behaviour)
        + Hi
      tokens 2
    --- stderr
    1 prompt differs: 1 behaviour
    ");
    assert_snapshot!(Repo::without_git().palc(&["diff"]), @"
    --- stderr
    error: there is no git repository here, so there is nothing to compare with
    hint: run `palc init`
    --- exit 1
    ");
}
