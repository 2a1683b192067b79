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
    assert_snapshot!(repo.palc(&["providers", "test"]), @"
    --- stderr
    no provider has a key, and no setting names one
    hint: `palc providers` lists those that palc knows, `palc auth set PROVIDER` keeps a key
    ");
    repo.set("OPENAI_API_KEY", "sk-canary-0123456789").set("PALC_PROVIDERS__ACME__BASE_URL", "http://acme.example/v1");
    repo.set("PALC_PROVIDERS__ACME__KEY_ENV", "ACME_KEY").set("PALC_PROVIDERS__OPENAI__FALLBACK", "xay/grok-4");
    repo.set("PALC_PROVIDERS__OPENAI__MODEL", "gpt-4o-mini");
    assert_snapshot!(repo.palc(&["providers", "test"]), @"
    acme
      wrong there is no key
            hint: `palc auth set acme` keeps one, or set ACME_KEY
      odd   the key goes to http://acme.example/v1 unencrypted
            hint: an address with https:// keeps it from those on the way
    openai
      ok    the key comes from $OPENAI_API_KEY
      ok    it is at https://api.openai.com/v1
      ok    its model is gpt-4o-mini
      wrong xay/grok-4 cannot be asked in its place: there is no provider `xay`
            hint: did you mean `xai`?
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["providers", "test", "acmee"]), @"
    --- stderr
    error: there is no provider `acmee`
    hint: did you mean `acme`?
    hint: any other needs its address: palc config set providers.acmee.base_url https://…
    --- exit 3
    ");
    let json = repo.palc(&["providers", "test", "openai", "--json"]);
    assert_eq!(json.code, Some(1));
    assert_eq!(json.json()["data"][0]["verdict"], "wrong");
}
