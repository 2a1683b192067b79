use insta::assert_snapshot;

use crate::harness::Repo;

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/a.md", "---\ntags:\n- x # why\n- old\n---\n");
    repo.write("prompts/b.md", "---\ntags: old\n---\n");
    repo.write("prompts/c.md", "text\n");
    repo
}

#[test]
fn adds_and_removes_in_many_at_once() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["tag", "add", "new", "a", "c"]), @"
    changed prompts/a.md
    changed prompts/c.md
    ");
    assert_eq!(repo.read("prompts/a.md"), "---\ntags:\n- x # why\n- old\n- new\n---\n");
    assert_eq!(repo.read("prompts/c.md"), "---\ntags: [new]\n---\ntext\n");
    repo.palc(&["tag", "remove", "new", "--where", "tag=new"]).ok();
    assert_eq!(repo.read("prompts/a.md"), "---\ntags:\n- x # why\n- old\n---\n");
    assert_snapshot!(repo.palc(&["tag", "add", "new"]), @"
    --- stderr
    error: which prompts?
    hint: give names, or a condition such as --where tag=support
    --- exit 2
    ");
}

#[test]
fn renames_everywhere() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["tag", "rename", "old", "x"]), @"
    changed prompts/a.md
    changed prompts/b.md
    ");
    assert_eq!(repo.read("prompts/a.md"), "---\ntags:\n- x # why\n---\n");
}

#[test]
fn lists_with_what_the_vocabulary_says() {
    let repo = repo();
    repo.write("palc.toml", "[vocabulary.tags.x]\ndescription = \"The unknown\"\n[vocabulary.tags.z]\n");
    assert_snapshot!(repo.palc(&["tag", "list"]), @"
    old      2  not in the vocabulary
    x        1  The unknown
    z        0
    ");
    let object = repo.palc(&["tag", "list", "--json"]).json();
    assert_eq!(object["data"][1]["prompts"], 1);
}
