use insta::assert_snapshot;

use crate::harness::Repo;

const SETTINGS: &str = "[vocabulary]\ntype = [\"coach\", \"sentinel\"]\n\n[vocabulary.phase]\nintroduction = { aliases = \
                        [\"intro\"] }\nclosing = {}\nsystem_context = { user = false }\n";

fn coach(status: &str, body: &str) -> String {
    format!(
        "---\nid: k3v9q2mx\ntype: coach\nphase: introduction\nstatus: {status}\ninput:\n  required: [name]\n---\n{body}, {{{{ name }}}}\n"
    )
}

/// A coach with three versions, a sentinel of the same phase, and one without any.
fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("palc.toml", SETTINGS);
    for body in ["Hi", "Hello", "Welcome"] {
        repo.write("prompts/coach/introduction.md", coach("active", body)).commit(body);
    }
    repo.write("prompts/coach/introduction.short.md", coach("active", "Short").replace("k3v9q2mx", "k3v9q2my"));
    repo.write("prompts/watch/introduction.md", "---\nid: abcdefgh\ntype: sentinel\nphase: introduction\n---\nWatch\n");
    repo.write("prompts/watch/always.md", "---\nid: abcdefgk\ntype: sentinel\n---\nAlways\n");
    repo.write("prompts/context.md", "---\nid: abcdefgm\nphase: system_context\n---\nYou coach.\n").commit("others");
    repo
}

fn select(repo: &Repo, more: &[&str]) -> crate::harness::Answer {
    repo.palc(&[&["select"], more].concat())
}

const INTRO: &[&str] = &["--phase", "introduction", "--type", "coach"];

