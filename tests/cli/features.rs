use insta::assert_snapshot;

use crate::harness::Repo;

#[test]
fn what_is_off_is_refused_with_its_setting() {
    let repo = Repo::new();
    repo.write("palc.toml", "# Ask the platform team.\n[features]\nlabel = false\nwrite = false\n")
        .write("prompts/a.md", "Hi\n");
    assert_snapshot!(repo.palc(&["label", "set", "production", "a"]), @"
    --- stderr
    error: `label set` is switched off by features.label in palc.toml:3:1
    palc.toml:3:1: error: features.label is off [feature-off]
       3 | label = false
           ^^^^^
    hint: whoever answers for this repository can say why
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["set", "a", "title", "x", "--config", "features.write=true", "--dry-run"]), @"
    would change prompts/a.md
    @@ -1 +1,4 @@
    +---
    +title: x
    +---
     Hi
    ");
    assert_snapshot!(repo.palc(&["set", "a", "title", "x"]), @"
    --- stderr
    error: `set` is switched off by features.write in palc.toml:4:1
    palc.toml:4:1: error: features.write is off [feature-off]
       4 | write = false
           ^^^^^
    hint: whoever answers for this repository can say why
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["check", "--fix"]), @"
    --- stderr
    error: `check --fix` is switched off by features.write in palc.toml:4:1
    palc.toml:4:1: error: features.write is off [feature-off]
       4 | write = false
           ^^^^^
    hint: whoever answers for this repository can say why
    --- exit 3
    ");
    assert_eq!(repo.palc(&["check"]).code, Some(0));
    assert_eq!(repo.palc(&["label", "list"]).code, Some(0));
    let answer = repo.palc(&["rm", "a", "--yes", "--json"]);
    assert_eq!(answer.code, Some(3));
    assert_eq!(answer.json()["findings"][0]["rule"], "feature-off");
    assert!(repo.exists("prompts/a.md"));
}

#[test]
fn what_is_off_is_in_no_help_and_no_completion() {
    let mut repo = Repo::new();
    let help = |repo: &Repo, arguments: &[&str]| repo.palc(arguments).to_string();
    assert!(help(&repo, &["help"]).contains("\n  watch "));
    repo.write("palc.toml", "[features]\nwatch = false\nlabel = false\ncommit = false\n");
    repo.write("deep/x", "");
    for arguments in [&["help"][..], &["--help"], &["-C", "deep", "-h"], &[]] {
        let help = help(&repo, arguments);
        assert!(help.contains("Check:\n  check ") && !help.contains("watch") && !help.contains("  promote"), "{help}");
    }
    assert!(help(&repo, &["--config", "features.watch=true", "help"]).contains("\n  watch "));
    let label = help(&repo, &["label", "--help"]);
    assert!(label.contains("\n  list ") && !label.contains("\n  set "), "{label}");
    assert!(!help(&repo, &["restore", "--help"]).contains("--commit"));
    repo.set("PALC_COMPLETE", "fish");
    let typed = |repo: &Repo, word: &str| repo.palc(&["--", "palc", word]).ok();
    assert_eq!((typed(&repo, "wat"), typed(&repo, "prom")), (String::new(), String::new()));
    assert!(typed(&repo, "che").starts_with("check"));
}

#[test]
fn a_repository_can_switch_off_and_not_on() {
    let repo = Repo::new();
    repo.write("palc.toml", "[features]\nwatch = true\nwrite = false\n[profile.ci.features]\nwrite = true\n");
    std::fs::create_dir_all(repo.home().join(".config/palc")).unwrap();
    std::fs::write(repo.home().join(".config/palc/config.toml"), "features.watch = false\n").unwrap();
    assert_snapshot!(repo.palc(&["watch"]), @"
    --- stderr
    error: `watch` is switched off by features.watch in $TMP/home/.config/palc/config.toml:1:10
    $TMP/home/.config/palc/config.toml:1:10: error: features.watch is off [feature-off]
       1 | features.watch = false
                    ^^^^^
    hint: you have said so yourself
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["config", "get", "features.watch"]), @"false");
    assert_snapshot!(repo.palc(&["new", "a", "--profile", "ci", "--dry-run"]), @"
    would create prompts/a.md
    @@ -0,0 +1,3 @@
    +---
    +id: km4y8fqk
    +---
    ");
}

#[test]
fn an_unknown_feature_is_a_mistake() {
    let repo = Repo::new();
    repo.write("palc.toml", "[features]\nwacth = false\n");
    assert_snapshot!(repo.palc(&["list"]), @"
    --- stderr
    error: the configuration is not valid
    palc.toml:2:1: error: unknown key `features.wacth` [config-unknown-key]
       2 | wacth = false
           ^^^^^
      hint: did you mean `watch`?
    --- exit 3
    ");
}
