use crate::harness::Repo;

#[test]
fn says_which_palc_it_is() {
    let repo = Repo::without_git();
    let version = env!("CARGO_PKG_VERSION");
    assert!(repo.palc(&["--version"]).ok().starts_with(&format!("palc {version}")));
    assert!(repo.palc(&["version"]).ok().starts_with(&format!("palc {version}\n")));
    let object = repo.palc(&["version", "--json"]).json();
    assert_eq!(object["schema"], "palc.version.v1");
    assert_eq!(object["data"]["version"], version);
    assert!(object["data"]["target"].as_str().unwrap().contains('-'));
}
