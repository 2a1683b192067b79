use insta::assert_snapshot;

use crate::harness::Repo;

/// What fish would be told when these words are typed, the last one unfinished.
fn typed(repo: &mut Repo, words: &[&str]) -> String {
    repo.set("PALC_COMPLETE", "fish");
    repo.palc(&[&["--", "palc"], words].concat()).ok()
}

#[test]
fn names_keys_and_commands_complete() {
    let mut repo = Repo::new();
    repo.write("palc.toml", "[profile.prod]\nmodel = 'x/y'\n");
    repo.write("prompts/support/triage.md", "Hi\n").write("prompts/other.md", "Ho\n");
    assert_snapshot!(typed(&mut repo, &["show", "sup"]), @"support/triage");
    assert_snapshot!(typed(&mut repo, &["config", "get", "render.f"]), @r"
    render.first_role	Who speaks the text before the first message marker.
    render.fuel	How many steps a template may take.
    ");
    assert_snapshot!(typed(&mut repo, &["--profile", ""]), @"prod");
    assert_snapshot!(typed(&mut repo, &["conf"]), @"config	Show and change settings");
}

#[test]
fn nothing_is_said_about_what_is_broken() {
    let mut repo = Repo::new();
    repo.write("palc.toml", "modle = 1\n").write("prompts/a.md", "Hi\n");
    assert!(typed(&mut repo, &["show", ""]).starts_with("a\n--"));
}

#[test]
fn every_shell_has_a_script() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = Repo::without_git().palc(&["completions", shell]).ok();
        assert!(script.contains("PALC_COMPLETE"), "{shell}");
    }
}
