use std::fs;

use insta::assert_snapshot;

use crate::harness::Repo;

const GOOD: &str = "---\nid: k3v9q2mx\n---\nSort this ticket.\n";
const BAD: &str = "---\nid: k3v9q2mx\nparams: {temperature: 9}\n---\nHi\n";

/// All of the hooks folder and the configuration, to be compared byte for byte.
fn layout(repo: &Repo) -> String {
    repo.shell(".git", "for f in hooks/* config; do ls -l $f | cut -c1-10; echo $f; cat $f; done").stdout
}

fn own_hook(repo: &Repo, script: &str) {
    fs::create_dir_all(repo.path(".git/hooks")).unwrap();
    fs::write(repo.path(".git/hooks/pre-commit"), script).unwrap();
    repo.shell("", "chmod 750 .git/hooks/pre-commit").ok();
}

#[test]
fn git_asks_palc_before_a_commit() {
    let repo = Repo::new();
    repo.palc(&["hook", "install"]).ok();
    repo.write("prompts/a.md", BAD).git(&["add", "--all"]);
    assert_snapshot!(repo.shell("", "git commit -qm no"), @"
    --- stderr
    prompts/a.md:3:23: error: `params.temperature` must be 0 to 2, and is 9 [out-of-range]
       3 | params: {temperature: 9}
                                 ^
    hint: `palc check --fix` mends what it can, then stage it again; `git commit --no-verify` goes around palc
    --- exit 1
    ");
    repo.write("prompts/a.md", GOOD);
    assert_eq!(repo.shell("", "git commit -qm staged").code, Some(1));
    repo.shell("", "git commit -qam 'as in the work tree'").ok();
    repo.write("prompts/a.md", BAD)
        .write("prompts/b.md", GOOD.replace("k3v9q2mx", "bbbbbbbb"))
        .git(&["add", "prompts/b.md"]);
    repo.shell("", "git commit -qm 'the other'").ok();
    repo.write("prompts/b.md", GOOD.replace("k3v9q2mx", "bbbbbbbb").replace("this", "that"));
    repo.palc(&["commit", "b"]).ok();
    repo.git(&["rm", "--quiet", "--cached", "prompts/b.md"]);
    repo.shell("", "git commit -qm gone").ok();
    assert_snapshot!(repo.palc(&["hook", "run", "post-commit"]), @"
    --- stderr
    error: palc has nothing to do for `post-commit`
    hint: it answers pre-commit
    --- exit 2
    ");
}

#[test]
fn what_was_there_goes_on_and_comes_back() {
    let repo = Repo::new();
    own_hook(&repo, "#!/bin/sh\n# mine\necho mine >>log\ntest ! -e stop\n");
    let before = layout(&repo);
    repo.palc(&["hook", "install"]).ok();
    let installed = layout(&repo);
    assert_ne!(installed, before);
    repo.palc(&["hook", "install"]).ok();
    assert_eq!(layout(&repo), installed);
    repo.write("prompts/a.md", GOOD).git(&["add", "prompts"]);
    repo.shell("", "git commit -qm one").ok();
    assert_eq!(repo.read("log"), "mine\n");
    repo.write("stop", "").write("prompts/a.md", GOOD.to_owned() + "More.\n").git(&["add", "prompts"]);
    assert_eq!(repo.shell("", "git commit -qm two").code, Some(1));
    repo.palc(&["hook", "uninstall"]).ok();
    assert_eq!(layout(&repo), before);
    repo.palc(&["hook", "uninstall"]).ok();
    assert_eq!(layout(&repo), before);
}

#[test]
fn managers_are_told_not_overruled() {
    for (file, name) in
        [(".pre-commit-config.yaml", "pre-commit"), ("lefthook.yml", "lefthook"), (".husky/pre-commit", "husky")]
    {
        let repo = Repo::new();
        repo.write(file, "");
        let before = layout(&repo);
        let json = repo.palc(&["hook", "install", "--json"]).json();
        assert_eq!((&json["data"]["way"], &json["data"]["manager"]), (&"manager".into(), &name.into()));
        assert_eq!(layout(&repo), before);
    }
    let repo = Repo::new();
    repo.git(&["config", "core.hooksPath", "tools/hooks"]);
    assert_snapshot!(repo.palc(&["hook", "install"]), @"
    palc hook run pre-commit
    --- stderr
    core.hooksPath manages the hooks here, so nothing was written; add this to tools/hooks/pre-commit:
    ");
    assert_snapshot!(repo.palc(&["hook", "uninstall"]), @"
    --- stderr
    core.hooksPath manages the hooks here: take `palc hook run` out of tools/hooks/pre-commit yourself
    ");
}
