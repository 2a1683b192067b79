use insta::assert_snapshot;

use crate::harness::Repo;

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/_tone.md", "Kind.\n").write("prompts/a.md", "{% include \"_tone\" %}\n");
    repo.write("prompts/b/c.md", "---\norigin: {parent: a}\n---\n");
    repo.commit("first");
    repo
}

#[test]
fn asks_where_it_can_and_says_how_to_get_it_back() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["rm", "a"]), @"
    --- stderr
    warning: b/c was made from a
    error: removing `a` needs --yes where nobody can be asked
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["rm", "a", "--yes"]), @"
    removed prompts/a.md
    --- stderr
    warning: b/c was made from a
    hint: git checkout -- prompts/a.md brings it back if it was committed
    ");
    assert!(!repo.exists("prompts/a.md"));
    repo.git(&["checkout", "--", "prompts/a.md"]);
    assert!(repo.exists("prompts/a.md"));
}

#[test]
fn what_others_need_stays_without_force() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["rm", "_tone", "--yes"]), @"
    --- stderr
    warning: a includes _tone
    error: other prompts need what would be removed
    hint: --force removes it all the same
    --- exit 1
    ");
    assert!(repo.exists("prompts/_tone.md"));
    repo.palc(&["rm", "_tone", "a", "--yes"]).ok();
    assert!(!repo.exists("prompts/_tone.md"));
}

#[test]
fn all_needs_force() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["rm", "--all", "--yes"]), @"
    --- stderr
    error: --all removes every prompt
    hint: say --all --force if that is meant
    --- exit 2
    ");
    repo.palc(&["rm", "--all", "--force"]).ok();
    assert_eq!(repo.palc(&["list", "--format", "names"]).ok(), "");
    assert!(!repo.exists("prompts"));
}

#[test]
fn a_dry_run_removes_nothing() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["rm", "b", "--dry-run"]), @"would remove prompts/b/c.md");
    assert!(repo.exists("prompts/b/c.md"));
}
