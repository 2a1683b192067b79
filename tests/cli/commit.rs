use std::fs;
use std::path::Path;

use insta::assert_snapshot;

use crate::harness::Repo;

const TRIAGE: &str = "---\nid: k3v9q2mx\n---\nSort this ticket.\n";

/// One committed prompt, and a file that somebody else has staged.
fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/support/triage.md", TRIAGE).write("other.txt", "one\n").commit("start");
    repo.write("other.txt", "two\n").git(&["add", "other.txt"]);
    repo
}

fn status(repo: &Repo) -> String {
    repo.git(&["status", "--porcelain"])
}

fn head(repo: &Repo) -> String {
    repo.git(&["rev-parse", "HEAD"])
}

/// What git itself says of the repository.
fn sound(repo: &Repo) {
    repo.git(&["fsck", "--strict", "--no-dangling"]);
    let locks = repo.shell("", "find .git -name '*.lock' -not -path '.git/palc/*'; ls .git/palc/locks").stdout;
    assert_eq!(locks, "");
}

fn hook(repo: &Repo, name: &str, script: &str) {
    let path = repo.path(".git/hooks").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    repo.shell("", &format!("chmod +x .git/hooks/{name}")).ok();
}

#[test]
fn only_what_is_named_is_committed() {
    let repo = repo();
    repo.write("prompts/support/triage.md", TRIAGE.to_owned() + "Kindly.\n").write("prompts/reply.md", "Hi\n");
    assert_snapshot!(repo.palc(&["commit", "support/triage", "-m", "Be kind"]), @"
    cbf6ccf7a4 on main: Be kind
    changed prompts/support/triage.md
    ");
    assert_eq!(status(&repo), "M  other.txt\n?? prompts/reply.md\n");
    assert_snapshot!(repo.git(&["log", "-1", "--stat", "--format=%an <%ae> %aI%n%B"]), @"
    Ada <ada@example.com> 2026-01-31T12:00:00Z
    Be kind

    Palc-Prompt: k3v9q2mx


     prompts/support/triage.md | 1 +
     1 file changed, 1 insertion(+)
    ");
    assert_snapshot!(repo.palc(&["commit", "support/triage"]), @"
    --- stderr
    nothing to commit
    ");
    assert_snapshot!(repo.palc(&["commit", "nobody"]), @"
    --- stderr
    error: there is no prompt `nobody`
    hint: `palc list` shows all prompts
    --- exit 1
    ");
    sound(&repo);
}

#[test]
fn without_names_it_is_every_prompt_that_changed() {
    let repo = repo();
    repo.write("prompts/support/triage.md", TRIAGE.to_owned() + "Kindly.\n").write("labels.yaml", "{}\n");
    repo.write("prompts/reply.md", "Hi\n").write("prompts/_tone.md", "Warm\n").write("notes.txt", "no\n");
    repo.write("prompts/pdf/SKILL.md", "---\nname: pdf\ndescription: d\n---\nBody\n");
    repo.write("prompts/pdf/SKILL.md.palc.yaml", "status: draft\n");
    assert_snapshot!(repo.palc(&["commit", "--dry-run"]), @"
    would commit: Change 4 prompts
    added labels.yaml
    added prompts/_tone.md
    added prompts/pdf/SKILL.md
    added prompts/pdf/SKILL.md.palc.yaml
    added prompts/reply.md (id km4y8fqk)
    changed prompts/support/triage.md
    ");
    assert_eq!(repo.read("prompts/reply.md"), "Hi\n");
    let json = repo.palc(&["commit", "--json"]).json();
    assert_eq!(json["data"]["commit"], head(&repo).trim());
    assert_eq!(json["data"]["files"].as_array().unwrap().len(), 6);
    assert_eq!(status(&repo), "M  other.txt\n?? notes.txt\n");
    assert_snapshot!(repo.git(&["log", "-1", "--format=%B"]), @"
    Change 4 prompts

    - labels.yaml: new file
    - _tone: new prompt
    - pdf: new prompt
    - prompts/pdf/SKILL.md.palc.yaml: new file
    - reply: new prompt
    - support/triage: text extended

    Palc-Prompt: k3v9q2mx
    Palc-Prompt: km4y8fqk
    ");
    sound(&repo);
}

#[test]
fn new_prompts_get_an_id_and_a_failing_hook_leaves_everything() {
    let repo = repo();
    repo.write("prompts/reply.md", "Hi\r\n");
    hook(&repo, "pre-commit", "echo no >&2; exit 1");
    let before = (head(&repo), status(&repo));
    assert_snapshot!(repo.palc(&["commit", "reply"]), @"
    --- stderr
    no
    error: nothing was committed, because the pre-commit hook says no
    hint: --no-verify commits without asking it
    --- exit 1
    ");
    assert_eq!((head(&repo), status(&repo)), before);
    assert_eq!(repo.read("prompts/reply.md"), "Hi\r\n");
    assert_snapshot!(repo.palc(&["commit", "reply", "--no-verify"]), @"
    0c664c3f29 on main: Add reply
    added prompts/reply.md (id km4y8fqk)
    ");
    assert!(repo.read("prompts/reply.md").starts_with("---\r\nid: "), "{}", repo.read("prompts/reply.md"));
    sound(&repo);
}

#[test]
fn hooks_see_and_change_what_is_about_to_be_committed() {
    let repo = repo();
    repo.write("prompts/support/triage.md", TRIAGE.to_owned() + "Kindly.\n");
    hook(
        &repo,
        "pre-commit",
        "git diff --cached --name-only >seen; test -n \"$GIT_INDEX_FILE\" || exit 1
echo More. >>prompts/support/triage.md; git add prompts/support/triage.md",
    );
    hook(&repo, "prepare-commit-msg", "echo \"$(basename $1) $2\" >>seen");
    hook(&repo, "commit-msg", "sed -i 's/kind/very kind/' \"$1\"");
    hook(&repo, "post-commit", "git log -1 --format=%s >>seen");
    repo.palc(&["commit", "-m", "Be kind"]).ok();
    assert_eq!(repo.read("seen"), "prompts/support/triage.md\nCOMMIT_EDITMSG message\nBe very kind\n");
    assert_eq!(repo.git(&["show", "HEAD:prompts/support/triage.md"]), TRIAGE.to_owned() + "Kindly.\nMore.\n");
    assert_eq!(status(&repo), "M  other.txt\n?? seen\n");
    repo.git(&["config", "core.hooksPath", "elsewhere"]);
    repo.write("prompts/support/triage.md", TRIAGE);
    repo.palc(&["commit", "-m", "Be kind"]).ok();
    assert_eq!(repo.git(&["log", "-1", "--format=%s"]), "Be kind\n");
    sound(&repo);
}

#[test]
fn what_is_wrong_is_not_committed() {
    let repo = repo();
    repo.write("prompts/support/triage.md", "---\nid: k3v9q2mx\nparams: {temperature: 9}\n---\nHi\n");
    let before = head(&repo);
    assert_snapshot!(repo.palc(&["commit"]), @"
    --- stderr
    error: nothing was committed, because of these errors
    prompts/support/triage.md:3:23: error: `params.temperature` must be 0 to 2, and is 9 [out-of-range]
       3 | params: {temperature: 9}
                                 ^
    hint: `palc check --fix` mends what it can; --no-check commits all the same
    --- exit 1
    ");
    assert_eq!(head(&repo), before);
    repo.palc(&["commit", "--no-check"]).ok();
    assert_eq!(status(&repo), "M  other.txt\n");
}

#[test]
fn files_go_through_the_filters() {
    let repo = repo();
    repo.git(&["config", "core.autocrlf", "true"]);
    repo.git(&["config", "filter.shout.clean", "tr a-z A-Z"]);
    repo.git(&["config", "filter.shout.smudge", "tr A-Z a-z"]);
    repo.write("prompts/loud.txt", "hello\n").write(".gitattributes", "loud.txt filter=shout\n");
    repo.write("prompts/support/triage.md", TRIAGE.replace('\n', "\r\n") + "Kindly.\r\n");
    repo.palc(&["commit"]).ok();
    assert_eq!(repo.git(&["show", "HEAD:prompts/support/triage.md"]), TRIAGE.to_owned() + "Kindly.\n");
    assert_eq!(repo.git(&["show", "HEAD:prompts/loud.txt"]), "HELLO\n");
    assert_eq!(status(&repo), "M  other.txt\n?? .gitattributes\n");
}

#[test]
fn a_staged_part_a_link_and_a_mode_are_committed_as_in_the_work_tree() {
    let repo = repo();
    repo.write("prompts/support/triage.md", TRIAGE.to_owned() + "Half.\n").git(&["add", "--all"]);
    repo.write("prompts/support/triage.md", TRIAGE.to_owned() + "Whole.\n");
    repo.write("prompts/run.md", "---\nid: aaaaaaaa\n---\nHi\n");
    repo.shell("prompts", "chmod +x run.md; ln -s run.md link.md; git add -N run.md").ok();
    repo.palc(&["commit", "support/triage", "run", "prompts/link.md", "--no-check"]).ok();
    assert_eq!(repo.git(&["show", "HEAD:prompts/support/triage.md"]), TRIAGE.to_owned() + "Whole.\n");
    let modes = repo.git(&["ls-tree", "-r", "--format=%(objectmode) %(path)", "HEAD", "prompts"]);
    assert_eq!(modes, "120000 prompts/link.md\n100755 prompts/run.md\n100644 prompts/support/triage.md\n");
    assert_eq!(status(&repo), "M  other.txt\n");
}

#[test]
fn a_moved_prompt_takes_its_old_path_along() {
    let repo = repo();
    repo.palc(&["mv", "support/triage", "helpdesk/sort"]).ok();
    repo.palc(&["commit", "helpdesk/sort"]).ok();
    assert_eq!(
        repo.git(&["show", "--name-status", "--format=", "-M", "HEAD"]),
        "R100\tprompts/support/triage.md\tprompts/helpdesk/sort.md\n"
    );
    repo.palc(&["rm", "--yes", "helpdesk/sort"]).ok();
    assert_snapshot!(repo.palc(&["commit", "helpdesk/sort"]), @"
    3b3941dc17 on main: Remove helpdesk/sort
    removed prompts/helpdesk/sort.md
    ");
    assert_eq!(status(&repo), "M  other.txt\n");
}

#[test]
fn what_git_has_begun_is_not_disturbed() {
    let repo = Repo::new();
    repo.write("prompts/a.md", TRIAGE).commit("start");
    repo.git(&["switch", "--quiet", "--create", "side"]);
    repo.write("prompts/a.md", TRIAGE.to_owned() + "Side.\n").commit("side");
    repo.git(&["switch", "--quiet", "main"]);
    repo.write("prompts/a.md", TRIAGE.to_owned() + "Main.\n").commit("main");
    assert_eq!(repo.shell("", "git merge side >merge.log").code, Some(1));
    repo.write("prompts/b.md", "---\nid: bbbbbbbb\n---\nHi\n");
    assert_snapshot!(repo.palc(&["commit", "b"]), @"
    --- stderr
    error: a merge is under way, and git cannot commit a part of it
    hint: palc merge --continue finishes it, palc merge --abort drops it
    --- exit 1
    ");
    repo.git(&["merge", "--abort"]);
    assert_eq!(repo.shell("", "git rebase side >rebase.log 2>&1").code, Some(1));
    assert_snapshot!(repo.palc(&["commit", "b"]), @"
    --- stderr
    error: prompts/a.md has a conflict that is not resolved yet
    hint: edit it, then say so: git add prompts/a.md
    --- exit 1
    ");
    repo.git(&["rebase", "--abort"]);
    repo.git(&["switch", "--quiet", "--detach"]);
    assert_snapshot!(repo.palc(&["commit", "b", "-m", "on nothing"]), @"
    27a99931bb on a detached HEAD: on nothing
    added prompts/b.md
    ");
    assert_eq!(repo.git(&["reflog", "-1", "--format=%gs"]), "commit: on nothing\n");
    sound(&repo);
}

#[test]
fn other_kinds_of_repositories() {
    let repo = repo();
    repo.git(&["worktree", "add", "--quiet", "../linked"]);
    let linked = Path::new("../linked");
    fs::write(repo.root().join(linked).join("prompts/new.md"), "---\nid: aaaaaaaa\n---\nHi\n").unwrap();
    repo.palc_in("../linked", &["commit", "new", "-m", "from there"]).ok();
    assert_eq!(repo.git(&["log", "-1", "--format=%s", "linked"]), "from there\n");
    assert_eq!(repo.git(&["-C", "../linked", "status", "--porcelain"]), "");
    assert_eq!(status(&repo), "M  other.txt\n");
    repo.git(&["clone", "--quiet", "--bare", ".", "../bare"]);
    assert_snapshot!(repo.palc_in("../bare", &["commit"]), @"
    --- stderr
    error: a bare repository has no files to commit
    hint: work in a clone of it
    --- exit 3
    ");
    sound(&repo);
    let repo = Repo::without_git();
    assert_snapshot!(repo.palc(&["commit"]), @"
    --- stderr
    error: there is no git repository here, so nothing can be committed
    hint: run `palc init`
    --- exit 1
    ");
    repo.git(&["init", "--quiet", "--object-format=sha256", "--initial-branch=main"]);
    repo.write("prompts/a.md", TRIAGE);
    repo.palc(&["commit", "-m", "first"]).ok();
    assert_eq!((head(&repo).len(), status(&repo).as_str()), (65, ""));
    repo.git(&["init", "--quiet", "prompts/inner"]);
    repo.write("prompts/inner/x.md", "Hi\n");
    assert_snapshot!(repo.palc(&["commit", "inner/x"]), @"
    --- stderr
    error: prompts/inner/x.md is in another repository, prompts/inner
    --- exit 3
    ");
    sound(&repo);
}

#[test]
fn who_commits_must_be_known() {
    let repo = repo();
    repo.write("prompts/a.md", "Hi\n");
    let unset = "env -u GIT_AUTHOR_NAME -u GIT_AUTHOR_EMAIL -u GIT_COMMITTER_NAME -u GIT_COMMITTER_EMAIL";
    assert_snapshot!(repo.shell("", &format!("{unset} palc commit")), @r#"
    --- stderr
    error: git does not know who the committer is
    hint: git config --global user.name "Your Name"
    hint: git config --global user.email you@example.com
    --- exit 3
    "#);
    assert_eq!(repo.read("prompts/a.md"), "Hi\n");
}

#[test]
fn a_lock_of_git_is_waited_for() {
    let repo = repo();
    repo.write("prompts/a.md", "Hi\n").write(".git/index.lock", "");
    let lock = repo.path(".git/index.lock");
    std::thread::scope(|scope| {
        let committed = scope.spawn(|| repo.palc(&["commit", "-m", "patient"]));
        while !repo.path(".git/palc/git.lock").exists() {
            std::thread::yield_now();
        }
        fs::remove_file(&lock).unwrap();
        committed.join().unwrap().ok();
    });
    assert_eq!(status(&repo), "M  other.txt\n");
}

#[test]
fn a_signature_is_made_where_git_is_told_to() {
    let repo = repo();
    let key = repo.home().join("key");
    let made = repo.shell("", "command -v ssh-keygen >/dev/null && ssh-keygen -q -t ed25519 -N '' -f ../home/key");
    if made.code != Some(0) {
        // There is nothing to sign with on this machine.
        return;
    }
    repo.git(&["config", "gpg.format", "ssh"]);
    repo.git(&["config", "user.signingKey", key.to_str().unwrap()]);
    repo.git(&["config", "commit.gpgSign", "true"]);
    repo.shell("", "echo \"ada@example.com $(cat ../home/key.pub)\" >../home/allowed").ok();
    repo.git(&["config", "gpg.ssh.allowedSignersFile", repo.home().join("allowed").to_str().unwrap()]);
    repo.write("prompts/a.md", "Hi\n");
    repo.palc(&["commit", "-m", "signed"]).ok();
    repo.git(&["verify-commit", "HEAD"]);
    fs::remove_file(&key).unwrap();
    repo.write("prompts/b.md", "Hi\n");
    let before = head(&repo);
    let answer = repo.palc(&["commit", "-m", "unsigned"]);
    assert_eq!((answer.code, head(&repo)), (Some(5), before), "{answer}");
    assert_eq!(repo.read("prompts/b.md"), "Hi\n");
    sound(&repo);
}

#[test]
fn no_commit_is_lost_between_many() {
    let repo = repo();
    let (writers, each) = (4, 5);
    std::thread::scope(|scope| {
        for writer in 0..writers {
            let repo = &repo;
            scope.spawn(move || {
                for round in 0..each {
                    let name = format!("w{writer}/r{round}");
                    repo.write(&format!("prompts/{name}.md"), format!("---\nid: w{writer}r{round}aaaa\n---\n{name}\n"));
                    repo.palc(&["commit", &name, "-m", &name]).ok();
                }
            });
        }
    });
    assert_eq!(repo.git(&["rev-list", "--count", "HEAD"]).trim(), (1 + writers * each).to_string());
    assert_eq!(repo.git(&["ls-tree", "-r", "--name-only", "HEAD", "prompts"]).lines().count(), 1 + writers * each);
    assert_eq!(status(&repo), "M  other.txt\n");
    sound(&repo);
}
