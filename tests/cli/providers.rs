use insta::assert_snapshot;

use crate::harness::Repo;

#[test]
fn lists_what_there_is_and_what_is_missing() {
    let mut repo = Repo::new();
    repo.set("OPENAI_API_KEY", "sk-canary-0123456789");
    repo.write("palc.toml", "[providers.openai]\nmodel = \"gpt-4o-mini\"\n");
    let rows = repo.palc(&["providers", "--json"]).json();
    let row = |name: &str| rows["data"].as_array().unwrap().iter().find(|row| row["name"] == name).unwrap().clone();
    assert_eq!(row("openai")["state"], "configured");
    assert_eq!(row("openai")["key"]["name"], "OPENAI_API_KEY");
    assert_eq!(row("openai")["model"], "gpt-4o-mini");
    assert_eq!(row("xai")["state"], "missing-key");
    assert!(!rows.to_string().contains("canary"));
}

#[test]
fn a_test_without_live_looks_at_the_configuration() {
    let mut repo = Repo::new();
    assert_snapshot!(repo.palc(&["providers", "test"]), @"");
    repo.set("OPENAI_API_KEY", "sk-canary-0123456789").set("PALC_PROVIDERS__ACME__BASE_URL", "http://acme.example/v1");
    repo.set("PALC_PROVIDERS__ACME__KEY_ENV", "ACME_KEY").set("PALC_PROVIDERS__OPENAI__FALLBACK", "xay/grok-4");
    repo.set("PALC_PROVIDERS__OPENAI__MODEL", "gpt-4o-mini");
    assert_snapshot!(repo.palc(&["providers", "test"]), @"");
    assert_snapshot!(repo.palc(&["providers", "test", "acmee"]), @"");
    let json = repo.palc(&["providers", "test", "openai", "--json"]);
    assert_eq!(json.code, Some(1));
    assert_eq!(json.json()["data"][0]["verdict"], "wrong");
}