#[test]
fn the_newest_version_that_is_on_serves() {
    let repo = repo();
    assert_snapshot!(select(&repo, INTRO), @"coach/introduction@3");
    assert_snapshot!(select(&repo, &["--phase", "intro", "--type", "coach", "--body"]), @"
    Welcome, {{ name }}
    --- stderr
    coach/introduction@3
    ");
    repo.palc(&["deactivate", "coach/introduction@3"]).ok();
    assert_snapshot!(select(&repo, INTRO), @"coach/introduction@2");
    repo.write("prompts/coach/introduction.md", coach("draft", "New")).commit("draft");
    assert_eq!(select(&repo, INTRO).ok(), "coach/introduction@2\n");
    repo.write("context.json", r#"{"name": "Ada", "secret": "s"}"#);
    assert_snapshot!(select(&repo, &[INTRO, &["--context", "context.json"]].concat()), @"
    Hello, Ada
    --- stderr
    coach/introduction@2
    ");
    let json = select(&repo, &[INTRO, &["--context", "context.json", "--format", "json"]].concat()).json();
    assert_eq!(json["data"]["chosen"]["messages"][0]["content"], "Hello, Ada");
    assert!(!json.to_string().contains("secret"));
}

#[test]
fn scopes_are_never_mixed() {
    let repo = repo();
    assert_snapshot!(select(&repo, &["--type", "sentinel"]), @"watch/always@1");
    assert_snapshot!(select(&repo, &["--phase", "introduction"]), @"
    --- stderr
    error: prompts of several types serve the phase `introduction`: coach/introduction@3 (coach, introduction), watch/introduction@1 (sentinel, introduction) [several-types]
    hint: say which one: --type
    --- exit 1
    ");
    assert_snapshot!(select(&repo, &["--phase", "closing", "--type", "coach"]), @"
    --- stderr
    error: no prompt serves the phase `closing` and the type `coach` [no-prompt]
    hint: only what is committed counts; `palc list --phase …` shows prompts
    --- exit 1
    ");
    assert_snapshot!(select(&repo, &["--phase", "system_context"]), @"
    --- stderr
    error: no user can be in the phase `system_context` [system-phase]
    hint: --system asks for it on behalf of the program itself
    --- exit 1
    ");
    assert_snapshot!(select(&repo, &["--phase", "system_context", "--system"]), @"context@1");
    assert_snapshot!(select(&repo, &["--phase", "introducton", "--type", "coach"]), @"
    --- stderr
    error: `introducton` is not a phase [unknown-phase]
    hint: did you mean `introduction`?
    --- exit 1
    ");
    assert_snapshot!(select(&repo, &[]), @"
    --- stderr
    error: select by what?
    hint: give --phase, or --type alone for prompts that belong to no phase
    --- exit 2
    ");
}

#[test]
fn nothing_that_serves_is_told_with_what_could() {
    let repo = repo();
    repo.palc(&["deactivate", "coach/introduction@1", "coach/introduction@2", "coach/introduction@3"]).ok();
    assert_snapshot!(select(&repo, INTRO), @"
    --- stderr
    error: every version for the phase `introduction` and the type `coach` is switched off: coach/introduction@3 (coach, introduction), coach/introduction@2 (coach, introduction), coach/introduction@1 (coach, introduction) [none-active]
    hint: switch one on: palc activate coach/introduction@3
    --- exit 1
    ");
    let answer = select(&repo, &[INTRO, &["--format", "json"]].concat());
    assert_eq!(answer.code, Some(1));
    let json = answer.json();
    assert_eq!(json["data"]["outcome"], "none-active");
    assert_eq!(json["data"]["refused"]["candidates"].as_array().map(Vec::len), Some(3));
}

#[test]
fn pins_hold_for_their_phase_alone() {
    let repo = repo();
    repo.write("pins.yaml", "intro: 2\nclosing: 9\n");
    let pinned = |more: &[&str]| select(&repo, &[more, &["--pins", "pins.yaml"]].concat());
    assert_snapshot!(pinned(INTRO), @"coach/introduction@2");
    assert_snapshot!(pinned(&["--type", "sentinel"]), @"watch/always@1");
    assert_snapshot!(pinned(&["--phase", "closing", "--type", "coach"]), @"
    --- stderr
    error: no prompt for the phase `closing` and the type `coach` has a version 9 [pin-missing]
    hint: take the pin out, or name the prompt: NAME@4
    --- exit 1
    ");
    let version = |version: &str| select(&repo, &[INTRO, &["--version", version]].concat());
    assert_snapshot!(version("1"), @"coach/introduction@1");
    assert_snapshot!(version("7"), @"
    --- stderr
    error: no prompt for the phase `introduction` and the type `coach` has a version 7 [pin-missing]
    hint: take the pin out, or name the prompt: NAME@4
    --- exit 1
    ");
    assert_snapshot!(version("watch/always@1"), @"
    --- stderr
    error: version 1 is not for the phase `introduction` and the type `coach`: watch/always@1 (sentinel) [pin-elsewhere]
    hint: a pin chooses among the versions of its own phase and type
    --- exit 1
    ");
    assert_snapshot!(version("k3v9q2my@1"), @"coach/introduction.short@1");
    repo.palc(&["deactivate", "coach/introduction@1"]).ok();
    assert_snapshot!(version("1"), @"
    --- stderr
    error: coach/introduction@1 is pinned and switched off [pin-inactive]
    hint: switch it on: palc activate coach/introduction@1
    --- exit 1
    ");
    repo.write("pins.yaml", "introductoin: 2\n");
    assert_snapshot!(pinned(INTRO), @"
    --- stderr
    error: pins.yaml: `introductoin` is not a phase
    hint: did you mean `introduction`?
    --- exit 3
    ");
}

#[test]
fn a_new_commit_counts_at_once() {
    let repo = repo();
    assert_eq!(select(&repo, INTRO).ok(), "coach/introduction@3\n");
    repo.write("prompts/coach/introduction.md", coach("active", "Newest"));
    assert_eq!(select(&repo, INTRO).ok(), "coach/introduction@3\n");
    repo.commit("newest");
    assert_eq!(select(&repo, INTRO).ok(), "coach/introduction@4\n");
    repo.write("prompts/z.md", "---\nid: abcdefgn\ntype: coach\nphase: introduction\n---\nOther\n").commit("other");
    assert_snapshot!(select(&repo, INTRO), @"
    z@1
    --- stderr
    warning: other prompts serve the same, and came before it: coach/introduction@4
    ");
}
