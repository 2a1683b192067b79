use insta::assert_snapshot;

use crate::harness::Repo;

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
    assert_snapshot!(repo.palc(&["search", "--text", "colour:red ticket"]), @"");
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
        repo.palc(&["search", "--text", "--format", "names", "-n3", "--offset", offset, "same words"]).stdout.to_owned()
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
