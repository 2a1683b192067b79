use super::*;

/// Merge and show: the text, then one line a conflict.
fn show(base: &str, ours: &str, theirs: &str) -> String {
    let files = Three::new(base, ours, theirs).map(str::as_bytes);
    let merged = merge("prompts/x.md", files, &Options::default());
    let mut text = String::from_utf8(merged.bytes).unwrap();
    for conflict in merged.conflicts {
        text.push_str(&format!("!! {:?} at {}\n", conflict.place, conflict.line));
    }
    if let How::Lines(why) = merged.how {
        text.push_str(&format!("!! by lines: {why}\n"));
    }
    text
}

const BASE: &str = "---\n# who\nid: k3v9q2mx\ntags: [support, routing]  # sorted\nparams: {temperature: 0.2, max_tokens: 200}\n---\nsystem:\nYou route.\n\nuser:\nTicket: {{ t }}\n";

#[test]
fn changes_of_both_sides_go_together() {
    let ours =
        BASE.replace("routing]", "routing, beta]").replace("0.2", "0.4").replace("You route.", "You route well.");
    let theirs = BASE
        .replace("[support, ", "[")
        .replace("200", "300")
        .replace("Ticket:", "The ticket:")
        .replace("# who\n", "# who\ndescription: 'it'\n");
    insta::assert_snapshot!(show(BASE, &ours, &theirs), @"
    ---
    # who
    description: 'it'
    id: k3v9q2mx
    tags: [routing, beta]  # sorted
    params: {temperature: 0.4, max_tokens: 300}
    ---
    system:
    You route well.

    user:
    The ticket: {{ t }}
    ");
}

#[test]
fn a_conflict_stands_inside_its_field() {
    let block = BASE.replace(
        "params: {temperature: 0.2, max_tokens: 200}",
        "params:\n  temperature: 0.2  # low\n  max_tokens: 200\ntext: |\n  one\n  two\n  three",
    );
    let ours = block.replace("0.2", "0.4").replace("  one", "  eins").replace("You route.", "You sort.");
    let theirs = block
        .replace("0.2", "0.7")
        .replace("200", "300")
        .replace("  one", "  un")
        .replace("three", "trois")
        .replace("You route.", "You queue.");
    insta::assert_snapshot!(show(&block, &ours, &theirs), @r#"
    ---
    # who
    id: k3v9q2mx
    tags: [support, routing]  # sorted
    params:
    <<<<<<< ours
      temperature: 0.4  # low
    =======
      temperature: 0.7  # low
    >>>>>>> theirs
      max_tokens: 300
    text: |
    <<<<<<< ours
      eins
    =======
      un
    >>>>>>> theirs
      two
      trois
    ---
    system:
    <<<<<<< ours
    You sort.
    =======
    You queue.
    >>>>>>> theirs

    user:
    Ticket: {{ t }}
    !! Field(["params", "temperature"]) at 6
    !! Field(["text"]) at 13
    !! Body { message: Some("system") } at 22
    "#);
}
