use insta::assert_snapshot;

use crate::harness::Repo;

/// A branch that changes a prompt, a partial and a label.
fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/_tone.md", "Be brief.\n");
    repo.write("prompts/triage.md", "---\nid: k3v9q2mx\nmodel: gpt-4o\n---\nSort {{ ticket }}.\n");
    repo.write(
        "prompts/reply.md",
        "---\nid: b7c8d9ef\nmodel: gpt-4o\n---\n{% include \"_tone.md\" %}\nAnswer {{ ticket }}.\n",
    );
    repo.commit("Begin");
    repo.git(&["checkout", "--quiet", "-b", "work"]);
    repo.write("prompts/_tone.md", "Be very brief.\n");
    repo.write(
        "prompts/triage.md",
        "---\nid: k3v9q2mx\nmodel: gpt-4o\n---\nSort {{ ticket | uper }} into one queue.\n",
    );
    repo.write("prompts/other.md", "---\nid: c1c1c1c1\n---\nHi @team <b>\n");
    repo.commit("Work");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("prompts/late.md", "---\nid: d1d1d1d1\n---\nLater\n").commit("Meanwhile");
    repo
}

#[test]
fn says_what_is_new_what_changed_and_who_is_affected() {
    assert_snapshot!(repo().palc(&["review", "main..work"]), @"
    blocked by 1 new finding; 3 prompts differ: 3 behaviour
    prompts/triage.md:5:18: error: there is no filter `uper` [unknown-filter]
       5 | Sort {{ ticket | uper }} into one queue.
                            ^^^^
      hint: did you mean `upper`?

    _tone (behaviour)
      text
        ~ Be {+very +}brief.
      tokens 3 → 4 (+1)

    other (added, behaviour)
        + ---
        + id: c1c1c1c1
        + ---
        + Hi @team <b>
      tokens 6

    triage (behaviour)
      text
        ~ Sort {{ ticket {+| uper +}}}{+ into one queue+}.
      tokens 5 → 11 (+6)

    also affected, through what they include
      reply  includes _tone

    tokens +13 in all; cost unknown, because no price is configured
    --- exit 1
    ");
    assert_snapshot!(repo().palc(&["review", "main..work", "--format", "markdown"]), @"
    ## Prompt review: blocked by 1 new finding; 3 prompts differ: 3 behaviour

    ## New findings

    | | where | what | rule |
    |---|---|---|---|
    | **error** | `prompts/triage.md:5:18` | `` there is no filter `uper` `` | `unknown-filter` |

    ## Prompts

    | prompt | class | tokens | what changed |
    |---|---|---|---|
    | `_tone` | behaviour | 3 → 4 (+1) | `text extended` |
    | `other` | behaviour | 6 | `new prompt` |
    | `triage` | behaviour | 5 → 11 (+6) | `text extended` |

    ## Also affected, through what they include

    - `reply` includes `_tone`

    ## Changes

    ### `_tone` — behaviour

    `text`

    ```diff
    ~ Be {+very +}brief.
    ```

    Tokens: 3 → 4 (+1)

    ### `other` — added, behaviour

    ```diff
    + ---
    + id: c1c1c1c1
    + ---
    + Hi @team <b>
    ```

    Tokens: 6

    ### `triage` — behaviour

    `text`

    ```diff
    ~ Sort {{ ticket {+| uper +}}}{+ into one queue+}.
    ```

    Tokens: 5 → 11 (+6)

    ---
    Tokens +13 in all; cost unknown, because no price is configured. From `bbfc69fe7613` to `40772e05f339`; the same again: `palc review main..work`
    --- exit 1
    ");
    assert_snapshot!(repo().palc(&["review", "work..work"]), @"no prompt differs");
}

#[test]
fn forges_get_what_they_read() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["review", "main..work", "--format", "github"]), @"
    ::error title=palc review::blocked by 1 new finding; 3 prompts differ: 3 behaviour
    ::error file=prompts/triage.md,line=5,endLine=5,col=18,endColumn=22,title=unknown-filter::there is no filter `uper`%0Adid you mean `upper`?
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["review", "main..work", "--format", "gitlab"]), @r#"
    [
      {
        "description": "there is no filter `uper`",
        "check_name": "unknown-filter",
        "fingerprint": "8a9d2c515a3862f1bc4ef4b9328c6fce:1",
        "severity": "major",
        "location": {
          "path": "prompts/triage.md",
          "lines": {
            "begin": 5
          }
        }
      }
    ]
    --- exit 1
    "#);
    assert_snapshot!(repo.palc(&["review", "main..work", "--format", "junit"]), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites>
      <testsuite name="palc review" tests="3" failures="1">
        <testcase classname="palc.review" name="prompts/_tone.md"></testcase>
        <testcase classname="palc.review" name="prompts/other.md"></testcase>
        <testcase classname="palc.review" name="prompts/triage.md"><failure message="there is no filter `uper`" type="unknown-filter">prompts/triage.md:5:18: there is no filter `uper` [unknown-filter]</failure></testcase>
      </testsuite>
    </testsuites>
    --- exit 1
    "#);
    let json = repo.palc(&["review", "main..work", "--json"]).json();
    assert_eq!(json["data"]["blocked"], true);
    assert_eq!(json["data"]["dependants"][0]["name"], "reply");
    assert_eq!(json["findings"][0]["rule"], "unknown-filter");
    let html = repo.palc(&["review", "main..work", "--format", "html"]).stdout;
    assert!(html.contains("Hi @team &lt;b&gt;") && html.contains("blocked by 1 new finding"), "{html}");
    let sarif = repo.palc(&["review", "main..work", "--format", "sarif"]).stdout;
    assert!(sarif.contains("\"ruleId\": \"unknown-filter\""), "{sarif}");
}

