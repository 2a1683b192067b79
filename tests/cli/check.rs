use insta::assert_snapshot;

use crate::harness::Repo;

/// Two prompts with something of everything.
fn support() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/triage.md", "---\nid: k3v9q2mx\nversion: 1.10\ntgas: [a]\n---\nHello {{ name }}\n");
    repo.write("prompts/reply.md", "---\nid: b7c8d9ef\n---\nGood {{ day | uper }}\n");
    repo
}

#[test]
fn shows_every_finding_with_its_place_and_a_hint() {
    assert_snapshot!(support().palc(&["check"]), @"
    prompts/reply.md:4:15: error: there is no filter `uper` [unknown-filter]
       4 | Good {{ day | uper }}
                         ^^^^
      hint: did you mean `upper`?
    prompts/triage.md:3:10: warning: `version` is text here, and other programs read `1.10` as a number [retyped-scalar]
       3 | version: 1.10
                    ^^^^
      fix: put it in quotes
    prompts/triage.md:4:1: warning: `tgas` is not a key palc knows [unknown-key]
       4 | tgas: [a]
           ^^^^
      hint: did you mean `tags`?
    --- stderr
    checked 2 prompts: 1 error, 2 warnings; 1 can be fixed by `palc check --fix`
    --- exit 1
    ");
}

#[test]
fn nothing_to_report() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "Hello\n");
    assert_snapshot!(repo.palc(&["check"]), @"
    --- stderr
    checked 1 prompt: nothing to report
    ");
    assert_snapshot!(Repo::new().palc(&["check"]), @"
    --- stderr
    checked 0 prompts: nothing to report
    ");
}

#[test]
fn reports_only_what_was_named() {
    let repo = support();
    repo.write("prompts/mail/a.md", "---\nid: -\n---\nx\n");
    let paths = |arguments: &[&str]| {
        let mut all = vec!["check", "--json"];
        all.extend(arguments);
        let findings = repo.palc(&all).json()["findings"].clone();
        let path = |finding: &serde_json::Value| finding["place"]["path"].as_str().unwrap().to_owned();
        let mut paths: Vec<String> = findings.as_array().unwrap().iter().map(path).collect();
        paths.dedup();
        paths
    };
    assert_eq!(paths(&["triage"]), ["prompts/triage.md"]);
    assert_eq!(paths(&["prompts/reply.md"]), ["prompts/reply.md"]);
    assert_eq!(paths(&["mail/*"]), ["prompts/mail/a.md"]);
    assert_eq!(paths(&["prompts/mail"]), ["prompts/mail/a.md"]);
    assert_eq!(paths(&["mail", "reply"]), ["prompts/mail/a.md", "prompts/reply.md"]);
    assert_snapshot!(repo.palc(&["check", "nothing"]), @"
    --- stderr
    error: there is no prompt or folder `nothing`
    hint: `palc list` shows all prompts
    --- exit 1
    ");
}

#[test]
fn rules_can_be_chosen_and_weighed() {
    let repo = support();
    let count = |arguments: &[&str]| {
        let mut all = vec!["check", "--json"];
        all.extend(arguments);
        let answer = repo.palc(&all);
        (answer.code, answer.json()["findings"].as_array().unwrap().len())
    };
    assert_eq!(count(&[]), (Some(1), 3));
    assert_eq!(count(&["--rule", "unknown-key"]), (Some(0), 1));
    assert_eq!(count(&["--rule", "unknown-key", "--fail-on", "warning"]), (Some(1), 1));
    assert_eq!(count(&["--not-rule", "unknown-filter"]), (Some(0), 2));
    assert_eq!(count(&["--fail-on", "never"]), (Some(0), 3));
    repo.write(
        "palc.toml",
        "[checks]\nfail_on = \"warning\"\n[checks.severity]\nunknown-filter = \"off\"\nunknown-key = \"note\"\n\
         [checks.ignore]\n\"prompts/triage.*\" = [\"retyped-scalar\"]\n",
    );
    assert_eq!(count(&[]), (Some(0), 1));
    assert_snapshot!(repo.palc(&["check", "--rule", "unknown-kee"]), @"
    --- stderr
    error: there is no rule `unknown-kee`
    hint: did you mean `unknown-key`?
    hint: `palc check --list-rules` shows all rules
    --- exit 2
    ");
}

#[test]
fn fixes_what_is_safe_and_then_has_nothing_left_to_fix() {
    let repo = support();
    assert_snapshot!(repo.palc(&["check", "--fix", "--dry-run"]), @r#"
    --- a/prompts/triage.md
    +++ b/prompts/triage.md
    @@ -1,5 +1,5 @@
     ---
     id: k3v9q2mx
    -version: 1.10
    +version: "1.10"
     tgas: [a]
     ---
    --- stderr
    would fix 1 finding in 1 file
    checked 2 prompts: 1 error, 1 warning left
    --- exit 1
    "#);
    assert!(repo.read("prompts/triage.md").contains("version: 1.10"));
    assert_snapshot!(repo.palc(&["check", "--fix", "--rule", "retyped-scalar"]), @"
    --- stderr
    fixed 1 finding in 1 file
    checked 2 prompts: nothing to report
    ");
    assert_eq!(
        repo.read("prompts/triage.md"),
        "---\nid: k3v9q2mx\nversion: \"1.10\"\ntgas: [a]\n---\nHello {{ name }}\n"
    );
    assert_snapshot!(repo.palc(&["check", "--fix", "--rule", "retyped-scalar"]), @"
    --- stderr
    checked 2 prompts: nothing to report
    ");
}

#[test]
fn a_copied_file_gets_an_id_of_its_own() {
    let repo = support();
    repo.commit("first");
    repo.write("prompts/copy.md", repo.read("prompts/reply.md"));
    assert_snapshot!(repo.palc(&["check", "--rule", "duplicate-id"]), @"
    prompts/copy.md:2:5: error: the id `b7c8d9ef` is also that of `reply` [duplicate-id]
       2 | id: b7c8d9ef
               ^^^^^^^^
      prompts/reply.md:2:5: the same id
      fix: give the copy an id of its own
    --- stderr
    checked 3 prompts: 1 error; 1 can be fixed by `palc check --fix`
    --- exit 1
    ");
    assert_eq!(repo.palc(&["check", "--fix", "--rule", "duplicate-id"]).code, Some(0));
    assert!(repo.read("prompts/reply.md").contains("id: b7c8d9ef"));
    assert!(!repo.read("prompts/copy.md").contains("id: b7c8d9ef"));
}

#[test]
fn fixing_keeps_every_other_byte() {
    let repo = Repo::new();
    let text = "\u{feff}---\r\ntags:   [ no,  # why\r\n  b ]\r\n\r\nversion:  1.0   \r\n---\r\nHello  \r\n\r\nworld";
    repo.write("prompts/a.md", text);
    assert_eq!(repo.palc(&["check", "--fix"]).code, Some(0));
    assert_eq!(repo.read("prompts/a.md"), text.replace("no,", "\"no\",").replace("1.0", "\"1.0\""));
}

#[test]
fn allowed_findings_are_counted_and_not_reported() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "---\nmood: calm # palc:allow unknown-key another program reads it\n---\nHello\n");
    assert_snapshot!(repo.palc(&["check"]), @"
    --- stderr
    checked 1 prompt: nothing to report, 1 allowed
    ");
    let answer = repo.palc(&["check", "--json"]).json();
    assert_eq!(answer["data"]["allowed"][0]["reason"], "another program reads it");
}

#[test]
fn a_word_taken_out_of_a_vocabulary_names_everyone_who_uses_it() {
    let repo = Repo::new();
    for name in ["a", "b", "c"] {
        repo.write(&format!("prompts/{name}.md"), format!("---\nallowed_actions: [close]\n---\n{name}\n"));
    }
    repo.write("palc.toml", "[vocabulary]\nactions = [\"open\", \"close\"]\n");
    assert_eq!(repo.palc(&["check"]).code, Some(0));
    repo.write("palc.toml", "[vocabulary]\nactions = [\"open\"]\n");
    let answer = repo.palc(&["check", "--format", "github"]);
    assert_eq!(answer.stdout.lines().count(), 3, "{answer}");
}

#[test]
fn annotations_for_github() {
    let repo = support();
    repo.write("prompts/a,b.md", "---\n\"x::error::y%0A\": 1\n---\nHello\n");
    assert_snapshot!(repo.palc(&["check", "--format", "github"]), @"
    ::error file=prompts/reply.md,line=4,endLine=4,col=15,endColumn=19,title=unknown-filter::there is no filter `uper`%0Adid you mean `upper`?
    ::warning file=prompts/a%2Cb.md,line=2,endLine=2,col=1,endColumn=17,title=unknown-key::`x::error::y%250A` is not a key palc knows%0Aput fields of your own under `custom`
    ::warning file=prompts/triage.md,line=3,endLine=3,col=10,endColumn=14,title=retyped-scalar::`version` is text here, and other programs read `1.10` as a number
    ::warning file=prompts/triage.md,line=4,endLine=4,col=1,endColumn=5,title=unknown-key::`tgas` is not a key palc knows%0Adid you mean `tags`?
    --- stderr
    checked 3 prompts: 1 error, 3 warnings; 1 can be fixed by `palc check --fix`
    --- exit 1
    ");
}

#[test]
fn sarif_is_what_its_format_wants() {
    let repo = support();
    repo.write("prompts/ä b.md", "---\nmood: calm # palc:allow unknown-key it is\nid: 7\n---\nHello [x](y)\n");
    let log: serde_json::Value = serde_json::from_str(&repo.palc(&["check", "--format", "sarif"]).stdout).unwrap();
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(result["partialFingerprints"]["palcFinding/v1"].is_string());
        let file = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        let uri = file["uri"].as_str().unwrap();
        assert!(uri.starts_with("prompts/") && uri.is_ascii() && !uri.contains(' '), "{uri}");
    }
    let suppressed: Vec<_> = run["results"].as_array().unwrap().iter().filter_map(|r| r.get("suppressions")).collect();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(suppressed[0][0]["justification"], "it is");
    assert_eq!((&log["version"], &run["columnKind"]), (&"2.1.0".into(), &"unicodeCodePoints".into()));
}

#[test]
fn checks_what_an_editor_has_not_saved_yet() {
    let repo = support();
    let check = |text: &str| repo.palc_with_input(&["check", "--stdin", "--path", "prompts/triage.md"], text);
    assert_snapshot!(check("---\nid: b7c8d9ef\n---\n{% if %}\n"), @"
    prompts/triage.md:2:5: error: the id `b7c8d9ef` is also that of `reply` [duplicate-id]
       2 | id: b7c8d9ef
               ^^^^^^^^
      prompts/reply.md:2:5: the same id
      hint: give one of them another id; git cannot tell which one is the copy
    prompts/triage.md:4:7: error: this is not a valid template: unexpected end of block [template-syntax]
       4 | {% if %}
                 ^^
      hint: text that is no template goes between `{% raw %}` and `{% endraw %}`, or set `template: {engine: none}`
    --- stderr
    checked 1 prompt: 2 errors
    --- exit 1
    ");
    assert_eq!(check("Fine\n").code, Some(0));
    assert!(repo.read("prompts/triage.md").contains("tgas"));
    assert_eq!(repo.palc(&["check", "--stdin"]).code, Some(2));
}

#[test]
fn checks_a_revision() {
    let repo = support();
    repo.commit("first");
    repo.write("prompts/triage.md", "Hello\n").write("prompts/reply.md", "Hi\n");
    assert_eq!(repo.palc(&["check"]).code, Some(0));
    let answer = repo.palc(&["check", "--rev", "HEAD", "--json"]);
    assert_eq!((answer.code, answer.json()["findings"].as_array().unwrap().len()), (Some(1), 3));
    assert_eq!(repo.palc(&["check", "--rev", "HEAD", "--fix"]).code, Some(2));
}

#[test]
fn the_second_check_says_the_same_as_the_first() {
    let repo = support();
    let first = repo.palc(&["check"]).to_string();
    assert_eq!(repo.palc(&["check"]).to_string(), first);
    repo.write("prompts/new.md", "---\nid: 007\n---\nNew\n");
    assert!(repo.palc(&["check"]).to_string().contains("prompts/new.md:2:5"));
    std::fs::remove_file(repo.path("prompts/new.md")).unwrap();
    assert_eq!(repo.palc(&["check"]).to_string(), first);
}

#[test]
fn broken_files_are_reported_and_never_hidden() {
    let repo = Repo::new();
    repo.write("prompts/bytes.md", b"\xff\xfe");
    repo.write("prompts/colon.md", "---\ndescription: a: b\n---\nx\n");
    repo.write("prompts/open.md", "---\nid: x\n");
    repo.write("prompts/good.md", "fine\n");
    assert_snapshot!(repo.palc(&["check"]), @"
    prompts/bytes.md:1:1: error: the byte at offset 0 is not UTF-8 [encoding]
      hint: save the file as UTF-8
    prompts/colon.md:2:15: error: this is not valid YAML: mapping values are not allowed in this context [yaml]
       2 | description: a: b
                         ^
      hint: text that holds `: ` needs quotes, or write it as a block after `>-`
    prompts/open.md:1:1: error: the front matter is opened here and never closed [front-matter]
       1 | ---
           ^^^
      hint: end it with a line that is exactly `---`
      hint: if the file has no front matter, put an empty one before it: two lines of `---`
    --- stderr
    checked 4 prompts: 3 errors
    --- exit 1
    ");
}

#[test]
fn explains_its_rules() {
    let repo = Repo::new();
    assert_snapshot!(repo.palc(&["check", "--explain", "retyped-scalar"]), @r#"
    retyped-scalar
    warning by default, looks at the file, with fixes that `palc check --fix` applies

    A value is meant as text, and other readers of YAML take it for a number, a date or a boolean.

    palc keeps `version: 1.10` as `1.10`. Most other programs read it as the number 1.1, `id: 007` as 7, `no` as false and `2024-01-01` as a date. Quotes make it text for everyone.

    palc.toml:  [checks.severity]
                retyped-scalar = "off"
    in a file:  # palc:allow retyped-scalar REASON
    "#);
    let rules = repo.palc(&["check", "--list-rules", "--json"]).json();
    assert!(rules["data"].as_array().unwrap().len() > 25);
    assert!(repo.palc(&["check", "--list-rules"]).ok().contains("duplicate-id"));
}

#[test]
fn ten_thousand_findings_come_in_order_and_may_be_cut_off() {
    let repo = Repo::new();
    for file in 0..20 {
        let keys: String = (0..500).map(|key| format!("key{key}: 1\n")).collect();
        repo.write(&format!("prompts/{file:02}.md"), format!("---\n{keys}---\nfile {file}\n"));
    }
    let answer = repo.palc(&["check"]);
    let places = answer.stdout.lines().filter(|line| line.starts_with("prompts/")).count();
    assert_eq!(places, 10_000);
    assert!(answer.stderr.starts_with("checked 20 prompts: 10000 warnings"), "{}", answer.stderr);
}

#[test]
fn what_collides_only_between_branches_is_found_with_history() {
    let pin = |version: u32, blob: char| format!("{{version: {version}, blob: {}}}", blob.to_string().repeat(40));
    let labels = |pin: String| format!("labels:\n  aaaa: # a\n    production: {pin}\n");
    let repo = Repo::new();
    repo.write("prompts/a.md", "---\nid: aaaa\n---\nA\n").write("labels.yaml", labels(pin(1, 'a'))).commit("Begin");
    assert_snapshot!(repo.palc(&["check", "--history"]), @"
    labels.yaml:3:36: error: no version of a has this content, and that of version 1 is another [lost-version]
       3 |     production: {version: 1, blob: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}
                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      hint: put it on one that exists: palc label move production a@1
    --- stderr
    checked 1 prompt: 1 error
    --- exit 1
    ");
    repo.git(&["switch", "--quiet", "--create", "side"]);
    repo.git(&["mv", "prompts/a.md", "prompts/moved.md"]);
    repo.write("prompts/new.md", "---\nid: bbbb\n---\nB\n");
    repo.write("prompts/greet.md", "---\nid: cccc\ntype: system\nphase: introduction\n---\nHello\n");
    repo.write("labels.yaml", labels(pin(2, 'b'))).commit("Side");
    repo.git(&["branch", "twin"]);
    repo.git(&["switch", "--quiet", "main"]);
    assert_snapshot!(repo.palc(&["check", "--history", "--rule", "split-label"]), @"
    --- stderr
    checked 1 prompt: nothing to report
    ");
    repo.write("prompts/other.md", "---\nid: bbbb\n---\nAnother B\n");
    repo.write("prompts/hello.md", "---\nid: dddd\ntype: system\nphase: [introduction]\n---\nHi\n");
    repo.write("labels.yaml", labels(pin(2, 'c'))).commit("Main");
    let rules = ["--rule", "split-id", "--rule", "split-label", "--rule", "split-scope", "--rule", "split-version"];
    assert_snapshot!(repo.palc(&[&["check"], &rules[..]].concat()), @"
    --- stderr
    checked 3 prompts: nothing to report
    ");
    assert_snapshot!(repo.palc(&[&["check", "--history"], &rules[..]].concat()), @"
    main:labels.yaml:3:5: warning: `production` of a means version 2 (cccccccccccc) on main, version 2 (bbbbbbbbbbbb) on side [split-label]
       3 |     production: {version: 2, blob: cccccccccccccccccccccccccccccccccccccccc}
               ^^^^^^^^^^
      hint: on one of the branches: palc label move production a@…
    main:labels.yaml:3:5: warning: version 2 of a is cccccccccccc on main, bbbbbbbbbbbb on side [split-version]
       3 |     production: {version: 2, blob: cccccccccccccccccccccccccccccccccccccccc}
               ^^^^^^^^^^
      hint: once they are merged, `palc check` says which number the other content has
    main:prompts/hello.md:4:8: warning: type `system` and phase `introduction` are served by hello on main, greet on side [split-scope]
       4 | phase: [introduction]
                  ^^^^^^^^^^^^^^
      hint: once they are merged, only the newer one is selected
    main:prompts/other.md:2:5: error: `bbbb` is other on main, new on side: these are different prompts [split-id]
       2 | id: bbbb
               ^^^^
      hint: on one of the branches, take the id out of the file; `palc commit` gives it another one
    --- stderr
    checked 3 prompts: 1 error, 3 warnings
    --- exit 1
    ");
    let json = repo.palc(&[&["check", "--history", "--json"], &rules[..]].concat()).json();
    assert_eq!(json["findings"][0]["place"]["path"], "main:labels.yaml");
}

#[test]
fn files_of_generation_are_checked_before_anybody_uses_them() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "Hello\n");
    repo.write("phases/cut.md", "---\nkind: phase\nparams: {temperature: 9}\n---\nuser:\nCut {{ input | \n");
    repo.write("personas/pirate.md", "---\nkind: persona\ngeneration: [arr\n---\nSay arr.\n");
    repo.write("forms/judge.md", "---\nkind: judge\ncustom: {judge: {scale: [10, 0]}}\n---\nuser:\nJudge.\n");
    repo.write("forms/refine.md", "user:\n{{ prompt\n");
    assert_snapshot!(repo.palc(&["check"]), @"
    forms/judge.md: error: `custom.judge.scale` is to be two numbers, the lower one first [wrong-form]
      hint: as in `custom: {judge: {scale: [0, 10], criteria: {clarity: It can be understood in one way only.}}}`
    forms/refine.md:2:4: error: this is not a valid template: unexpected end of input, expected end of variable block [template-syntax]
       2 | {{ prompt
              ^^^^^^
      hint: text that is no template goes between `{% raw %}` and `{% endraw %}`, or set `template: {engine: none}`
    personas/pirate.md:3:13: error: this is not valid YAML: unclosed bracket '[' [yaml]
       3 | generation: [arr
                       ^
    phases/cut.md:3:23: error: `params.temperature` must be 0 to 2, and is 9 [out-of-range]
       3 | params: {temperature: 9}
                                 ^
    phases/cut.md:6:14: error: this is not a valid template: unexpected end of input, expected identifier [template-syntax]
       6 | Cut {{ input | 
                        ^
      hint: text that is no template goes between `{% raw %}` and `{% endraw %}`, or set `template: {engine: none}`
    --- stderr
    checked 1 prompt: 5 errors
    --- exit 1
    ");
    // Only where all is asked about, and a rule is a rule.
    assert_eq!(repo.palc(&["check", "a"]).code, Some(0));
    let only = repo.palc(&["check", "--rule", "wrong-form", "--json"]).json();
    assert_eq!(only["findings"].as_array().unwrap().len(), 1);
}
