use insta::assert_snapshot;

use crate::harness::Repo;

/// Two authors, a rename, and a branch that was merged.
fn repo() -> Repo {
    let mut repo = Repo::new();
    let prompt = |temperature: &str, tags: &str, body: &str| {
        format!("---\nid: k3v9q2mx\ntags: [{tags}]\nparams: {{temperature: {temperature}, seed: 1}}\n---\n{body}")
    };
    repo.write("prompts/sort.md", prompt("0.2", "a", "one\ntwo\n")).commit("Begin");
    repo.git(&["mv", "prompts/sort.md", "prompts/triage.md"]);
    repo.commit("Name it well");
    repo.set("GIT_AUTHOR_NAME", "Bob");
    repo.write("prompts/triage.md", prompt("0.4", "a", "one\nmore\ntwo\n")).commit("Warmer");
    repo.git(&["switch", "--quiet", "--create", "side"]);
    repo.set("GIT_AUTHOR_NAME", "Eve");
    repo.write("prompts/triage.md", prompt("0.4", "a, b", "one\nmore\ntwo\nthree\n")).commit("Tag it");
    repo.git(&["switch", "--quiet", "main"]);
    repo.set("GIT_AUTHOR_NAME", "Ada");
    repo.write("prompts/triage.md", prompt("0.4", "a", "zero\none\nmore\ntwo\n")).commit("Begin at zero");
    repo.git(&["merge", "--quiet", "--no-edit", "side"]);
    repo
}

#[test]
fn each_line_and_key_has_its_author() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["blame", "triage"]), @"
    @1  2026-01-31  829a90da  Ada  id
    @4  2026-01-31  c51532d5  Eve  tags
    @2  2026-01-31  188a5076  Bob  params.temperature
    @1  2026-01-31  829a90da  Ada  params.seed
    @3  2026-01-31  b51de542  Ada     6 zero
    @1  2026-01-31  829a90da  Ada     7 one
    @2  2026-01-31  188a5076  Bob     8 more
    @1  2026-01-31  829a90da  Ada     9 two
    @4  2026-01-31  c51532d5  Eve    10 three
    ");
    assert_snapshot!(repo.palc(&["blame", "triage@1"]), @"
    @1  2026-01-31  829a90da  Ada  id
    @1  2026-01-31  829a90da  Ada  tags
    @1  2026-01-31  829a90da  Ada  params.temperature
    @1  2026-01-31  829a90da  Ada  params.seed
    @1  2026-01-31  829a90da  Ada     6 one
    @1  2026-01-31  829a90da  Ada     7 two
    ");
    assert_snapshot!(repo.palc(&["blame", "triage", "--key", "params", "--lines", "8-9"]), @"
    @2  2026-01-31  188a5076  Bob  params.temperature
    @1  2026-01-31  829a90da  Ada  params.seed
    @2  2026-01-31  188a5076  Bob     8 more
    @1  2026-01-31  829a90da  Ada     9 two
    ");
}

#[test]
fn lines_agree_with_git() {
    let repo = repo();
    let answer = repo.palc(&["blame", "triage", "--json"]).json();
    let git = repo.git(&["blame", "--porcelain", "prompts/triage.md"]);
    let mut authors = std::collections::HashMap::new();
    let mut ours = answer["data"]["lines"].as_array().unwrap().iter();
    let (mut commit, mut number) = (String::new(), 0);
    for line in git.lines() {
        if line.starts_with('\t') {
            if number > 5 {
                let our = ours.next().unwrap();
                assert_eq!(
                    (our["line"].as_u64(), our["made"]["commit"].as_str()),
                    (Some(number), Some(commit.as_str()))
                );
            }
        } else if let [id, _, at, ..] = line.split(' ').collect::<Vec<_>>()[..]
            && id.len() == 40
        {
            (commit, number) = (id.to_owned(), at.parse().unwrap());
        } else if let Some(author) = line.strip_prefix("author ") {
            authors.insert(commit.clone(), author.to_owned());
        }
    }
    assert!(ours.next().is_none());
    assert_eq!(authors.len(), 4);
}

#[test]
fn what_is_not_committed_is_said() {
    let repo = repo();
    repo.write("prompts/triage.md", "---\nid: k3v9q2mx\nstatus: draft\n---\none\nnew\n");
    assert_snapshot!(repo.palc(&["blame", "triage"]), @"
    @1  2026-01-31     829a90da  Ada  id
        not committed                 status
    @1  2026-01-31     829a90da  Ada     5 one
        not committed                    6 new
    ");
}
