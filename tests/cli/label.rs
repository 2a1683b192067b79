use insta::assert_snapshot;

use crate::harness::Repo;

/// A prompt with three versions, and another one with one.
pub fn repo() -> Repo {
    let repo = Repo::new();
    let text = |body: &str| format!("---\nid: k3v9q2mx\n---\n{body}\n");
    repo.write("prompts/support/triage.md", text("one")).commit("first");
    repo.write("prompts/support/triage.md", text("two")).commit("second");
    repo.write("prompts/support/other.md", "---\nid: abcdefgh\n---\nother\n");
    repo.write("prompts/support/triage.md", text("three")).commit("third");
    repo
}

#[test]
fn a_label_is_set_moved_and_taken_away() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["label", "set", "production", "support/triage@2", "support/other"]), @"
    support/triage  production  -> 2
    support/other   production  -> 1
    --- stderr
    wrote labels.yaml
    ");
    assert_snapshot!(repo.read("labels.yaml"), @"
    # Which version of each prompt serves where, and which versions are switched off.
    # `palc label`, `palc promote` and `palc deactivate` write it; it is reviewed like code.
    labels:
      abcdefgh: # support/other
        production: {version: 1, blob: ebe38271b3d8850f74d7e8bd3199fb2118d29e1a}
      k3v9q2mx: # support/triage
        production: {version: 2, blob: c00854095b46c801edd8c068be88a853f38f28a6}
    ");
    repo.commit("label");
    assert_snapshot!(repo.palc(&["label", "move", "production", "support/triage"]), @"
    support/triage  production  2 -> 3
    --- stderr
    wrote labels.yaml
    ");
    assert_snapshot!(repo.git(&["diff", "--unified=0", "--", "labels.yaml"]).lines().skip(4).collect::<Vec<_>>().join("\n"), @"
    @@ -7 +7 @@ labels:
    -    production: {version: 2, blob: c00854095b46c801edd8c068be88a853f38f28a6}
    +    production: {version: 3, blob: 84be8687af6ccfc8368152c32d5ddf2a8b5959f9}
    ");
    assert_snapshot!(repo.palc(&["label", "set", "staging", "support/triage@production"]), @"
    support/triage  staging  -> 3
    --- stderr
    wrote labels.yaml
    ");
    assert_snapshot!(repo.palc(&["label", "set", "staging", "support/triage@HEAD~3"]), @"
    support/triage  staging  3 -> 1
    --- stderr
    wrote labels.yaml
    ");
    assert_snapshot!(repo.palc(&["label", "list"]), @"
    support/other   production  1  ebe38271b3d8  newest
    support/triage  production  3  84be8687af6c  newest
    support/triage  staging     1  2a6e534b238f  newest is 3
    ");
    assert_snapshot!(repo.palc(&["label", "set", "staging", "support/triage@1"]), @"
    --- stderr
    nothing to change
    ");
    assert_snapshot!(repo.palc(&["label", "remove", "staging", "k3v9q2mx"]), @"
    support/triage  staging  1 -> none
    --- stderr
    wrote labels.yaml
    ");
    assert_snapshot!(repo.palc(&["label", "remove", "staging", "support/triage"]), @"
    --- stderr
    error: support/triage has no label `staging`
    hint: it has production
    --- exit 1
    ");
}

#[test]
fn a_label_names_a_version_wherever_one_is_named() {
    let repo = repo();
    repo.palc(&["label", "set", "production", "support/triage@2"]).ok();
    assert_snapshot!(repo.palc(&["show", "support/triage@production", "--raw"]), @"
    ---
    id: k3v9q2mx
    ---
    two
    ");
    assert_snapshot!(repo.palc(&["render", "support/triage@production"]), @"two");
    assert_snapshot!(repo.palc(&["show", "support/triage@producton"]), @"
    --- stderr
    error: support/triage has no version, label or revision `producton`
    hint: did you mean `production`?
    hint: it has 3 versions: `palc log support/triage` shows them
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["show", "support/other@production"]), @"
    --- stderr
    error: support/other has no version, label or revision `production`
    hint: it has one version: `palc log support/other` shows them
    --- exit 1
    ");
    repo.git(&["mv", "prompts/support/triage.md", "prompts/sort.md"]);
    repo.commit("rename");
    assert_eq!(repo.palc(&["show", "sort@production", "--raw"]).ok(), "---\nid: k3v9q2mx\n---\ntwo\n");
}

#[test]
fn what_could_be_mistaken_is_refused() {
    let repo = repo();
    let refusals = ["7", "v1.2", "deadbeef", "latest"].map(|label| {
        let answer = repo.palc(&["label", "set", label, "support/triage"]);
        assert_eq!(answer.code, Some(2));
        answer.stderr.lines().next().unwrap_or_default().to_owned()
    });
    assert_snapshot!(refusals.join("\n"), @"
    error: `7` cannot be a label: it looks like a version
    error: `v1.2` cannot be a label: it looks like a version
    error: `deadbeef` cannot be a label: it looks like the start of a commit's id
    error: `latest` cannot be a label: a label stays where it was put; the name alone means the newest version
    ");
    assert_snapshot!(repo.palc(&["label", "move", "prodution", "support/triage@2"]), @"
    --- stderr
    error: support/triage has no label `prodution`
    hint: a new label: palc label set prodution support/triage@2
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["label", "set", "production", "support/triage@4"]), @"
    --- stderr
    error: support/triage has 3 versions, and no version 4
    hint: `palc log support/triage` shows them
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["label", "set", "main", "support/triage", "--dry-run"]), @"
    support/triage  main  -> 3
    would create labels.yaml
    @@ -0,0 +1,5 @@
    +# Which version of each prompt serves where, and which versions are switched off.
    +# `palc label`, `palc promote` and `palc deactivate` write it; it is reviewed like code.
    +labels:
    +  k3v9q2mx: # support/triage
    +    main: {version: 3, blob: 84be8687af6ccfc8368152c32d5ddf2a8b5959f9}
    --- stderr
    labels.yaml: warning: git knows a revision `main`, too; from now on `x@main` means the label [hidden-revision]
      hint: the branch is `x@refs/heads/main`
    ");
    repo.write("prompts/support/triage.md", "---\nid: k3v9q2mx\n---\nfour\n");
    assert_snapshot!(repo.palc(&["label", "set", "production", "support/triage"]), @"
    --- stderr
    error: support/triage has changes that are not committed, so its file is no version
    hint: commit them: palc commit support/triage
    hint: or name the version: support/triage@3
    --- exit 1
    ");
    repo.write("prompts/bare.md", "no id\n").commit("bare");
    assert_snapshot!(repo.palc(&["label", "set", "production", "bare"]), @"
    --- stderr
    error: bare has no id, and labels belong to ids
    hint: `palc commit bare` gives it one
    --- exit 1
    ");
    assert!(!repo.exists("labels.yaml"));
    repo.write("labels.yaml", "labels:\n  k3v9q2mx:\n    production: 7\nlable: x\n");
    assert_snapshot!(repo.palc(&["label", "set", "production", "support/triage@2"]), @"
    --- stderr
    error: labels.yaml is not in order
    labels.yaml:3:17: error: this must be `{version: …, blob: …}`, and is a whole number [wrong-type]
       3 |     production: 7
                           ^
    labels.yaml:4:1: error: unknown key `lable` [unknown-key]
       4 | lable: x
           ^^^^^
      hint: did you mean `labels`?
    --- exit 3
    ");
}

#[test]
fn history_says_who_moved_what() {
    let repo = repo();
    let label = |arguments: &[&str]| {
        repo.palc(arguments).ok();
        repo.commit(&arguments[..2].join(" "));
    };
    label(&["label", "set", "production", "support/triage@1"]);
    label(&["label", "set", "staging", "support/triage@2"]);
    repo.git(&["switch", "--quiet", "--create", "side", "HEAD~1"]);
    label(&["label", "set", "production", "support/other@1"]);
    repo.git(&["switch", "--quiet", "main"]);
    repo.git(&["merge", "--quiet", "--no-edit", "side"]);
    label(&["deactivate", "support/triage@3"]);
    label(&["label", "remove", "staging", "support/triage"]);
    let log = repo.palc(&["label", "history"]).ok();
    // The commits' ids stand in the last but one column.
    let step = |line: &str| line.split("  ").filter(|cell| !cell.is_empty()).take(5).collect::<Vec<_>>().join(" | ");
    assert_snapshot!(log.lines().map(step).collect::<Vec<_>>().join("\n"), @"
    2026-01-31 12:00 | Ada | support/triage | staging |  2 -> none
    2026-01-31 12:00 | Ada | support/triage | (off) |  3 switched off
    2026-01-31 12:00 | Ada | support/other |  production | -> 1
    2026-01-31 12:00 | Ada | support/triage | staging |  -> 2
    2026-01-31 12:00 | Ada | support/triage | production | -> 1
    ");
    assert_eq!(repo.palc(&["label", "history", "--label", "production"]).ok().lines().count(), 2);
    let json = repo.palc(&["label", "history", "support/triage", "--label", "staging", "--format", "json"]).json();
    assert_eq!(json["data"][0]["from"]["version"], 2);
    assert_eq!(json["data"][0]["author"], "Ada");
}

#[test]
fn a_change_of_labels_can_be_committed_at_once() {
    let repo = repo();
    repo.write("notes.txt", "mine");
    repo.git(&["add", "notes.txt"]);
    assert_snapshot!(repo.palc(&["label", "set", "production", "support/triage@2", "--commit"]), @"
    support/triage  production  -> 2
    --- stderr
    wrote labels.yaml
    committed 3f0b595f Label support/triage@2 production
    ");
    repo.palc(&["deactivate", "support/triage@3", "--commit", "-m", "Too rude"]).ok();
    assert_snapshot!(repo.git(&["log", "--format=%s", "--name-only", "-2"]), @"
    Too rude

    labels.yaml
    Label support/triage@2 production

    labels.yaml
    ");
    assert_eq!(repo.git(&["status", "--porcelain"]), "A  notes.txt\n");
    assert_eq!(repo.palc(&["label", "set", "production", "support/triage@2", "--commit"]).ok(), "");
}

#[test]
fn rewritten_history_is_told_and_the_content_stays() {
    let repo = repo();
    repo.palc(&["label", "set", "production", "support/triage@3"]).ok();
    let labels = repo.read("labels.yaml");
    repo.git(&["reset", "--quiet", "--soft", "HEAD~2"]);
    repo.commit("squashed");
    assert_eq!(repo.read("labels.yaml"), labels);
    assert_snapshot!(repo.palc(&["label", "list"]), @"support/triage  production  3  84be8687af6c  is version 2 now: history was rewritten");
    assert_snapshot!(repo.palc(&["show", "support/triage@production", "--raw"]), @"
    ---
    id: k3v9q2mx
    ---
    three
    ");
    repo.palc(&["label", "list", "--format", "json"]).json();
}
