use insta::assert_snapshot;

use crate::harness::Repo;

#[test]
fn four_come_with_palc_and_a_file_adds_one() {
    let repo = Repo::new();
    assert_snapshot!(repo.palc(&["persona", "list"]), @"
    generic   comes with palc  Any task that no other persona fits better
    code      comes with palc  Prompts about software, for writing it, reading it and changing it
    writing   comes with palc  Prompts for texts that people read
    analysis  comes with palc  Prompts that weigh evidence and come to a conclusion
    ");
    assert_snapshot!(repo.palc(&["persona", "new", "research", "--description", "Prompts for finding out"]), @"
    created personas/research.md
    --- stderr
    hint: write it in personas/research.md; palc generate … --persona research uses it
    ");
    assert_snapshot!(repo.palc(&["persona", "new", "research"]), @"
    --- stderr
    error: there is a persona `research` already, in personas/research.md
    hint: change that file
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["persona", "new", "../x"]), @"
    --- stderr
    error: `../x` cannot be a name: `..` starts or ends with a dot
    --- exit 2
    ");
    let own = repo.read("personas/research.md").replace("You write prompts for …", "You dig.");
    repo.write("personas/research.md", own);
    assert_snapshot!(repo.palc(&["persona", "show", "research", "--target-model", "gpt-4o"]), @"
    research # personas/research.md
    description  Prompts for finding out
    reasoning    chain

    You dig.

    for gpt
      structure  Use Markdown headings for the parts (Role, Task, Input, Rules, Output), lists for rules, and triple quotes or fences around material.
      reasoning  Where the task takes more than one step, have the model think step by step before it answers.
      examples   Give examples as pairs of input and output under one heading, in exactly the form the answer must have.
      and        Resolve conflicts between instructions in the text itself; later ones tend to win over earlier ones.
      and        Give the form of the output as a schema or a template to fill in.
    ");
    let shown = repo.palc(&["persona", "show", "code", "--json"]).json();
    assert_eq!(shown["data"]["layouts"].as_array().unwrap().len(), 5);
    assert_eq!(repo.palc(&["persona", "list", "--json"]).json()["data"][4]["built_in"], false);
}

#[test]
fn a_file_of_the_same_name_wins_and_must_be_in_order() {
    let repo = Repo::new();
    repo.write(
        "personas/code.md",
        "---\nkind: persona\ngeneration:\n  reasoning: sideways\n  weights: {clarity: 3}\n---\nMine.\n",
    );
    assert_snapshot!(repo.palc(&["persona", "show", "code"]), @"
    --- stderr
    error: personas/code.md is not in order
    personas/code.md:4:14: error: `generation.reasoning` cannot be `sideways` [wrong-value]
       4 |   reasoning: sideways
                        ^^^^^^^^
      hint: use one of chain, structured-chain, chain-of-code, direct
    personas/code.md:5:22: error: `generation.weights.clarity` must be 0 to 1, and is 3 [out-of-range]
       5 |   weights: {clarity: 3}
                                ^
    --- exit 3
    ");
    repo.write("personas/code.md", "---\nkind: persona\n---\nMine.\n");
    assert_snapshot!(repo.palc(&["persona", "show", "code", "--target-model", "grok"]), @"
    code # personas/code.md

    Mine.

    for grok
      structure  State the task in the first line, then goals, limits and dependencies under headings or tags, with the material each of them needs.
      reasoning  Where the task needs thought, ask for a plan first and for a check of the result against it at the end.
      examples   Give one complete example of a good answer; name what makes it good.
      and        Say how certain an answer must be, and what to do where sources disagree or are old.
      and        Set the tone outright where it must be neutral or formal.
    ");
    assert_snapshot!(repo.palc(&["persona", "show", "cod"]), @"
    --- stderr
    error: there is no persona `cod`
    hint: did you mean `code`?
    hint: `palc persona new NAME` begins one
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["persona", "show", "code", "--target-model", "gpd"]), @"
    --- stderr
    error: `gpd` is no family of models, nor a model of one
    hint: did you mean `gpt`?
    --- exit 2
    ");
}
