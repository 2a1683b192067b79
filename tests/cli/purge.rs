use std::collections::BTreeSet;

use insta::assert_snapshot;

use crate::harness::{Answer, Repo};

fn prompt(id: &str, text: &str) -> String {
    format!("---\nid: {id}\n---\nsystem:\n{text}\n")
}

/// A prompt with a past: renamed, branched, tagged, stashed, checkpointed, labelled, amended away, and copied.
fn repo() -> Repo {
    let mut repo = Repo::new();
    repo.set("GIT_COMMITTER_NAME", "Ada");
    repo.write("prompts/early.md", "No id yet, SECRET 0.\n")
        .write("prompts/b.md", prompt("bbbb", "b 1"))
        .commit("Begin");
    repo.write("prompts/early.md", prompt("aaaa", "No id yet, SECRET 0.")).commit("Give it an id: aaaa");
    repo.git(&["mv", "prompts/early.md", "prompts/late.md"]);
    repo.write("prompts/b.md", prompt("bbbb", "b 2")).commit("Move it");
    repo.git(&["tag", "v1"]);
    repo.git(&["tag", "--annotate", "--message", "The first", "v1.0"]);
    repo.write("prompts/late.md", prompt("aaaa", "SECRET 1")).commit("Amended away");
    repo.write("prompts/late.md", prompt("aaaa", "SECRET 2"));
    repo.git(&["commit", "--quiet", "--all", "--amend", "--message", "Say more"]);
    repo.git(&["branch", "side"]);
    repo.palc(&["label", "set", "production", "late@2", "b@1", "--commit"]).ok();
    repo.write("prompts/late.md", prompt("aaaa", "SECRET 3"));
    repo.palc(&["checkpoint"]).ok();
    repo.git(&["stash", "--quiet"]);
    repo.git(&["switch", "--quiet", "side"]);
    repo.write("prompts/late.md", prompt("aaaa", "SECRET 4")).commit("On a side");
    repo.git(&["switch", "--quiet", "main"]);
    repo.git(&["merge", "--quiet", "--no-edit", "side"]);
    repo.write("prompts/b.md", prompt("bbbb", "b 3")).commit("Go on with b");
    repo
}

/// Every object of the repository that holds a word, reachable or not.
fn holding(repo: &Repo, word: &str) -> Vec<String> {
    let all = repo.git(&["cat-file", "--batch-all-objects", "--batch-check"]);
    let blobs = all.lines().filter_map(|line| line.split(' ').next().filter(|_| line.contains(" blob ")));
    blobs.filter(|blob| repo.git(&["cat-file", "blob", blob]).contains(word)).map(str::to_owned).collect()
}

