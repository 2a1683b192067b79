use insta::assert_snapshot;

use crate::harness::Repo;

const TRIAGE: &str = "---\nid: k3v9q2mx\n---\nSort this ticket.\n";

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/support/triage.md", TRIAGE).write("other.txt", "one\n").commit("start");
    repo
}

#[test]
fn a_checkpoint_keeps_the_work_tree_and_touches_nothing() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["checkpoint"]), @"
    --- stderr
    nothing to keep: the prompts are as committed, or as in the last checkpoint
    ");
    repo.write("prompts/support/triage.md", "draft\n").write("prompts/new.md", "new\n").write("other.txt", "two\n");
    repo.git(&["add", "other.txt"]);
    let before = repo.git(&["status", "--porcelain"]);
    assert_snapshot!(repo.palc(&["checkpoint", "-m", "before lunch"]), @"1  2026-01-31 12:00  2 files  before lunch");
    assert_eq!(repo.git(&["status", "--porcelain"]), before);
    assert_snapshot!(repo.palc(&["checkpoint"]), @"
    --- stderr
    nothing to keep: the prompts are as committed, or as in the last checkpoint
    ");
    repo.git(&["gc", "--quiet", "--prune=now"]);
    assert_snapshot!(repo.palc(&["checkpoint", "show"]), @"
    checkpoint 1 f79be37453e5025754bfe9a381a6fbcc3f051267
    made 2026-01-31 12:00

    before lunch

    added prompts/new.md
    changed prompts/support/triage.md
    ");
    assert_eq!(repo.git(&["show", "refs/palc/checkpoints/1:prompts/new.md"]), "new\n");
    assert_eq!(repo.git(&["show", "refs/palc/checkpoints/1:other.txt"]), "one\n");
    repo.git(&["fsck", "--strict"]);
}

#[test]
fn bringing_one_back_can_be_undone() {
    let repo = repo();
    repo.write("prompts/support/triage.md", "draft\n").write("prompts/new.md", "new\n");
    repo.palc(&["checkpoint", "create"]).ok();
    repo.write("prompts/support/triage.md", "later\n").write("prompts/newer.md", "newer\n");
    assert_snapshot!(repo.palc(&["checkpoint", "restore", "1", "--dry-run"]), @"
    would remove prompts/newer.md
    would change prompts/support/triage.md
    @@ -1 +1 @@
    -later
    +draft
    ");
    assert_snapshot!(repo.palc(&["checkpoint", "restore"]), @"
    removed prompts/newer.md
    changed prompts/support/triage.md
    --- stderr
    hint: palc checkpoint restore 2 undoes this
    ");
    assert_eq!(repo.read("prompts/support/triage.md"), "draft\n");
    assert!(!repo.exists("prompts/newer.md"));
    assert_snapshot!(repo.palc(&["checkpoint", "restore", "2", "newer"]), @"
    created prompts/newer.md
    --- stderr
    hint: palc checkpoint restore 3 undoes this
    ");
    assert_eq!(repo.read("prompts/support/triage.md"), "draft\n");
    let json = repo.palc(&["checkpoint", "list", "--json"]).json();
    assert_eq!(json["data"].as_array().unwrap().len(), 3);
    assert_snapshot!(repo.palc(&["checkpoint", "drop", "1", "2"]), @"
    dropped checkpoint 1 (was 06c981703a)
    dropped checkpoint 2 (was 6c9ebedc23)
    ");
    assert_snapshot!(repo.palc(&["checkpoint", "restore", "1"]), @"
    --- stderr
    error: there is no checkpoint 1
    hint: `palc checkpoint list` shows them
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["checkpoint", "list"]), @"3  2026-01-31 12:00  2 files  Before checkpoint 2 was restored");
}
