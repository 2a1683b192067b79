use insta::assert_snapshot;

use crate::harness::Repo;

fn small() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/a.md", "Calm the angry customer.\n").write("prompts/b.md", "Review the code.\n");
    repo.commit("One");
    repo
}

#[test]
fn says_how_it_is_and_is_made_on_the_way() {
    let repo = small();
    let data = |answer: &serde_json::Value| answer["data"]["documents"].clone();
    assert_snapshot!(repo.palc(&["index", "status", "--json"]).json()["data"]["state"], @r#""absent""#);
    assert_eq!(data(&repo.palc(&["index", "update", "--json"]).json()), 2);
    assert_eq!(data(&repo.palc(&["index", "status", "--json"]).json()), 2);
    assert_snapshot!(repo.palc(&["index", "verify"]), @"the search index is whole");
}

#[test]
fn a_rebuild_drops_what_nobody_needs() {
    let repo = small();
    repo.palc(&["search", "customer"]).ok();
    repo.write("prompts/a.md", "Soothe the furious client.\n");
    repo.palc(&["search", "client"]).ok();
    let documents = |verb: &str| repo.palc(&["index", verb, "--json"]).json()["data"]["documents"].clone();
    assert_eq!(documents("status"), 3);
    repo.commit("Two");
    assert_eq!(documents("rebuild"), 2);
    assert_eq!(repo.palc(&["index", "update", "--all-history", "--json"]).json()["data"]["documents"], 3);
}

#[test]
fn damage_is_told() {
    let repo = small();
    assert_snapshot!(repo.palc(&["index", "verify"]), @"
    --- stderr
    error: there is no search index yet
    hint: `palc index update` makes it
    --- exit 1
    ");
    repo.palc(&["index", "update"]).ok();
    let folder = repo.path(".git/palc/search/text");
    let mut store = std::fs::read_dir(folder).unwrap().flatten().map(|file| file.path());
    let store = store.find(|path| path.extension().is_some_and(|it| it == "idx")).unwrap();
    let mut bytes = std::fs::read(&store).unwrap();
    bytes[10] ^= 0xff;
    std::fs::write(&store, bytes).unwrap();
    let answer = repo.palc(&["index", "verify"]);
    assert_eq!(answer.code, Some(1));
    assert!(answer.stdout.ends_with(".idx is damaged\n"), "{answer}");
    repo.palc(&["index", "rebuild"]).ok();
    assert_snapshot!(repo.palc(&["index", "verify"]), @"the search index is whole");
}

#[test]
fn without_git_there_is_no_index() {
    let repo = Repo::without_git();
    repo.write("prompts/a.md", "Calm the angry customer.\n");
    assert_snapshot!(repo.palc(&["search", "angry"]), @"
    --- stderr
    error: there is no git repository here, beside whose data the search index could lie
    hint: run `palc init`, or use `palc list` and `grep`
    --- exit 1
    ");
}
