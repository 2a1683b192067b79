use insta::assert_snapshot;

use super::label::repo;

#[test]
fn the_version_before_serves_until_it_is_on_again() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["deactivate", "support/triage"]), @"
    support/triage@3 is off; support/triage@2 serves
    --- stderr
    wrote labels.yaml
    ");
    assert_snapshot!(repo.palc(&["deactivate", "support/triage@3"]), @"
    --- stderr
    nothing to change
    ");
    assert_snapshot!(repo.palc(&["deactivate", "support/triage@1"]), @"
    support/triage@1 is off; support/triage@2 serves
    --- stderr
    wrote labels.yaml
    ");
    assert_snapshot!(repo.palc(&["activate", "support/triage"]), @"
    --- stderr
    error: support/triage has several versions that are switched off
    hint: name one: support/triage@1, support/triage@3
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["activate", "support/triage@3", "--dry-run"]), @"
    support/triage@3 is on; support/triage@3 serves
    would change labels.yaml
    @@ -4,3 +4,2 @@
       k3v9q2mx: # support/triage
         - {version: 1, blob: 2a6e534b238f1fa6d52c86dbf731cff4c7616b77}
    -    - {version: 3, blob: 84be8687af6ccfc8368152c32d5ddf2a8b5959f9}
    ");
    repo.palc(&["activate", "support/triage@3", "support/triage@1", "--format", "json"]).json();
    assert!(!repo.read("labels.yaml").contains("inactive:"));
    assert_snapshot!(repo.palc(&["activate", "support/triage@3"]), @"
    --- stderr
    nothing to change
    ");
}

#[test]
fn no_label_stands_on_what_is_off() {
    let repo = repo();
    repo.palc(&["label", "set", "production", "support/triage@3"]).ok();
    assert_snapshot!(repo.palc(&["deactivate", "support/triage@3"]), @"
    support/triage@3 is off; support/triage@2 serves
    --- stderr
    wrote labels.yaml
    labels.yaml: warning: `production` stands on support/triage@3, so support/triage@production is refused until it is moved [inactive-label]
      hint: palc label move production support/triage@2
    ");
    assert_snapshot!(repo.palc(&["show", "support/triage@production"]), @"
    --- stderr
    error: `production` means version 3 of k3v9q2mx, which is switched off
    hint: put the label on another version: palc label move production k3v9q2mx@…
    hint: or switch it on again: palc activate k3v9q2mx@3
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["label", "set", "staging", "support/triage@3"]), @"
    --- stderr
    error: support/triage@3 is switched off
    hint: switch it on: palc activate support/triage@3
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["label", "list"]), @"
    support/triage  production  3  84be8687af6c  newest
    support/triage  (off)       3  84be8687af6c  newest
    ");
}
