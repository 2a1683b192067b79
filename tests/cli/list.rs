use insta::assert_snapshot;

use crate::harness::Repo;

#[test]
fn lists_names_and_descriptions() {
    let repo = Repo::new();
    repo.write("prompts/b.md", "---\ndescription: Second\n---\n").write("prompts/a/x.md", "First\n");
    assert_snapshot!(repo.palc(&["list"]), @r"
    a/x
    b    Second
    ");
}

#[test]
fn an_empty_folder_has_no_prompts() {
    assert_snapshot!(Repo::without_git().palc(&["list"]), @"");
}
