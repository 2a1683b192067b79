use insta::assert_snapshot;

use crate::harness::Repo;

/// A prompt that is changed, moved and changed on a branch; another one that is deleted.
fn history() -> Repo {
    let mut repo = Repo::new();
    let day = |repo: &mut Repo, day: u32| {
        for who in ["AUTHOR", "COMMITTER"] {
            repo.set(&format!("GIT_{who}_DATE"), &format!("2026-01-{day:02}T12:00:00Z"));
        }
    };
    day(&mut repo, 1);
    repo.write("prompts/sort.md", "---\nid: k3v9q2mx\n---\none\n").write("prompts/old.md", "old\n").commit("Begin");
    day(&mut repo, 2);
    repo.write("prompts/sort.md", "---\nid: k3v9q2mx\n---\none\ntwo\n").commit("Say two");
    day(&mut repo, 3);
    repo.git(&["mv", "prompts/sort.md", "prompts/triage.md"]);
    repo.git(&["rm", "--quiet", "prompts/old.md"]);
    repo.commit("Name it well");
    repo.git(&["switch", "--quiet", "--create", "side"]);
    day(&mut repo, 4);
    repo.set("GIT_AUTHOR_NAME", "Bob");
    repo.write("prompts/triage.md", "---\nid: k3v9q2mx\n---\none\ntwo\nthree\n").commit("Say three");
    repo.git(&["switch", "--quiet", "main"]);
    repo.set("GIT_AUTHOR_NAME", "Ada");
    day(&mut repo, 5);
    repo.write("README.md", "About\n").commit("Explain");
    repo.git(&["merge", "--quiet", "--no-ff", "--message", "Merge side", "side"]);
    repo
}

