use insta::assert_snapshot;

use crate::harness::Repo;

fn repo() -> Repo {
    let repo = Repo::new();
    for (name, text) in [
        ("shop/refund", "Answer a customer who wants a refund for a broken lamp. Be kind."),
        ("shop/late", "Calm an angry customer whose order is late, and offer a refund."),
        ("shop/lost", "Tell a customer that the parcel was lost and that a refund is on its way."),
        ("code/review", "Review this Python function and name every bug in the code."),
        ("code/tests", "Write unit tests in Python for the function, and run the code."),
        ("code/explain", "Explain the code of a Python function line by line, and its bugs."),
        ("travel/rome", "Plan a journey to Rome with hotels, trains and museums for three days."),
        ("travel/sea", "Plan a journey by train to the sea, with hotels near the beach."),
    ] {
        repo.write(&format!("prompts/{name}.md"), format!("---\nid: b{}\n---\n{text}\n", name.len()));
    }
    repo
}

#[test]
fn what_is_about_the_same_stands_together_under_its_words() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["cluster", "--count", "3"]), @"
    code, function, python (3)
      code/tests
      code/explain
      code/review

    customer, refund (3)
      shop/refund
      shop/late
      shop/lost

    hotels, journey, plan (2)
      travel/sea
      travel/rome
    ");
    // What was kept gives the same.
    assert!(repo.exists(".git/palc/known/gists"));
    assert_eq!(repo.palc(&["cluster", "--count", "3"]).ok(), repo.palc(&["cluster", "--count", "3"]).ok());
}

#[test]
fn as_json_and_only_some() {
    let data = repo().palc(&["cluster", "--json", "--count", "1", "code"]).json()["data"].clone();
    assert_eq!(data[0]["prompts"].as_array().map(Vec::len), Some(3));
    assert!(data[0]["prompts"][0]["name"].as_str().is_some_and(|name| name.starts_with("code/")));
}

#[test]
fn a_prompt_without_words_is_in_none_of_them() {
    let repo = repo();
    repo.write("prompts/123.md", "---\n---\n");
    assert_snapshot!(repo.palc(&["cluster", "123", "shop"]), @"
    customer, refund (4)
      shop/refund
      shop/late
      shop/lost
      123
    ");
}

#[test]
fn there_may_be_nothing_to_divide() {
    assert_snapshot!(Repo::new().palc(&["cluster"]), @"
    --- stderr
    no prompts
    ");
    assert_snapshot!(repo().palc(&["cluster", "--count", "0"]), @"
    --- stderr
    error: there cannot be 0 clusters
    hint: use --count 1 or more
    --- exit 2
    ");
    assert_snapshot!(repo().palc(&["cluster", "nowhere"]), @"
    --- stderr
    error: there is no prompt or folder `nowhere`
    hint: `palc list` shows all prompts
    --- exit 1
    ");
}
