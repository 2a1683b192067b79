use insta::assert_snapshot;

use crate::harness::Repo;

/// Eight commits; from the sixth on the prompt names no variable, and the third touches something else.
fn history() -> Repo {
    let repo = Repo::new();
    for at in 1..=8 {
        let ask = if at < 6 { "{{ x }}" } else { "{{ x" };
        match at {
            3 => repo.write("notes.txt", "three\n"),
            _ => repo.write("prompts/a.md", format!("---\ninput:\n  required: [x]\n---\nAsk {at} {ask}\n")),
        };
        repo.commit(&format!("step {at}"));
    }
    repo
}

#[test]
fn a_command_finds_the_first_bad_commit_beside_the_work_tree() {
    let repo = history();
    repo.write("prompts/a.md", "work in progress\n");
    let before = repo.git(&["for-each-ref"]);
    let test = "grep -q 'x }}' prompts/a.md && test ! -e made && touch made; status=$?; rm -f made; exit $status";
    let answer = repo.palc(&["bisect", "--good", "HEAD~7", "--run", test]);
    assert_eq!(answer.code, Some(0), "{answer}");
    assert!(answer.stdout.contains("Ada: step 6\n  prompts/a.md\n"), "{answer}");
    assert_eq!(repo.read("prompts/a.md"), "work in progress\n");
    assert_eq!(repo.git(&["for-each-ref"]), before);
    assert_eq!(repo.git(&["worktree", "list"]).lines().count(), 1);
    assert_eq!(repo.git(&["status", "--porcelain"]), " M prompts/a.md\n");
    repo.git(&["fsck", "--strict"]);
}

#[test]
fn check_finds_it_without_any_checkout() {
    let repo = history();
    assert_snapshot!(repo.palc(&["bisect", "a", "--good", "HEAD~7", "--bad", "HEAD", "--check", "--json"]), @r#"
    {
      "schema": "palc.bisect.v1",
      "data": {
        "first_bad": {
          "id": "a0d58904ce33eece382a38f83a1b3489eff059fc",
          "subject": "step 6",
          "author": "Ada",
          "time": "2026-01-31T12:00:00+00:00"
        },
        "paths": [
          "prompts/a.md"
        ],
        "among": [],
        "candidates": 6,
        "tried": [
          {
            "commit": "700be3c34c41a2f99c4452877388e9921f98c44b",
            "answer": "good"
          },
          {
            "commit": "8b816b6ae429023c8fbcab70d24132b526d7a5fd",
            "answer": "bad"
          },
          {
            "commit": "a0d58904ce33eece382a38f83a1b3489eff059fc",
            "answer": "bad"
          }
        ],
        "scores": null
      },
      "findings": []
    }
    --- stderr
    trying 700be3c34c step 5; 6 commits left, about 3 tries
    trying 8b816b6ae4 step 7; 3 commits left, about 2 tries
    trying a0d58904ce step 6; 2 commits left, about 1 tries
    "#);
}

#[test]
fn what_cannot_be_tried_widens_the_answer() {
    let repo = history();
    let test = "grep -q 'Ask [56]' prompts/a.md && exit 125; grep -q 'x }}' prompts/a.md";
    let answer = repo.palc(&["bisect", "--good", "HEAD~7", "--run", test, "--quiet"]);
    assert_eq!(answer.code, Some(1), "{answer}");
    let subjects: Vec<&str> = answer.stdout.lines().filter_map(|line| line.rsplit(' ').next()).skip(1).collect();
    assert_eq!(subjects, ["5", "6", "7"], "{answer}");
}

#[test]
fn what_is_no_search_says_so() {
    let repo = history();
    assert_snapshot!(repo.palc(&["bisect", "--good", "HEAD", "--bad", "HEAD~2", "--check"]), @"
    --- stderr
    error: HEAD is not on the line of first parents that leads to HEAD~2
    hint: merged branches count as one commit; give the commit that they were merged after
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["bisect", "--good", "HEAD~6", "--bad", "HEAD~5", "--check"]), @"
    --- stderr
    error: no commit after HEAD~6 and up to HEAD~5 changed any prompt
    --- exit 1
    ");
    let answer = repo.palc(&["bisect", "--quiet", "--good", "HEAD~7", "--run", "no-such-program"]);
    assert!(answer.stderr.contains("error: the command cannot be run: it ended with 127"), "{answer}");
    assert_snapshot!(repo.palc(&["bisect", "--quiet", "--good", "HEAD~7", "--run", "exit 200"]), @"
    --- stderr
    error: the command ended with 200, which is no answer
    hint: 0 is good, 125 cannot be told, 1 to 127 is bad
    --- exit 1
    ");
}
