use insta::assert_snapshot;

use crate::harness::{Answer, Repo};

const BASE: &str = "---\nid: k3v9q2mx\ntags: [a]\nparams:\n  temperature: 0.2\n  max_tokens: 200\n---\nsystem:\nYou help.\n\nuser:\nSay {{ x }}.\n";

/// A repository where `main` and `side` have each changed files since they parted.
fn forked(ours: impl Fn(&Repo), theirs: impl Fn(&Repo)) -> Repo {
    let repo = Repo::new();
    repo.write("prompts/a.md", BASE).write("notes.txt", "one\ntwo\nthree\n").commit("base");
    repo.git(&["switch", "--quiet", "--create", "side"]);
    theirs(&repo);
    repo.commit("theirs");
    repo.git(&["switch", "--quiet", "main"]);
    ours(&repo);
    repo.commit("ours");
    repo
}

fn edit(repo: &Repo, edits: &[(&str, &str)]) {
    let text = edits.iter().fold(repo.read("prompts/a.md"), |text, (from, to)| text.replace(from, to));
    repo.write("prompts/a.md", text);
}

/// Commit ids depend on the machine's git; the rest does not.
fn told(answer: &Answer) -> String {
    let text = answer.to_string();
    let hex = |word: &str| word.len() == 10 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let line = |line: &str| {
        line.split(' ').map(|word| if hex(word) { "<commit>" } else { word }).collect::<Vec<_>>().join(" ")
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn changes_of_both_sides_go_together_without_any_setting_up() {
    let repo = forked(
        |repo| edit(repo, &[("[a]", "[a, o]"), ("0.2", "0.4"), ("You help.", "You help well.")]),
        |repo| edit(repo, &[("[a]", "[a, t]"), ("200", "300"), ("Say", "Tell")]),
    );
    assert_snapshot!(told(&repo.palc(&["merge", "side", "--dry-run"])), @"
    would merge side into main
    a
      tags                merged
      params.temperature  ours
      params.max_tokens   theirs
      system message      ours
      user message        theirs
    ");
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    assert_snapshot!(told(&repo.palc(&["merge", "side"])), @"
    merged side into main: <commit>
    a
      tags                merged
      params.temperature  ours
      params.max_tokens   theirs
      system message      ours
      user message        theirs
    ");
    assert_snapshot!(repo.read("prompts/a.md"), @"
    ---
    id: k3v9q2mx
    tags: [a, o, t]
    params:
      temperature: 0.4
      max_tokens: 300
    ---
    system:
    You help well.

    user:
    Tell {{ x }}.
    ");
    assert_snapshot!(repo.git(&["log", "--format=%s | %an | %(trailers)", "-1"]), @"Merge branch 'side' | Ada |");
    assert_eq!(repo.git(&["rev-parse", "HEAD^2"]), repo.git(&["rev-parse", "side"]));
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    repo.git(&["fsck", "--strict"]);
    assert_snapshot!(told(&repo.palc(&["merge", "side"])), @"main holds side already");
    assert!(!repo.exists(".git/palc/merges/attributes"));
    repo.git(&["switch", "--quiet", "side"]);
    assert_snapshot!(told(&repo.palc(&["merge", "main", "--json"])), @r#"
    {
      "schema": "palc.merge.v1",
      "data": {
        "result": "fast-forward",
        "from": "main",
        "into": "side",
        "commit": "8195ee432f8658563a5b07b53040f225fc722f7e",
        "files": [],
        "unmerged": [],
        "dry_run": false
      },
      "findings": []
    }
    "#);
}

#[test]
fn conflicts_wait_as_gits_own_do() {
    let repo = forked(
        |repo| {
            edit(repo, &[("0.2", "0.4"), ("You help.", "You serve.")]);
            repo.write("notes.txt", "eins\ntwo\nthree\n");
        },
        |repo| {
            edit(repo, &[("0.2", "0.7"), ("200", "300"), ("You help.", "You assist.")]);
            repo.write("notes.txt", "one\ntwo\ntrois\n");
        },
    );
    assert_snapshot!(told(&repo.palc(&["merge", "side"])), @"
    merging side into main left conflicts
    a
      params.temperature  conflict
      params.max_tokens   theirs
      system message      conflict
      conflict in prompts/a.md:5: params.temperature
      conflict in prompts/a.md:13: system message
    --- stderr
    hint: settle the conflicts, then `palc merge --continue`; `palc merge --abort` takes it all back
    --- exit 1
    ");
    assert_snapshot!(repo.read("prompts/a.md"), @"
    ---
    id: k3v9q2mx
    tags: [a]
    params:
    <<<<<<< HEAD
      temperature: 0.4
    =======
      temperature: 0.7
    >>>>>>> side
      max_tokens: 300
    ---
    system:
    <<<<<<< HEAD
    You serve.
    =======
    You assist.
    >>>>>>> side

    user:
    Say {{ x }}.
    ");
    assert_eq!(repo.git(&["status", "--porcelain"]), "M  notes.txt\nUU prompts/a.md\n");
    assert_eq!(repo.git(&["ls-files", "--unmerged"]).lines().count(), 3);
    assert_snapshot!(told(&repo.palc(&["merge", "side"])), @"
    --- stderr
    error: a merge is under way
    hint: `palc merge --continue` ends it, `palc merge --abort` takes it back
    --- exit 1
    ");
    assert_snapshot!(told(&repo.palc(&["merge", "--continue"])), @"
    --- stderr
    error: the merge is not settled yet
    prompts/a.md:5:1: error: this conflict is not settled [merge-conflict]
       5 | <<<<<<< HEAD
           ^^^^^^^^^^^^
    prompts/a.md:13:1: error: this conflict is not settled [merge-conflict]
      13 | <<<<<<< HEAD
           ^^^^^^^^^^^^
    --- exit 1
    ");
    let settled = BASE.replace("0.2", "0.5").replace("200", "300");
    repo.write("prompts/a.md", settled);
    assert_snapshot!(told(&repo.palc(&["merge", "--continue"])), @"committed the merge on main: <commit>");
    assert_eq!(repo.git(&["rev-parse", "HEAD^2"]), repo.git(&["rev-parse", "side"]));
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_merge_can_be_taken_back_by_palc_and_by_git() {
    let repo = forked(|repo| edit(repo, &[("0.2", "0.4")]), |repo| edit(repo, &[("0.2", "0.7")]));
    let head = repo.git(&["rev-parse", "HEAD"]);
    assert_eq!(repo.palc(&["merge", "side"]).code, Some(1));
    assert_snapshot!(told(&repo.palc(&["merge", "--abort"])), @"took the merge back; main is what it was");
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    assert_eq!(repo.palc(&["merge", "side"]).code, Some(1));
    repo.git(&["merge", "--abort"]);
    assert_eq!((repo.git(&["status", "--porcelain"]), repo.git(&["rev-parse", "HEAD"])), (String::new(), head));
    assert_snapshot!(told(&repo.palc(&["merge", "--abort"])), @"
    --- stderr
    error: no merge is under way
    --- exit 1
    ");
}

#[test]
fn a_renamed_prompt_is_merged_where_it_went() {
    let repo = forked(
        |repo| {
            repo.git(&["mv", "prompts/a.md", "prompts/b.md"]);
            let text = repo.read("prompts/b.md").replace("[a]", "[a, o]");
            repo.write("prompts/b.md", text);
        },
        |repo| edit(repo, &[("[a]", "[a, t]"), ("Say", "Tell")]),
    );
    assert_snapshot!(told(&repo.palc(&["merge", "side"])), @"
    merged side into main: <commit>
    b
      tags          merged
      user message  theirs
    ");
    assert_snapshot!(repo.read("prompts/b.md"), @"
    ---
    id: k3v9q2mx
    tags: [a, o, t]
    params:
      temperature: 0.2
      max_tokens: 200
    ---
    system:
    You help.

    user:
    Tell {{ x }}.
    ");
    assert!(!repo.exists("prompts/a.md"));
}

#[test]
fn a_deleted_prompt_that_the_other_side_changed_waits_for_a_decision() {
    let repo = forked(
        |repo| {
            repo.git(&["rm", "--quiet", "prompts/a.md"]);
        },
        |repo| edit(repo, &[("Say", "Tell")]),
    );
    assert_snapshot!(told(&repo.palc(&["merge", "side"])), @"
    merging side into main left conflicts
    conflict prompts/a.md: we deleted it and they changed it
    --- stderr
    hint: settle the conflicts, then `palc merge --continue`; `palc merge --abort` takes it all back
    --- exit 1
    ");
    assert_snapshot!(told(&repo.palc(&["merge", "--continue"])), @"
    --- stderr
    error: the merge is not settled yet
    prompts/a.md: error: we deleted it and they changed it [merge-conflict]
      hint: `git add prompts/a.md` keeps the file, `git rm prompts/a.md` removes it
    --- exit 1
    ");
    repo.git(&["rm", "--quiet", "prompts/a.md"]);
    assert_snapshot!(told(&repo.palc(&["merge", "--continue"])), @"committed the merge on main: <commit>");
}

#[test]
fn a_branch_that_can_just_move_on_does() {
    let repo = Repo::new();
    repo.write("prompts/a.md", BASE).commit("base");
    repo.git(&["branch", "old"]);
    repo.write("prompts/a.md", BASE.replace("Say", "Tell")).commit("edit");
    repo.git(&["switch", "--quiet", "old"]);
    assert_snapshot!(told(&repo.palc(&["merge", "main"])), @"moved old on to main: <commit>");
    assert_snapshot!(told(&repo.palc(&["merge", "nowhere"])), @r#"
    --- stderr
    error: git knows no revision `nowhere` here
      because: couldn't parse revision, input="nowhere"
      because: Reference "nowhere" could not be found
      because: NotFound
    --- exit 1
    "#);
}

#[test]
fn local_changes_in_the_way_stop_it_as_they_stop_git() {
    let repo = forked(|repo| edit(repo, &[("0.2", "0.4")]), |repo| edit(repo, &[("200", "300")]));
    repo.write("prompts/a.md", "mine\n");
    assert_snapshot!(told(&repo.palc(&["merge", "side"])), @"
    --- stderr
    error: git did not merge
      because: error: Your local changes to the following files would be overwritten by merge:
    	prompts/a.md
    Please commit your changes or stash them before you merge.
    Aborting
    Merge with strategy ort failed.
    --- exit 5
    ");
    assert_eq!(repo.read("prompts/a.md"), "mine\n");
}

#[test]
fn onto_needs_no_work_tree() {
    let repo = forked(
        |repo| edit(repo, &[("[a]", "[a, o]"), ("0.2", "0.4")]),
        |repo| edit(repo, &[("[a]", "[a, t]"), ("200", "300")]),
    );
    assert_snapshot!(told(&repo.palc(&["merge", "side", "--onto", "main"])), @"
    --- stderr
    error: `main` is checked out in $TMP/repo, whose files would not follow
    hint: palc -C $TMP/repo merge side
    --- exit 1
    ");
    repo.git(&["branch", "release", "main"]);
    repo.write("prompts/a.md", "work in progress\n");
    assert_snapshot!(told(&repo.palc(&["merge", "side", "--onto", "release", "-m", "Take side"])), @"
    merged side into release: <commit>
    a
      tags                merged
      params.temperature  ours
      params.max_tokens   theirs
    ");
    assert_eq!(repo.read("prompts/a.md"), "work in progress\n");
    assert_snapshot!(repo.git(&["show", "release:prompts/a.md"]), @"
    ---
    id: k3v9q2mx
    tags: [a, o, t]
    params:
      temperature: 0.4
      max_tokens: 300
    ---
    system:
    You help.

    user:
    Say {{ x }}.
    ");
    assert_eq!(repo.git(&["log", "-1", "--format=%s", "release"]), "Take side\n");
    assert_eq!(repo.git(&["rev-list", "--count", "release"]), "4\n");
    assert!(repo.git(&["reflog", "release"]).contains("merge side: palc merge --onto"));
    repo.git(&["fsck", "--strict"]);
    assert_snapshot!(told(&repo.palc(&["merge", "side", "--onto", "nowhere"])), @"
    --- stderr
    error: there is no branch `nowhere`
    --- exit 1
    ");
}

#[test]
fn onto_works_in_a_bare_repository_and_lists_conflicts() {
    let repo = forked(
        |repo| edit(repo, &[("0.2", "0.4"), ("[a]", "[a, o]")]),
        |repo| edit(repo, &[("0.2", "0.7"), ("[a]", "[a, t]")]),
    );
    repo.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
    let before = repo.git(&["-C", "bare.git", "for-each-ref"]);
    assert_snapshot!(told(&repo.palc_in("bare.git", &["merge", "side", "--onto", "main", "--json"])), @r#"
    {
      "schema": "palc.merge.v1",
      "data": {
        "result": "conflicts",
        "from": "side",
        "into": "main",
        "commit": null,
        "files": [
          {
            "path": "prompts/a.md",
            "name": "a",
            "merged_by": "fields",
            "changes": [
              {
                "place": {
                  "field": [
                    "tags"
                  ]
                },
                "from": "merged"
              },
              {
                "place": {
                  "field": [
                    "params",
                    "temperature"
                  ]
                },
                "from": "conflict"
              }
            ],
            "conflicts": [
              {
                "place": {
                  "field": [
                    "params",
                    "temperature"
                  ]
                },
                "line": 5,
                "base": [
                  "  temperature: 0.2"
                ],
                "ours": [
                  "  temperature: 0.4"
                ],
                "theirs": [
                  "  temperature: 0.7"
                ]
              }
            ]
          }
        ],
        "unmerged": [
          {
            "path": "prompts/a.md",
            "why": "both-changed"
          }
        ],
        "dry_run": false
      },
      "findings": []
    }
    --- exit 1
    "#);
    assert_eq!(repo.git(&["-C", "bare.git", "for-each-ref"]), before);
    repo.git(&["-C", "bare.git", "branch", "--force", "side", "main"]);
    assert_snapshot!(told(&repo.palc_in("bare.git", &["merge", "side", "--onto", "main"])), @"main holds side already");
    assert_snapshot!(told(&repo.palc_in("bare.git", &["merge", "side"])), @"
    --- stderr
    error: a bare repository has nothing checked out to merge into
    hint: palc merge side --onto BRANCH merges into a branch
    --- exit 3
    ");
}

#[test]
fn labels_are_merged_by_prompt() {
    let pin = |version: u32| format!("{{version: {version}, blob: {version:040}}}");
    let file = |a: u32, b: u32, off: &[u32]| {
        let off: String = off.iter().map(|&version| format!("    - {}\n", pin(version))).collect();
        let (a, b) = (pin(a), pin(b));
        format!(
            "# Reviewed like code.\nlabels:\n  aaaa: # a\n    production: {a}\n  bbbb: # b\n    production: {b}\ninactive:\n  aaaa: # a\n{off}"
        )
    };
    let repo = Repo::new();
    repo.write("prompts/a.md", BASE).write("labels.yaml", file(1, 1, &[9])).commit("base");
    repo.git(&["switch", "--quiet", "--create", "side"]);
    repo.write("labels.yaml", file(1, 2, &[9, 8])).commit("theirs");
    repo.git(&["switch", "--quiet", "main"]);
    repo.write("labels.yaml", file(3, 1, &[9, 7])).commit("ours");
    repo.palc(&["merge", "side"]).ok();
    assert_eq!(repo.read("labels.yaml"), file(3, 2, &[9, 7, 8]));
    repo.git(&["branch", "other", "HEAD~1"]);
    repo.write("labels.yaml", file(4, 2, &[9, 7, 8])).commit("ours again");
    repo.git(&["switch", "--quiet", "other"]);
    repo.write("labels.yaml", file(5, 1, &[9, 7])).commit("theirs again");
    let answer = repo.palc(&["merge", "main"]);
    assert_eq!(answer.code, Some(1), "{answer}");
    assert!(answer.stdout.contains("labels.aaaa.production  conflict\n"), "{answer}");
}

#[test]
fn a_prompts_last_label_goes_while_another_comes() {
    let pin = |version: u32| format!("{{version: {version}, blob: {version:a>40}}}");
    let file = |head: &str, lines: &[(&str, u32)]| {
        let lines = lines.iter().map(|(label, version)| format!("    {label}: {}\n", pin(*version)));
        format!("{head}labels:\n  aaaa: # a\n{}", lines.collect::<String>())
    };
    let head = "# Reviewed like code.\n";
    for rest in ["", "inactive:\n  bbbb:\n    - {version: 1, blob: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}\n"] {
        let repo = Repo::new();
        repo.write("prompts/a.md", BASE).write("labels.yaml", file(head, &[("production", 1)])).commit("base");
        repo.git(&["switch", "--quiet", "--create", "side"]);
        repo.write("labels.yaml", file(head, &[("production", 1), ("staging", 2)])).commit("theirs");
        repo.git(&["switch", "--quiet", "main"]);
        repo.write("labels.yaml", format!("{head}{rest}")).commit("ours");
        repo.palc(&["merge", "side", "--dry-run"]).ok();
        repo.palc(&["merge", "side"]).ok();
        assert_eq!(repo.read("labels.yaml"), format!("{head}{rest}{}", file("", &[("staging", 2)])));
    }
}
