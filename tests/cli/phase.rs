use insta::assert_snapshot;

use crate::harness::Repo;

#[test]
fn three_come_with_palc_and_a_file_adds_one() {
    let repo = Repo::new();
    repo.write("phases/polish.md", "---\nkind: phase\ndescription: Make it shine\nparams: {temperature: 0.1}\n---\nsystem:\nPolish.\n\nuser:\n{{ input }}\n");
    repo.write("phases/README.md", "No phase.\n");
    assert_snapshot!(repo.palc(&["phase", "list"]), @"
    prima-materia  comes with palc   Expand the raw idea into a complete brief
    solutio        comes with palc   Rewrite for natural flow without losing a requirement
    coagulatio     comes with palc   Cut what is redundant and make it ready for production
    polish         phases/polish.md  Make it shine
    ");
    assert_snapshot!(repo.palc(&["phase", "show", "polish"]), @"
    polish # phases/polish.md
    intent       Make it shine
    params       temperature 0.1

    system:
    Polish.

    user:
    {{ input }}
    ");
    // The older words are still understood.
    assert_eq!(
        repo.palc(&["phase", "show", "idea", "--raw"]).ok(),
        repo.palc(&["phase", "show", "prima-materia", "--raw"]).ok()
    );
    assert_eq!(repo.palc(&["phase", "list", "--json"]).json()["data"][3]["name"], "polish");
    assert_eq!(repo.palc(&["phase", "show", "human", "--json"]).json()["data"]["name"], "solutio");
    assert_snapshot!(repo.palc(&["phase", "show", "polsh"]), @"
    --- stderr
    error: there is no phase `polsh`
    hint: did you mean `polish`?
    --- exit 2
    ");
    // A file makes its name a word of the vocabulary.
    repo.write("prompts/a.md", "---\nphase: polish\n---\nHi\n");
    repo.palc(&["check"]).ok();
}
