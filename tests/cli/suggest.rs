use insta::assert_snapshot;

use crate::harness::Repo;

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/a.md", "---\ntags: [refund, mail]\n---\nAnswer a customer who wants a refund for a lamp.\n");
    repo.write("prompts/b.md", "---\ntags: [refund]\n---\nAnswer a customer who asks for a refund of a late order.\n");
    repo.write("prompts/c.md", "Answer a customer who demands a refund for broken shoes.\n");
    repo.write("prompts/d.md", "---\ndescription: Greek\n---\nTranslate this poem into Greek.\n");
    repo
}

#[test]
fn prompts_without_tags_get_suggestions() {
    assert_snapshot!(repo().palc(&["tag", "suggest"]), @"
    c  refund        40 %  as b, a
       answering     40 %  what it seems to be for
       mail          20 %  as a
    d  translation   45 %  what it seems to be for
    --- stderr
    hint: --apply writes them
    ");
    assert_snapshot!(repo().palc(&["tag", "suggest", "a"]), @"
    a  answering   44 %  what it seems to be for
    --- stderr
    hint: --apply writes them
    ");
}

#[test]
fn suggestions_can_be_written() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["tag", "suggest", "--apply", "--least", "0.4", "--dry-run"]), @"
    d  translation   45 %  what it seems to be for
    would change prompts/d.md
    @@ -1,4 +1,5 @@
     ---
     description: Greek
    +tags: [translation]
     ---
     Translate this poem into Greek.
    ");
    repo.palc(&["tag", "suggest", "--apply", "--least", "0.4"]).ok();
    assert_snapshot!(repo.read("prompts/c.md"), @"Answer a customer who demands a refund for broken shoes.");
    assert!(repo.read("prompts/d.md").contains("tags: [translation]"));
    let data = repo.palc(&["tag", "suggest", "c", "--apply", "--json"]).json()["data"].clone();
    assert_eq!(data["written"]["files"][0]["path"], "prompts/c.md");
    assert!(repo.read("prompts/c.md").contains("refund"));
}

#[test]
fn only_words_of_the_vocabulary_are_suggested() {
    let repo = repo();
    repo.write("palc.toml", "[vocabulary.tags.mail]\n[vocabulary.tags.refund]\n");
    assert_snapshot!(repo.palc(&["tag", "suggest"]), @"
    c  refund   40 %  as b, a
       mail     20 %  as a
    --- stderr
    hint: --apply writes them
    ");
}

#[test]
fn wrong_questions() {
    assert_snapshot!(repo().palc(&["tag", "suggest", "nowhere"]), @"
    --- stderr
    error: there is no prompt or folder `nowhere`
    hint: `palc list` shows all prompts
    --- exit 1
    ");
    assert_snapshot!(repo().palc(&["tag", "suggest", "--least", "2"]), @"
    --- stderr
    error: 2 is no share
    hint: use a number from 0 to 1
    --- exit 2
    ");
    assert_snapshot!(Repo::new().palc(&["tag", "suggest"]), @"
    --- stderr
    every prompt has a tag
    hint: give names to have more suggested: palc tag suggest support/triage
    ");
}
