use std::fs;

use insta::assert_snapshot;

use crate::harness::Repo;

const BASE: &str = "---\ntags: [a]\nparams:\n  temperature: 0.2\n  max_tokens: 200\n---\nuser:\nSay {{ x }}.\n";

/// A repository where `main` and `side` have both changed a prompt.
fn forked(ours: &[(&str, &str)], theirs: &[(&str, &str)], set_up: &[&str]) -> Repo {
    let repo = Repo::new();
    if !set_up.is_empty() {
        repo.palc(set_up).ok();
    }
    repo.write("prompts/a.md", BASE).commit("base");
    let edit = |edits: &[(&str, &str)]| {
        let text = edits.iter().fold(BASE.to_owned(), |text, (from, to)| text.replace(from, to));
        repo.write("prompts/a.md", text).commit("edit");
    };
    repo.git(&["switch", "--quiet", "--create", "side"]);
    edit(theirs);
    repo.git(&["switch", "--quiet", "main"]);
    edit(ours);
    repo
}

const OURS: [(&str, &str); 2] = [("[a]", "[a, o]"), ("0.2", "0.4")];
const THEIRS: [(&str, &str); 2] = [("[a]", "[a, t]"), ("200", "300")];

#[test]
fn git_merges_prompts_by_field_once_a_clone_is_set_up() {
    let repo = forked(&OURS, &THEIRS, &["init", "--quiet"]);
    repo.git(&["merge", "--quiet", "--no-edit", "side"]);
    assert_snapshot!(repo.read("prompts/a.md"), @"
    ---
    tags: [a, o, t]
    params:
      temperature: 0.4
      max_tokens: 300
    ---
    user:
    Say {{ x }}.
    ");
}

#[test]
fn a_conflict_is_gits_own() {
    let repo = forked(&[("0.2", "0.4")], &[("0.2", "0.7"), ("200", "300")], &["init", "--quiet"]);
    assert_snapshot!(repo.shell("", "git merge side"), @"
    Auto-merging prompts/a.md
    CONFLICT (content): Merge conflict in prompts/a.md
    Automatic merge failed; fix conflicts and then commit the result.
    --- stderr
    conflict in prompts/a.md:4: params.temperature
    --- exit 1
    ");
    assert_eq!(repo.git(&["status", "--porcelain"]), "UU prompts/a.md\n");
    assert_snapshot!(repo.read("prompts/a.md"), @"
    ---
    tags: [a]
    params:
    <<<<<<< HEAD
      temperature: 0.4
    =======
      temperature: 0.7
    >>>>>>> side
      max_tokens: 300
    ---
    user:
    Say {{ x }}.
    ");
    assert_snapshot!(repo.palc(&["check"]), @"
    prompts/a.md:4:1: error: a merge left a conflict here, 5 lines long [merge-conflict]
       4 | <<<<<<< HEAD
           ^^^^^^^^^^^^
      hint: keep what is right, take the lines of `<`, `=` and `>` out, and `palc merge --continue`
    --- stderr
    checked 2 prompts: 1 error
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["render", "a", "--var", "x=1"]), @"
    --- stderr
    error: prompts/a.md is not in order
    prompts/a.md:4:1: error: a merge left a conflict here, 5 lines long [merge-conflict]
       4 | <<<<<<< HEAD
           ^^^^^^^^^^^^
      hint: keep what is right, take the lines of `<`, `=` and `>` out, and `palc merge --continue`
    --- exit 3
    ");
    repo.git(&["merge", "--abort"]);
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

/// A folder with every program but palc.
fn without_palc(repo: &mut Repo) {
    let bin = repo.home().join("bin");
    fs::create_dir(&bin).unwrap();
    for program in ["git", "sh", "cat"] {
        let found = repo.shell("", &format!("command -v {program}")).ok();
        std::os::unix::fs::symlink(found.trim(), bin.join(program)).unwrap();
    }
    repo.set("PATH", bin.to_str().unwrap());
}

#[test]
fn without_palc_git_merges_lines_and_marks_conflicts() {
    let mut repo = forked(&OURS, &THEIRS, &["init", "--quiet"]);
    without_palc(&mut repo);
    let answer = repo.shell("", "git merge side");
    assert_eq!(answer.code, Some(1), "{answer}");
    assert!(answer.stderr.contains("palc: not found"), "{answer}");
    assert_snapshot!(repo.read("prompts/a.md"), @"
    ---
    <<<<<<< ours
    tags: [a, o]
    params:
      temperature: 0.4
      max_tokens: 200
    =======
    tags: [a, t]
    params:
      temperature: 0.2
      max_tokens: 300
    >>>>>>> theirs
    ---
    user:
    Say {{ x }}.
    ");
    assert_eq!(repo.git(&["status", "--porcelain"]), "UU prompts/a.md\n");
}

#[test]
fn without_palc_a_clean_merge_of_lines_is_clean() {
    let mut repo = forked(&[("[a]", "[a, o]")], &[("Say", "Tell")], &["init", "--quiet"]);
    without_palc(&mut repo);
    assert_eq!(repo.shell("", "git merge --no-edit side").code, Some(0));
    assert_eq!(repo.read("prompts/a.md"), BASE.replace("[a]", "[a, o]").replace("Say", "Tell"));
}

#[test]
fn a_clone_that_is_not_set_up_merges_lines() {
    let repo = forked(&OURS, &THEIRS, &["init", "--quiet"]);
    repo.git(&["config", "--remove-section", "merge.palc"]);
    let answer = repo.shell("", "git merge side");
    assert_eq!(answer.code, Some(1), "{answer}");
    assert!(repo.read("prompts/a.md").contains("<<<<<<< HEAD\n"));
}

#[test]
fn binary_and_odd_files_stay_whole() {
    let repo = Repo::new();
    for (name, text) in [("o", "a\n"), ("a", "b\n"), ("b", "c\n")] {
        repo.write(name, [text.as_bytes(), b"\0"].concat());
    }
    assert_snapshot!(repo.palc(&["merge-driver", "o", "a", "b", "-P", "prompts/x.md"]), @"
    --- stderr
    conflict in prompts/x.md: it is no text, and stays as it was
    --- exit 1
    ");
    assert_eq!(repo.read("a"), "b\n\0");
    assert_snapshot!(repo.palc(&["merge-driver", "o", "a", "missing"]), @"
    --- stderr
    error: cannot read $TMP/repo/missing
      because: No such file or directory (os error 2)
    --- exit 5
    ");
}

#[test]
fn git_diff_names_messages_and_keys() {
    let repo = Repo::new();
    repo.palc(&["init", "--textconv", "--quiet"]).ok();
    let body: String = (0..8).map(|at| format!("Line {at}.\n")).collect();
    repo.write("prompts/a.md", format!("---\nmodel: m\ndescription: d\n---\nuser:\n{body}")).commit("base");
    repo.write("prompts/a.md", format!("---\ndescription: d\nmodel: m\n---\nuser:\n{}", body.replace("7", "{{ x }}")));
    assert_snapshot!(repo.git(&["diff", "-U0"]), @"
    diff --git a/prompts/a.md b/prompts/a.md
    index 6e9e56f..087b798 100644
    --- a/prompts/a.md
    +++ b/prompts/a.md
    @@ -13 +13 @@ user:
    -Line 7.
    +Line {{ x }}.
    ");
    assert_snapshot!(repo.git(&["diff", "-U0", "--no-textconv", "--word-diff"]), @"
    diff --git a/prompts/a.md b/prompts/a.md
    index 6e9e56f..087b798 100644
    --- a/prompts/a.md
    +++ b/prompts/a.md
    @@ -2 +1,0 @@
    [-model: m-]
    @@ -3,0 +3 @@ description: d
    {+model: m+}
    @@ -13 +13 @@ user:
    Line [-7-]{+{{ x }}+}.
    ");
}
