use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use insta::assert_snapshot;

use crate::harness::Repo;

const KEY: &str = "sk-canary-0123456789";

fn file(repo: &Repo) -> std::path::PathBuf {
    repo.home().join(".config/palc/keys.toml")
}

#[test]
fn a_key_is_kept_in_a_private_file_and_never_shown() {
    let repo = Repo::new();
    assert_snapshot!(repo.palc_with_input(&["auth", "set", "openai"], format!("{KEY}\n")), @"
    --- stderr
    kept the key of openai in $TMP/home/.config/palc/keys.toml
    ");
    assert_eq!(fs::metadata(file(&repo)).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_to_string(file(&repo)).unwrap(), format!("openai = \"{KEY}\"\n"));
    let listed = repo.palc(&["auth", "list"]).to_string();
    assert!(listed.contains("openai      $TMP/home/.config/palc/keys.toml"), "{listed}");
    let listed = repo.palc(&["auth", "list", "--json"]).json();
    let openai = listed["data"].as_array().unwrap().iter().find(|row| row["provider"] == "openai").unwrap().clone();
    assert_eq!(openai["origins"][0]["kind"], "file");
    assert!(!listed.to_string().contains(KEY));
    repo.palc_with_input(&["auth", "set", "xai", "--json"], "xai-key-0123456789").json();
    assert_snapshot!(repo.palc(&["auth", "remove", "openai"]), @"
    --- stderr
    removed the key of openai from $TMP/home/.config/palc/keys.toml
    ");
    assert_snapshot!(repo.palc(&["auth", "remove", "openai"]), @"
    --- stderr
    error: there is no key for `openai`
    hint: `palc auth list` shows those there are
    --- exit 1
    ");
    assert_eq!(fs::read_to_string(file(&repo)).unwrap(), "xai = \"xai-key-0123456789\"\n");
}

#[test]
fn the_environment_comes_first() {
    let mut repo = Repo::new();
    repo.set("OPENAI_API_KEY", "sk-from-the-environment");
    assert_snapshot!(repo.palc_with_input(&["auth", "set", "openai", "--file"], KEY), @"
    --- stderr
    kept the key of openai in $TMP/home/.config/palc/keys.toml
    warning: it is not used as long as there is one in $OPENAI_API_KEY
    ");
    let listed = repo.palc(&["auth", "list"]).to_string();
    assert!(listed.contains("openai      $OPENAI_API_KEY"), "{listed}");
    assert!(listed.contains("also in $TMP/home/.config/palc/keys.toml"), "{listed}");
    assert_snapshot!(repo.palc(&["auth", "remove", "openai"]), @"
    --- stderr
    removed the key of openai from $TMP/home/.config/palc/keys.toml
    warning: openai still has a key from $OPENAI_API_KEY
    ");
}

#[test]
fn a_dry_run_says_where_and_changes_nothing() {
    let repo = Repo::new();
    assert_snapshot!(repo.palc(&["auth", "set", "openai", "--dry-run"]), @"
    --- stderr
    would keep the key of openai in $TMP/home/.config/palc/keys.toml
    ");
    assert!(!file(&repo).exists());
    repo.palc_with_input(&["auth", "set", "openai"], KEY).ok();
    assert_snapshot!(repo.palc(&["auth", "remove", "openai", "--dry-run"]), @"
    --- stderr
    would remove the key of openai from $TMP/home/.config/palc/keys.toml
    ");
    assert!(fs::read_to_string(file(&repo)).unwrap().contains(KEY));
}

#[test]
fn the_file_may_name_a_variable() {
    let mut repo = Repo::new();
    repo.palc_with_input(&["auth", "set", "openai"], "${TEAM_KEY}").ok();
    let origins = |repo: &Repo| {
        let rows = repo.palc(&["auth", "list", "--json"]).json();
        let row = rows["data"].as_array().unwrap().iter().find(|row| row["provider"] == "openai").unwrap().clone();
        row["origins"].as_array().unwrap().len()
    };
    assert_eq!(origins(&repo), 0);
    repo.set("TEAM_KEY", KEY);
    assert_eq!(origins(&repo), 1);
}

#[test]
fn a_key_is_no_argument_and_a_slip_is_no_key() {
    let repo = Repo::new();
    let answer = repo.palc(&["auth", "set", "openai", KEY]);
    assert!(!answer.to_string().contains(KEY));
    assert_snapshot!(answer, @"
    --- stderr
    error: a key does not belong on the command line, where the shell keeps it
    hint: take it out of the shell's history, and run the command without it
    --- exit 2
    ");
    assert_snapshot!(repo.palc_with_input(&["auth", "set", "opnai"], KEY), @"
    --- stderr
    error: there is no provider `opnai`
    hint: did you mean `openai`?
    hint: any other needs its address: palc config set providers.opnai.base_url https://…
    --- exit 3
    ");
    assert_snapshot!(repo.palc_with_input(&["auth", "set", "openai"], " \n"), @"
    --- stderr
    error: the key is empty
    hint: nothing was changed
    --- exit 2
    ");
    assert_snapshot!(repo.palc_with_input(&["auth", "set", "openai"], "one\ntwo\n"), @"
    --- stderr
    error: a key holds no blanks and no line breaks
    hint: nothing was changed
    --- exit 2
    ");
    assert!(!file(&repo).exists());
}

#[test]
fn a_file_that_others_can_read_is_not_read() {
    let repo = Repo::new();
    repo.palc_with_input(&["auth", "set", "openai"], KEY).ok();
    fs::set_permissions(file(&repo), fs::Permissions::from_mode(0o644)).unwrap();
    assert_snapshot!(repo.palc(&["auth", "list"]), @"
    --- stderr
    error: $TMP/home/.config/palc/keys.toml can be read by others (mode 644), so it is not read
    hint: chmod 600 '$TMP/home/.config/palc/keys.toml'
    --- exit 3
    ");
    assert_snapshot!(repo.palc_with_input(&["auth", "set", "xai"], KEY), @"
    --- stderr
    error: $TMP/home/.config/palc/keys.toml can be read by others (mode 644), so it is not read
    hint: chmod 600 '$TMP/home/.config/palc/keys.toml'
    --- exit 3
    ");
    let real = repo.home().join("elsewhere");
    fs::rename(file(&repo), &real).unwrap();
    symlink(&real, file(&repo)).unwrap();
    assert_snapshot!(repo.palc(&["auth", "list"]), @"
    --- stderr
    error: $TMP/home/.config/palc/keys.toml is a link, so it is not read
    hint: put the file itself there
    --- exit 3
    ");
    fs::remove_file(file(&repo)).unwrap();
    fs::write(file(&repo), format!("openai = {KEY}\n")).unwrap();
    fs::set_permissions(file(&repo), fs::Permissions::from_mode(0o600)).unwrap();
    assert_snapshot!(repo.palc(&["auth", "list"]), @r#"
    --- stderr
    error: $TMP/home/.config/palc/keys.toml:1: that is no line of a file of keys
    hint: each line is a provider and its key: openai = "…"
    --- exit 3
    "#);
}

#[test]
fn a_key_in_settings_is_refused_without_being_repeated() {
    let repo = Repo::new();
    let text = format!(
        "[providers.openai]\nkey_env = \"{KEY}\"\n[providers.openai.headers]\nAuthorization = \"Bearer {KEY}\"\n"
    );
    repo.write("palc.toml", &text);
    let answer = repo.palc(&["config", "show", "providers"]);
    assert!(!answer.to_string().contains(KEY));
    assert_snapshot!(answer, @r#"
    --- stderr
    palc.toml:2:11: error: `providers.openai.key_env`: that is no name of an environment variable [config-variable]
       2 | key_env = …
                     ^
      hint: a key itself does not belong into a file of settings: `palc auth set` keeps it
    palc.toml:4:17: error: `providers.openai.headers.Authorization`: that header carries a key, which does not belong into a file of settings [config-header]
       4 | Authorization = …
                           ^
      hint: `palc auth set` keeps keys, and palc sends them
    "#);
}
