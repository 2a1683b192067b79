//! What prompts are for, as far as it can be told without reading the minds of their authors: ten answers.

use super::gist::Gist;
use crate::base::Result;
use crate::search::meaning::{Embedder, Vector};

/// A thing that prompts ask for.
#[derive(Debug)]
pub struct Intent {
    /// The tag for it.
    pub tag: &'static str,
    about: &'static str,
    /// Beginnings of words that give it away.
    cues: &'static [&'static str],
}

#[rustfmt::skip]
pub const INTENTS: [Intent; 10] = [
    Intent { tag: "summary", about: "summarise a text, article or meeting in a few sentences or bullet points", cues: &["summar", "condens", "digest", "recap", "tldr"] },
    Intent { tag: "classification", about: "classify, label, sort and rate items into categories", cues: &["classif", "categor", "label", "triage", "sentiment", "rate", "rating"] },
    Intent { tag: "extraction", about: "extract facts, names, fields and data from a document", cues: &["extract", "parse", "fields", "entities", "facts"] },
    Intent { tag: "writing", about: "write an article, story, email, post or poem", cues: &["article", "blog", "story", "stories", "poem", "essay", "email", "letter", "novel", "copywrit", "writer", "lyrics", "post"] },
    Intent { tag: "editing", about: "rewrite, edit, correct and improve a given text, its grammar and style", cues: &["rewrit", "edit", "improve", "proofread", "grammar", "correct", "rephras", "polish", "humaniz"] },
    Intent { tag: "translation", about: "translate a text from one language into another", cues: &["translat", "translator", "localiz", "localis", "interpreter"] },
    Intent { tag: "answering", about: "answer questions and explain a subject to someone who wants to know", cues: &["answer", "question", "explain", "faq", "teach", "tutor", "advice", "advis"] },
    Intent { tag: "code", about: "write, review, test and debug program code", cues: &["code", "coding", "developer", "programm", "software", "debug", "function", "refactor", "typescript", "python", "javascript", "api", "sql", "tests"] },
    Intent { tag: "planning", about: "make a plan, schedule, strategy or list of steps towards a goal", cues: &["plan", "roadmap", "schedul", "strateg", "itinerar", "milestone", "budget"] },
    Intent { tag: "chat", about: "talk with the user in a role, as a character, companion or interviewer", cues: &["chat", "convers", "roleplay", "character", "interview", "persona", "dialogue", "companion", "game"] },
];

/// How much words count; the rest is meaning.
const WORDS: f32 = 0.5;

/// The intents with their vectors.
#[derive(Debug)]
pub struct Intents {
    vectors: Vec<Vector>,
}

impl Intents {
    pub fn new(embedder: &dyn Embedder) -> Result<Intents> {
        let texts = INTENTS.map(|intent| intent.about);
        Ok(Intents { vectors: embedder.embed(&texts)? })
    }

    /// Every intent with how likely it is, the likeliest first.
    pub fn of(&self, gist: &Gist) -> Vec<(&'static str, f32)> {
        let likely = |(intent, vector): (&Intent, &Vector)| {
            let meaning = gist.vector.cosine(vector).max(0.0);
            let told = gist.words.iter().filter(|word| intent.cues.iter().any(|cue| word.starts_with(cue))).count();
            let words = 1.0 - 0.5_f32.powi(told as i32);
            (intent.tag, (1.0 - WORDS) * meaning + WORDS * words)
        };
        let mut found: Vec<_> = INTENTS.iter().zip(&self.vectors).map(likely).collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Dialect;
    use crate::search::meaning::Builtin;
    use crate::search::reading::Reading;

    #[test]
    fn plain_tasks_are_told() {
        let embedder = Builtin::new();
        let intents = Intents::new(&embedder).expect("nothing can fail");
        for (body, tag) in [
            ("Summarise the meeting in five bullet points.", "summary"),
            ("Sort each ticket into one of these categories: billing, shipping, other.", "classification"),
            ("Extract the invoice number and all amounts from the document as JSON.", "extraction"),
            ("Write a blog post about gardening.", "writing"),
            ("Correct the grammar of this text and improve its style.", "editing"),
            ("Translate this into French.", "translation"),
            ("Explain the question to a pupil and answer it.", "answering"),
            ("Review this Python function and write unit tests.", "code"),
            ("Make a roadmap with milestones for the next quarter.", "planning"),
            ("Be a character from a game and have a conversation with me.", "chat"),
        ] {
            let gist =
                Gist::of(&Reading::of("", body.as_bytes(), Dialect::Native), &embedder).expect("nothing can fail");
            let found = intents.of(&gist);
            assert_eq!(found[0].0, tag, "{body}: {found:?}");
            assert_eq!(found.len(), 10);
        }
    }
}
