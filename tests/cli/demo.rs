use insta::assert_snapshot;

use crate::harness::Repo;

/// The commit that every machine makes.
const HEAD: &str = "c1f9384b146afb7ca93a917abb35be7697b83fe2";

fn demo() -> Repo {
    let repo = Repo::without_git();
    let _ = repo.palc(&["demo"]).ok();
    repo
}

#[test]
fn tells_what_there_is_and_what_to_try() {
    assert_snapshot!(Repo::without_git().palc(&["demo"]), @"
    palc-demo
    --- stderr
    12 prompts of a support team: 11 commits by 2 people on 3 branches.

      knowledge/answer      Answer a question from the help pages, and cite them
      knowledge/article     Turn a solved ticket into a help page
      knowledge/faq         Write a question and its answer for the front page
      product/bug-report    Turn a complaint into a report for the makers
      quality/facts         Find promises in an answer that the shop does not make
      quality/kindness      Judge how kind an answer is, from 1 to 5
      support/escalate      Decide whether a person must act, and how
      support/follow-up     Ask how a repair held up, two weeks later
      support/reply         Draft an answer that a person checks and sends
      support/summary       Hand a conversation over to the next colleague
      support/triage        Sort an incoming ticket into one queue
      support/triage.short  Sort an incoming ticket, for small models

    Try this:
      cd palc-demo
      palc show support/triage                       what it is, and its text
      palc render support/triage --var ticket=Hello  what the model reads
      palc check                                     every mistake, with its place
      palc show support/triage@main~8                how it began
      git log --oneline --graph --all                who changed what, and why
    ");
}

#[test]
fn quiet_prints_the_folder_alone() {
    assert_snapshot!(Repo::without_git().palc(&["demo", "--quiet", "a/b"]), @"a/b");
}

#[test]
fn is_a_sound_repository_with_the_same_commits_everywhere() {
    let repo = demo();
    let git = |arguments: &[&str]| repo.git(&[&["-C", "palc-demo"], arguments].concat());
    git(&["fsck", "--strict", "--no-dangling"]);
    assert_eq!(git(&["status", "--porcelain", "--untracked-files=all"]), "");
    assert_eq!(git(&["rev-parse", "HEAD"]).trim(), HEAD);
    assert_eq!(git(&["symbolic-ref", "HEAD"]).trim(), "refs/heads/main");
    assert_snapshot!(git(&["log", "--graph", "--all", "--date=short", "--format=%ad %an: %s%d"]), @r"
    * 2026-10-26 Jonas Lindqvist: Try warmer replies (warmer-replies)
    * 2026-10-20 Noor Haddad: Ask one question in an answer, not three (HEAD -> main)
    * 2026-10-14 Jonas Lindqvist: Measure triage on real tickets
    *   2026-10-08 Noor Haddad: Merge branch 'short-triage'
    |\  
    | * 2026-10-05 Jonas Lindqvist: Try a shorter triage for small models (short-triage)
    * | 2026-10-06 Noor Haddad: Judge kindness and facts before we send
    |/  
    * 2026-10-01 Noor Haddad: Agree on our words
    * 2026-09-22 Jonas Lindqvist: Answer from the help pages, and cite them
    * 2026-09-15 Noor Haddad: Sort returns and repairs apart
    * 2026-09-09 Jonas Lindqvist: Write in one voice
    * 2026-09-07 Noor Haddad: Keep our prompts in git
    ");
    assert_snapshot!(git(&["reflog", "--date=iso", "--format=%gd %gs"]), @"
    HEAD@{2026-10-20 09:30:00 +0200} commit: Ask one question in an answer, not three
    HEAD@{2026-10-14 15:02:00 +0200} commit: Measure triage on real tickets
    HEAD@{2026-10-08 13:15:00 +0200} commit (merge): Merge branch 'short-triage'
    HEAD@{2026-10-06 09:40:00 +0200} commit: Judge kindness and facts before we send
    HEAD@{2026-10-01 08:55:00 +0200} commit: Agree on our words
    HEAD@{2026-09-22 16:48:00 +0200} commit: Answer from the help pages, and cite them
    HEAD@{2026-09-15 10:05:00 +0200} commit: Sort returns and repairs apart
    HEAD@{2026-09-09 14:30:00 +0200} commit: Write in one voice
    HEAD@{2026-09-07 09:12:00 +0200} commit (initial): Keep our prompts in git
    ");
}

/// Renames are seen by content, so what was `prompts/reply.md` once must be found through its history.
#[test]
fn history_follows_the_reply_through_its_rename() {
    let repo = demo();
    let log = ["-C", "palc-demo", "log", "--follow", "--format=%s", "main", "--", "prompts/support/reply.md"];
    assert_snapshot!(repo.git(&log), @"
    Ask one question in an answer, not three
    Write in one voice
    Keep our prompts in git
    ");
}

#[test]
fn every_command_of_the_tour_works() {
    let repo = demo();
    let tour = repo.palc(&["demo", "other", "--json"]).json()["data"]["tour"].clone();
    let tour = tour.as_array().unwrap();
    assert!(tour.len() > 3);
    for stop in tour {
        let command = stop["command"].as_str().unwrap();
        let output = repo.shell("palc-demo", command);
        assert_eq!(output.code, Some(0), "{command}\n{output}");
        assert!(!(output.stdout + &output.stderr).is_empty(), "{command} shows nothing");
    }
    assert_eq!(repo.git(&["-C", "palc-demo", "status", "--porcelain"]), "", "looking around changes nothing");
}

#[test]
fn a_folder_in_use_is_refused() {
    let repo = Repo::without_git();
    repo.write("palc-demo/mine", "x");
    assert_snapshot!(repo.palc(&["demo"]), @"
    --- stderr
    error: palc-demo is not empty, and a demo needs a folder of its own
    hint: name another folder: `palc demo FOLDER`
    --- exit 3
    ");
    assert_eq!(repo.read("palc-demo/mine"), "x");
}

#[test]
fn an_empty_folder_is_used() {
    let repo = Repo::without_git();
    std::fs::create_dir(repo.path("empty")).unwrap();
    assert_eq!(repo.palc_in("empty", &["demo", ".", "--quiet"]).ok(), ".\n");
    assert_eq!(repo.git(&["-C", "empty", "rev-parse", "HEAD"]).trim(), HEAD);
    assert_eq!(repo.git(&["-C", "empty", "status", "--porcelain"]), "");
}

/// Neither the repository around it nor the user's settings or their absence change what is written.
#[test]
fn nothing_around_it_matters() {
    let mut repo = Repo::new();
    repo.write("x.txt", "x").commit("around");
    repo.write(
        ".gitconfig",
        "[init]\n\tdefaultBranch = trunk\n\tdefaultObjectFormat = sha256\n[core]\n\tautocrlf = true\n",
    );
    let config = repo.path(".gitconfig").to_str().unwrap().to_owned();
    repo.set("GIT_CONFIG_GLOBAL", &config).set("GIT_DIR", "/nowhere").set("HOME", "");
    assert_eq!(repo.palc(&["demo", "-q"]).ok(), "palc-demo\n");
    repo.set("GIT_DIR", repo.path("palc-demo/.git").to_str().unwrap().to_owned().as_str());
    assert_eq!(repo.git(&["rev-parse", "main"]).trim(), HEAD);
}
