use insta::assert_snapshot;

use crate::harness::Repo;

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write(
        "prompts/a.md",
        "---\ninput:\n  schema: {ticket: string, size?(enum): [s, l], old: string}\n  default: {queues: [x]}\n---\n\
         {{ ticket }} {{ ticket | upper }} {% for q in queues %}{{ q }}{% endfor %}\n\
         {{ size | default(\"s\") }} {{ who.name }}\n{% include \"_b.md\" %}\n",
    );
    repo.write("prompts/_b.md", "{% if extra %}{{ extra }}{% endif %}{{ deep }}\n");
    repo
}

#[test]
fn lists_what_is_declared_and_what_is_used() {
    assert_snapshot!(repo().palc(&["vars", "a"]), @r#"
    ticket  string   required       prompts/a.md:6:4 and 1 more
    size    "s"|"l"  optional       prompts/a.md:7:4
    old     string   required       unused
    queues           default ["x"]  prompts/a.md:6:47
    who              required       undeclared; prompts/a.md:7:30
    extra            optional       undeclared; prompts/_b.md:1:7 and 1 more
    deep             required       undeclared; prompts/_b.md:1:40
    "#);
}

#[test]
fn tells_programs_the_same() {
    let json = repo().palc(&["vars", "a", "--json"]).json();
    assert_eq!(json["data"]["complete"], true);
    assert_eq!(json["data"]["variables"][0]["uses"][1]["place"]["column"], 17);
}

#[test]
fn says_when_there_may_be_more() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "{% include name %}{{ x \n");
    assert_snapshot!(repo.palc(&["vars", "a"]), @"
    There may be more: an include is computed, missing or cannot be read.
    --- stderr
    prompts/a.md:1:22: error: this is not a valid template: unexpected end of input, expected end of variable block [template-syntax]
       1 | {% include name %}{{ x 
                                ^
      hint: text that is no template goes between `{% raw %}` and `{% endraw %}`, or set `template: {engine: none}`
    ");
}
