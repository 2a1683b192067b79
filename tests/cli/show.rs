use insta::assert_snapshot;

use crate::harness::Repo;

fn triage() -> Repo {
    let repo = Repo::new();
    repo.write(
        "prompts/support/triage.md",
        "---\nid: k3v9q2mx\ndescription: Sort an incoming ticket\ntags: [support, routing]\n---\nsystem:\nYou route tickets.\n",
    );
    repo
}

#[test]
fn shows_a_card_and_the_text() {
    assert_snapshot!(triage().palc(&["show", "support/triage"]), @r"
    support/triage
    description  Sort an incoming ticket
    id           k3v9q2mx
    tags         support, routing
    file         prompts/support/triage.md

    system:
    You route tickets.
    ");
}

#[test]
fn finds_a_prompt_by_id_prefix_and_path() {
    let repo = triage();
    let name = |what: &str| repo.palc(&["show", what, "--json"]).json()["data"]["name"].clone();
    for what in ["k3v9q2mx", "k3v", "prompts/support/triage.md"] {
        assert_eq!(name(what), "support/triage", "{what}");
    }
}

#[test]
fn a_wrong_name_suggests_the_right_one() {
    assert_snapshot!(triage().palc(&["show", "support/triag"]), @r"
    --- stderr
    error: there is no prompt `support/triag`
    hint: did you mean `support/triage`?
    --- exit 1
    ");
}

#[test]
fn shows_an_older_revision() {
    let repo = triage();
    repo.commit("first");
    repo.write("prompts/support/triage.md", "new\n").commit("second");
    assert_eq!(repo.palc(&["show", "support/triage@HEAD", "--raw"]).ok(), "new\n");
    assert!(repo.palc(&["show", "support/triage@HEAD~1", "--raw"]).ok().contains("You route tickets"));
}

#[test]
fn resolved_text_has_its_includes_in_place() {
    let repo = triage();
    repo.write("prompts/support/_tone.md", "Be kind to {{ who }}.").write(
        "prompts/support/reply.md",
        "system:\n{% include \"_tone.md\" %}\n{% include \"_gone.md\" %}\nuser:\n{{ mail }}\n",
    );
    assert_snapshot!(repo.palc(&["show", "support/reply", "--resolved"]), @r#"
    support/reply
    file         prompts/support/reply.md

    system:
    Be kind to {{ who }}.
    {% include "_gone.md" %}
    user:
    {{ mail }}
    --- stderr
    prompts/support/reply.md:3:12: error: there is no file `_gone.md` to include [broken-include]
       3 | {% include "_gone.md" %}
                      ^^^^^^^^^^
    "#);
}

/// Three versions under two names.
fn renamed() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/sort.md", "one\n").commit("first");
    repo.write("prompts/sort.md", "one\ntwo\n").commit("second");
    repo.git(&["mv", "prompts/sort.md", "prompts/triage.md"]);
    repo.commit("rename");
    repo.write("prompts/triage.md", "one\ntwo\nthree\n").commit("third");
    repo
}

#[test]
fn shows_a_version_by_its_number_through_a_rename() {
    let repo = renamed();
    let raw = |what: &str| repo.palc(&["show", what, "--raw"]).ok();
    assert_eq!(raw("triage@1"), "one\n");
    assert_eq!(raw("triage@2"), "one\ntwo\n");
    assert_eq!(raw("triage@3"), "one\ntwo\nthree\n");
    assert_eq!(raw("triage@HEAD~2"), "one\ntwo\n");
    assert_snapshot!(repo.palc(&["show", "triage@4"]), @"
    --- stderr
    error: triage has 3 versions, and no version 4
    hint: `palc log triage` shows them
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["show", "triage@nothing"]), @"
    --- stderr
    error: triage has no version, label or revision `nothing`
    hint: it has 3 versions: `palc log triage` shows them
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["show", "nothing@2"]), @"
    --- stderr
    error: there is no prompt `nothing`
    hint: `palc list` shows all prompts
    --- exit 1
    ");
}

#[test]
fn a_shallow_clone_knows_revisions_and_no_numbers() {
    let repo = renamed();
    let url = format!("file://{}", repo.root().display());
    repo.git(&["clone", "--quiet", "--depth", "2", &url, "shallow"]);
    assert_snapshot!(repo.palc_in("shallow", &["show", "triage@1"]), @"
    --- stderr
    error: this is a shallow clone, so nobody knows here which version is which
    hint: fetch the rest of the history: `git fetch --unshallow`
    hint: revisions work: `triage@HEAD`
    --- exit 1
    ");
    assert_eq!(repo.palc_in("shallow", &["show", "triage@HEAD~1", "--raw"]).ok(), "one\ntwo\n");
}

#[test]
fn stamps_and_versions_come_from_git() {
    let repo = renamed();
    assert_snapshot!(repo.palc(&["show", "triage@2"]), @"
    sort
    file         prompts/sort.md
    version      2 (f9a4e04e Ada: second)
    created      2026-01-31 12:00

    one
    two
    ");
    let stand = |what: &str| repo.palc(&["show", what, "--json"]).json()["data"]["history"].clone();
    let now = stand("triage");
    assert_eq!((now["version"].as_u64(), now["parent_version"].as_u64()), (Some(3), Some(2)));
    assert_eq!(now["blob"], repo.git(&["rev-parse", "HEAD:prompts/triage.md"]).trim());
    assert_eq!(now["made"]["commit"], repo.git(&["rev-parse", "HEAD"]).trim());
    assert_eq!(now["message"], "third\n");
    assert_eq!(stand("triage@1")["parent_version"], serde_json::Value::Null);
    repo.write("prompts/triage.md", "edited\n");
    assert_snapshot!(repo.palc(&["show", "triage"]), @"
    triage
    file         prompts/triage.md
    version      not committed, after 3
    created      2026-01-31 12:00

    edited
    ");
    assert_eq!(stand("triage")["version"], serde_json::Value::Null);
    assert_eq!(stand("triage")["blob"], repo.git(&["hash-object", "prompts/triage.md"]).trim());
}

#[test]
fn a_deleted_prompt_is_said_to_be_deleted() {
    let repo = renamed();
    repo.git(&["rm", "--quiet", "prompts/triage.md"]);
    repo.commit("Drop it");
    repo.palc(&["log"]).ok();
    assert_snapshot!(repo.palc(&["show", "triage"]), @"
    --- stderr
    error: triage was deleted on 2026-01-31 by Ada: Drop it
    hint: its last version: `palc show triage@3`
    --- exit 1
    ");
    assert_eq!(repo.palc(&["show", "triage@3", "--raw"]).ok(), "one\ntwo\nthree\n");
}

#[test]
fn all_readers_take_versions() {
    let repo = renamed();
    repo.write("prompts/triage.md", "Hi {{ name }}\n").commit("fourth");
    assert_eq!(repo.palc(&["render", "triage@1"]).code, Some(0));
    assert!(repo.palc(&["vars", "triage@4"]).ok().contains("name"));
    assert_eq!(repo.palc(&["vars", "triage@3"]).ok(), "");
    assert!(repo.palc(&["tokens", "triage@3", "--model", "gpt-4o"]).ok().contains("in all"));
    assert_eq!(repo.palc(&["deps", "triage@2"]).ok(), "");
}
