use insta::assert_snapshot;

use crate::harness::Repo;

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/triage.md", "---\nid: k3v9q2mx # keep\n---\nSort it. {% include \"_tone.md\" %}\n");
    repo.write("prompts/_tone.md", "Be kind.\n");
    repo.write("prompts/refund.md", "---\nid: m4w8r1nz\n---\nPay it back.\n");
    repo.write("prompts/note.txt", "Plain, without an id.\n");
    repo
}

#[test]
fn a_relation_is_stated_once_and_told_from_both_ends() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["link", "triage", "refund", "--type", "leads to", "--strength", "0.8", "--context", "it was charged twice"]), @"changed prompts/triage.md");
    repo.palc(&["link", "triage", "note"]).ok();
    assert_snapshot!(repo.read("prompts/triage.md"), @r#"
    ---
    id: k3v9q2mx # keep
    related:
      - to: m4w8r1nz
        type: leads to
        strength: 0.8
        context: it was charged twice
      - to: note
    ---
    Sort it. {% include "_tone.md" %}
    "#);
    assert_snapshot!(repo.palc(&["links", "triage"]), @"
    triage
      leads to       refund  0.8  it was charged twice
      is related to  note
      includes       _tone
    ");
    repo.palc(&["mv", "refund", "money/back"]).ok();
    assert_snapshot!(repo.palc(&["links", "money/back"]), @"
    to money/back
      leads to  triage  0.8  it was charged twice
    ");
    let data = repo.palc(&["links", "_tone", "--json"]).json()["data"].clone();
    assert_eq!(data["into"][0]["type"], "includes");
    assert_eq!(data["into"][0]["stated"], false);
}

#[test]
fn stating_it_again_changes_what_was_said_and_it_can_be_taken_back() {
    let repo = repo();
    let before = repo.read("prompts/triage.md");
    repo.palc(&["link", "triage", "refund", "-t", "replaces"]).ok();
    repo.palc(&["link", "triage", "refund", "-t", "replaces", "--strength", "1"]).ok();
    assert!(repo.read("prompts/triage.md").contains("  - to: m4w8r1nz\n    type: replaces\n    strength: 1.0\n---"));
    assert_snapshot!(repo.palc(&["link", "triage", "refund", "-t", "replaces", "--strength", "1"]), @"
    --- stderr
    nothing to change
    ");
    assert_snapshot!(repo.palc(&["link", "triage", "refund", "--remove", "--type", "extends"]), @"
    --- stderr
    error: triage states no such relation
    hint: `palc links triage` shows those there are
    --- exit 1
    ");
    repo.palc(&["link", "triage", "refund", "--remove"]).ok();
    assert_eq!(repo.read("prompts/triage.md"), before);
}

#[test]
fn a_relation_that_leads_nowhere_is_a_finding_and_can_be_taken_back() {
    let repo = repo();
    repo.palc(&["link", "triage", "refund"]).ok();
    repo.palc(&["rm", "refund", "--yes"]).ok();
    assert_snapshot!(repo.palc(&["check"]), @"
    prompts/triage.md:4:9: error: `related` names `m4w8r1nz`, and there is no such prompt [broken-reference]
       4 |   - to: m4w8r1nz
                   ^^^^^^^^
    --- stderr
    checked 3 prompts: 1 error
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["links", "triage"]), @"
    triage
      is related to  m4w8r1nz (missing)
      includes       _tone
    ");
    repo.palc(&["link", "triage", "m4w8r1nz", "--remove"]).ok();
    repo.palc(&["check"]).ok();
}

#[test]
fn what_is_alike_is_shown_and_not_kept() {
    let repo = repo();
    repo.write("prompts/other.md", "Pay it all back.\n");
    assert_snapshot!(repo.palc(&["links", "refund", "--similar", "1"]), @"
    like refund
     56 %  other
    ");
    assert!(repo.git(&["status", "--porcelain"]).contains("?? prompts/"));
}

#[test]
fn wrong_words_are_refused() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["link", "triage", "refund", "--strength", "2"]), @"
    --- stderr
    error: --strength is from 0 to 1, and not 2
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["link", "triage", "triage"]), @"
    --- stderr
    error: a prompt cannot be related to itself
    --- exit 2
    ");
    repo.write("palc.toml", "[vocabulary]\nrelation = [\"replaces\"]\n");
    assert_snapshot!(repo.palc(&["link", "triage", "refund", "-t", "replace"]), @"
    changed prompts/triage.md
    --- stderr
    prompts/triage.md:5:11: warning: `replace` is not in the vocabulary `relation` [unknown-word]
       5 |     type: replace
                     ^^^^^^^
      hint: did you mean `replaces`?
    ");
}
