use insta::assert_snapshot;

use crate::harness::Repo;

const SETTINGS: &str =
    "[providers.acme]\nbase_url = \"https://acme.example/v1\"\nkey_env = \"ACME_KEY\"\nmodel = \"big\"\n";

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
    assert_snapshot!(repo.palc(&["list"]), @"a");
    assert_snapshot!(repo.palc(&["providers", "test", "acme"]), @"
    acme
      wrong the repository sets what needs your trust, so it is not used
            hint: `palc trust` shows it and asks
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["trust"]), @r#"
    $TMP/repo wants to set
      providers.acme.base_url = "https://acme.example/v1"  # palc.toml:2:1
      providers.acme.key_env = "ACME_KEY"  # palc.toml:3:1
    --- stderr
    error: trusting a repository needs --yes where nobody can be asked
    hint: PALC_TRUST=147c9cc8c501a3f7da3ca28f3a803393ed53f28b2f527e9878a453add93fe1a4 grants exactly this, and stops when it changes
    --- exit 2
    "#);
    assert_snapshot!(repo.palc(&["trust", "--yes"]), @r#"
    $TMP/repo wants to set
      providers.acme.base_url = "https://acme.example/v1"  # palc.toml:2:1
      providers.acme.key_env = "ACME_KEY"  # palc.toml:3:1
    --- stderr
    trusted
    "#);
    assert_eq!(acme(&repo), r#""missing-key" "https://acme.example/v1""#);
    assert_snapshot!(repo.palc(&["trust"]), @r#"
    $TMP/repo is trusted since 2026-01-31T12:00:00Z with
      providers.acme.base_url = "https://acme.example/v1"  # palc.toml:2:1
      providers.acme.key_env = "ACME_KEY"  # palc.toml:3:1
    "#);

    // Where a setting stands is nothing, what it says is everything.
    repo.write("palc.toml", format!("# moved\n\n{SETTINGS}"));
    assert_eq!(acme(&repo), r#""missing-key" "https://acme.example/v1""#);
    repo.write("palc.toml", SETTINGS.replace("acme.example", "evil.example"));
    assert_eq!(acme(&repo), r#""untrusted" null"#);
    assert_snapshot!(repo.palc(&["trust", "--dry-run"]), @r#"
    $TMP/repo wants to set
    + providers.acme.base_url = "https://evil.example/v1"  # palc.toml:2:1
      providers.acme.key_env = "ACME_KEY"  # palc.toml:3:1
    - providers.acme.base_url = "https://acme.example/v1"
    --- stderr
    hint: PALC_TRUST=1b4021cc7e3cab298e6268fbbf673fcb14dbc66f123b856dd8ea1ea45bf6baef grants the same where nobody can be asked
    "#);
    let standing = repo.palc(&["trust", "--dry-run", "--json"]).json();
    assert_eq!(standing["data"]["state"], "asked");
    assert_eq!(standing["data"]["settings"][0]["new"], true);
    assert_snapshot!(repo.palc(&["trust", "--list"]), @r#"
    $TMP/repo 2026-01-31T12:00:00Z
      providers.acme.base_url = "https://acme.example/v1"
      providers.acme.key_env = "ACME_KEY"
    "#);
    repo.palc(&["trust", "--list", "--json"]).json();
    assert_snapshot!(repo.palc(&["trust", "--revoke"]), @"
    --- stderr
    took back what was granted to $TMP/repo
    ");
    assert_snapshot!(repo.palc(&["trust", "--revoke"]), @"
    --- stderr
    error: nothing was granted here
    hint: `palc trust --list` shows what was granted elsewhere
    --- exit 1
    ");
}

#[test]
fn a_profile_is_part_of_what_is_granted() {
    let repo = Repo::new();
    repo.write("palc.toml", "[profile.prod.providers.acme]\nbase_url = \"https://acme.example/v1\"\n");
    assert_snapshot!(repo.palc(&["trust", "--yes"]), @r#"
    $TMP/repo wants to set
      profile.prod.providers.acme.base_url = "https://acme.example/v1"  # palc.toml:2:1
    --- stderr
    trusted
    "#);
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
    assert_snapshot!(repo.palc(&["trust"]), @r#"
    PALC_TRUST lets $TMP/repo set
      providers.acme.base_url = "https://acme.example/v1"  # palc.toml:2:1
      providers.acme.key_env = "ACME_KEY"  # palc.toml:3:1
    "#);
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
    assert_snapshot!(repo.palc(&["trust"]), @"$TMP/repo wants nothing that would need trust");
    assert_snapshot!(repo.palc(&["trust", "--list"]), @"");
}

#[test]
fn a_clone_does_not_say_what_providers_may_do_with_what_they_are_sent() {
    let mut repo = Repo::new();
    repo.set("OPENROUTER_API_KEY", "sk-or-0123456789");
    repo.write("palc.toml", "[providers.openrouter.options]\nprovider = {data_collection = \"allow\"}\n");
    repo.write("prompts/a.md", "---\nid: k3v9q2mx\nmodel: openrouter/openai/gpt-4o\n---\nHi\n");
    assert_snapshot!(repo.palc(&["run", "a", "--dry-run"]), @r#"
    --- stderr
    error: the provider `openrouter` needs settings that are not trusted
    palc.toml:2:1: error: `providers.openrouter.options.provider` is not used: this repository is not trusted with it [trust]
       2 | provider = {data_collection = "allow"}
           ^^^^^^^^
    hint: `palc trust` shows them and asks
    --- exit 4
    "#);
    repo.palc(&["trust", "--yes"]).ok();
    let sent = repo.palc(&["run", "a", "--dry-run"]).ok();
    assert!(sent.contains("\"data_collection\": \"allow\""), "{sent}");
}
