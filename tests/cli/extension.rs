#![cfg(unix)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use insta::assert_snapshot;

use crate::harness::Repo;

fn program(folder: &Path, name: &str, script: &str) {
    std::fs::create_dir_all(folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

fn repo(path: &str) -> Repo {
    let mut repo = Repo::new();
    let tools = repo.home().join("tools");
    program(&tools, "palc-foo", "echo \"foo in ${PWD##*/}: $# $*, $PALC_PROFILE\"; cat; \"$PALC\" tree; exit 7");
    program(&tools, "palc-list", "echo never");
    program(&tools, "palc-no.good", "echo never");
    std::fs::write(tools.join("palc-plain"), "no program").unwrap();
    program(&repo.path("bin"), "palc-evil", "echo evil");
    std::os::unix::fs::symlink(repo.path("bin/palc-evil"), tools.join("palc-linked")).unwrap();
    repo.write("prompts/a.md", "Hi\n").write("prompts/sub/b.md", "Hi\n");
    let usual = std::env::var("PATH").unwrap();
    let path = path.replace("TOOLS", tools.to_str().unwrap()).replace("REPO", repo.root().to_str().unwrap());
    repo.set("PATH", &format!("{path}:{usual}"));
    repo
}

#[test]
fn a_program_on_the_path_is_a_command() {
    let repo = repo("TOOLS");
    let answer = repo.palc_with_input(&["-C", "prompts", "--profile", "p", "foo", "a b", "--json", "-x"], "input\n");
    assert_snapshot!(answer, @"
    foo in prompts: 3 a b --json -x, p
    input
    --- stderr
    error: the configuration is not valid
    PALC_PROFILE: error: no configuration file has a profile `p` [config-profile]
    --- exit 7
    ");
    // What palc has itself is palc's own.
    assert_snapshot!(repo.palc(&["list", "--format", "json"]).json()["data"][0]["name"], @r#""a""#);
    let help = repo.palc(&["help"]).ok();
    assert_snapshot!(help[help.find("More:").unwrap()..help.find("Options:").unwrap()], @"
    More:
      foo          palc-foo on the PATH
    ");
    assert_snapshot!(repo.palc(&["help", "foo"]), @"
    foo in repo: 1 --help, 
    ├── sub/ 1
    │   └── b
    └── a
    --- exit 7
    ");
    assert_snapshot!(repo.palc(&["fooo"]), @"
    --- stderr
    error: unrecognized subcommand 'fooo'

    Usage: palc [OPTIONS] <COMMAND>

    For more information, try '--help'.
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["--config", "a=b", "foo"]), @"
    --- stderr
    error: --config cannot be handed to $TMP/home/tools/palc-foo
    hint: variables can: PALC_RENDER__ON_MISSING=warn sets render.on_missing
    --- exit 2
    ");
}

#[test]
fn nothing_that_a_clone_brings_is_run() {
    for path in ["REPO/bin", "bin", "./bin", ".", "TOOLS"] {
        let repo = repo(path);
        for name in ["evil", "linked"] {
            let answer = repo.palc(&[name]);
            assert_eq!(answer.code, Some(2), "{path} {name} {answer}");
            assert!(!answer.stdout.contains("evil"), "{path} {name} {answer}");
        }
        let help = repo.palc(&["help"]).ok();
        assert!(!help.contains("palc-evil") && !help.contains("palc-linked"), "{path}\n{help}");
    }
    assert_snapshot!(repo("REPO/bin").palc(&["evil"]), @"
    --- stderr
    error: unrecognized subcommand 'evil'

      tip: some similar subcommands exist: 'review', 'eval'

    Usage: palc [OPTIONS] <COMMAND>

    For more information, try '--help'.
    hint: $TMP/repo/bin/palc-evil is not run: programs in the repository, or on a relative PATH, never are
    --- exit 2
    ");
    let relative = repo("bin");
    assert_eq!(relative.palc_in("prompts", &["-C", "..", "evil"]).code, Some(2));
}
