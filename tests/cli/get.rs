use insta::assert_snapshot;

use crate::harness::Repo;

const TRIAGE: &str = "\u{feff}---\r\nid: k3v9q2mx\r\n---\r\nsystem:\r\nYou route {{ what }}.\r\nuser[name=eve]:\r\nHi";

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/triage.md", TRIAGE).commit("one");
    repo.write("prompts/triage.md", "caf\u{e9}\n").commit("two");
    repo
}

#[test]
fn prints_exact_bytes() {
    let repo = repo();
    assert_eq!(repo.palc(&["get", "triage"]).ok(), "caf\u{e9}\n");
    assert_eq!(repo.palc(&["get", "triage@1"]).ok(), TRIAGE);
    assert_eq!(repo.palc(&["get", "k3v9q2mx@HEAD~1"]).ok(), TRIAGE);
    assert_eq!(repo.palc(&["get", "triage@1", "--part", "front-matter"]).ok(), "id: k3v9q2mx\r\n");
    assert_eq!(
        repo.palc(&["get", "triage@1", "--part", "body"]).ok(),
        "system:\r\nYou route {{ what }}.\r\nuser[name=eve]:\r\nHi"
    );
}

#[test]
fn messages_come_as_they_were_written() {
    assert_snapshot!(repo().palc(&["get", "triage@1", "--part", "messages"]), @r#"
    [
      {
        "role": "system",
        "content": "You route {{ what }}."
      },
      {
        "role": "user",
        "name": "eve",
        "content": "Hi"
      }
    ]
    "#);
}

#[test]
fn programs_learn_where_it_is_from() {
    let repo = repo();
    let answer = repo.palc(&["get", "triage@1", "--json"]).json();
    assert_eq!(answer["data"]["text"], TRIAGE);
    assert_eq!(answer["data"]["commit"], repo.git(&["rev-parse", "HEAD~1"]).trim());
    repo.write("prompts/latin.md", b"\xff\xfe");
    assert_eq!(repo.palc(&["get", "latin", "--json"]).json()["data"]["base64"], "//4=");
}

#[test]
fn a_label_means_its_content_even_when_history_was_rewritten() {
    let repo = repo();
    let blob = repo.git(&["rev-parse", "HEAD~1:prompts/triage.md"]);
    repo.write("prompts/triage.md", "---\nid: k3v9q2mx\n---\nnew\n");
    repo.write("labels.yaml", format!("labels:\n  k3v9q2mx:\n    production: {{version: 1, blob: {}}}\n", blob.trim()));
    assert_eq!(repo.palc(&["get", "triage@production"]).ok(), TRIAGE);
    let answer = repo.palc(&["get", "triage@production", "--part", "body", "--json"]).json();
    assert_eq!(answer["data"]["blob"], blob.trim());
}
