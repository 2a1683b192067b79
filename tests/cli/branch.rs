use insta::assert_snapshot;

use crate::harness::Repo;

const TRIAGE: &str = "---\nid: k3v9q2mx\n---\nSort this ticket.\n";

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/support/triage.md", TRIAGE).commit("start");
    repo
}

fn on_branch(repo: &Repo, name: &str, path: &str, text: &str) {
    repo.git(&["switch", "--quiet", "--create", name, "main"]);
    repo.write(path, text).commit(&format!("work on {name}"));
    repo.git(&["switch", "--quiet", "main"]);
}

#[test]
fn branches_are_told_by_what_they_do_to_prompts() {
    let repo = repo();
    on_branch(&repo, "open", "prompts/new.md", "Hi\n");
    on_branch(&repo, "squashed", "prompts/support/triage.md", &TRIAGE.replace("this", "that"));
    repo.git(&["merge", "--quiet", "--squash", "squashed"]);
    repo.commit("all of it in one");
    repo.write("prompts/support/triage.md", TRIAGE.replace("this", "every")).commit("and on");
    repo.git(&["branch", "merged", "HEAD~1"]);
    assert_snapshot!(repo.palc(&["branch"]), @"
    *  main      base                             2026-01-31 and on
       merged    merged    +0 -1                  2026-01-31 all of it in one
       open      open      +1 -2  new             2026-01-31 work on open
       squashed  squashed  +1 -2  support/triage  2026-01-31 work on squashed
    ");
    assert_snapshot!(repo.palc(&["branch", "--stale"]), @"
    merged    merged    +0 -1                  2026-01-31 all of it in one
    squashed  squashed  +1 -2  support/triage  2026-01-31 work on squashed
    ");
    let json = repo.palc(&["branch", "--json"]).json();
    assert_eq!(json["data"][2]["prompts"][0], "new");
    assert_snapshot!(repo.palc(&["branch", "--delete", "squashed", "merged"]), @"
    deleted squashed (was 5eac1daa54)
    deleted merged (was 0a19d70f57)
    ");
    assert_snapshot!(repo.palc(&["branch", "--delete", "open"]), @"
    --- stderr
    error: `open` has a commit that would be lost
    hint: --force deletes it all the same
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["branch", "--delete", "opne"]), @"
    --- stderr
    error: there is no branch `opne`
    hint: did you mean `open`?
    --- exit 1
    ");
    repo.palc(&["branch", "--delete", "--force", "open"]).ok();
}

#[test]
fn a_new_branch_moves_nobody() {
    let repo = repo();
    repo.write("prompts/support/triage.md", "mine\n");
    assert_snapshot!(repo.palc(&["branch", "wording"]), @"
    created wording at 2780e780a3
    --- stderr
    hint: palc switch wording goes there
    ");
    assert_eq!(repo.git(&["branch", "--show-current"]), "main\n");
    assert_snapshot!(repo.palc(&["branch", "wording"]), @"
    --- stderr
    error: a branch named 'wording' already exists
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["branch", "a b"]), @"
    --- stderr
    error: 'a b' is not a valid branch name
    --- exit 1
    ");
}

#[test]
fn switching_loses_nothing() {
    let repo = repo();
    on_branch(&repo, "other", "prompts/support/triage.md", "Other.\n");
    assert_snapshot!(repo.palc(&["switch", "othre"]), @"
    --- stderr
    error: there is no branch `othre`
    hint: did you mean `other`?
    hint: palc switch --create othre makes it
    --- exit 1
    ");
    repo.write("prompts/support/triage.md", "mine\n");
    assert_snapshot!(repo.palc(&["switch", "other"]), @"
    --- stderr
    error: Your local changes to the following files would be overwritten by checkout: prompts/support/triage.md
    hint: `palc commit` or `palc checkpoint` keeps what you have
    --- exit 1
    ");
    assert_eq!(repo.read("prompts/support/triage.md"), "mine\n");
    repo.git(&["checkout", "--quiet", "--", "."]);
    assert_eq!(repo.palc(&["switch", "other", "--json"]).json()["data"]["before"], "main");
    assert_eq!(repo.read("prompts/support/triage.md"), "Other.\n");
    assert_snapshot!(repo.palc(&["switch", "--create", "third"]), @"
    --- stderr
    on third
    ");
}

#[test]
fn a_version_goes_to_a_branch_that_is_not_checked_out() {
    let repo = repo();
    repo.git(&["branch", "release"]);
    repo.write("prompts/support/triage.md", TRIAGE.to_owned() + "Kindly.\n")
        .write("prompts/x.md", "x\n")
        .commit("more");
    repo.palc(&["mv", "support/triage", "sort"]).ok();
    repo.commit("moved");
    repo.write("prompts/sort.md", "mine\n").git(&["add", "--all"]);
    assert_snapshot!(repo.palc(&["port", "sort@2", "--to", "release", "--dry-run"]), @"
    would commit: Port sort version 2 from main
    changed prompts/support/triage.md
    ");
    assert_snapshot!(repo.palc(&["port", "sort@2", "--to", "release"]), @"
    9374aead18 on release: Port sort version 2 from main
    changed prompts/support/triage.md
    ");
    assert_eq!(repo.git(&["show", "release:prompts/support/triage.md"]), TRIAGE.to_owned() + "Kindly.\n");
    assert_eq!(repo.git(&["diff", "--name-only", "release~1", "release"]), "prompts/support/triage.md\n");
    assert_eq!(repo.git(&["status", "--porcelain"]), "M  prompts/sort.md\n");
    assert_snapshot!(repo.palc(&["port", "sort@2", "--to", "release"]), @"
    --- stderr
    nothing to commit
    ");
    assert_snapshot!(repo.palc(&["port", "sort@2", "--to", "main"]), @"
    --- stderr
    error: `main` is the branch you are on
    hint: `palc restore NAME@VERSION` is for that
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["port", "sort@2", "--to", "relaese"]), @"
    --- stderr
    error: there is no branch `relaese`
    hint: did you mean `release`?
    hint: `palc branch relaese` makes one
    --- exit 1
    ");
    repo.git(&["fsck", "--strict"]);
}
