//! The story of the sample repository: who changed which file, when and why.
//!
//! The files under `repository/` are the end of the story, and those under `past/` what some of them were before.

use crate::git::{Content, Signature};

pub const MAIN: &str = "main";
const SHORT: &str = "short-triage";
const WARM: &str = "warmer-replies";

#[derive(Debug)]
pub struct Author {
    pub name: &'static str,
    email: &'static str,
}

impl Author {
    pub fn signature<'a>(&self, date: &'a str) -> Signature<'a>
    where
        'static: 'a,
    {
        Signature { name: self.name, email: self.email, date }
    }
}

const NOOR: Author = Author { name: "Noor Haddad", email: "noor@fernway.example" };
const JONAS: Author = Author { name: "Jonas Lindqvist", email: "jonas@fernway.example" };

/// One commit of the story.
#[derive(Debug)]
pub struct Step {
    pub branch: &'static str,
    /// The branch it starts from, or the one that it merges.
    from: Option<&'static str>,
    pub author: Author,
    pub date: &'static str,
    pub message: &'static str,
    pub changes: &'static [(&'static str, Content<'static>)],
}

impl Step {
    /// The branches whose heads are its parents. One that does not exist yet counts for none.
    pub fn parents(&self) -> Vec<&'static str> {
        std::iter::once(self.branch).chain(self.from).collect()
    }
}

/// A file as it is at the end.
macro_rules! now {
    ($path:literal) => {
        ($path, Content::Bytes(include_bytes!(concat!("repository/", $path))))
    };
}

/// A file as it was once.
macro_rules! then {
    ($path:literal, $past:literal) => {
        ($path, Content::Bytes(include_bytes!(concat!("past/", $past))))
    };
}

pub const STEPS: &[Step] = &[
    Step {
        branch: MAIN,
        from: None,
        author: NOOR,
        date: "2026-09-07T09:12:00+02:00",
        message: "Keep our prompts in git\n\nThey were in three chats and a spreadsheet. Nobody knew which one was in use.\n",
        changes: &[
            (".gitattributes", Content::Bytes(include_bytes!("repository/gitattributes"))),
            now!("README.md"),
            then!("palc.toml", "start/palc.toml"),
            then!("prompts/reply.md", "start/reply.md"),
            then!("prompts/support/triage.md", "start/triage.md"),
        ],
    },
    Step {
        branch: MAIN,
        from: None,
        author: JONAS,
        date: "2026-09-09T14:30:00+02:00",
        message: "Write in one voice\n\nHow we sound now stands in one file, and every prompt that writes includes it.\nReplies go to the other support prompts.\n",
        changes: &[
            now!("prompts/support/_tone.md"),
            ("prompts/reply.md", Content::Removed),
            then!("prompts/support/reply.md", "voice/reply.md"),
        ],
    },
    Step {
        branch: MAIN,
        from: None,
        author: NOOR,
        date: "2026-09-15T10:05:00+02:00",
        message: "Sort returns and repairs apart\n\nThe workshop got every second return. The queues are a variable now, so that\nnext summer's queue needs no new prompt.\n",
        changes: &[
            then!("datasets/tickets.csv", "queues/tickets.csv"),
            then!("prompts/support/triage.md", "queues/triage.md"),
        ],
    },
    Step {
        branch: MAIN,
        from: None,
        author: JONAS,
        date: "2026-09-22T16:48:00+02:00",
        message: "Answer from the help pages, and cite them\n",
        changes: &[
            now!("prompts/knowledge/answer.md"),
            now!("prompts/knowledge/article.md"),
            now!("prompts/knowledge/faq.prompt.yml"),
        ],
    },
    Step {
        branch: MAIN,
        from: None,
        author: NOOR,
        date: "2026-10-01T08:55:00+02:00",
        message: "Agree on our words\n\nTags, types and actions are listed in palc.toml, so a typing error is found\nbefore somebody searches for it.\n",
        changes: &[
            now!("datasets/conversations.jsonl"),
            now!("palc.toml"),
            now!("prompts/support/_shop.md"),
            now!("prompts/support/escalate.md"),
            now!("prompts/support/summary.md"),
        ],
    },
    Step {
        branch: SHORT,
        from: Some(MAIN),
        author: JONAS,
        date: "2026-10-05T11:20:00+02:00",
        message: "Try a shorter triage for small models\n",
        changes: &[now!("prompts/support/triage.short.md")],
    },
    Step {
        branch: MAIN,
        from: None,
        author: NOOR,
        date: "2026-10-06T09:40:00+02:00",
        message: "Judge kindness and facts before we send\n",
        changes: &[now!("prompts/quality/facts.md"), now!("prompts/quality/kindness.md")],
    },
    Step {
        branch: MAIN,
        from: Some(SHORT),
        author: NOOR,
        date: "2026-10-08T13:15:00+02:00",
        message: "Merge branch 'short-triage'\n\nAs good as the long one on all tickets but one, for a twentieth of the price.\n",
        changes: &[now!("prompts/support/triage.short.md")],
    },
    Step {
        branch: MAIN,
        from: None,
        author: JONAS,
        date: "2026-10-14T15:02:00+02:00",
        message: "Measure triage on real tickets\n\nIt answers in JSON and says what is urgent: two customers waited in a hut.\n",
        changes: &[now!("datasets/tickets.csv"), now!("evals/triage.eval.yaml"), now!("prompts/support/triage.md")],
    },
    Step {
        branch: MAIN,
        from: None,
        author: NOOR,
        date: "2026-10-20T09:30:00+02:00",
        message: "Ask one question in an answer, not three\n",
        changes: &[
            now!("personas/mara.md"),
            now!("prompts/product/bug-report.md"),
            now!("prompts/support/follow-up.md"),
            now!("prompts/support/reply.md"),
        ],
    },
    Step {
        branch: WARM,
        from: Some(MAIN),
        author: JONAS,
        date: "2026-10-26T17:10:00+01:00",
        message: "Try warmer replies\n\nWaiting for a week of answers before we decide.\n",
        changes: &[then!("prompts/support/reply.md", "warmer/reply.md")],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn below(folder: &Path, found: &mut BTreeSet<Vec<u8>>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below(&path, found);
            } else {
                found.insert(std::fs::read(path).unwrap());
            }
        }
    }

    #[test]
    fn every_file_has_its_place_in_the_story() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app/demo");
        let mut files = BTreeSet::new();
        below(&folder.join("repository"), &mut files);
        below(&folder.join("past"), &mut files);
        let contents = STEPS.iter().flat_map(|step| step.changes).filter_map(|(_, content)| match content {
            Content::Bytes(bytes) => Some(bytes.to_vec()),
            Content::Removed => None,
        });
        assert_eq!(contents.collect::<BTreeSet<_>>(), files);
    }
}
