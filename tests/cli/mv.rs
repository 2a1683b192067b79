use insta::assert_snapshot;

use crate::harness::Repo;

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write(
        "prompts/support/triage.md",
        "---\nid: k3v9q2mx\n---\nsystem:\n{% include '_tone.md' %}{# \"_tone\" #}\n",
    );
    repo.write("prompts/support/triage.short.md", "---\nid: k3v9q2my\nextends: support/triage\n---\nx\n");
    repo.write("prompts/support/_tone.md", "---\nid: k3v9q2mz\n---\nKind.\n");
    repo.write(
        "prompts/other.md",
        "---\nid: k3v9q2ma\norigin: {parent: support/triage@abc} # here\n---\n{%- include \"support/_tone\" -%}\n",
    );
    repo
}

#[test]
fn a_folder_moves_and_everything_still_finds_everything() {
    let repo = repo();
    repo.write("prompts/support/deep/notes.csv", "a,b\n");
    repo.write("prompts/support/deep/x.md", "---\nid: k3v9q2mb\n---\n");
    assert_snapshot!(repo.palc(&["mv", "support", "help/desk"]), @"
    changed prompts/other.md
    moved prompts/support/_tone.md -> prompts/help/desk/_tone.md
    moved prompts/support/deep/x.md -> prompts/help/desk/deep/x.md
    moved prompts/support/triage.md -> prompts/help/desk/triage.md
    moved prompts/support/triage.short.md -> prompts/help/desk/triage.short.md
    moved prompts/support/deep/notes.csv -> prompts/help/desk/deep/notes.csv
    ");
    assert_eq!(
        repo.read("prompts/help/desk/triage.md"),
        "---\nid: k3v9q2mx\n---\nsystem:\n{% include '_tone.md' %}{# \"_tone\" #}\n"
    );
    assert!(repo.read("prompts/help/desk/triage.short.md").contains("extends: help/desk/triage\n"));
    assert_eq!(
        repo.read("prompts/other.md"),
        "---\nid: k3v9q2ma\norigin: {parent: help/desk/triage@abc} # here\n---\n{%- include \"help/desk/_tone\" -%}\n"
    );
    assert!(!repo.exists("prompts/support"));
    repo.palc(&["mv", "help/desk", "support"]).ok();
    assert!(repo.read("prompts/other.md").contains("include \"support/_tone\""));
}

#[test]
fn a_prompt_takes_its_variants_along_and_gets_an_id() {
    let repo = repo();
    repo.write("prompts/new.md", "text\n").write("prompts/new.long.md", "---\nid: a1b2c3d4\n---\ntext\n");
    assert_snapshot!(repo.palc(&["mv", "new", "support/"]), @"
    moved prompts/new.long.md -> prompts/support/new.long.md
    moved prompts/new.md -> prompts/support/new.md
    ");
    assert!(repo.read("prompts/support/new.md").starts_with("---\nid: "));
    assert_snapshot!(repo.palc(&["mv", "support/_tone", "shared/_voice"]), @"
    changed prompts/other.md
    moved prompts/support/_tone.md -> prompts/shared/_voice.md
    changed prompts/support/triage.md
    ");
    assert!(repo.read("prompts/support/triage.md").contains("{% include 'shared/_voice.md' %}{# \"_tone\" #}"));
}

#[test]
fn nothing_is_overwritten_and_nothing_half_done() {
    let repo = repo();
    repo.write("prompts/help/triage.short.md", "mine\n").write("prompts/help/support/_tone.md", "mine\n");
    assert_snapshot!(repo.palc(&["mv", "support", "help/"]), @"
    --- stderr
    error: there is a prompt `help/support/_tone` already, in prompts/help/support/_tone.md
    hint: choose another name, or change that one with `palc edit` or `palc set`
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["mv", "support/triage", "help/triage"]), @"
    --- stderr
    error: there is a prompt `help/triage.short` already, in prompts/help/triage.short.md
    hint: choose another name, or change that one with `palc edit` or `palc set`
    --- exit 1
    ");
    assert!(repo.exists("prompts/support/triage.md") && !repo.exists("prompts/help/triage.md"));
    assert_snapshot!(repo.palc(&["mv", "support", "support/deeper"]), @"
    --- stderr
    error: `support` cannot move into itself
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["mv", "suport", "x"]), @"
    --- stderr
    error: there is no prompt `suport`
    hint: `palc list` shows all prompts
    --- exit 1
    ");
}

#[test]
fn a_skill_moves_with_its_folder_and_bears_its_name() {
    let repo = Repo::new();
    repo.write("prompts/pdf/SKILL.md", "---\nname: pdf\ndescription: d\n---\nRead forms.md\n");
    repo.write("prompts/pdf/SKILL.md.palc.yaml", "tags: [a]\n")
        .write("prompts/pdf/forms.md", "---\nid: a1b2c3d4\n---\n");
    assert_snapshot!(repo.palc(&["mv", "pdf", "docs/paper"]), @"
    moved prompts/pdf/SKILL.md -> prompts/docs/paper/SKILL.md
    moved prompts/pdf/SKILL.md.palc.yaml -> prompts/docs/paper/SKILL.md.palc.yaml
    moved prompts/pdf/forms.md -> prompts/docs/paper/forms.md
    ");
    assert!(repo.read("prompts/docs/paper/SKILL.md").starts_with("---\nname: paper\n"));
    assert!(!repo.exists("prompts/pdf"));
}

#[test]
fn the_names_beside_ids_in_the_labels_move_along() {
    let repo = repo();
    let pin = format!("{{version: 1, blob: {:a>40}}}", 1);
    let labels = format!(
        "labels:\n  k3v9q2ma: # other\n    production: {pin}\n  k3v9q2mx: # support/triage\n    production: {pin}\n  \
         k3v9q2my: # the short one, support/triage.short\n    production: {pin}\ninactive:\n  \
         k3v9q2mx: # support/triage\n    - {pin}\n"
    );
    repo.write("labels.yaml", &labels).commit("base");
    assert_snapshot!(repo.palc(&["mv", "support/triage", "support/route", "--dry-run"]), @r#"
    would change prompts/other.md
    @@ -1,5 +1,5 @@
     ---
     id: k3v9q2ma
    -origin: {parent: support/triage@abc} # here
    +origin: {parent: support/route@abc} # here
     ---
     {%- include "support/_tone" -%}
    would move prompts/support/triage.md -> prompts/support/route.md
    would move prompts/support/triage.short.md -> prompts/support/route.short.md
    @@ -1,5 +1,5 @@
     ---
     id: k3v9q2my
    -extends: support/triage
    +extends: support/route
     ---
     x
    would change labels.yaml
    @@ -2,9 +2,9 @@
       k3v9q2ma: # other
         production: {version: 1, blob: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1}
    -  k3v9q2mx: # support/triage
    +  k3v9q2mx: # support/route
         production: {version: 1, blob: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1}
       k3v9q2my: # the short one, support/triage.short
         production: {version: 1, blob: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1}
     inactive:
    -  k3v9q2mx: # support/triage
    +  k3v9q2mx: # support/route
         - {version: 1, blob: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1}
    "#);
    repo.palc(&["mv", "support/triage", "support/route"]).ok();
    // What is not exactly the old name is somebody's own words.
    assert_eq!(repo.read("labels.yaml"), labels.replace("# support/triage\n", "# support/route\n"));
}
