use insta::assert_snapshot;

use crate::harness::Repo;

#[test]
fn a_nested_folder_inherits_and_overrides() {
    let repo = Repo::new();
    repo.write("prompts/support/mail/triage.md", "Hi\n").write("prompts/support/phone.md", "Hi\n");
    assert_snapshot!(repo.palc(&["project", "list"]), @r"
    --- stderr
    there is no project
    hint: make one: palc project new FOLDER --title TITLE
    ");
    assert_snapshot!(
        repo.palc(&["project", "new", "support", "--title", "Support", "--owner", "@help", "--model", "openai/gpt-4o"]),
        @r"
    --- stderr
    set projects.support in $TMP/repo/palc.toml
    hint: palc project show support shows what holds there
    "
    );
    repo.palc(&["project", "new", "support/mail", "--tag", "mail"]).ok();
    repo.palc(&["config", "set", "projects.support/mail.params.temperature", "0.2"]).ok();
    assert_snapshot!(repo.read("palc.toml"), @r#"
    [projects.support]
    title = "Support"
    owners = ["@help"]
    model = "openai/gpt-4o"

    [projects."support/mail"]
    title = "support/mail"
    tags = ["mail"]

    [projects."support/mail".params]
    temperature = 0.2
    "#);
    assert_snapshot!(repo.palc(&["project", "list"]), @r"
    support       2  @help  Support
    support/mail  1  @help  support/mail
    ");
    assert_snapshot!(repo.palc(&["project", "show", "support/mail"]), @r#"
    support/mail (1 prompt)
    model = "openai/gpt-4o"   # palc.toml:4:1, from support
    owners = ["@help"]        # palc.toml:3:1, from support
    params.temperature = 0.2  # palc.toml:11:1
    tags = ["mail"]           # palc.toml:8:1
    title = "support/mail"    # palc.toml:7:1
    "#);
    assert_snapshot!(repo.palc(&["project", "show", "sales"]), @r"
    --- stderr
    error: no project has the folder sales
    hint: there are support, support/mail
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["project", "new", "support/"]), @r"
    --- stderr
    error: there is a project in support already
    hint: change it: palc config set projects.support.title …
    --- exit 1
    ");
}
