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
    assert_snapshot!(repo.palc_with_input(&["auth", "set", "openai"], format!("{KEY}\n")), @"");
    assert_eq!(fs::metadata(file(&repo)).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_to_string(file(&repo)).unwrap(), format!("openai = \"{KEY}\"\n"));
    let listed = repo.palc(&["auth", "list"]).to_string();
    assert!(listed.contains("openai      $TMP/home/.config/palc/keys.toml"), "{listed}");
    let listed = repo.palc(&["auth", "list", "--json"]).json();
    let openai = listed["data"].as_array().unwrap().iter().find(|row| row["provider"] == "openai").unwrap().clone();
    assert_eq!(openai["origins"][0]["kind"], "file");
    assert!(!listed.to_string().contains(KEY));
    repo.palc_with_input(&["auth", "set", "xai", "--json"], "xai-key-0123456789").json();
    assert_snapshot!(repo.palc(&["auth", "remove", "openai"]), @"");
    assert_snapshot!(repo.palc(&["auth", "remove", "openai"]), @"");
    assert_eq!(fs::read_to_string(file(&repo)).unwrap(), "xai = \"xai-key-0123456789\"\n");
}

#[test]
fn the_environment_comes_first() {
    let mut repo = Repo::new();
    repo.set("OPENAI_API_KEY", "sk-from-the-environment");
    assert_snapshot!(repo.palc_with_input(&["auth", "set", "openai", "--file"], KEY), @"");
    let listed = repo.palc(&["auth", "list"]).to_string();
    assert!(listed.contains("openai      $OPENAI_API_KEY"), "{listed}");
    assert!(listed.contains("also in $TMP/home/.config/palc/keys.toml"), "{listed}");
    assert_snapshot!(repo.palc(&["auth", "remove", "openai"]), @"");
}

#[test]
fn a_key_is_no_argument_and_a_slip_is_no_key() {
    let repo = Repo::new();
    let answer = repo.palc(&["auth", "set", "openai", KEY]);
    assert!(!answer.to_string().contains(KEY));
    assert_snapshot!(answer, @"");
    assert_snapshot!(repo.palc_with_input(&["auth", "set", "opnai"], KEY), @"");
    assert_snapshot!(repo.palc_with_input(&["auth", "set", "openai"], " \n"), @"");
    assert_snapshot!(repo.palc_with_input(&["auth", "set", "openai"], "one\ntwo\n"), @"");
    assert!(!file(&repo).exists());
}

#[test]
fn a_file_that_others_can_read_is_not_read() {
    let repo = Repo::new();
    repo.palc_with_input(&["auth", "set", "openai"], KEY).ok();
    fs::set_permissions(file(&repo), fs::Permissions::from_mode(0o644)).unwrap();
    assert_snapshot!(repo.palc(&["auth", "list"]), @"");
    assert_snapshot!(repo.palc_with_input(&["auth", "set", "xai"], KEY), @"");
    let real = repo.home().join("elsewhere");
    fs::rename(file(&repo), &real).unwrap();
    symlink(&real, file(&repo)).unwrap();
    assert_snapshot!(repo.palc(&["auth", "list"]), @"");
    fs::remove_file(file(&repo)).unwrap();
    fs::write(file(&repo), format!("openai = {KEY}\n")).unwrap();
    fs::set_permissions(file(&repo), fs::Permissions::from_mode(0o600)).unwrap();
    assert_snapshot!(repo.palc(&["auth", "list"]), @"");
}

#[test]
fn a_key_in_settings_is_refused_without_being_repeated() {
    let repo = Repo::new();
    let text = format!("[providers.openai]\nkey_env = \"{KEY}\"\n[providers.openai.headers]\nAuthorization = \"Bearer {KEY}\"\n");
    repo.write("palc.toml", &text);
    let answer = repo.palc(&["config", "show", "providers"]);
    assert_snapshot!(answer, @"");
}
