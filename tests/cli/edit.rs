use insta::assert_snapshot;

use crate::harness::Repo;

#[test]
fn opens_the_editor_and_checks_on_return() {
    let mut repo = Repo::new();
    repo.write("prompts/a.md", "---\nparams: {temperature: 1}\n---\nHi\n");
    assert_snapshot!(repo.palc(&["edit", "a"]), @"
    --- stderr
    error: no editor is known
    hint: set EDITOR, or run `palc config set ui.editor …`
    --- exit 2
    ");
    repo.set("EDITOR", "true");
    assert_snapshot!(repo.palc(&["edit", "a"]), @"
    --- stderr
    nothing was changed
    ");
    repo.set("VISUAL", "sed -i s/1/9/");
    assert_snapshot!(repo.palc(&["edit", "a"]), @"
    --- stderr
    prompts/a.md:2:23: error: `params.temperature` must be 0 to 2, and is 9 [out-of-range]
       2 | params: {temperature: 9}
                                 ^
    --- exit 1
    ");
    assert!(repo.read("prompts/a.md").contains("temperature: 9"));
    repo.set("VISUAL", "sed -i s/9/2/");
    let json = repo.palc(&["edit", "a", "--json"]).json();
    assert_eq!((&json["data"]["path"], &json["data"]["changed"]), (&"prompts/a.md".into(), &true.into()));
    repo.set("VISUAL", "false");
    assert_snapshot!(repo.palc(&["edit", "a"]), @"
    --- stderr
    error: the editor `false` ended with exit status: 1
    --- exit 5
    ");
}
