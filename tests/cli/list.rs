use std::fs;

use insta::assert_snapshot;

use crate::harness::Repo;

fn support() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/b.md", "---\ndescription: Second\ntags: [x]\n---\n").write("prompts/a/x.md", "First\n").write(
        "prompts/a/deep/y.md",
        "---\ndescription: >\n  Two\n  lines\nstatus: draft\ncustom: {tone: warm}\n---\n",
    );
    repo
}

#[test]
fn lists_names_tags_and_descriptions() {
    assert_snapshot!(support().palc(&["list"]), @"
    a/deep/y     (draft) Two lines
    a/x
    b         x  Second
    ");
}

#[test]
fn the_second_listing_knows_the_files_and_says_the_same() {
    let repo = support();
    let first = repo.palc(&["list", "--json"]).ok();
    assert!(repo.exists(".git/palc/known/cards"));
    assert_eq!(repo.palc(&["list", "--json"]).ok(), first);
    repo.write("prompts/b.md", "---\ndescription: Changed\n---\n");
    assert!(repo.palc(&["list"]).ok().contains("Changed"));
    assert_eq!(repo.git(&["status", "--porcelain", "--", ".git"]), "");
}

#[test]
fn damaged_facts_are_worked_out_again() {
    let repo = support();
    let first = repo.palc(&["list"]).ok();
    repo.write(".git/palc/known/cards", "palcfc1\n garbage");
    assert_eq!(repo.palc(&["list"]).ok(), first);
}

#[test]
fn filters_by_name_and_front_matter() {
    let repo = support();
    let names =
        |arguments: &[&str]| repo.palc(&[&["list", "--format", "names"], arguments].concat()).ok().replace('\n', " ");
    assert_eq!(names(&["a"]), "a/deep/y a/x ");
    assert_eq!(names(&["a/*"]), "a/x ");
    assert_eq!(names(&["--tag", "x"]), "b ");
    assert_eq!(names(&["--status", "active"]), "a/x b ");
    assert_eq!(names(&["--where", "custom.tone=warm"]), "a/deep/y ");
    assert_eq!(names(&["--where", "custom.tone!=warm", "--where", "description"]), "b ");
}

#[test]
fn a_name_that_is_not_there_is_a_no() {
    assert_snapshot!(support().palc(&["list", "nothing"]), @"
    --- stderr
    error: there is no prompt or folder `nothing`
    hint: `palc list` shows all prompts
    --- exit 1
    ");
}

#[test]
fn files_that_cannot_be_read_are_listed_and_reported() {
    let repo = Repo::new();
    repo.write("prompts/broken.md", "---\nglobs: **/*.ts\n---\nBody\n").write("prompts/latin.md", b"caf\xe9\n");
    assert_snapshot!(repo.palc(&["list"]), @"
    broken    (unreadable)
    latin     (unreadable)
    --- stderr
    prompts/broken.md:2:8: error: this is not valid YAML: while parsing node, found unknown anchor [yaml]
       2 | globs: **/*.ts
                  ^
      hint: text that starts with `*` or `&` needs quotes
    prompts/latin.md:1:4: error: the byte at offset 3 is not UTF-8 [encoding]
       1 | caf
              ^
      hint: save the file as UTF-8
    ");
}

#[test]
fn lists_a_revision_and_a_bare_repository() {
    let repo = support();
    repo.commit("first");
    repo.git(&["rm", "--quiet", "-r", "prompts/a"]);
    repo.commit("second");
    assert_eq!(repo.palc(&["list", "--format", "names"]).ok(), "b\n");
    assert_eq!(repo.palc(&["list", "--format", "names", "--rev", "HEAD~1"]).ok(), "a/deep/y\na/x\nb\n");
    repo.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
    assert_eq!(repo.palc_in("bare.git", &["list", "--format", "names"]).ok(), "b\n");
}

#[test]
fn an_empty_folder_has_no_prompts() {
    assert_snapshot!(Repo::without_git().palc(&["list"]), @"
    --- stderr
    no prompts
    hint: `palc new NAME` makes one
    ");
}

#[test]
fn shows_the_tree_of_folders() {
    assert_snapshot!(support().palc(&["tree"]), @"
    ├── a/ 2
    │   ├── deep/ 1
    │   │   └── y  Two lines
    │   └── x
    └── b  Second
    ");
}

#[cfg(unix)]
#[test]
fn links_out_of_the_repository_are_reported_and_not_followed() {
    let repo = support();
    std::os::unix::fs::symlink("/etc/passwd", repo.path("prompts/leak.md")).unwrap();
    assert_snapshot!(repo.palc(&["list", "b"]), @"
    b  x  Second
    --- stderr
    prompts/leak.md: warning: this link leads out of the repository or nowhere, so it is not followed [skipped-file]
    ");
    assert_snapshot!(repo.palc(&["show", "leak"]), @"
    --- stderr
    error: the path prompts/leak.md leads out of the repository through a link
    --- exit 3
    ");
}

/// What is kept of files is news added to a table, then a table written anew, then damaged. Listings never show it.
#[test]
fn what_is_kept_never_shows() {
    let repo = Repo::new();
    let kept = repo.path(".git/palc/known");
    let told = || (repo.palc(&["list", "--json"]).ok(), repo.palc(&["check", "--json"]).ok());
    for at in 0..8 {
        repo.write(&format!("prompts/p{at}.md"), format!("---\ndescription: The {at}th\n---\nText {at}\n"));
    }
    told();
    for round in 0..4 {
        repo.write(&format!("prompts/p{round}.md"), format!("---\ndescription: Now {round}\n---\nOther {round}\n"));
        match round % 4 {
            0 => drop(repo.write(&format!("prompts/new{round}.md"), "---\nstatus: draft\n---\nNew\n")),
            1 => fs::remove_file(repo.path(&format!("prompts/p{}.md", 7 - round))).unwrap(),
            2 => fs::rename(repo.path("prompts/p0.md"), repo.path(&format!("prompts/moved{round}.md"))).unwrap_or(()),
            _ => {
                for table in fs::read_dir(&kept).unwrap().map(|table| table.unwrap().path()) {
                    let bytes = fs::read(&table).unwrap();
                    fs::write(&table, &bytes[..bytes.len() * 2 / 3]).unwrap();
                }
            }
        }
        let before = told();
        fs::remove_dir_all(&kept).unwrap();
        assert_eq!(before, told(), "round {round}");
    }
}

#[test]
fn prompts_of_other_programs_are_found_where_these_keep_them() {
    let repo = Repo::new();
    repo.write("prompts/llm/short.yaml", "system: Be short\nprompt: 'Sum up: $input'\n");
    repo.write("prompts/data.yaml", "a: 1\n");
    repo.write("prompts/review/SKILL.md", "---\nname: review\ndescription: Review a change\n---\nLook\n");
    repo.write("prompts/ask.prompty", "---\nname: Ask\n---\nuser:\nHi\n");
    assert_snapshot!(repo.palc(&["list", "--format", "names"]), @"
    ask
    llm/short
    review
    ");
    assert_snapshot!(repo.palc(&["render", "llm/short", "--var", "input=this"]), @"
    system:
    Be short

    user:
    Sum up: this
    ");
}

#[test]
fn a_project_is_its_folder_with_those_inside() {
    let repo = Repo::new();
    for name in ["shop/refund", "shop/eu/refund", "shopping/list", "top"] {
        repo.write(&format!("prompts/{name}.md"), "Text.\n");
    }
    let names = |project: &str| repo.palc(&["list", "--project", project, "--format", "names"]).ok();
    assert_eq!(names("shop"), "shop/eu/refund\nshop/refund\n");
    assert_eq!(names("shop/eu/"), "shop/eu/refund\n");
}
