use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use insta::assert_snapshot;

use crate::harness::Repo;
use crate::harness::model_server::{Answer, Asked, ModelServer, error};

fn support() -> Repo {
    let repo = Repo::new();
    repo.write(
        "prompts/support/triage.md",
        "---\ntitle: Ticket triage\ndescription: Sort an incoming ticket into one queue\ntags: [support, routing]\n---\nsystem:\nYou route support tickets.\n\nuser:\nTicket: {{ ticket }}\n",
    )
    .write(
        "prompts/support/calm.md",
        "---\ndescription: Answer somebody who is upset\ntags: [support]\n---\nCalm the angry customer.\nOffer a refund only by the refund policy.\n",
    )
    .write("prompts/code/review.md", "---\ndescription: Review a change of code\nstatus: draft\n---\nFind mistakes in {{ diff }}.\n")
    .write("prompts/code/getUserName.md", "Explain the method getUserName.\n");
    repo
}

#[test]
fn finds_by_any_words_and_shows_where() {
    assert_snapshot!(support().palc(&["search", "--text", "angry", "customer"]), @"
    support/calm  Answer somebody who is upset
      prompts/support/calm.md:5: Calm the angry customer.
    ");
}

#[test]
fn forgives_typing_errors_and_endings() {
    let repo = support();
    assert_eq!(repo.palc(&["search", "--text", "--format", "names", "-n1", "angri custmer"]).ok(), "support/calm\n");
    assert_eq!(
        repo.palc(&["search", "--text", "--format", "names", "-n1", "refunding policies"]).ok(),
        "support/calm\n"
    );
    assert_eq!(
        repo.palc(&["search", "--text", "--format", "paths", "-n1", "user name"]).ok(),
        "prompts/code/getUserName.md\n"
    );
}

#[test]
fn the_query_may_hold_conditions() {
    let repo = support();
    let found = |query: &str| repo.palc(&["search", "--text", "--format", "names", query]).stdout;
    assert_eq!(found("\"refund policy\""), "support/calm\n");
    assert_eq!(found("\"policy refund\""), "");
    assert_eq!(found("tag:support -refund"), "support/triage\n");
    assert_eq!(found("tag:routing"), "support/triage\n");
    assert_eq!(found("title:customer"), "");
    assert_eq!(found("tick*"), "support/triage\n");
    assert_eq!(found("custmer~ +policy"), "support/calm\n");
    assert_snapshot!(repo.palc(&["search", "--text", "colour:red ticket"]), @"
    support/triage  Sort an incoming ticket into one queue
      prompts/support/triage.md:7: You route support tickets.
    --- stderr
    hint: `colour:` names no part of a prompt, so it was taken as a word; the parts are name, title, description, tag, input, body
    ");
}

#[test]
fn filters_choose_before_the_best_are_taken() {
    let repo = support();
    let found = |more: &[&str]| {
        let arguments = [&["search", "--text", "--format", "names", "a ticket, a customer, a change"], more].concat();
        repo.palc(&arguments).stdout
    };
    assert_eq!(found(&["--status", "draft", "-n1"]), "code/review\n");
    assert_eq!(found(&["--in", "code/*", "-n1"]), "code/review\n");
    assert_eq!(found(&["--tag", "routing"]), "support/triage\n");
    assert_eq!(found(&["--where", "custom.none=1"]), "");
}

#[test]
fn pages_are_disjoint_and_complete() {
    let repo = Repo::new();
    for number in 0..7 {
        repo.write(&format!("prompts/p{number}.md"), "The same words everywhere.\n");
    }
    let page = |offset: &str| {
        repo.palc(&["search", "--text", "--format", "names", "-n3", "--offset", offset, "same words"]).stdout
    };
    assert_eq!(["0", "3", "6"].map(page).concat(), "p0\np1\np2\np3\np4\np5\np6\n");
    assert_eq!(page("9"), "");
}

#[test]
fn an_edit_counts_at_once_and_old_revisions_answer() {
    let repo = support();
    repo.commit("One");
    repo.write("prompts/support/calm.md", "Soothe the furious client.\n");
    let found =
        |arguments: &[&str]| repo.palc(&[&["search", "--text", "--format", "names"], arguments].concat()).stdout;
    assert_eq!(found(&["furious"]), "support/calm\n");
    assert_eq!(found(&["+angry"]), "");
    assert_eq!(found(&["--rev", "HEAD", "+angry"]), "support/calm\n");
    assert_eq!(found(&["--rev", "HEAD", "+furious"]), "");
    repo.git(&["stash"]);
    assert_eq!(found(&["+angry"]), "support/calm\n");
    repo.git(&["mv", "prompts/support/calm.md", "prompts/support/soothe.md"]);
    assert_eq!(found(&["+angry"]), "support/soothe\n");
}

#[test]
fn why_each_was_found_can_be_asked() {
    let repo = support();
    assert_snapshot!(repo.palc(&["search", "--text", "--explain", "-n2", "code review"]), @"
    code/review  Review a change of code
      prompts/code/review.md:5: Find mistakes in {{ diff }}.
      score 11.800: its name says just this, words 0.500, letters 1.000, close together 0.300; holds code, review

    code/getUserName
      prompts/code/getUserName.md:1: Explain the method getUserName.
      score 0.237: words 0.049, letters 0.188; holds code
    --- stderr
    hint: there are more: --offset 2 shows the next
    ");
    assert_snapshot!(repo.palc(&["search", "--text", "--json", "-n1", "angry"]).json(), @r#"{"schema":"palc.search.v1","data":{"hits":[{"name":"support/calm","path":"prompts/support/calm.md","description":"Answer somebody who is upset","score":1.5,"why":{"words":0.5,"letters":1.0,"meaning":0.0,"near":0.0,"named":false},"matched":["angri"],"snippet":{"line":5,"text":"Calm the angry customer.","marks":[[9,14]]}}],"more":false,"notes":[]},"findings":[]}"#);
}

#[test]
fn nothing_found_is_a_no_and_nothing_asked_a_mistake() {
    let repo = support();
    assert_snapshot!(repo.palc(&["search", "--text", "zzzz"]), @"
    --- stderr
    nothing found
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["search", " "]), @r#"
    --- stderr
    error: there is nothing to search for
    hint: palc search "calm an angry customer"
    --- exit 2
    "#);
    assert_snapshot!(repo.palc(&["search", "x", "--rev", "nowhere"]), @r#"
    --- stderr
    error: git knows no revision `nowhere` here
      because: couldn't parse revision, input="nowhere"
      because: Reference "nowhere" could not be found
      because: NotFound
    --- exit 1
    "#);
}

#[test]
fn broken_front_matter_is_found_by_what_can_be_read() {
    let repo = support();
    repo.write(
        "prompts/rule.md",
        "---\nname: Glob rule\nglobs: **/*.ts\ndescription: Use: always\n---\nPrefer interfaces.\n",
    );
    assert_eq!(repo.palc(&["search", "--text", "--format", "names", "-n1", "glob rule interfaces"]).stdout, "rule\n");
}

#[test]
fn what_cannot_be_used_is_set_aside_and_made_anew() {
    let repo = support();
    let first = repo.palc(&["search", "--text", "--json", "angry"]).ok();
    repo.write(".git/palc/search/format", "palc search 999");
    assert_snapshot!(repo.palc(&["search", "--text", "--format", "names", "-n1", "angry"]), @"
    support/calm
    --- stderr
    hint: the search index was made anew: it is of another kind, `palc search 999`
    ");
    repo.write(".git/palc/search/rows", "short");
    assert_snapshot!(repo.palc(&["search", "--text", "--format", "names", "-n1", "angry"]), @"
    support/calm
    --- stderr
    hint: the search index was made anew: it is damaged: Internal error: 'the table `rows` is too short'
    ");
    assert_eq!(repo.palc(&["search", "--text", "--json", "angry"]).ok(), first);
    assert_eq!(repo.git(&["status", "--porcelain", "--", ".git"]), "");
}

#[test]
fn meanings_are_compared_without_a_common_word() {
    let repo = support();
    repo.write("prompts/story.md", "Write a bedtime story about a dragon.\n");
    let found = |query: &str| repo.palc(&["search", "--semantic", "--format", "names", "-n1", query]).ok();
    assert_eq!(found("tale for children at night"), "story\n");
    assert_eq!(found("soothe a furious client"), "support/calm\n");
    assert_eq!(found("inspect a program for bugs"), "code/review\n");
    assert_snapshot!(repo.palc(&["search", "--semantic", "--explain", "-n1", "tale for children at night"]), @"
    story
      prompts/story.md:1: Write a bedtime story about a dragon.
      score 1.000: meaning 1.000, cosine 0.500
    --- stderr
    hint: there are more: --offset 1 shows the next
    ");
}

#[test]
fn a_minimum_of_similarity_is_one_of_meaning_only() {
    let repo = support();
    let near = repo.palc(&["search", "--json", "-n1", "soothe a furious client"]).json();
    let cosine = near["data"]["hits"][0]["why"]["cosine"].to_string();
    let found =
        |least: &str| repo.palc(&["search", "--format", "names", "--min-similarity", least, "soothe a furious client"]);
    assert_eq!(found(&cosine).ok(), "support/calm\n");
    assert_eq!(found("0.99").code, Some(1));
    assert_snapshot!(found("7"), @"
    --- stderr
    error: a similarity is between 0 and 1, and 7 is not
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["search", "--text", "--min-similarity", "0.2", "x"]), @"
    --- stderr
    error: words alone have no similarity that could be at least so much
    --- exit 2
    ");
}

#[test]
fn without_an_embedder_words_are_compared_and_it_is_said() {
    let repo = support();
    let none = ["--config", "search.embedder=none"];
    assert_snapshot!(repo.palc(&[&none[..], &["search", "--format", "names", "-n1", "angry"]].concat()), @"
    support/calm
    --- stderr
    hint: only words were compared
    ");
    assert_snapshot!(repo.palc(&[&none[..], &["search", "--semantic", "angry"]].concat()), @"
    --- stderr
    error: meanings cannot be compared: the setting `search.embedder` is `none`
    hint: palc config set --user search.embedder builtin
    --- exit 1
    ");
    assert_eq!(
        repo.palc(&["search", "--semantic", "--format", "names", "-n1", "soothe a furious client"]).ok(),
        "support/calm\n"
    );
}

#[test]
fn all_of_history_finds_what_was_deleted_long_ago() {
    let repo = support();
    repo.commit("One");
    repo.git(&["rm", "-q", "prompts/support/calm.md"]);
    repo.commit("Two");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.write("prompts/support/triage.md", "Route every zebra to the savanna.\n").commit("Three");
    repo.git(&["checkout", "-q", "main"]);
    let found = |query: &str| repo.palc(&["search", "--all-history", "--text", "--format", "names", query]).stdout;
    assert_eq!(repo.palc(&["search", "--text", "+angry"]).code, Some(1));
    assert_eq!(found("+angry"), "support/calm\n");
    assert_eq!(found("+zebra"), "support/triage\n");
    // One prompt is one hit, however many of its versions fit.
    assert_eq!(found("support route"), "support/triage\nsupport/calm\n");
    let hit =
        repo.palc(&["search", "--all-history", "--text", "--json", "-n1", "zebra"]).json()["data"]["hits"][0].clone();
    assert_eq!(hit["commit"], repo.git(&["rev-parse", "side"]).trim());
    assert_eq!(hit["snippet"]["text"], "Route every zebra to the savanna.");
    // A branch that is gone takes what only it had with it.
    repo.git(&["branch", "-q", "-D", "side"]);
    assert_eq!(found("+zebra"), "");
    repo.write("prompts/new.md", "A quagga.\n").commit("Four");
    assert_eq!(found("+quagga"), "new\n");
    assert_eq!(found("+angry"), "support/calm\n");
}

#[test]
fn time_and_people_are_filters() {
    let mut repo = support();
    repo.write("prompts/support/triage.md", "---\nauthors: [Ada]\n---\nSupport tickets.\n");
    repo.set("GIT_COMMITTER_DATE", "2026-01-05T00:00:00Z").set("GIT_AUTHOR_DATE", "2026-01-05T00:00:00Z");
    repo.commit("One");
    repo.set("GIT_COMMITTER_DATE", "2026-03-05T00:00:00Z").set("GIT_AUTHOR_DATE", "2026-03-05T00:00:00Z");
    repo.write("prompts/late.md", "Support comes late.\n").commit("Two");
    let found =
        |more: &[&str]| repo.palc(&[&["search", "--text", "--format", "names", "+support"], more].concat()).stdout;
    assert_eq!(found(&["--since", "2026-02-01"]), "late\n");
    assert_eq!(found(&["--until", "2026-02-01"]), "support/triage\nsupport/calm\n");
    assert_eq!(found(&["--author", "Ada"]), "support/triage\n");
    assert_eq!(found(&["--all-history", "--since", "2026-02-01"]), "late\n");
}

/// Vectors of as many numbers as are wanted: the first is for anger, the second for code.
fn vectors(asked: &Asked, numbers: usize) -> Answer {
    let body: serde_json::Value = serde_json::from_slice(&asked.body).unwrap();
    let vector = |text: &serde_json::Value| {
        let has = |word: &str| if text.as_str().unwrap().contains(word) { 1.0 } else { 0.0 };
        [[has("angry") + has("furious"), has("code") + has("program")].to_vec(), vec![0.1; numbers - 2]].concat()
    };
    let data: Vec<_> =
        body["input"].as_array().unwrap().iter().map(|text| serde_json::json!({"embedding": vector(text)})).collect();
    Answer::new(200, "application/json", serde_json::json!({"data": data}).to_string())
}

#[test]
fn a_provider_makes_the_vectors_if_the_user_wants_it() {
    let numbers = Arc::new(AtomicUsize::new(3));
    let (wanted, mut repo) = (numbers.clone(), Repo::new());
    for at in 0..70 {
        repo.write(&format!("prompts/more/p{at}.md"), format!("Number {at}.\n"));
    }
    repo.write("prompts/calm.md", "Calm the angry customer.\n").write("prompts/look.md", "Look through the code.\n");
    repo.commit("One");
    let server = ModelServer::start(move |asked| match wanted.load(Ordering::SeqCst) {
        _ if asked.number == 2 => error(asked, 400, "bad", "not now"),
        0 => error(asked, 401, "invalid_api_key", "who are you"),
        numbers => vectors(asked, numbers),
    });
    server.serve(&repo, "openai");
    repo.set("PALC_SEARCH__EMBEDDER", "local:small");
    let search = ["search", "--format", "names", "-n1", "furious people"];
    // Nothing is sent by a search alone, and a clone does not ask for it.
    assert_snapshot!(repo.palc(&search), @"
    calm
    --- stderr
    hint: meanings are compared by the built-in vectors: `palc index update` has not asked local:small for vectors yet
    ");
    assert_eq!(server.count(), 0);
    assert_snapshot!(repo.palc(&["index", "update"]), @"
    --- stderr
    error: local/small: not now (status 400, bad)
    --- exit 4
    ");
    let updated = repo.palc(&["index", "update", "--json"]).json();
    assert_snapshot!(updated["data"]["vectors"][0], @r#"{"model":"local:small","dimensions":3,"documents":72,"bytes":1368,"used":true}"#);
    assert_eq!(server.count(), 4, "one to meet it, two for 72 prompts, and the one that failed");
    assert_snapshot!(repo.palc(&search), @"calm");
    assert_eq!(server.count(), 5);
    repo.palc(&["index", "update"]).ok();
    assert_eq!(server.count(), 5, "there is nothing to do");

    assert_snapshot!(repo.palc(&[&search[..], &["--config", "models.offline=true"]].concat()), @"
    calm
    --- stderr
    hint: meanings are compared by the built-in vectors: local/small: models.offline lets palc connect to nobody
    ");
    numbers.store(0, Ordering::SeqCst);
    assert_snapshot!(repo.palc(&search), @"
    calm
    --- stderr
    hint: meanings are compared by the built-in vectors: local/small: who are you (status 401, invalid_api_key)
    ");
    // Another model under the same name: its vectors are never compared with those of before.
    numbers.store(4, Ordering::SeqCst);
    assert_snapshot!(repo.palc(&search), @"
    calm
    --- stderr
    hint: meanings are compared by the built-in vectors: local:small gives other vectors than before
    ");
    repo.palc(&["index", "update"]).ok();
    assert_snapshot!(repo.palc(&search), @"calm");
    repo.set("PALC_SEARCH__EMBEDDER", "nobody:small");
    assert_snapshot!(repo.palc(&["doctor"]).stdout.lines().find(|line| line.contains("nobody")).unwrap_or_default(), @"  wrong there is no provider `nobody`");
}
