use insta::assert_snapshot;

use crate::harness::Repo;

fn text(version: u32) -> String {
    format!("---\nid: k3v9q2mx\nparams: {{temperature: 0.{version}}}\n---\nThis is version {version}.\n")
}

/// Three versions of one prompt, and a neighbour that changed with each.
fn repo() -> Repo {
    let repo = Repo::new();
    for version in 1..=3 {
        repo.write("prompts/support/triage.md", text(version)).write("prompts/other.md", format!("{version}\n"));
        repo.commit(&format!("version {version}"));
    }
    repo
}

fn status(repo: &Repo) -> String {
    repo.git(&["status", "--porcelain"])
}

#[test]
fn a_version_comes_back_into_the_work_tree() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["restore", "support/triage@1", "--dry-run"]), @"
    would change prompts/support/triage.md
    @@ -1,5 +1,5 @@
     ---
     id: k3v9q2mx
    -params: {temperature: 0.3}
    +params: {temperature: 0.1}
     ---
    -This is version 3.
    +This is version 1.
    ");
    assert_snapshot!(repo.palc(&["restore", "support/triage@1"]), @"changed prompts/support/triage.md");
    assert_eq!(repo.read("prompts/support/triage.md"), text(1));
    assert_eq!(status(&repo), " M prompts/support/triage.md\n");
    assert_snapshot!(repo.palc(&["restore", "support/triage@1"]), @"
    --- stderr
    nothing to change
    ");
    repo.palc(&["restore", "support/triage@2"]).ok();
    repo.write("prompts/support/triage.md", "mine\n");
    assert_snapshot!(repo.palc(&["restore", "support/triage@1"]), @"
    --- stderr
    error: prompts/support/triage.md has changes that were never committed, and they would be lost
    hint: `palc commit` or `palc checkpoint` keeps them; --force drops them
    --- exit 1
    ");
    assert_eq!(repo.read("prompts/support/triage.md"), "mine\n");
    repo.palc(&["restore", "k3v9q2mx", "--force"]).ok();
    assert_eq!(status(&repo), "");
    assert_snapshot!(repo.palc(&["restore", "support/triage@9"]), @"
    --- stderr
    error: support/triage has 3 versions, and no version 9
    hint: `palc log support/triage` shows them
    --- exit 1
    ");
}

#[test]
fn a_rollback_is_a_new_version_of_this_file_alone() {
    let repo = repo();
    repo.write("prompts/other.md", "mine\n").git(&["add", "prompts/other.md"]);
    assert_snapshot!(repo.palc(&["rollback", "support/triage@1"]), @"
    7cc0b1bdd4 on main: Roll back support/triage to version 1
    changed prompts/support/triage.md
    ");
    assert_eq!(repo.git(&["show", "HEAD:prompts/support/triage.md"]), text(1));
    assert_eq!(repo.git(&["show", "HEAD:prompts/other.md"]), "3\n");
    assert_eq!(status(&repo), "M  prompts/other.md\n");
    let json = repo.palc(&["rollback", "support/triage@2", "--json"]).json();
    assert_eq!(json["data"]["restored"][0]["version"], 2);
    assert_eq!(json["data"]["commit"]["commit"], repo.git(&["rev-parse", "HEAD"]).trim());
    assert_snapshot!(repo.palc(&["rollback", "support/triage"]), @"
    --- stderr
    error: to which version of support/triage?
    hint: palc rollback support/triage@2; `palc log support/triage` shows its versions
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["rollback", "support/triage@2"]), @"
    --- stderr
    nothing to change
    ");
}

#[test]
fn a_deleted_prompt_comes_back_and_its_history_goes_on() {
    let repo = repo();
    repo.palc(&["rm", "--yes", "support/triage"]).ok();
    repo.palc(&["restore", "support/triage"]).ok();
    assert_eq!(status(&repo), "");
    repo.palc(&["rm", "--yes", "support/triage"]).ok();
    repo.palc(&["commit"]).ok();
    assert_snapshot!(repo.palc(&["restore", "support/triage", "--commit"]), @"
    8471d6b738 on main: Restore support/triage to version 3
    added prompts/support/triage.md
    ");
    assert_eq!(repo.read("prompts/support/triage.md"), text(3));
    repo.write("prompts/support/triage.md", text(4));
    repo.palc(&["commit", "support/triage"]).ok();
    repo.palc(&["restore", "k3v9q2mx@4"]).ok();
    repo.palc(&["restore", "k3v9q2mx@2"]).ok();
    assert_eq!(repo.read("prompts/support/triage.md"), text(2));
}

#[test]
fn an_early_version_gets_the_id_that_it_lacks() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "First.\r\n").commit("by hand");
    repo.write("prompts/a.md", "---\r\nid: k3v9q2mx\r\n---\r\nSecond.\r\n").commit("with an id");
    repo.palc(&["mv", "a", "b"]).ok();
    repo.palc(&["commit"]).ok();
    repo.palc(&["restore", "b@1"]).ok();
    assert_eq!(repo.read("prompts/b.md"), "---\r\nid: k3v9q2mx\r\n---\r\nFirst.\r\n");
    assert!(!repo.exists("prompts/a.md"));
}

#[test]
fn without_files_it_is_committed_at_once() {
    let repo = repo();
    repo.git(&["clone", "--quiet", "--bare", ".", "../bare"]);
    assert_snapshot!(repo.palc_in("../bare", &["restore", "support/triage@1"]), @"
    --- stderr
    error: a bare repository has no files to restore
    hint: --commit commits it directly
    --- exit 3
    ");
    assert_snapshot!(repo.palc_in("../bare", &["rollback", "support/triage@1"]), @"
    7cc0b1bdd4 on main: Roll back support/triage to version 1
    changed prompts/support/triage.md
    ");
    assert_eq!(repo.git(&["-C", "../bare", "show", "main:prompts/support/triage.md"]), text(1));
    repo.git(&["-C", "../bare", "fsck", "--strict"]);
}
