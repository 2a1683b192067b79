use insta::assert_snapshot;

use crate::harness::Repo;

const TEXT: &str = "You answer customers of a shop. Be short, be kind and never guess. Name the order and say what \
                    happens next. If something is missing, ask one question. End with the name of the team.";

fn repo() -> Repo {
    let repo = Repo::new();
    let near = TEXT.replace("Be short", "Be brief");
    repo.write("prompts/a.md", format!("---\nid: b1111111\ntags: [x]\n---\n{TEXT}\n"));
    repo.write("prompts/copy.md", format!("---\nid: b2222222\ntags: [x]\n---\n{TEXT}\n"));
    repo.write("prompts/deep/other.md", format!("---\ntags: [y]\nmodel: m\n---\n\n{TEXT}\r\n"));
    repo.write("prompts/near.md", format!("{near}\n"));
    repo.write("prompts/own.md", "Something else altogether, about the weather.\n");
    repo.write("prompts/empty.md", "---\ntags: [e]\n---\n").write("prompts/void.md", "");
    repo
}

#[test]
fn the_same_body_stands_in_one_group_and_says_what_else_differs() {
    assert_snapshot!(repo().palc(&["dup"]), @"
    a
    copy        a copy of a
    deep/other  the body of a; other tags, model
    --- stderr
    3 of 7 prompts, in 1 group
    ");
}

#[test]
fn near_copies_say_how_near_they_are() {
    assert_snapshot!(repo().palc(&["dup", "--near"]), @"
    a
    copy        a copy of a
    deep/other  the body of a; other tags, model
    near        83 % of a
    --- stderr
    4 of 7 prompts, in 1 group
    ");
    assert_snapshot!(repo().palc(&["dup", "--near", "--threshold", "0.9", "near", "a"]), @"
    --- stderr
    no duplicates among 2 prompts
    ");
}

#[test]
fn as_json_with_the_names_of_what_differs() {
    let answer = repo().palc(&["dup", "--near", "--json"]).json();
    let members = &answer["data"]["groups"][0]["members"];
    assert_eq!(members.as_array().map(Vec::len), Some(4));
    assert_eq!(members[1]["like"]["how"], "copy");
    assert_eq!(members[2]["like"]["differing"].to_string(), r#"["tags","model"]"#);
    assert_eq!(members[3]["like"]["how"], "near");
}

#[test]
fn nothing_is_like_nothing() {
    assert_snapshot!(Repo::new().palc(&["dup"]), @"
    --- stderr
    no prompts
    ");
    assert_snapshot!(repo().palc(&["dup", "own", "near"]), @"
    --- stderr
    no duplicates among 2 prompts
    hint: --near finds those that are nearly the same
    ");
    assert_snapshot!(repo().palc(&["dup", "nowhere"]), @"
    --- stderr
    error: there is no prompt or folder `nowhere`
    hint: `palc list` shows all prompts
    --- exit 1
    ");
}

#[test]
fn a_threshold_is_a_share() {
    assert_snapshot!(repo().palc(&["dup", "--near", "--threshold", "80"]), @"
    --- stderr
    error: 80 is no threshold for near copies
    hint: use a share from 0.5 to 1; 0.8 means four fifths of all runs of three words
    --- exit 2
    ");
    assert_snapshot!(repo().palc(&["dup", "--threshold", "0.9"]), @"
    --- stderr
    error: the following required arguments were not provided:
      --near

    Usage: palc dup --near --threshold <SHARE> [NAME]...

    For more information, try '--help'.
    --- exit 2
    ");
}

#[test]
fn files_with_a_broken_front_matter_are_compared_and_told() {
    let repo = Repo::new();
    repo.write("prompts/a.md", format!("---\nglobs: **/*\n---\n{TEXT}\n")).write("prompts/b.md", TEXT);
    repo.write("prompts/latin.md", b"caf\xe9\n");
    assert_snapshot!(repo.palc(&["dup"]), @"
    a
    b  a copy of a
    --- stderr
    prompts/a.md:2:8: error: this is not valid YAML: while parsing node, found unknown anchor [yaml]
       2 | globs: **/*
                  ^
      hint: text that starts with `*` or `&` needs quotes
    prompts/latin.md:1:4: error: the byte at offset 3 is not UTF-8 [encoding]
       1 | caf
              ^
      hint: save the file as UTF-8
    2 of 2 prompts, in 1 group
    ");
}

#[test]
fn a_revision_is_compared_as_it_was() {
    let repo = repo();
    repo.commit("All");
    std::fs::remove_file(repo.path("prompts/copy.md")).unwrap();
    assert_eq!(repo.palc(&["dup", "--json", "--rev", "HEAD"]).json()["data"]["prompts"], 7);
    assert_eq!(repo.palc(&["dup", "--json"]).json()["data"]["prompts"], 6);
}
