use insta::assert_snapshot;

use crate::harness::Repo;

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/shop/refund.md", "Answer a customer who wants a refund for a broken lamp.\n");
    repo.write("prompts/shop/late.md", "---\ntags: [x]\n---\nCalm an angry customer; offer a refund.\n");
    repo.write("prompts/code/review.md", "---\ntags: [x]\n---\nReview this Python function.\n");
    repo.write("prompts/poem.md", "Translate a poem into Greek.\n");
    repo
}

#[test]
fn the_most_alike_come_first_with_the_words_they_share() {
    assert_snapshot!(repo().palc(&["similar", "shop/refund"]), @"
    47 %  shop/late    customer, refund
    14 %  code/review
    ");
}

#[test]
fn only_among_some_and_as_names() {
    let repo = repo();
    assert_eq!(
        repo.palc(&["similar", "shop/refund", "--tag", "x", "--format", "names"]).ok(),
        "shop/late\ncode/review\n"
    );
    assert_eq!(
        repo.palc(&["similar", "shop/refund", "--among", "shop", "--format", "paths"]).ok(),
        "prompts/shop/late.md\n"
    );
    let data = repo.palc(&["similar", "shop/refund", "-n", "1", "--json"]).json()["data"].clone();
    assert_eq!(data["similar"].as_array().map(Vec::len), Some(1));
    assert_eq!(data["similar"][0]["shared"].to_string(), r#"["customer","refund"]"#);
}

#[test]
fn an_edit_counts_at_once_and_an_old_version_can_be_compared() {
    let repo = repo();
    repo.commit("All");
    repo.write("prompts/poem.md", "Answer a customer who wants a refund for a broken vase.\n");
    let first = |arguments: &[&str]| repo.palc(arguments).ok().lines().next().unwrap_or_default().to_owned();
    assert_eq!(first(&["similar", "shop/refund", "--format", "names"]), "poem");
    assert_eq!(first(&["similar", "shop/refund", "--format", "names", "--rev", "HEAD"]), "shop/late");
    assert_ne!(first(&["similar", "poem@HEAD", "--format", "names"]), "shop/refund");
}

#[test]
fn there_may_be_nobody_to_compare_with() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "Alone.\n");
    assert_snapshot!(repo.palc(&["similar", "a"]), @"
    --- stderr
    no similar prompts
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["similar", "b"]), @"
    --- stderr
    error: there is no prompt `b`
    hint: did you mean `a`?
    --- exit 1
    ");
}