fn told(answer: &Answer) -> String {
    let text = answer.to_string();
    let word = |word: &str| {
        let is_id = |part: &str| part.len() == 40 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        word.split(':').map(|part| if is_id(part) { "<id>" } else { part }).collect::<Vec<_>>().join(":")
    };
    text.lines().map(|line| line.split(' ').map(word).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn nothing_of_it_is_left_and_all_else_is_as_it_was() {
    let repo = repo();
    let graph =
        |repo: &Repo| repo.git(&["log", "--branches", "--tags", "--format=%s|%an %ae|%ai|%ci|%B", "--topo-order"]);
    let versions = |repo: &Repo| {
        let json = repo.palc(&["log", "b", "--json"]).json();
        let entries = json["data"].as_array().unwrap().clone();
        entries
            .iter()
            .map(|entry| (entry["version"].clone(), entry["blob"].clone(), entry["subject"].clone()))
            .collect::<Vec<_>>()
    };
    let (before, numbered) = (graph(&repo), versions(&repo));
    assert_eq!(holding(&repo, "SECRET").len(), 6);
    let refs = repo.git(&["show-ref"]);
    assert_snapshot!(told(&repo.palc(&["purge", "late", "--dry-run"])), @"
    would erase late (aaaa)
      contents   6 at prompts/early.md, prompts/late.md
      rewritten  12 commits
      moved      refs/heads/main, refs/heads/side, refs/palc/checkpoints/1, refs/stash, refs/tags/v1, refs/tags/v1.0
      stashes    1, kept without it
      labels     its entry, here and in history
    --- stderr
    warning: messages of commits are kept, and 1 of them name it
    hint: other clones, bundles and backups have it still, and pushing from an old clone brings it back
    ");
    assert_snapshot!(repo.palc(&["purge", "late"]), @"
    --- stderr
    error: erasing late from history needs --yes where nobody can be asked
    hint: --dry-run says what would be erased
    --- exit 2
    ");
    assert_eq!(repo.git(&["show-ref"]), refs);
    assert_eq!(holding(&repo, "SECRET").len(), 6);
    assert_snapshot!(told(&repo.palc(&["purge", "late", "--yes"])), @"
    erased late (aaaa)
      contents   6 at prompts/early.md, prompts/late.md
      rewritten  12 commits
      moved      refs/heads/main, refs/heads/side, refs/palc/checkpoints/1, refs/stash, refs/tags/v1, refs/tags/v1.0
      stashes    1, kept without it
      labels     its entry, here and in history
    --- stderr
    warning: messages of commits are kept, and 1 of them name it
    hint: other clones, bundles and backups have it still, and pushing from an old clone brings it back
    ");
    assert_eq!(holding(&repo, "SECRET"), Vec::<String>::new());
    assert_eq!(holding(&repo, "aaaa"), Vec::<String>::new());
    repo.git(&["fsck", "--strict", "--no-dangling"]);
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    assert_eq!(graph(&repo), before);
    assert_eq!(versions(&repo), numbered);
    assert!(!repo.exists("prompts/late.md"));
    assert_eq!(repo.git(&["stash", "list"]).lines().count(), 1);
    assert_eq!(repo.git(&["for-each-ref", "--format=%(refname) %(objecttype)"]), {
        "refs/heads/main commit\nrefs/heads/side commit\nrefs/palc/checkpoints/1 commit\nrefs/stash commit\n\
         refs/tags/v1 commit\nrefs/tags/v1.0 tag\n"
    });
    assert!(repo.git(&["reflog"]).contains("Amended away"));
    assert!(repo.palc(&["get", "b@production"]).ok().contains("b 1"));
    assert_snapshot!(repo.palc(&["log", "late"]), @"
    --- stderr
    error: there is no prompt `late`
    hint: `palc list` shows all prompts
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["purge", "late"]), @"
    --- stderr
    error: there is no prompt `late`
    hint: `palc list` shows all prompts
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["check"]), @"
    --- stderr
    checked 1 prompt: nothing to report
    ");
    let files: BTreeSet<String> = walk(&repo.path(".git/palc"));
    assert!(files.iter().all(|text| !text.contains("SECRET")), "{files:?}");
}

fn walk(folder: &std::path::Path) -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.file_type().unwrap().is_dir() {
            texts.extend(walk(&entry.path()));
        } else {
            texts.insert(String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).into_owned());
        }
    }
    texts
}

#[test]
fn what_stands_elsewhere_stays_and_is_named() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "Same words.\n").write("prompts/b.md", "Same words.\n").commit("Two");
    repo.write("prompts/a.md", "Own words.\n").write("prompts/c.md", "{% include 'a.md' %}\n").commit("One");
    assert_snapshot!(told(&repo.palc(&["purge", "a", "--yes"])), @"
    erased a
      contents   2 at prompts/a.md
      rewritten  2 commits
      moved      refs/heads/main
    --- stderr
    warning: prompts/b.md has the same content as a version of it, and keeps it
    warning: c includes a
    hint: other clones, bundles and backups have it still, and pushing from an old clone brings it back
    ");
    assert_eq!(holding(&repo, "Same words").len(), 1);
    assert_eq!(holding(&repo, "Own words").len(), 0);
    assert_eq!(repo.read("prompts/b.md"), "Same words.\n");
    repo.git(&["fsck", "--strict"]);
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn what_stands_against_it_is_said_at_once() {
    let repo = repo();
    repo.write("prompts/late.md", prompt("aaaa", "SECRET 5"));
    assert_snapshot!(repo.palc(&["purge", "late", "--yes"]), @"
    --- stderr
    error: not everything is committed: prompts/late.md
    hint: commit it or give it up first: what is erased is what was committed
    --- exit 1
    ");
    repo.git(&["checkout", "--quiet", "--", "prompts/late.md"]);
    repo.write("notes.txt", "not ours, and not committed");
    repo.git(&["worktree", "add", "--quiet", "../other", "side"]);
    assert_snapshot!(repo.palc(&["purge", "late", "--yes"]), @"
    --- stderr
    error: history cannot be written anew here: it has linked worktrees
    hint: `git worktree list` shows them; remove or prune them
    --- exit 1
    ");
    repo.git(&["worktree", "remove", "../other"]);
    assert_snapshot!(repo.palc(&["purge", "lat"]), @"
    --- stderr
    error: there is no prompt `lat`
    hint: did you mean `late`?
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["purge"]), @"
    --- stderr
    error: which prompt?
    hint: nothing that was begun waits to be ended
    --- exit 2
    ");
    repo.palc(&["purge", "aaaa", "--yes"]).ok();
    assert_eq!(repo.git(&["status", "--porcelain"]), "?? notes.txt\n");
    assert_eq!(holding(&repo, "SECRET").len(), 0);
}

#[test]
fn what_was_pushed_is_told_with_the_commands() {
    let repo = repo();
    repo.git(&["init", "--quiet", "--bare", "../far.git"]);
    repo.git(&["remote", "add", "origin", "../far.git"]);
    repo.git(&["push", "--quiet", "origin", "main", "side", "--tags"]);
    let answer = repo.palc(&["purge", "late", "--yes", "--json"]).json();
    let pushes: Vec<&str> =
        answer["data"]["pushes"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert_eq!(pushes.len(), 4, "{pushes:?}");
    for push in pushes {
        let answer = repo.shell("", &format!("{push} --quiet"));
        assert_eq!(answer.code, Some(0), "{push}\n{answer}");
    }
    assert_eq!(
        repo.git(&["ls-remote", "origin", "refs/heads/main"]).split('\t').next(),
        repo.git(&["rev-parse", "main"]).lines().next()
    );
}

/// Killed anywhere, it leaves one history whole, and the next run ends it.
#[test]
fn a_killed_purge_is_ended_by_the_next() {
    for step in [2, 9, 24, 60, 100, 120] {
        let mut repo = repo();
        repo.set("PALC_FAULT", &format!("{step}:stop"));
        let killed = repo.palc(&["purge", "late", "--yes"]);
        repo.set("PALC_FAULT", "");
        repo.git(&["fsck", "--strict", "--no-dangling"]);
        if killed.code != Some(0) {
            let again = if repo.exists(".git/palc/purge") { vec!["purge"] } else { vec!["purge", "late", "--yes"] };
            repo.palc(&again).ok();
        }
        assert_eq!(holding(&repo, "SECRET"), Vec::<String>::new(), "step {step}");
        assert_eq!(repo.git(&["status", "--porcelain"]), "", "step {step}");
        assert!(!repo.exists(".git/palc/purge"), "step {step}");
        repo.git(&["fsck", "--strict", "--no-dangling"]);
    }
}

#[test]
fn a_bare_repository_has_no_files_and_works_as_well() {
    let repo = repo();
    repo.git(&["clone", "--quiet", "--mirror", ".", "bare.git"]);
    repo.palc_in("bare.git", &["purge", "late", "--yes"]).ok();
    assert!(!repo.git(&["--git-dir", "bare.git", "log", "--all", "-p"]).contains("SECRET"));
    repo.git(&["--git-dir", "bare.git", "fsck", "--strict"]);
}
