//! Whatever git did to the files, the index answers as one that was made just now.

use std::fs;

use crate::harness::Repo;

const QUESTIONS: [&[&str]; 4] = [
    &["refund policy"],
    &["--text", "+angry -calm"],
    &["--rev", "HEAD", "meeting report"],
    &["--all-history", "ticket"],
];
const WORDS: [&str; 10] =
    ["refund", "policy", "angry", "customer", "calm", "meeting", "report", "ticket", "summary", "answer"];

#[test]
fn an_index_that_lived_through_everything_answers_like_a_new_one() {
    let mut chance = Chance(4);
    let repo = Repo::new();
    write(&repo, &mut chance);
    repo.commit("Begin");
    for step in 0..30 {
        let done = disturb(&repo, &mut chance, step);
        if step % 3 == 2 {
            let lived = answers(&repo);
            fs::rename(repo.path(".git/palc"), repo.path(".git/kept")).unwrap();
            assert_eq!(lived, answers(&repo), "after {done}");
            fs::remove_dir_all(repo.path(".git/palc")).unwrap();
            fs::rename(repo.path(".git/kept"), repo.path(".git/palc")).unwrap();
        }
    }
}

fn answers(repo: &Repo) -> Vec<String> {
    let ask = |question: &&[&str]| repo.palc(&[&["search", "--json"], *question].concat()).stdout;
    QUESTIONS.iter().map(ask).collect()
}

fn write(repo: &Repo, chance: &mut Chance) {
    let folder = ["a", "b", "c/d"][chance.below(3)];
    let words: Vec<&str> = (0..20).map(|_| WORDS[chance.below(WORDS.len())]).collect();
    let tag = WORDS[chance.below(3)];
    let text = format!("---\ntags: [{tag}]\n---\n{}\n", words.join(" "));
    repo.write(&format!("prompts/{folder}/p{}.md", chance.below(8)), text);
}

/// One thing that people do; git may refuse it, and then nothing happened.
fn disturb(repo: &Repo, chance: &mut Chance, step: usize) -> String {
    let line = match chance.below(9) {
        0..=2 => {
            write(repo, chance);
            return "an edit".into();
        }
        3 | 4 => format!("git add -A && git commit -qm 'Step {step}'"),
        5 => format!("git switch -q -c b{step}"),
        6 => format!("git switch -q $(git branch --format='%(refname:short)' | sed -n {}p)", 1 + chance.below(3)),
        7 => "git stash -q -u || true".into(),
        _ => ["git reset -q --hard HEAD~1", "git mv prompts/a prompts/e/moved", "git stash pop -q", "rm -rf prompts/b"]
            [chance.below(4)]
        .into(),
    };
    let _ = repo.shell("", &format!("{line} >/dev/null 2>&1; mkdir -p prompts"));
    line
}

/// The same steps in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}
