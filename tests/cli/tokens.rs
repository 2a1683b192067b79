use insta::assert_snapshot;

use crate::harness::Repo;

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
