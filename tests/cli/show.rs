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
