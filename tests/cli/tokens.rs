use insta::assert_snapshot;

use crate::harness::Repo;
use crate::harness::model_server::{ModelServer, Said, says};

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write(
        "prompts/a.md",
        "---\nmodel: openai/gpt-4o-mini\n---\nsystem:\nYou route support tickets.\nuser:\n{{ ticket }}\n",
    );
    repo
}

#[test]
fn counts_each_message_and_names_what_is_missing() {
    assert_snapshot!(repo().palc(&["tokens", "a"]), @"
    a  openai/gpt-4o-mini, o200k_base
      system  5 tokens
      user    0 tokens
      in all  16 tokens
      without ticket
    ");
    assert_snapshot!(repo().palc(&["tokens", "a", "--var", "ticket=It broke", "--model", "claude-sonnet-5"]), @"
    a  claude-sonnet-5, an estimate
      system  ~8 tokens
      user    ~3 tokens
      in all  ~24 tokens
    ");
}

#[test]
fn tells_programs_whether_a_count_is_exact() {
    let total =
        |model: &str| repo().palc(&["tokens", "a", "--model", model, "--json"]).json()["data"][0]["total"].clone();
    assert_eq!(total("gpt-4")["encoding"], "cl100k_base");
    assert_eq!(total("gpt-4")["exact"], true);
    assert_eq!(total("gemini-3")["exact"], false);
}

#[test]
fn the_service_counts_what_it_would_read() {
    let repo = repo();
    let server = ModelServer::start(|asked| says(asked, &Said::text("")));
    for protocol in ["anthropic", "google", "openai"] {
        server.serve_as(&repo, protocol_name(protocol), protocol, "");
    }
    let count = |model: &str| repo.palc(&["tokens", "a", "--var", "ticket=It broke", "--exact", "--model", model]);
    assert_snapshot!(count("ant/m"), @"
    a  ant/m, an estimate
      system          ~7 tokens
      user            ~2 tokens
      in all          ~21 tokens
      counted by ant  10          palc counts 110.0 % more
    ");
    assert_snapshot!(repo.palc(&["tokens", "a", "--exact", "--model", "goo/m", "--json"]).json()["data"][0]["exact"], @r#"{"service":"goo","tokens":10}"#);
    let paths: Vec<String> = server.asked().iter().map(|asked| asked.path.clone()).collect();
    assert_eq!(paths, ["/v1/messages/count_tokens", "/v1beta/models/m:countTokens"]);
    assert_snapshot!(count("ope/m"), @"
    --- stderr
    error: ope has nothing that counts tokens
    hint: leave out --exact: palc counts by itself, and marks what is an estimate
    --- exit 1
    ");
    assert_snapshot!(count("echo"), @"
    --- stderr
    error: echo has nothing that counts tokens
    hint: leave out --exact: palc counts by itself, and marks what is an estimate
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["tokens", "a", "--exact", "--offline", "--model", "ant/m"]), @"
    --- stderr
    error: only the service counts exactly, and palc is offline
    hint: leave out --exact: palc counts by itself, and marks what is an estimate
    --- exit 2
    ");
    assert_eq!(server.count(), 2);
}

/// Names that are no presets.
fn protocol_name(protocol: &str) -> &str {
    &protocol[..3]
}
