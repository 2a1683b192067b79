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
    assert_snapshot!(repo.palc(&["branch"]), @"");
    assert_snapshot!(repo.palc(&["branch", "--stale"]), @"");
    let json = repo.palc(&["branch", "--json"]).json();
    assert_eq!(json["data"][2]["prompts"][0], "new");
    assert_snapshot!(repo.palc(&["branch", "--delete", "squashed", "merged"]), @"");
    assert_snapshot!(repo.palc(&["branch", "--delete", "open"]), @"");
    assert_snapshot!(repo.palc(&["branch", "--delete", "opne"]), @"");
    repo.palc(&["branch", "--delete", "--force", "open"]).ok();
}

#[test]
fn a_new_branch_moves_nobody() {
    let repo = repo();
    repo.write("prompts/support/triage.md", "mine\n");
    assert_snapshot!(repo.palc(&["branch", "wording"]), @"");
    assert_eq!(repo.git(&["branch", "--show-current"]), "main\n");
    assert_snapshot!(repo.palc(&["branch", "wording"]), @"");
    assert_snapshot!(repo.palc(&["branch", "a b"]), @"");
}

#[test]
fn switching_loses_nothing() {
    let repo = repo();
    on_branch(&repo, "other", "prompts/support/triage.md", "Other.\n");
    assert_snapshot!(repo.palc(&["switch", "othre"]), @"");
    repo.write("prompts/support/triage.md", "mine\n");
    assert_snapshot!(repo.palc(&["switch", "other"]), @"");
    assert_eq!(repo.read("prompts/support/triage.md"), "mine\n");
    repo.git(&["checkout", "--quiet", "--", "."]);
    assert_eq!(repo.palc(&["switch", "other", "--json"]).json()["data"]["before"], "main");
    assert_eq!(repo.read("prompts/support/triage.md"), "Other.\n");
    assert_snapshot!(repo.palc(&["switch", "--create", "third"]), @"");
}

#[test]
fn a_version_goes_to_a_branch_that_is_not_checked_out() {
    let repo = repo();
    repo.git(&["branch", "release"]);
    repo.write("prompts/support/triage.md", TRIAGE.to_owned() + "Kindly.\n").write("prompts/x.md", "x\n").commit("more");
    repo.palc(&["mv", "support/triage", "sort"]).ok();
    repo.commit("moved");
    repo.write("prompts/sort.md", "mine\n").git(&["add", "--all"]);
    assert_snapshot!(repo.palc(&["port", "sort@2", "--to", "release", "--dry-run"]), @"");
    assert_snapshot!(repo.palc(&["port", "sort@2", "--to", "release"]), @"");
    assert_eq!(repo.git(&["show", "release:prompts/support/triage.md"]), TRIAGE.to_owned() + "Kindly.\n");
    assert_eq!(repo.git(&["diff", "--name-only", "release~1", "release"]), "prompts/support/triage.md\n");
    assert_eq!(repo.git(&["status", "--porcelain"]), "M  prompts/sort.md\n");
    assert_snapshot!(repo.palc(&["port", "sort@2", "--to", "release"]), @"");
    assert_snapshot!(repo.palc(&["port", "sort@2", "--to", "main"]), @"");
    assert_snapshot!(repo.palc(&["port", "sort@2", "--to", "relaese"]), @"");
    repo.git(&["fsck", "--strict"]);
}
