use insta::assert_snapshot;

use super::label::repo;

#[test]
fn a_promotion_is_shown_before_it_is_made() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["promote", "--all"]), @"
    --- stderr
    error: no prompt has the label `staging`, so there is nothing to promote
    --- exit 1
    ");
    repo.palc(&["label", "set", "staging", "support/triage@3"]).ok();
    repo.palc(&["label", "set", "production", "support/triage@1", "support/other@1"]).ok();
    let before = repo.read("labels.yaml");
    assert_snapshot!(repo.palc(&["promote", "--all", "--dry-run"]), @"
    change  support/triage  1 -> 3
    keep    support/other   1
    would change labels.yaml
    @@ -5,4 +5,4 @@
         production: {version: 1, blob: ebe38271b3d8850f74d7e8bd3199fb2118d29e1a}
       k3v9q2mx: # support/triage
    -    production: {version: 1, blob: 2a6e534b238f1fa6d52c86dbf731cff4c7616b77}
    +    production: {version: 3, blob: 84be8687af6ccfc8368152c32d5ddf2a8b5959f9}
         staging: {version: 3, blob: 84be8687af6ccfc8368152c32d5ddf2a8b5959f9}
    --- stderr
    hint: --mirror takes `production` away from what has no `staging`
    ");
    assert_eq!(repo.read("labels.yaml"), before);
    assert_snapshot!(repo.palc(&["promote", "--all", "--mirror"]), @"
    change  support/triage  1 -> 3
    remove  support/other   1 -> none
    --- stderr
    wrote labels.yaml
    ");
    assert_snapshot!(repo.palc(&["promote", "support/triage"]), @"
    1 there already
    --- stderr
    nothing to change
    ");
    assert_snapshot!(repo.palc(&["promote", "support/other"]), @"
    --- stderr
    error: support/other has no label `staging`, so there is nothing to promote
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["promote"]), @"
    --- stderr
    error: which prompts?
    hint: give names, or --all for every prompt that has the label
    --- exit 2
    ");
    let json = repo.palc(&["promote", "--all", "--to", "canary", "--format", "json"]).json();
    assert_eq!(json["data"]["added"][0]["to"]["version"], 3);
}

#[test]
fn what_is_switched_off_is_not_promoted() {
    let repo = repo();
    repo.palc(&["label", "set", "staging", "support/triage@3"]).ok();
    repo.palc(&["deactivate", "support/triage@3"]).ok();
    assert_snapshot!(repo.palc(&["promote", "--all"]), @"
    --- stderr
    error: switched off, so nothing was promoted: support/triage@3
    hint: switch it on: palc activate support/triage@3
    --- exit 1
    ");
}
