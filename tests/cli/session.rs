use insta::assert_snapshot;

use crate::harness::Repo;

fn made() -> Repo {
    let repo = Repo::new();
    repo.write("phases/a.md", "---\nkind: phase\n---\nuser:\nA {{ input }}\n");
    repo.write("phases/b.md", "---\nkind: phase\n---\nuser:\nB {{ input }}\n");
    repo.write("palc.toml", "[generation]\nmodel = \"echo\"\nphases = [\"a\", \"b\"]\n");
    repo.write("notes.md", "The queues are billing and bugs.\n");
    repo.palc(&["generate", "Sort tickets", "--context", "notes.md", "-n", "2"]).ok();
    repo
}

#[test]
fn a_session_tells_its_request_and_what_it_made() {
    let repo = made();
    assert_snapshot!(repo.palc(&["session", "list"]), @"");
    repo.palc(&["mv", "generated/sort-tickets/b-2", "triage"]).ok();
    let id = repo.palc(&["session", "list", "--json"]).json()["data"][0]["id"].as_str().unwrap().to_owned();
    // By the id, the beginning of it, or a prompt, whatever that is called now.
    let shown = repo.palc(&["session", "show", "triage"]);
    assert_eq!(repo.palc(&["session", "show", &id]).to_string(), shown.to_string());
    assert_eq!(repo.palc(&["session", "show", &id[..4]]).to_string(), shown.to_string());
    assert_snapshot!(shown, @"");
    let session = repo.palc(&["session", "show", &id, "--json"]).json();
    assert_eq!(session["data"]["session"]["members"].as_array().unwrap().len(), 4);
    assert_snapshot!(repo.palc(&["session", "show", "nobody"]), @"");
    repo.write("prompts/own.md", "Mine.\n");
    assert_snapshot!(repo.palc(&["session", "show", "own"]), @"");
    repo.write(&format!("sessions/{id}.yaml"), "palc: 1\nmore: x\n");
    assert_snapshot!(repo.palc(&["session", "list"]), @"");
}

#[test]
fn context_is_what_it_was() {
    let repo = made();
    repo.write("notes.md", "Something else.\n");
    assert_snapshot!(repo.palc(&["show", "--context", "generated/sort-tickets/a-1"]), @"");
    // What git keeps for good needs no copy.
    let repo = made();
    repo.palc(&["session", "list"]).ok();
    repo.git(&["add", "notes.md"]);
    repo.git(&["commit", "--quiet", "--message", "notes"]);
    repo.palc(&["generate", "Sort mail", "--context", "notes.md"]).ok();
    let copies = std::fs::read_dir(repo.path("sessions/context")).unwrap().count();
    assert_eq!(copies, 1, "the copy of the first session only");
    assert_eq!(
        repo.palc(&["session", "show", "generated/sort-mail/a-1", "--context", "--json"]).json()["data"][0]["text"],
        "The queues are billing and bugs.\n"
    );
}

#[test]
fn a_family_is_known_by_ids() {
    let repo = made();
    repo.palc(&["mv", "generated/sort-tickets/a-1", "begin"]).ok();
    repo.palc(&["cp", "generated/sort-tickets/b-1", "mine"]).ok();
    assert_snapshot!(repo.palc(&["lineage", "generated/sort-tickets/b-1"]), @"");
    let of = |name: &str| repo.palc(&["lineage", name, "--json"]).json();
    assert_eq!(of("begin")["data"]["children"].as_array().unwrap().len(), 2);
    assert_eq!(of("mine")["data"]["parents"][1]["name"], "begin");
    repo.palc(&["rm", "begin"]).ok();
    assert_snapshot!(repo.palc(&["lineage", "mine"]), @"");
}

#[test]
fn a_session_is_made_again_with_the_same_bytes() {
    let repo = made();
    let asked = |arguments: &[&str]| {
        let planned = repo.palc(&[arguments, &["--dry-run", "--json"]].concat()).json();
        planned["data"]["planned"].clone()
    };
    let first = asked(&["generate", "Sort tickets", "--context", "notes.md", "-n", "2"]);
    // Whatever has changed since: settings, phases, context, other prompts.
    repo.commit("all");
    repo.write("notes.md", "Something else.\n");
    repo.write("palc.toml", "[generation]\nmodel = \"nowhere/x\"\ncount = 7\n");
    repo.write("phases/a.md", "---\nkind: phase\n---\nuser:\nOther {{ input }}\n");
    let again = asked(&["regenerate", "generated/sort-tickets/b-2"]);
    assert_eq!(again[0]["messages"], first[0]["messages"]);
    assert_snapshot!(repo.palc(&["regenerate", "generated/sort-tickets/b-2"]), @"");
}
