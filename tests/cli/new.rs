use insta::assert_snapshot;

use crate::harness::Repo;

#[test]
fn makes_a_prompt_with_a_fresh_id() {
    let repo = Repo::new();
    let arguments = [
        "new",
        "support/triage",
        "--tag",
        "support",
        "--description",
        "Sort: fast",
        "--model",
        "openai/gpt-4o-mini",
        "--param",
        "temperature=0.2",
        "--set",
        "custom.tone=warm",
        "--from-file",
        "-",
    ];
    assert_snapshot!(repo.palc_with_input(&arguments, "system:\r\nHi"), @"
    created prompts/support/triage.md
    --- stderr
    hint: palc edit support/triage opens it
    ");
    assert_snapshot!(repo.read("prompts/support/triage.md").escape_debug().to_string(), @r#"---\r\nid: km4y8fqk\r\ndescription: \"Sort: fast\"\r\ntags: [support]\r\nmodel: openai/gpt-4o-mini\r\nparams:\r\n  temperature: 0.2\r\ncustom:\r\n  tone: warm\r\n---\r\nsystem:\r\nHi"#);
}

#[test]
fn never_overwrites() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "mine\n");
    assert_snapshot!(repo.palc(&["new", "a"]), @"
    --- stderr
    error: there is a prompt `a` already, in prompts/a.md
    hint: choose another name, or change that one with `palc edit` or `palc set`
    --- exit 1
    ");
    assert_eq!(repo.read("prompts/a.md"), "mine\n");
}

#[test]
fn a_copy_remembers_its_parent_by_id() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "---\nid: k3v9q2mx\n# why\ntags: [x]\n---\nHi\n");
    repo.palc(&["cp", "a", "b/c"]).ok();
    assert_snapshot!(repo.read("prompts/b/c.md"), @"
    ---
    id: km4y8fqk
    # why
    tags: [x]
    origin:
      source_type: forked
      parent: k3v9q2mx@64322edc6ce3
    ---
    Hi
    ");
}

#[test]
fn kinds_and_wrong_names() {
    let repo = Repo::new();
    repo.palc(&["new", "x/tone", "--kind", "partial"]).ok();
    assert!(repo.read("prompts/x/_tone.md").contains("kind: partial"));
    assert_snapshot!(repo.palc(&["new", "x", "--kind", "promt"]), @"
    --- stderr
    error: `promt` is not a kind of prompt
    hint: use prompt, partial, judge, agent, skill, command, rule, persona, phase
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["new", "../x"]), @"
    --- stderr
    error: `../x` cannot be a name: `..` starts or ends with a dot
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["new", "x", "--param", "temperature=9"]), @"
    --- stderr
    error: nothing was changed, because this would be wrong afterwards
    prompts/x.md:4:16: error: `params.temperature` must be 0 to 2, and is 9 [out-of-range]
       4 |   temperature: 9
                          ^
    --- exit 3
    ");
    assert!(!repo.exists("prompts/x.md"));
}

#[test]
fn twelve_folders_deep() {
    let repo = Repo::new();
    let name = "a/b/c/d/e/f/g/h/i/j/k/l/m";
    repo.palc(&["new", name]).ok();
    assert_eq!(repo.palc(&["list", "--format", "names"]).ok(), format!("{name}\n"));
    repo.palc(&["mv", "a/b", "z"]).ok();
    assert_eq!(repo.palc(&["list", "--format", "names"]).ok(), "z/c/d/e/f/g/h/i/j/k/l/m\n");
}

#[test]
fn prints_json() {
    let object = Repo::new().palc(&["new", "a", "--json"]).json();
    assert_eq!(object["data"]["files"][0]["path"], "prompts/a.md");
    assert_eq!(object["data"]["written"], true);
}
