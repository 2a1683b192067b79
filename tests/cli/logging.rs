use std::fs;

use insta::assert_snapshot;

use crate::harness::{Answer, Repo};

fn log(repo: &Repo, day: &str) -> String {
    let path = repo.home().join(format!(".local/state/palc/log/palc-{day}.jsonl"));
    let text = fs::read_to_string(path).unwrap_or_default();
    let without_process = |line: &str| {
        let mut record: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(record.as_object_mut().unwrap().shift_remove("process").is_some());
        format!("{record}\n").replace(repo.root().to_str().unwrap(), "$ROOT")
    };
    text.lines().map(without_process).collect()
}

#[test]
fn what_was_done_is_logged_outside_the_repository() {
    let mut repo = Repo::new();
    repo.palc(&["config", "set", "model", "x/secret-model", "--log-level", "info"]).ok();
    assert_snapshot!(log(&repo, "2026-01-31"), @r#"
    {"time":"2026-01-31T12:00:00Z","level":"info","target":"palc::app::config::edit","message":"changed a configuration file","command":"config set","path":"$ROOT/palc.toml","setting":"model"}
    {"time":"2026-01-31T12:00:00Z","level":"info","target":"palc::cli","message":"ended","command":"config set","code":0}
    "#);
    repo.set("PALC_NOW", "2026-02-01T00:00:00Z").set("PALC_LOG", "info");
    repo.palc(&["list"]).ok();
    assert_snapshot!(log(&repo, "2026-02-01"), @r#"{"time":"2026-02-01T00:00:00Z","level":"info","target":"palc::cli","message":"ended","command":"list","code":0}"#);
    assert_eq!(repo.git(&["status", "--porcelain"]), "?? palc.toml\n");
}

#[test]
fn nothing_is_logged_by_default() {
    let repo = Repo::new();
    repo.palc(&["list"]).ok();
    assert_eq!(log(&repo, "2026-01-31"), "");
}

#[test]
fn the_settings_choose_the_level_and_how_long_logs_are_kept() {
    let mut repo = Repo::new();
    repo.palc(&["config", "set", "log.level", "info"]).ok();
    repo.palc(&["config", "set", "log.keep_days", "2"]).ok();
    for day in ["2026-01-31", "2026-02-01", "2026-02-02"] {
        repo.set("PALC_NOW", &format!("{day}T12:00:00Z"));
        repo.palc(&["list"]).ok();
    }
    assert_eq!(log(&repo, "2026-01-31"), "");
    assert!(!log(&repo, "2026-02-01").is_empty() && !log(&repo, "2026-02-02").is_empty());
}

#[test]
fn debug_says_what_is_done_without_texts() {
    let repo = Repo::new();
    repo.write("palc.toml", "model = 'x/y'\n").write("prompts/a.md", "A very private text\n");
    let answer: Answer = repo.palc(&["show", "a", "--debug"]);
    assert!(!answer.stderr.contains("private"));
    let lines: Vec<&str> = answer.stderr.lines().map(|line| line.split(" process=").next().unwrap()).collect();
    assert_snapshot!(lines.join("\n"), @r"
    debug: palc::app: read a configuration file
    debug: palc::app: found the repository
    info: palc::cli: ended
    ");
}

#[test]
fn a_level_that_is_none_is_refused() {
    assert_snapshot!(Repo::new().palc(&["list", "--log-level", "wran"]), @r"
    --- stderr
    error: --log-level: `wran` is not a log level
    hint: did you mean `warn`?
    --- exit 2
    ");
}

#[test]
fn colour_follows_the_users_settings_and_the_flag() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "Hi\n");
    repo.palc(&["config", "set", "ui.color", "always"]).ok();
    assert!(repo.palc(&["show", "a"]).ok().contains('\u{1b}'));
    assert!(!repo.palc(&["show", "a", "--color", "never"]).ok().contains('\u{1b}'));
}
