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

    thread 'main' (17104) panicked at /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/clap_builder-4.6.7/src/builder/debug_asserts.rs:294:9:
    Command checkpoint: Argument group name must be unique

    	'Args' is already in use
    note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
    --- exit 101
    ");
    repo.write("prompts/support/triage.md", "draft\n").write("prompts/new.md", "new\n").write("other.txt", "two\n");
    repo.git(&["add", "other.txt"]);
    let before = repo.git(&["status", "--porcelain"]);
    assert_snapshot!(repo.palc(&["checkpoint", "-m", "before lunch"]), @"
    --- stderr

    thread 'main' (17114) panicked at /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/clap_builder-4.6.7/src/builder/debug_asserts.rs:294:9:
    Command checkpoint: Argument group name must be unique

    	'Args' is already in use
    note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
    --- exit 101
    ");
    assert_eq!(repo.git(&["status", "--porcelain"]), before);
    assert_snapshot!(repo.palc(&["checkpoint"]), @"
    --- stderr

    thread 'main' (17124) panicked at /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/clap_builder-4.6.7/src/builder/debug_asserts.rs:294:9:
    Command checkpoint: Argument group name must be unique

    	'Args' is already in use
    note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
    --- exit 101
    ");
    repo.git(&["gc", "--quiet", "--prune=now"]);
    assert_snapshot!(repo.palc(&["checkpoint", "show"]), @"
    --- stderr

    thread 'main' (17140) panicked at /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/clap_builder-4.6.7/src/builder/debug_asserts.rs:294:9:
    Command checkpoint: Argument group name must be unique

    	'Args' is already in use
    note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
    --- exit 101
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
    assert_snapshot!(repo.palc(&["checkpoint", "restore", "1", "--dry-run"]), @"");
    assert_snapshot!(repo.palc(&["checkpoint", "restore"]), @"");
    assert_eq!(repo.read("prompts/support/triage.md"), "draft\n");
    assert!(!repo.exists("prompts/newer.md"));
    assert_snapshot!(repo.palc(&["checkpoint", "restore", "2", "newer"]), @"");
    assert_eq!(repo.read("prompts/support/triage.md"), "draft\n");
    let json = repo.palc(&["checkpoint", "list", "--json"]).json();
    assert_eq!(json["data"].as_array().unwrap().len(), 3);
    assert_snapshot!(repo.palc(&["checkpoint", "drop", "1", "2"]), @"");
    assert_snapshot!(repo.palc(&["checkpoint", "restore", "1"]), @"");
    assert_snapshot!(repo.palc(&["checkpoint", "list"]), @"");
}
