use insta::assert_snapshot;

use crate::harness::Repo;

fn shop() -> Repo {
    let repo = Repo::new();
    repo.write(
        "examples/tickets.yaml",
        "# Real tickets.\n- input: I was charged twice # March\n  output: {queue: billing}\n\
         - input: The app crashes on start\n  output: {queue: bug}\n- input: Where is my order?\n  output: {queue: other}\n",
    );
    repo.write("prompts/triage.md", "system:\nYou route tickets.\n\nuser:\n{{ ticket }}\n");
    repo
}

#[test]
fn lists_sets_and_their_examples() {
    let repo = shop();
    assert_snapshot!(Repo::new().palc(&["examples", "list"]), @"
    --- stderr
    no sets of examples
    hint: make one: palc examples add NAME --input … --output …
    ");
    repo.write("examples/mail/polite.csv", "input,output\nhi,Dear\n")
        .write("examples/broken.jsonl", "{\"input\": 1}\n");
    assert_snapshot!(repo.palc(&["examples", "list"]), @"
    mail/polite  1 example   examples/mail/polite.csv
    tickets      3 examples  examples/tickets.yaml
    --- stderr
    examples/broken.jsonl: warning: row 1 of examples/broken.jsonl, in line 1, has no `output` [examples]
    ");
    assert_snapshot!(repo.palc(&["examples", "list", "tickets"]), @r#"
    1  I was charged twice       -> {"queue":"billing"}
    2  The app crashes on start  -> {"queue":"bug"}
    3  Where is my order?        -> {"queue":"other"}
    "#);
    assert_snapshot!(repo.palc(&["examples", "list", "ticket"]), @"
    --- stderr
    error: there is no set of examples `ticket`
    hint: did you mean `tickets`?
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["examples", "list", "nowhere.csv"]), @"
    --- stderr
    error: cannot read nowhere.csv
      because: No such file or directory (os error 2)
    --- exit 5
    ");
    let json = repo.palc(&["examples", "list", "tickets", "--json"]).json();
    assert_eq!(json["data"][0]["examples"][1]["output"]["queue"], "bug");
    assert_eq!(repo.palc(&["examples", "list", "--json"]).json()["data"][0]["count"], 1);
}

#[test]
fn adds_as_the_file_is_written() {
    let repo = shop();
    let add = ["examples", "add", "tickets", "--input", "Refund: please", "--output", "billing"];
    assert_snapshot!(repo.palc(&[&add[..], &["--dry-run"]].concat()), @r#"
    would change examples/tickets.yaml
    @@ -6,2 +6,4 @@
     - input: Where is my order?
       output: {queue: other}
    +- input: "Refund: please"
    +  output: billing
    --- stderr
    would add 1 example to examples/tickets.yaml
    "#);
    assert!(!repo.read("examples/tickets.yaml").contains("Refund"));
    assert_snapshot!(repo.palc(&add), @"
    --- stderr
    added 1 example to examples/tickets.yaml
    ");
    assert_snapshot!(repo.read("examples/tickets.yaml"), @r#"
    # Real tickets.
    - input: I was charged twice # March
      output: {queue: billing}
    - input: The app crashes on start
      output: {queue: bug}
    - input: Where is my order?
      output: {queue: other}
    - input: "Refund: please"
      output: billing
    "#);
    let json = repo.palc(&["examples", "add", "tickets", "--input", "Hello", "--output", "other", "--json"]).json();
    assert_eq!((&json["data"]["added"][0]["row"], &json["data"]["written"]), (&5.into(), &true.into()));
    assert_eq!(repo.palc(&["examples", "add", "new/set", "--input", "a", "--output", "@nowhere"]).code, Some(5));
    assert_snapshot!(repo.palc(&["examples", "add", "new/set", "--input", "a", "--output", "b", "--id", "first"]), @"
    --- stderr
    added 1 example to examples/new/set.yaml
    ");
    assert_snapshot!(repo.read("examples/new/set.yaml"), @"
    - id: first
      input: a
      output: b
    ");
}

#[test]
fn refuses_what_the_set_asks_already() {
    let repo = shop();
    repo.write("more.jsonl", "{\"input\": \"i was  CHARGED twice\", \"output\": {\"queue\": \"bug\"}}\n{\"input\": \"new\", \"output\": 1}\n{\"input\": {\"t\": \"New\"}, \"output\": 1}\n");
    let before = repo.read("examples/tickets.yaml");
    assert_snapshot!(repo.palc(&["examples", "add", "tickets", "more.jsonl"]), @r#"
    --- stderr
    error: nothing was added, because the set has these already
    examples/tickets.yaml:2:1: error: `i was CHARGED twice` is example 1 already, with another output [duplicate-example]
       2 | - input: I was charged twice # March
           ^
    what is added: error: `{"t":"New"}` comes twice, as 2 and 3 [duplicate-example]
    hint: --skip-known adds the others
    --- exit 1
    "#);
    assert_eq!(repo.read("examples/tickets.yaml"), before);
    assert_snapshot!(repo.palc(&["examples", "add", "tickets", "more.jsonl", "--skip-known"]), @"
    --- stderr
    added 1 example to examples/tickets.yaml, and left out 2 that it has
    ");
    assert!(repo.read("examples/tickets.yaml").starts_with(&before));
}

#[test]
fn takes_examples_from_standard_input() {
    let repo = shop();
    let add = |set: &str, input: &str| repo.palc_with_input(&["examples", "add", set, "-"], input);
    assert_snapshot!(add("a.csv", "[{\"input\": \"a, b\", \"output\": 1}]"), @"
    --- stderr
    added 1 example to a.csv
    ");
    assert_snapshot!(add("a.csv", "- input: c\n  output: [1]\n"), @"
    --- stderr
    error: a table such as a.csv holds texts, and no lists or maps
    hint: keep such examples in a .yaml or .jsonl file
    --- exit 3
    ");
    assert_snapshot!(add("a.csv", "- input: c\n"), @"
    --- stderr
    error: row 1 of standard input, in line 1, has no `output`
    hint: a set lists examples, each with `input` and `output`
    --- exit 3
    ");
    std::fs::create_dir(repo.path("deep")).unwrap();
    let outside = ["examples", "add", "../../out.csv", "--input", "a", "--output", "b"];
    assert_snapshot!(repo.palc_in("deep", &outside), @"
    --- stderr
    error: ../../out.csv is outside the repository
    --- exit 2
    ");
    assert_eq!(repo.palc_in("deep", &["examples", "list", "../a.csv"]).code, Some(0));
    assert_eq!(repo.read("a.csv"), "input,output\n\"a, b\",1\n");
}

#[test]
fn picks_the_most_alike_and_never_the_case() {
    let repo = shop();
    let pick = |arguments: &[&str]| repo.palc(&[&["examples", "pick", "tickets"], arguments].concat());
    assert_snapshot!(pick(&["--for", "the app was charged twice on start", "-n", "2"]), @r#"
    1  37%  I was charged twice       -> {"queue":"billing"}
    2  50%  The app crashes on start  -> {"queue":"bug"}
    "#);
    assert_snapshot!(pick(&["--for", " THE APP  crashes on start"]), @r#"
    1  0%  I was charged twice  -> {"queue":"billing"}
    3  0%  Where is my order?   -> {"queue":"other"}
    --- stderr
    left out: example 2, which would give the answer away
    "#);
    assert_snapshot!(pick(&["--for", "{\"ticket\": \"where is my order?\"}", "--by", "first", "--except", "I was charged twice"]), @r#"
    2  0%  The app crashes on start  -> {"queue":"bug"}
    --- stderr
    left out: examples 1, 3, which would give the answer away
    "#);
    let seeded = |seed: &str| pick(&["--for", "x", "-n", "1", "--by", "random", "--seed", seed]).ok();
    assert_eq!(seeded("1"), seeded("1"));
    assert!(["2", "3", "4", "5"].iter().any(|seed| seeded(seed) != seeded("1")));
    let json = pick(&["--for", "where is my order?", "--json"]).json();
    assert_eq!((&json["data"]["of"], &json["data"]["left_out"][0]["row"]), (&3.into(), &3.into()));
}

#[test]
fn a_rendered_case_is_not_shown_its_own_answer() {
    let repo = shop();
    repo.write("cases.csv", "ticket,expected\nthe app CRASHES on start,bug\nmy order was charged,billing\n");
    let render = ["render", "triage", "--data", "cases.csv", "--examples", "tickets", "--pick", "1"];
    assert_snapshot!(repo.palc(&render), @r#"
    === row 1 (line 2)
    system:
    You route tickets.

    user:
    I was charged twice

    assistant:
    {"queue":"billing"}

    user:
    the app CRASHES on start
    === row 2 (line 3)
    system:
    You route tickets.

    user:
    I was charged twice

    assistant:
    {"queue":"billing"}

    user:
    my order was charged
    "#);
    assert_snapshot!(repo.palc(&["render", "triage", "--var", "ticket=x", "--examples", "tickets:2", "--pick", "1"]), @"
    --- stderr
    error: 2 examples or 1?
    hint: leave one of them out
    --- exit 2
    ");
}
