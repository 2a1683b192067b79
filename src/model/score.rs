//! What a check says of an answer.

/// The three things that a check can come to. What cannot be told is never taken for one of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    Passed,
    Failed,
    /// Nobody knows: no answer, a judge whose reply is no verdict, a price that is not known.
    Undecided,
}

impl Verdict {
    pub const ALL: [Verdict; 3] = [Verdict::Passed, Verdict::Failed, Verdict::Undecided];

    pub fn word(self) -> &'static str {
        match self {
            Verdict::Passed => "pass",
            Verdict::Failed => "fail",
            Verdict::Undecided => "undecided",
        }
    }

    pub fn from_word(word: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.word() == word)
    }
}

/// A verdict, the number behind it and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    pub verdict: Verdict,
    /// From 0 to 1. None if undecided.
    pub value: Option<f64>,
    /// One sentence. A check that passed may say nothing.
    pub reason: String,
    /// Numbers that the value is made of, such as the criteria of a rubric: each from 0 to 1.
    pub parts: Vec<(String, f64)>,
}

impl Score {
    /// 1 or 0.
    pub fn of(passed: bool, reason: impl Into<String>) -> Score {
        match passed {
            true => Score::graded(1.0, true, reason),
            false => Score::graded(0.0, false, reason),
        }
    }

    pub fn graded(value: f64, passed: bool, reason: impl Into<String>) -> Score {
        let verdict = if passed { Verdict::Passed } else { Verdict::Failed };
        Score { verdict, value: Some(value), reason: reason.into(), parts: Vec::new() }
    }

    pub fn undecided(reason: impl Into<String>) -> Score {
        Score { verdict: Verdict::Undecided, value: None, reason: reason.into(), parts: Vec::new() }
    }
}