#[test]
fn one_prompt_through_a_rename_and_a_merge() {
    assert_snapshot!(history().palc(&["log", "triage"]), @"
    @3  2026-01-05  170a2a8f  Ada  Merge side
        2026-01-04  19ec3510  Bob  Say three (merged)
        2026-01-03  3ca7d920  Ada  Name it well (moved from prompts/sort.md)
    @2  2026-01-02  fd408d63  Ada  Say two
    @1  2026-01-01  29d98063  Ada  Begin (new)
    ");
}

#[test]
fn all_prompts_commit_by_commit() {
    let repo = history();
    assert_snapshot!(repo.palc(&["log"]), @"
    2026-01-05  170a2a8f  Ada  Merge side
      triage@3
    2026-01-03  3ca7d920  Ada  Name it well
      old       deleted
      triage@2  moved from prompts/sort.md
    2026-01-02  fd408d63  Ada  Say two
      sort@2
    2026-01-01  29d98063  Ada  Begin
      old@1   new
      sort@1  new
    ");
    assert_snapshot!(repo.palc(&["log", "--since", "2026-01-02", "--author", "ada", "-n", "1"]), @"
    2026-01-05  170a2a8f  Ada  Merge side
      triage@3
    ");
    assert_snapshot!(repo.palc(&["log", "--since", "4 weeks ago", "--until", "2026-01-03T13:00:00Z"]), @"
    2026-01-03  3ca7d920  Ada  Name it well
      old       deleted
      triage@2  moved from prompts/sort.md
    ");
    assert_snapshot!(repo.palc(&["log", "--format", "paths"]), @"
    prompts/old.md
    prompts/sort.md
    prompts/triage.md
    ");
}

#[test]
fn deleted_prompts_are_not_forgotten() {
    let repo = history();
    assert_snapshot!(repo.palc(&["log", "--deleted"]), @"
    2026-01-03  3ca7d920  Ada  Name it well
      old  deleted
    ");
    assert_snapshot!(repo.palc(&["log", "old"]), @"
        2026-01-03  3ca7d920  Ada  Name it well (deleted)
    @1  2026-01-01  29d98063  Ada  Begin (new)
    ");
    assert_eq!(repo.palc(&["get", "old@1"]).ok(), "old\n");
    repo.write("prompts/old.md", "old\n").commit("Bring it back");
    assert_snapshot!(repo.palc(&["log", "old"]), @"
    @2  2026-01-05  5aa2e59b  Ada  Bring it back (back again)
        2026-01-03  3ca7d920  Ada  Name it well (deleted)
    @1  2026-01-01  29d98063  Ada  Begin (new)
    ");
    assert_eq!(repo.palc(&["log", "--deleted"]).ok(), "");
}

#[test]
fn a_former_name_and_an_id_find_it_too() {
    let repo = history();
    let log = repo.palc(&["log", "triage"]).ok();
    for what in ["sort", "k3v9q2mx", "prompts/triage.md", "k3v"] {
        assert_eq!(repo.palc(&["log", what]).ok(), log, "{what}");
    }
}

#[test]
fn programs_get_everything() {
    let answer = history().palc(&["log", "triage", "--json"]).json();
    let merge = &answer["data"][0];
    assert_eq!(merge["message"], "Merge side\n");
    assert_eq!(merge["parents"].as_array().unwrap().len(), 2);
    let change = &merge["changes"][0];
    assert_eq!((change["version"].as_u64(), change["new_version"].as_bool()), (Some(3), Some(true)));
    assert_eq!(change["via"][0]["subject"], "Say three");
    assert_eq!(change["via"][0]["author"], "Bob");
}

#[test]
fn versions_come_and_go_with_the_history() {
    let repo = Repo::new();
    let versions = |what: &str| repo.palc(&["log", what, "--json"]).json()["data"].as_array().unwrap().len();
    repo.write("prompts/a.md", "A\n").commit("A");
    repo.write("prompts/a.md", "B\n").commit("B");
    repo.write("prompts/a.md", "A\n").commit("A again");
    assert_eq!(versions("a"), 3);
    assert_eq!(repo.palc(&["get", "a@3"]).ok(), "A\n");
    repo.git(&["reset", "--quiet", "--hard", "HEAD~2"]);
    assert_eq!(versions("a"), 1);
    repo.write("prompts/a.md", "C\n").commit("C");
    assert_eq!(repo.palc(&["get", "a@2"]).ok(), "C\n");
    repo.git(&["commit", "--quiet", "--amend", "--message", "C, really"]);
    assert!(repo.palc(&["log", "a"]).ok().contains("C, really"));
    repo.git(&["switch", "--quiet", "--orphan", "fresh"]);
    repo.write("prompts/a.md", "D\n").commit("D");
    assert_eq!(versions("a"), 1);
    assert_eq!(versions("a@main"), 2);
    repo.git(&["switch", "--quiet", "--detach", "main"]);
    assert_eq!(versions("a"), 2);
}

#[test]
fn a_damaged_index_is_made_again() {
    let repo = history();
    let log = repo.palc(&["log", "triage"]).ok();
    let path = repo.path(".git/palc/history/base");
    let good = std::fs::read(&path).unwrap();
    for at in (0..good.len()).step_by(97) {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        std::fs::write(&path, bad).unwrap();
        assert_eq!(repo.palc(&["log", "triage"]).ok(), log, "byte {at}");
        std::fs::write(&path, &good[..at]).unwrap();
        assert_eq!(repo.palc(&["log", "triage"]).ok(), log, "cut at {at}");
    }
    assert!(repo.exists(".git/palc/history/base.damaged"));
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn nothing_committed_is_said() {
    let repo = Repo::new();
    assert_snapshot!(repo.palc(&["log"]), @"
    --- stderr
    error: nothing was committed here yet
    --- exit 1
    ");
    assert_snapshot!(Repo::without_git().palc(&["log"]), @"
    --- stderr
    error: there is no git repository here, so there are no versions
    hint: run `palc init`
    --- exit 1
    ");
    repo.write("prompts/a.md", "A\n");
    assert_snapshot!(repo.palc(&["get", "a@1"]), @"
    --- stderr
    error: nothing was committed here yet
    --- exit 1
    ");
    repo.write("x", "").git(&["add", "x"]);
    repo.git(&["commit", "--quiet", "--message", "Nothing of ours"]);
    assert_snapshot!(repo.palc(&["get", "a@1"]), @"
    --- stderr
    error: a was never committed here, so it has no versions
    hint: commit it, or leave out what stands after `@`
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["log"]), @"
    --- stderr
    nothing happened to prompts
    ");
}

#[test]
fn bare_linked_and_sha256_repositories_have_history() {
    let repo = history();
    let log = repo.palc(&["log", "triage"]).ok();
    repo.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
    assert_eq!(repo.palc_in("bare.git", &["log", "triage"]).ok(), log);
    repo.git(&["worktree", "add", "--quiet", "linked", "side"]);
    assert!(repo.palc_in("linked", &["log", "triage"]).ok().contains("Say three"));
    repo.git(&["init", "--quiet", "--object-format=sha256", "--initial-branch=main", "long"]);
    repo.write("long/prompts/a.md", "A\n");
    repo.git(&["-C", "long", "add", "."]);
    repo.git(&["-C", "long", "commit", "--quiet", "--message", "A"]);
    assert!(repo.palc_in("long", &["log", "a"]).ok().starts_with("@1  "));
    assert_eq!(repo.palc_in("long", &["get", "a@1"]).ok(), "A\n");
}

#[test]
fn replaced_commits_and_grafts() {
    let repo = Repo::new();
    for (n, text) in ["A\n", "B\n", "C\n"].into_iter().enumerate() {
        repo.write("prompts/a.md", text).commit(&format!("number {n}"));
    }
    assert!(repo.palc(&["log", "a"]).ok().starts_with("@3"));
    repo.git(&["replace", "--graft", "HEAD", "HEAD~2"]);
    assert!(repo.palc(&["log", "a"]).ok().starts_with("@2"));
    let commit = repo.git(&["rev-parse", "HEAD~1"]);
    repo.write(".git/info/grafts", &commit);
    assert_snapshot!(repo.palc(&["log", "a", "-n", "0"]), @"
    --- stderr
    .git/info/grafts: warning: the grafts in info/grafts are not followed [grafts]
      hint: turn them into replacements: `git replace --convert-graft-file`
    nothing happened to prompts
    ");
}

#[test]
fn many_at_once_agree_while_somebody_commits() {
    let repo = history();
    let ask = || {
        for _ in 0..4 {
            let answer = repo.palc(&["log", "triage", "--json"]).json();
            let versions: Vec<u64> = answer["data"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|entry| entry["changes"][0]["new_version"] == true)
                .map(|entry| entry["changes"][0]["version"].as_u64().unwrap())
                .collect();
            let expected: Vec<u64> = (1..=versions.len() as u64).rev().collect();
            assert_eq!(versions, expected);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(ask);
        }
        for number in 0..6 {
            repo.write("prompts/triage.md", format!("---\nid: k3v9q2mx\n---\nnumber {number}\n")).commit("again");
        }
    });
    assert_eq!(repo.palc(&["get", "triage@9"]).ok(), "---\nid: k3v9q2mx\n---\nnumber 5\n");
    let left: Vec<String> = std::fs::read_dir(repo.path(".git/palc/history"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !["base", "recent", "lock"].contains(&name.as_str()))
        .collect();
    assert_eq!(left, [""; 0]);
}

#[test]
fn a_shallow_clone_says_what_it_does_not_know() {
    let repo = history();
    let url = format!("file://{}", repo.root().display());
    repo.git(&["clone", "--quiet", "--depth", "2", &url, "shallow"]);
    assert_snapshot!(repo.palc_in("shallow", &["log", "triage"]), @"
    2026-01-05  170a2a8f  Ada  Merge side
    2026-01-04  19ec3510  Bob  Say three (merged)
    2026-01-05  5886aac6  Ada  Explain (then or before)
    --- stderr
    .git/shallow: warning: this is a shallow clone: what happened before is not here, and versions have no numbers [shallow-history]
      hint: fetch the rest of the history: `git fetch --unshallow`
    ");
    repo.git(&["-C", "shallow", "fetch", "--quiet", "--unshallow"]);
    assert_eq!(repo.palc_in("shallow", &["log", "triage"]).ok(), repo.palc(&["log", "triage"]).ok());
}
