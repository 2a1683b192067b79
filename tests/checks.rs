//! Every rule against its fixtures, one test for all.
//!
//! `fixtures/checks/<rule>/` holds cases: `<case>.md` is a repository of one prompt, a folder `<case>/` is a whole one
//! (with `committed/` and `worktree/` in it, the first is committed before the second is laid over it). `<case>.tree`
//! is a repository in one file, for names that some file systems cannot hold and for large files: `=== path` begins a
//! file, `=== path *9` one that repeats what follows, `=== path -> target` is a link. What `palc check` says stands beside it in `<case>.findings`. Cases that begin with `quiet` have no finding of the rule, the
//! others have one. `UPDATE=1 cargo test fixtures` writes the findings.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use palc::app::App;
use palc::app::check::{Fixing, Outcome, Request, check};
use palc::base::env::Env;
use palc::check::How;
use palc::check::fix::is_fixable;
use palc::check::registry::{self, RULES};
use palc::view;

use crate::harness::Repo;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checks")
}

/// Rules and their cases, in order.
fn cases() -> Vec<(String, PathBuf)> {
    let names = |folder: &Path| {
        let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    let is_case = |path: &PathBuf| {
        path.is_dir() || path.extension().is_some_and(|extension| extension == "md" || extension == "tree")
    };
    let of_rule = |folder: PathBuf| {
        let rule = folder.file_name().unwrap().to_str().unwrap().to_owned();
        names(&folder).into_iter().filter(is_case).map(move |case| (rule.clone(), case)).collect::<Vec<_>>()
    };
    names(&root()).into_iter().flat_map(of_rule).collect()
}

fn lay_out(case: &Path) -> Repo {
    let repo = Repo::without_git();
    if case.extension().is_some_and(|extension| extension == "tree") {
        plant(&repo, &fs::read_to_string(case).unwrap());
    } else if case.is_file() {
        let name = case.file_name().unwrap().to_str().unwrap();
        repo.write(&format!("prompts/{name}"), fs::read(case).unwrap());
    } else if case.join("committed").is_dir() {
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        copy(&case.join("committed"), &repo.root());
        repo.commit("first");
        copy(&case.join("worktree"), &repo.root());
    } else {
        copy(case, &repo.root());
    }
    repo
}

fn plant(repo: &Repo, tree: &str) {
    for file in tree.split("=== ").skip(1) {
        let (head, content) = file.split_once('\n').unwrap();
        if let Some((path, target)) = head.split_once(" -> ") {
            std::os::unix::fs::symlink(target, repo.path(path)).unwrap();
            continue;
        }
        let (path, times) = head.split_once(" *").unwrap_or((head, "1"));
        repo.write(path, content.repeat(times.parse().unwrap()));
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &target) } else { _ = fs::copy(entry.path(), target).unwrap() }
    }
}

fn run(repo: &Repo, request: &Request) -> Outcome {
    let variables = [("PALC_SEED", "1".to_owned()), ("HOME", repo.home().to_str().unwrap().to_owned())];
    let variables = variables.map(|(name, value)| (name.to_owned(), value));
    check(&App::new(Env::new(repo.root(), variables)).unwrap(), request).unwrap()
}

fn shown(outcome: &Outcome) -> String {
    outcome.report.findings.iter().map(|finding| view::finding::text(finding, view::Paint::default())).collect()
}

#[test]
fn fixtures_find_what_they_say() {
    let mut wrong = Vec::new();
    for (rule, case) in cases() {
        let outcome = run(&lay_out(&case), &Request::default());
        let name = case.file_stem().unwrap().to_str().unwrap();
        let fires = outcome.report.findings.iter().any(|finding| finding.rule == rule);
        if fires == name.starts_with("quiet") {
            wrong.push(format!("{}: fires: {fires}\n{}", case.display(), shown(&outcome)));
        }
        let expected = case.with_extension("findings");
        let text = shown(&outcome);
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&expected, &text).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != text {
            wrong.push(format!("{} is not what is found:\n{text}", expected.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_fixtures_and_every_fixture_a_rule() {
    let with = |quiet: bool| -> BTreeSet<String> {
        let wanted = |case: &Path| case.file_stem().unwrap().to_str().unwrap().starts_with("quiet") == quiet;
        cases().into_iter().filter(|(_, case)| wanted(case)).map(|(rule, _)| rule).collect()
    };
    // A fixture has no branches; `tests/cli/check.rs` makes some.
    let alone = RULES.iter().filter(|rule| !matches!(rule.how, How::Branches));
    let rules: BTreeSet<String> = alone.map(|rule| rule.name.to_owned()).collect();
    assert_eq!(with(false), rules, "each rule has a case that fires");
    assert_eq!(with(true), rules, "each rule has a case that is quiet");
}

/// A safe fix removes its finding, breaks nothing else, and fixing again changes nothing.
#[test]
fn safe_fixes_fix_and_are_stable() {
    let mut fixed_rules = BTreeSet::new();
    for (_, case) in cases() {
        let repo = lay_out(&case);
        let before = run(&repo, &Request::default());
        fixed_rules.extend(before.report.findings.iter().filter(|f| is_fixable(f)).map(|f| f.rule.clone()));
        let fix = || Request { fix: Some(Fixing::Write), ..Request::default() };
        let after = run(&repo, &fix());
        assert!(!after.report.findings.iter().any(is_fixable), "{}:\n{}", case.display(), shown(&after));
        let count = |outcome: &Outcome| outcome.report.findings.len();
        let fixes: usize = after.fixed.iter().map(|fixed| fixed.count).sum();
        assert!(count(&after) + fixes <= count(&before), "{}:\n{}", case.display(), shown(&after));
        let again = run(&repo, &fix());
        assert!(again.fixed.is_empty() && shown(&again) == shown(&after), "{}", case.display());
    }
    let declared: BTreeSet<String> = RULES.iter().filter(|rule| rule.fix).map(|rule| rule.name.to_owned()).collect();
    assert_eq!(fixed_rules, declared, "the rules that say they have fixes");
}

#[test]
fn no_finding_shows_a_secret() {
    for (rule, case) in cases().into_iter().filter(|(rule, _)| rule == "literal-secret") {
        let text = shown(&run(&lay_out(&case), &Request::default()));
        for secret in ["sk-proj-ab", "Bearer abc", "correct horse"] {
            assert!(!text.contains(secret), "{rule} {}:\n{text}", case.display());
        }
    }
}

#[test]
fn the_reference_is_in_step() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let text = view::check::reference();
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &text).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "docs/rules.md is out of step; run `UPDATE=1 cargo test reference`");
    for rule in RULES.iter() {
        assert!(there.contains(&format!("\n## {}\n", rule.name)));
        assert!(registry::find(rule.name).is_some());
    }
}
