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
    assert_snapshot!(support().palc(&["search", "--text", "angry", "customer"]), @"");
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
    assert_snapshot!(repo.palc(&["search", "--text", "--explain", "-n2", "code review"]), @"");
    assert_snapshot!(repo.palc(&["search", "--text", "--json", "-n1", "angry"]).json(), @"");
}

#[test]
fn nothing_found_is_a_no_and_nothing_asked_a_mistake() {
    let repo = support();
    assert_snapshot!(repo.palc(&["search", "--text", "zzzz"]), @"");
    assert_snapshot!(repo.palc(&["search", " "]), @"");
    assert_snapshot!(repo.palc(&["search", "x", "--rev", "nowhere"]), @"");
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
    assert_snapshot!(repo.palc(&["search", "--text", "--format", "names", "-n1", "angry"]), @"");
    repo.write(".git/palc/search/rows", "short");
    assert_snapshot!(repo.palc(&["search", "--text", "--format", "names", "-n1", "angry"]), @"");
    assert_eq!(repo.palc(&["search", "--text", "--json", "angry"]).ok(), first);
    assert_eq!(repo.git(&["status", "--porcelain", "--", ".git"]), "");
}
