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

/// Two sides, told apart from the base by replacing words.
fn sides(base: &str, ours: &[(&str, &str)], theirs: &[(&str, &str)]) -> String {
    let with = |edits: &[(&str, &str)]| edits.iter().fold(base.to_owned(), |text, (from, to)| text.replace(from, to));
    show(base, &with(ours), &with(theirs))
}

const SECTIONS: &str = "# Role\nYou help.\n# Rules\n- Be kind.\n- Be short.\n# End\nBye.\n";

#[test]
fn sections_of_both_sides_go_together_unless_they_are_the_same() {
    let own =
        sides(SECTIONS, &[("You help.", "You serve."), ("kind", "kinder")], &[("short", "shorter"), ("Bye", "Ciao")]);
    insta::assert_snapshot!(own, @"
    # Role
    You serve.
    # Rules
    - Be kinder.
    - Be shorter.
    # End
    Ciao.
    ");
    let same = sides(SECTIONS, &[("You help.", "You serve.")], &[("You help.", "You assist."), ("Bye", "Ciao")]);
    insta::assert_snapshot!(same, @"
    # Role
    <<<<<<< ours
    You serve.
    =======
    You assist.
    >>>>>>> theirs
    # Rules
    - Be kind.
    - Be short.
    # End
    Ciao.
    !! Body { message: None } at 2
    ");
}

#[test]
fn a_field_that_one_side_removed_and_the_other_changed_is_a_conflict() {
    insta::assert_snapshot!(sides(BASE, &[("tags: [support, routing]  # sorted\n", "")], &[("routing]", "beta]")]), @r#"
    ---
    # who
    id: k3v9q2mx
    <<<<<<< ours
    =======
    tags: [support, beta]  # sorted
    >>>>>>> theirs
    params: {temperature: 0.2, max_tokens: 200}
    ---
    system:
    You route.

    user:
    Ticket: {{ t }}
    !! Field(["tags"]) at 4
    "#);
}

#[test]
fn files_that_both_sides_added_are_merged_by_field() {
    let ours = BASE.replace("0.2", "0.4");
    insta::assert_snapshot!(show("", &ours, BASE), @r#"
    ---
    # who
    id: k3v9q2mx
    tags: [support, routing]  # sorted
    <<<<<<< ours
    params: {temperature: 0.4, max_tokens: 200}
    =======
    params: {temperature: 0.2, max_tokens: 200}
    >>>>>>> theirs
    ---
    system:
    You route.

    user:
    Ticket: {{ t }}
    !! Field(["params"]) at 5
    "#);
}

#[test]
fn endings_marks_and_the_last_newline_are_merged_apart_from_lines() {
    let theirs = BASE.replace("You route.", "You sort.");
    let ours = format!("\u{feff}{}", BASE.replace("[support", "[help").replace('\n', "\r\n").trim_end());
    let merged = show(BASE, &ours, &theirs);
    let expected = theirs.replace("[support", "[help").replace('\n', "\r\n");
    assert_eq!(merged, format!("\u{feff}{}", expected.trim_end()));
}

#[test]
fn what_is_no_valid_yaml_is_merged_by_lines() {
    let odd = "---\na: &x 1\nb: 1\nc: 1\nd: 1\n---\n";
    insta::assert_snapshot!(sides(odd, &[("b: 1", "b: 2")], &[("d: 1", "d: 2")]), @"
    ---
    a: &x 1
    b: 2
    c: 1
    d: 2
    ---
    !! by lines: a front matter is not written so that it can be merged by field
    ");
    let files = Three::new(&b"a: \xff\nb\nc\nd\n"[..], b"a: \xff\nB\xfe\nc\nd\n", b"a: \xff\nb\nc\nD\n");
    assert_eq!(merge("prompts/x.md", files, &Options::default()).bytes, b"a: \xff\nB\xfe\nc\nD\n");
}

#[test]
fn conflicts_can_show_what_both_came_from() {
    let theirs = BASE.replace("200", "300");
    let ours = BASE.replace("200", "400");
    let labels = Three::new("1234", "HEAD", "side").map(str::to_owned);
    let options = Options { labels, marker_size: 9, style: Style::Diff3 };
    let files = Three::new(BASE, ours.as_str(), theirs.as_str()).map(str::as_bytes);
    insta::assert_snapshot!(String::from_utf8(merge("prompts/x.md", files, &options).bytes).unwrap(), @"
    ---
    # who
    id: k3v9q2mx
    tags: [support, routing]  # sorted
    <<<<<<<<< HEAD
    params: {temperature: 0.2, max_tokens: 400}
    ||||||||| 1234
    params: {temperature: 0.2, max_tokens: 200}
    =========
    params: {temperature: 0.2, max_tokens: 300}
    >>>>>>>>> side
    ---
    system:
    You route.

    user:
    Ticket: {{ t }}
    ");
}
