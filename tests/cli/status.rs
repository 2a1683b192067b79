use insta::assert_snapshot;

use crate::harness::Repo;

fn repo() -> Repo {
    let repo = Repo::new();
    for name in ["a", "b", "c", "d", "e"] {
        repo.write(&format!("prompts/{name}.md"), format!("---\nid: {name}1\ntags: [x]\n---\nSay {name} loudly.\n"));
    }
    repo.write("notes.txt", "x").write(".gitignore", "*.local.md\n");
    repo.commit("Begin");
    repo
}

#[test]
fn tells_what_is_staged_and_what_kind_of_change_it_is() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["status"]), @"
    --- stderr
    on branch main; every prompt is as in the last commit
    ");
    repo.write("prompts/a.md", "---\nid: a1\ntags: [x, z]\n---\nSay a loudly.\n");
    repo.git(&["mv", "prompts/b.md", "prompts/bee.md"]);
    repo.write("prompts/c.md", "---\nid: c1\ntags: [x]\n---\nSay c softly.\n");
    repo.git(&["add", "prompts/c.md"]);
    repo.write("prompts/c.md", "---\nid: c1\nversion: 1.10\ntags: [x]\n---\nSay c very softly.\n");
    repo.git(&["rm", "--quiet", "prompts/d.md"]);
    repo.write("prompts/new/f.md", "Hi {{ who }}\n").write("prompts/x.local.md", "ignored");
    repo.write("prompts/new/g.md", "---\nid: g1\n---\nBye\n");
    repo.git(&["add", "--intent-to-add", "prompts/new/g.md"]);
    repo.write("prompts/e.md", "Say e\n");
    repo.git(&["add", "prompts/e.md"]);
    repo.write("prompts/e.md", "---\nid: e1\ntags: [x]\n---\nSay e loudly.\n");
    assert_snapshot!(repo.palc(&["status"]), @"
    not staged      a        cosmetic   tags +z
    staged          b → bee  breaking   renamed from b
    staged in part  c        behaviour  version 1.10, text reworded
    staged          d        breaking   removed
    staged in part  e        unchanged  staged, and undone in the work tree
    untracked       new/f    behaviour  new prompt
    untracked       new/g    behaviour  new prompt
    prompts/c.md:3:10: warning: `version` is text here, and other programs read `1.10` as a number [retyped-scalar]
    --- stderr
    on branch main
    1 of them has no id yet; `palc commit` stamps it
    ");
    let json = repo.palc(&["status", "--json", "c"]).json();
    assert_eq!(json["data"]["prompts"][0]["staged"], true);
    assert_eq!(json["findings"][0]["rule"], "retyped-scalar");
}

