use insta::assert_snapshot;

use crate::harness::Repo;
use crate::harness::model_server::{Answer, ModelServer, Said, says};

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

/// What a live test says about the provider `local`, whose model is `m`.
fn live(server: &ModelServer) -> String {
    let mut repo = Repo::new();
    repo.set("LOCAL_KEY", "sk-canary-0123456789");
    server.serve_as(&repo, "local", "openai", "key_env = \"LOCAL_KEY\"\nmodel = \"m\"\nretries = 0");
    repo.palc(&["providers", "test", "local", "--live"]).to_string().replace(&server.url(), "$URL")
}

fn models(names: &[&str]) -> Answer {
    let data: Vec<_> = names.iter().map(|name| serde_json::json!({"id": name})).collect();
    Answer::new(200, "application/json", serde_json::json!({"data": data}).to_string())
}

#[test]
fn a_live_test_tells_what_is_wrong_apart() {
    let error = |status: u16, text: &str| {
        let body = serde_json::json!({"error": {"message": text, "type": "x", "code": null}}).to_string();
        Answer::new(status, "application/json", body)
    };
    let good = ModelServer::start(|asked| match asked.path.ends_with("/models") {
        true => models(&["m", "other"]),
        false => says(asked, &Said::text("ok")),
    });
    assert_snapshot!(live(&good), @"
    local
      ok    the key comes from $LOCAL_KEY
      ok    it is at $URL/v1
      ok    its model is m
      ok    it answers, and lists 2 models
      ok    m answered for a cost nobody knows
    ");
    let bad_key = ModelServer::start(move |_| error(401, "Incorrect API key"));
    assert_snapshot!(live(&bad_key), @"
    local
      ok    the key comes from $LOCAL_KEY
      ok    it is at $URL/v1
      ok    its model is m
      wrong it does not know the key: its list of models: Incorrect API key (status 401)
            hint: `palc auth set local` keeps another one
    --- exit 1
    ");
    let wrong_model = ModelServer::start(move |asked| match asked.path.ends_with("/models") {
        true => models(&["mm", "other"]),
        false => error(404, "The model `m` does not exist"),
    });
    assert_snapshot!(live(&wrong_model), @"
    local
      ok    the key comes from $LOCAL_KEY
      ok    it is at $URL/v1
      ok    its model is m
      ok    it answers, and lists 2 models
      odd   m is not among the models it lists
            hint: did you mean `mm`?
      wrong it has no such model, or nothing at this address: m: The model `m` does not exist (status 404)
            hint: `palc models local` lists its models
    --- exit 1
    ");
    let gone = ModelServer::start(|_| Answer::gone());
    assert_snapshot!(live(&gone), @"
    local
      ok    the key comes from $LOCAL_KEY
      ok    it is at $URL/v1
      ok    its model is m
      wrong it is down, or not there: its list of models: the connection broke: connection closed before message completed
            hint: it is looked for at $URL/v1
    --- exit 1
    ");
    let broken = ModelServer::start(|_| Answer::new(500, "text/html", "<h1>oops</h1>"));
    assert_snapshot!(live(&broken), @"
    local
      ok    the key comes from $LOCAL_KEY
      ok    it is at $URL/v1
      ok    its model is m
      wrong it is in trouble: its list of models: a page for people: oops (status 500)
            hint: try again later
      wrong it is in trouble: m: a page for people: oops (status 500)
            hint: try again later
    --- exit 1
    ");
}

#[test]
fn nothing_connects_offline() {
    let mut repo = Repo::new();
    let server = ModelServer::echoing();
    server.serve_as(&repo, "local", "openai", "model = \"m\"");
    repo.set("PALC_MODELS__OFFLINE", "true");
    let answer = repo.palc(&["providers", "test", "local", "--live"]);
    assert_eq!((answer.code, server.count()), (Some(1), 0), "{answer}");
}

#[test]
fn a_header_may_hold_what_a_variable_does() {
    let mut repo = Repo::new();
    repo.write("prompts/a.md", "Hi\n");
    let server = ModelServer::start(|asked| {
        let team = asked.header("x-team").unwrap_or("nobody").to_owned();
        says(asked, &Said::text(format!("for {team} in {}", asked.header("x-place").unwrap_or("no place"))))
    });
    server.serve_as(&repo, "local", "openai", "headers.x-team = \"${TEAM}\"\nheaders.X-Place = \"Ulm\"");
    let ask = ["run", "a", "--model", "local/m"];
    // Without the variable the header is not sent, and never as it is written.
    assert_eq!(repo.palc(&ask).ok(), "for nobody in Ulm\n");
    repo.set("TEAM", "routing-team-7");
    let answer = repo.palc(&ask);
    assert_eq!(server.asked()[1].header("x-team"), Some("routing-team-7"));
    // It may be a secret, so nobody reads it.
    assert_eq!(answer.ok(), "for [redacted] in Ulm\n");
}