#[test]
fn what_was_wrong_before_is_not_held_against_the_range() {
    let repo = repo();
    repo.git(&["checkout", "--quiet", "work"]);
    repo.write(
        "prompts/triage.md",
        "---\nid: k3v9q2mx\nmodel: gpt-4o\n---\n\nSort {{ ticket | uper }} into one queue.\n",
    );
    repo.commit("Blank line");
    assert_snapshot!(repo.palc(&["review", "HEAD~1"]), @"
    nothing new is wrong; 1 prompt differs: 1 cosmetic

    triage (cosmetic)
      text
        + (blank lines)
      tokens 11 → 12 (+1)

    tokens +1 in all; cost unknown, because no price is configured
    ");
    repo.git(&["mv", "prompts/triage.md", "prompts/sort.md"]);
    repo.commit("Rename");
    assert_snapshot!(repo.palc(&["review", "HEAD~1"]), @"
    breaking changes, nothing new is wrong; 1 prompt differs: 1 breaking

    triage → sort (renamed, breaking)

    tokens +0 in all; cost unknown, because no price is configured
    ");
}

#[test]
fn labels_that_moved_are_told() {
    let repo = repo();
    repo.palc(&["label", "set", "production", "triage@1"]).ok();
    repo.commit("Label");
    repo.write("prompts/triage.md", "---\nid: k3v9q2mx\nmodel: gpt-4o\n---\nSort {{ ticket }} well.\n").commit("Two");
    repo.palc(&["label", "move", "production", "triage@2"]).ok();
    repo.palc(&["label", "set", "staging", "triage@2"]).ok();
    repo.commit("Move");
    assert_snapshot!(repo.palc(&["review", "HEAD~1"]), @"
    no prompt differs

    labels
      production  triage  version 1 → version 2
      staging     triage  nothing → version 2
    ");
    let markdown = repo.palc(&["review", "HEAD~1", "--format", "markdown"]).ok();
    assert!(markdown.contains("| `production` | `triage` | version 1 → version 2 |"), "{markdown}");
}