#[test]
fn line_endings_that_git_converts_are_no_change() {
    let repo = repo();
    repo.git(&["config", "core.autocrlf", "true"]);
    repo.write("prompts/a.md", "---\r\nid: a1\r\ntags: [x]\r\n---\r\nSay a loudly.\r\n");
    assert_snapshot!(repo.palc(&["status"]), @"
    --- stderr
    on branch main; every prompt is as in the last commit
    ");
    repo.write("prompts/a.md", "---\r\nid: a1\r\ntags: [x]\r\n---\r\nSay a twice.\r\n");
    assert_snapshot!(repo.palc(&["diff"]), @"
    a (behaviour)
      text
        ~ Say a [-loudly-]{+twice+}.
    --- stderr
    1 prompt differs: 1 behaviour
    ");
}

#[test]
fn what_stands_beside_a_prompt_is_part_of_it() {
    let repo = repo();
    repo.write("prompts/pdf/SKILL.md", "---\nname: pdf\ndescription: Read PDFs\n---\nRead.\n");
    repo.write("prompts/pdf/SKILL.md.palc.yaml", "id: s1s1s1s1\nstatus: draft\n");
    repo.commit("Skill");
    repo.write("prompts/pdf/SKILL.md.palc.yaml", "id: s1s1s1s1\nstatus: active\n");
    assert_snapshot!(repo.palc(&["status"]), @"
    not staged  pdf, beside it  behaviour  status draft → active
    --- stderr
    on branch main
    ");
    assert_snapshot!(repo.palc(&["diff"]), @"
    pdf, beside it (behaviour)
      status  draft → active
    --- stderr
    1 prompt differs: 1 behaviour
    ");
}

#[test]
fn a_merge_with_conflicts() {
    let repo = repo();
    repo.git(&["checkout", "--quiet", "-b", "other"]);
    repo.write("prompts/a.md", "---\nid: a1\ntags: [x]\n---\nSay a gently.\n").commit("Gently");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("prompts/a.md", "---\nid: a1\ntags: [x]\n---\nSay a slowly.\n").commit("Slowly");
    let _ = repo.shell("", "git merge other");
    assert_snapshot!(repo.palc(&["status"]), @"
    conflict  a    a merge left it in several versions
    prompts/a.md:5:1: error: a merge left a conflict here, 5 lines long [merge-conflict]
    --- stderr
    on branch main, in the middle of a merge
    ");
}

#[test]
fn before_the_first_commit_and_without_git() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "Hi\n");
    assert_snapshot!(repo.palc(&["status"]), @"
    untracked  a  behaviour  new prompt
    --- stderr
    on branch main
    1 of them has no id yet; `palc commit` stamps it
    ");
    assert_snapshot!(Repo::without_git().palc(&["status"]), @"
    --- stderr
    error: there is no git repository here, so there is nothing to compare with
    hint: run `palc init`
    --- exit 1
    ");
}

#[test]
fn labels_that_a_commit_would_take_are_told() {
    let repo = repo();
    repo.palc(&["label", "set", "production", "a@1", "b@1", "c@1", "d@1"]).ok();
    assert_snapshot!(repo.palc(&["status"]), @"
    untracked  labels.yaml    a production -> 1; b production -> 1; c production -> 1; 1 more
    --- stderr
    on branch main
    ");
    assert_snapshot!(repo.palc(&["commit", "--dry-run"]), @"
    would commit: Add labels.yaml
    added labels.yaml
    ");
    repo.commit("Label");
    repo.palc(&["label", "remove", "production", "a"]).ok();
    repo.palc(&["deactivate", "a@1"]).ok();
    repo.git(&["add", "labels.yaml"]);
    assert_snapshot!(repo.palc(&["status"]), @"
    staged  labels.yaml    a production 1 -> none; a@1 switched off
    --- stderr
    on branch main
    ");
    assert_snapshot!(repo.palc(&["status", "--json"]), @r#"
    {
      "schema": "palc.status.v1",
      "data": {
        "branch": "main",
        "in_progress": null,
        "prompts": [],
        "labels": {
          "path": "labels.yaml",
          "summary": "a production 1 -> none; a@1 switched off",
          "moved": [
            {
              "prompt": "a",
              "id": "a1",
              "label": "production",
              "from": {
                "version": 1,
                "blob": "965991d1b847e2c0f409b488408eff17d61935dc"
              }
            },
            {
              "prompt": "a",
              "id": "a1",
              "to": {
                "version": 1,
                "blob": "965991d1b847e2c0f409b488408eff17d61935dc"
              }
            }
          ],
          "staged": true,
          "unstaged": false,
          "untracked": false,
          "conflict": false
        }
      },
      "findings": []
    }
    "#);
    assert_snapshot!(repo.palc(&["status", "b"]), @"
    --- stderr
    on branch main; every prompt is as in the last commit
    ");
    repo.write("labels.yaml", "labels: 3\n");
    assert_snapshot!(repo.palc(&["status"]), @"
    staged in part  labels.yaml    a production 1 -> none; b production 1 -> none; c production 1 -> none; 1 more
    labels.yaml:1:9: error: this must be a map of prompt ids, and is a whole number [wrong-type]
    --- stderr
    on branch main
    ");
}
