use insta::assert_snapshot;

use crate::harness::Repo;

const SETTINGS: &str = "[providers.acme]\nbase_url = \"https://acme.example/v1\"\nkey_env = \"ACME_KEY\"\nmodel = \"big\"\n";

fn acme(repo: &Repo) -> String {
    let rows = repo.palc(&["providers", "--json"]).json();
    let row = rows["data"].as_array().unwrap().iter().find(|row| row["name"] == "acme").unwrap().clone();
    format!("{} {}", row["state"], row["base_url"])
}

#[test]
fn a_clone_says_where_keys_go_only_once_it_is_trusted() {
    let repo = Repo::new();
    repo.write("palc.toml", SETTINGS).write("prompts/a.md", "Hi\n");
    assert_eq!(acme(&repo), r#""untrusted" null"#);
    assert_snapshot!(repo.palc(&["list"]), @"");
    assert_snapshot!(repo.palc(&["providers", "test", "acme"]), @"");
    assert_snapshot!(repo.palc(&["trust"]), @"");
    assert_snapshot!(repo.palc(&["trust", "--yes"]), @"");
    assert_eq!(acme(&repo), r#""missing-key" "https://acme.example/v1""#);
    assert_snapshot!(repo.palc(&["trust"]), @"");

    // Where a setting stands is nothing, what it says is everything.
    repo.write("palc.toml", format!("# moved\n\n{SETTINGS}"));
    assert_eq!(acme(&repo), r#""missing-key" "https://acme.example/v1""#);
    repo.write("palc.toml", SETTINGS.replace("acme.example", "evil.example"));
    assert_eq!(acme(&repo), r#""untrusted" null"#);
    assert_snapshot!(repo.palc(&["trust", "--dry-run"]), @"");
    let standing = repo.palc(&["trust", "--dry-run", "--json"]).json();
    assert_eq!(standing["data"]["state"], "asked");
    assert_eq!(standing["data"]["settings"][0]["new"], true);
    assert_snapshot!(repo.palc(&["trust", "--list"]), @"");
    repo.palc(&["trust", "--list", "--json"]).json();
    assert_snapshot!(repo.palc(&["trust", "--revoke"]), @"");
    assert_snapshot!(repo.palc(&["trust", "--revoke"]), @"");
}

#[test]
fn a_profile_is_part_of_what_is_granted() {
    let repo = Repo::new();
    repo.write("palc.toml", "[profile.prod.providers.acme]\nbase_url = \"https://acme.example/v1\"\n");
    assert_snapshot!(repo.palc(&["trust", "--yes"]), @"");
    let rows = repo.palc(&["providers", "--profile", "prod"]).to_string();
    assert!(rows.contains("https://acme.example/v1"), "{rows}");
}

#[test]
fn machines_are_told_by_digest_and_by_nothing_else() {
    let mut repo = Repo::new();
    repo.write("palc.toml", SETTINGS);
    let standing = repo.palc(&["trust", "--dry-run", "--json"]).json();
    repo.set("PALC_TRUST", standing["data"]["digest"].as_str().unwrap());
    assert_eq!(acme(&repo), r#""missing-key" "https://acme.example/v1""#);
    assert_snapshot!(repo.palc(&["trust"]), @"");
    repo.write("palc.toml", SETTINGS.replace("ACME_KEY", "OTHER_KEY"));
    assert_eq!(acme(&repo), r#""untrusted" null"#);
    repo.set("PALC_TRUST", "1,true,*");
    assert_eq!(acme(&repo), r#""untrusted" null"#);
}

#[test]
fn a_record_holds_for_one_folder() {
    let repo = Repo::new();
    repo.write("palc.toml", SETTINGS).write("copy/palc.toml", SETTINGS);
    repo.palc(&["trust", "--yes"]).ok();
    repo.git(&["init", "--quiet", "copy"]);
    let answer = repo.palc_in("copy", &["providers", "--json"]).json();
    let rows = answer["data"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["name"] == "acme" && row["state"] == "untrusted"));
}

#[test]
fn a_repository_that_wants_nothing_is_not_asked_about() {
    let repo = Repo::new();
    repo.write("palc.toml", "[providers.openai]\nmodel = \"gpt-4o-mini\"\nretries = 1\n");
    assert_snapshot!(repo.palc(&["trust"]), @"");
    assert_snapshot!(repo.palc(&["trust", "--list"]), @"");
}
