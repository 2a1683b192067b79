use insta::assert_snapshot;

use crate::harness::Repo;

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/a.md", "{% include \"_b.md\" %}\n{% include name %}\n{% include \"nope\" %}\n");
    repo.write("prompts/_b.md", "---\nid: b\n---\n{% include \"sub/_c.md\" %}\n");
    repo.write("prompts/sub/_c.md", "leaf\n");
    repo.write("prompts/d.md", "---\nextends: a\n---\n{% block x %}{% endblock %}\n");
    repo
}

#[test]
fn shows_what_a_prompt_needs() {
    assert_snapshot!(repo().palc(&["deps", "a"]), @r#"
    prompts/_b.md      prompts/a.md:1:12
    (computed)         prompts/a.md:2:12
    nope (missing)     prompts/a.md:3:12
    prompts/sub/_c.md  prompts/_b.md:4:12
    --- stderr
    prompts/a.md:3:12: error: there is no file `nope` to include [broken-include]
       3 | {% include "nope" %}
                      ^^^^^^
      hint: looked for prompts/nope, prompts/nope.md, prompts/_nope.md
    "#);
}

#[test]
fn shows_who_needs_it_however_far() {
    assert_snapshot!(repo().palc(&["deps", "sub/_c", "--reverse"]), @"
    prompts/_b.md  prompts/sub/_c.md  prompts/_b.md:4:12
    prompts/a.md   prompts/_b.md      prompts/a.md:1:12
    prompts/d.md   prompts/a.md       prompts/d.md:2:1
    ");
    let json = repo().palc(&["deps", "sub/_c", "--reverse", "--json"]).json();
    assert_eq!(json["data"]["links"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_circle_is_a_finding() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "{% include \"b.md\" %}").write("prompts/b.md", "x\n{% include \"a.md\" %}");
    assert_snapshot!(repo.palc(&["deps", "a"]), @r#"
    prompts/b.md  prompts/a.md:1:12
    prompts/a.md  prompts/b.md:2:12
    --- stderr
    prompts/b.md:2:12: error: files include each other in a circle: prompts/a.md → prompts/b.md → prompts/a.md [cyclic-include]
       2 | {% include "a.md" %}
                      ^^^^^^
      prompts/a.md:1:12: `prompts/b.md` is included here
      hint: take one of these includes out
    "#);
}
