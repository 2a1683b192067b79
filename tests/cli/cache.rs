use insta::assert_snapshot;

use crate::harness::Repo;
use crate::harness::model_server::{ModelServer, Said, last_user_text, says};

fn served() -> (Repo, ModelServer) {
    let repo = Repo::new();
    repo.write("prompts/greet.md", "user:\nGreet {{ who }}\n");
    let server = ModelServer::start(|asked| says(asked, &Said::text(last_user_text(asked))));
    server.serve_as(&repo, "local", "openai", "");
    (repo, server)
}

fn ask(repo: &Repo, who: &str) {
    repo.palc(&["run", "greet", "--var", &format!("who={who}"), "--model", "local/tiny", "--cache"]).ok();
}

#[test]
fn what_is_kept_is_told_and_forgotten() {
    let (mut repo, server) = served();
    assert_snapshot!(repo.palc(&["cache", "status"]), @"
    no answers are kept
    $TMP/repo/.git/palc/answers
    answers are kept with --cache, and given again for 7 days
    ");
    assert_snapshot!(repo.palc(&["cache", "clear"]), @"
    --- stderr
    there is nothing to forget
    ");
    ask(&repo, "Ada");
    repo.set("PALC_NOW", "2026-02-06T12:00:00Z");
    ask(&repo, "Bob");
    ask(&repo, "Ada");
    assert_eq!(server.count(), 2);
    assert_snapshot!(repo.palc(&["cache", "status"]), @"
    2 answers kept, 2 kB
    $TMP/repo/.git/palc/answers
    answers are kept with --cache, and given again for 7 days
    ");

    repo.set("PALC_NOW", "2026-02-08T12:00:00Z");
    repo.write(".git/palc/answers/00/torn", "{\"at\": \"2026");
    let status = repo.palc(&["cache", "status", "--json"]).json();
    assert_eq!((&status["data"]["answers"], &status["data"]["stale"]), (&3.into(), &2.into()));
    assert_snapshot!(repo.palc(&["cache", "clear", "--stale", "--dry-run"]), @"
    --- stderr
    2 answers would be forgotten, 1 kB
    ");
    let cleared = repo.palc(&["cache", "clear", "--stale", "--json"]).json();
    assert_eq!((&cleared["data"]["answers"], &cleared["data"]["dry_run"]), (&2.into(), &false.into()));
    ask(&repo, "Bob");
    assert_eq!(server.count(), 2);
    ask(&repo, "Ada");
    assert_eq!(server.count(), 3);

    assert_snapshot!(repo.palc(&["cache", "clear"]), @"
    --- stderr
    2 answers forgotten, 2 kB
    ");
    ask(&repo, "Bob");
    assert_eq!(server.count(), 4);
    assert_eq!(repo.git(&["status", "--porcelain"]), "?? prompts/\n");
}

#[test]
fn settings_and_folders_without_git_are_told() {
    let repo = Repo::without_git();
    repo.write("palc.toml", "[models]\ncache = true\ncache_ttl = \"2h\"\n");
    let status = repo.palc(&["cache", "status", "--json"]).json();
    assert_eq!((&status["data"]["on"], &status["data"]["lifetime_seconds"]), (&true.into(), &7200.into()));
    let folder = status["data"]["folder"].as_str().unwrap();
    assert!(folder.starts_with("$TMP/home/.local/state/palc/answers/"), "{folder}");
}
