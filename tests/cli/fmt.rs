use insta::assert_snapshot;

use crate::harness::Repo;

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/a.md", "---\n\ntags: [x]  \n# which\nid: k3v9q2mx\n---\nBody  \nlast");
    repo.write("prompts/b.md", "---\nid: k3v9q2my\n---\nfine\n");
    repo.write("prompts/c.prompt", "---\n\nmodel: x  \n---\nTheirs");
    repo
}

#[test]
fn shows_and_does_what_is_needed() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["fmt", "--check"]), @r"
    would change prompts/a.md
    @@ -1,8 +1,7 @@
     ---
    -
    -tags: [x]  
    +tags: [x]
     # which
     id: k3v9q2mx
     ---
     Body  
    -last
    \ No newline at end of file
    +last
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["fmt"]), @"changed prompts/a.md");
    assert_eq!(repo.read("prompts/a.md"), "---\ntags: [x]\n# which\nid: k3v9q2mx\n---\nBody  \nlast\n");
    assert_eq!(repo.read("prompts/c.prompt"), "---\n\nmodel: x  \n---\nTheirs");
    assert_snapshot!(repo.palc(&["fmt", "--check"]), @"
    --- stderr
    every prompt is formatted
    ");
}

#[test]
fn sorts_keys_where_that_is_wanted() {
    let repo = repo();
    repo.palc(&["fmt", "a", "--config", "fmt.sort_keys=true"]).ok();
    assert_eq!(repo.read("prompts/a.md"), "---\n# which\nid: k3v9q2mx\ntags: [x]\n---\nBody  \nlast\n");
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_formatted() {
    let repo = repo();
    repo.write("prompts/broken.md", "---\na: [\n---\n");
    assert_snapshot!(repo.palc(&["fmt"]), @"
    changed prompts/a.md
    --- stderr
    prompts/broken.md:2:4: error: this is not valid YAML: unclosed bracket '[' [yaml]
       2 | a: [
              ^
    --- exit 1
    ");
    assert_eq!(repo.read("prompts/broken.md"), "---\na: [\n---\n");
}
