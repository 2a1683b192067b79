use std::fs;

use insta::assert_snapshot;

use crate::harness::Repo;

#[test]
fn makes_a_repository_and_is_done_the_second_time() {
    let repo = Repo::without_git();
    assert_snapshot!(repo.palc(&["init"]), @"
    created .git
    created palc.toml
    created prompts/hello.md
    created .gitattributes
    extended .git/config
    --- stderr
    hint: palc show hello shows the first prompt, palc render hello --var name=Ada renders it
    hint: palc init --schema lets editors complete and check palc.toml
    ");
    assert_eq!(repo.git(&["status", "--porcelain"]), "?? .gitattributes\n?? palc.toml\n?? prompts/\n");
    let before = repo.read("palc.toml");
    assert_snapshot!(repo.palc(&["init"]), @"
    kept palc.toml
    kept .gitattributes
    kept .git/config
    --- stderr
    everything is there already
    ");
    assert_eq!(repo.read("palc.toml"), before);
    assert_snapshot!(repo.palc(&["show", "hello"]), @r"
    hello
    description  A first prompt, to be changed or removed
    id           km4y8fqk
    file         prompts/hello.md

    system:
    You greet people in one friendly sentence.

    user:
    Please greet {{ name }}.
    ");
}

#[test]
fn keeps_what_is_there() {
    let repo = Repo::new();
    repo.write("palc.toml", "model = 'x/y'\n").write("prompts/a.md", "Hi\n");
    repo.write(".gitattributes", "*.png binary\r\nevents/**/*.jsonl -diff");
    assert_snapshot!(repo.palc(&["init", "--dry-run"]), @"
    kept palc.toml
    would extend .gitattributes
    would extend .git/config
    ");
    assert_snapshot!(repo.palc_in("prompts", &["init", "--json"]), @r#"
    {
      "schema": "palc.init.v1",
      "data": {
        "root": "$TMP/repo",
        "steps": [
          {
            "path": "palc.toml",
            "done": "kept"
          },
          {
            "path": ".gitattributes",
            "done": "extended"
          },
          {
            "path": ".git/config",
            "done": "extended"
          }
        ],
        "written": true
      },
      "findings": []
    }
    "#);
    assert_eq!(repo.read("palc.toml"), "model = 'x/y'\n");
    assert_eq!(
        repo.read(".gitattributes"),
        "*.png binary\r\nevents/**/*.jsonl -diff\r\nprompts/** diff=palc merge=palc\r\nlabels.yaml merge=palc\r\n"
    );
}

#[test]
fn a_new_folder_gets_a_repository_of_its_own() {
    let repo = Repo::new();
    assert_snapshot!(repo.palc(&["init", "new/place", "--schema"]), @"
    created .git
    created .palc.schema.json
    created palc.toml
    created prompts/hello.md
    created .gitattributes
    extended .git/config
    --- stderr
    hint: cd new/place
    hint: palc show hello shows the first prompt, palc render hello --var name=Ada renders it
    ");
    assert!(repo.exists("new/place/.git/HEAD") && !repo.exists("palc.toml"));
    assert!(repo.read("new/place/palc.toml").starts_with("#:schema ./.palc.schema.json\n"));
    let schema: serde_json::Value = serde_json::from_str(&repo.read("new/place/.palc.schema.json")).unwrap();
    assert!(schema["definitions"]["settings"]["properties"]["render"].is_object());
}

#[test]
fn a_bare_repository_has_nothing_to_set_up() {
    let repo = Repo::without_git();
    repo.git(&["init", "--quiet", "--bare"]);
    assert_snapshot!(repo.palc(&["init"]), @r"
    --- stderr
    error: a bare repository has no files, so there is nothing to set up
    hint: run `palc init` in a clone of it
    --- exit 3
    ");
    assert!(fs::metadata(repo.path("palc.toml")).is_err());
}
