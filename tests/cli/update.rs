use insta::assert_snapshot;

use crate::harness::Repo;

#[test]
fn puts_a_body_in_byte_for_byte() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "---\r\nid: x # y\r\n---\r\nold\r\n");
    assert_snapshot!(repo.palc_with_input(&["update", "a", "--body-file", "-"], "---\nnew\r\nx"), @"changed prompts/a.md");
    assert_eq!(repo.read("prompts/a.md"), "---\r\nid: x # y\r\n---\r\n---\nnew\r\nx");
    assert_snapshot!(repo.palc_with_input(&["update", "a", "--body-file", "-"], "---\nnew\r\nx"), @"
    --- stderr
    nothing to change
    ");
}

#[test]
fn what_is_no_text_or_too_long_is_refused() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "old\n");
    assert_snapshot!(repo.palc_with_input(&["update", "a", "--body-file", "-"], "a\0b"), @"
    --- stderr
    error: the body holds a NUL character at byte 1
    hint: remove it
    --- exit 3
    ");
    assert_snapshot!(repo.palc_with_input(&["update", "a", "--body-file", "-"], b"a\xff"), @"
    --- stderr
    error: the body is not UTF-8 at byte 1
    hint: save it as UTF-8
    --- exit 3
    ");
    assert_snapshot!(repo.palc_with_input(&["update", "a", "--body-file", "-"], vec![b'a'; 5 << 20]), @"
    --- stderr
    error: the body has 5.0 MiB; a prompt may have 4
    hint: put data into a dataset, and its place into a variable
    --- exit 3
    ");
    assert_eq!(repo.read("prompts/a.md"), "old\n");
}
