use insta::assert_snapshot;

use crate::harness::Repo;

#[test]
fn every_command_has_a_page() {
    let repo = Repo::without_git();
    assert!(repo.palc(&["man", "config", "set"]).ok().contains("palc\\-config\\-set"));
    repo.palc(&["man", "--out", "pages"]).ok();
    for page in ["palc.1", "palc-show.1", "palc-config-set.1"] {
        assert!(repo.read(&format!("pages/{page}")).starts_with(".ie"), "{page}");
    }
    assert_snapshot!(repo.palc(&["man", "nothing"]), @r"
    --- stderr
    error: there is no command `nothing`
    --- exit 2
    ");
}
