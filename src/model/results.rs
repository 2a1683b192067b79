//! What came of a run of a suite: one line for every answer, and what they come to. Nothing here hangs on the moment:
//! times, costs and names of runs stand beside it (see [`Moment`]).

use super::call::ToolCall;
use super::score::Verdict;
use super::{Map, Money};

/// One answer and what the checks say of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub about: About,
    /// None if the model gave no answer; `trouble` says why.
    pub answer: Option<Given>,
    pub trouble: Option<String>,
    pub checks: Vec<Checked>,
    /// Of all checks together.
    pub verdict: Verdict,
    /// The weighted mean of the checks. None if one that counts is undecided.
    pub score: Option<f64>,
}

/// What an answer is to. No two lines of a run have the same `case`, `prompt`, `model`, `params` and `repeat`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct About {
    pub case: String,
    /// The prompt's name, with the version where the suite names one.
    pub prompt: String,
    /// The prompt's id, or its name if it has none: it survives renames.
    pub id: String,
    pub model: String,
    /// What a sweep set.
    pub params: Map,
    /// Counted from 1.
    pub repeat: u32,
    /// What makes two prompts the same for results.
    pub fingerprint: String,
    /// Stands for what was sent and for the repeat: the answer is known if this is.
    pub key: String,
    /// Cases of one cluster are no independent evidence. Empty if each stands for itself.
    pub cluster: String,
    pub tags: Vec<String>,
    pub split: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Given {
    pub text: String,
    pub refusal: Option<String>,
    pub tool_calls: Vec<ToolCall>,
    /// Why it ended, if not because it was complete.
    pub stop: Option<String>,
    /// None if the service did not count.
    pub input_tokens: Option<u64>,
    pub output_tokens: Option<u64>,
}

/// One check and what it says.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// With `not-`, as in the suite; several of a kind in one case are told apart by `#2`.
    pub name: String,
    pub verdict: Verdict,
    pub value: Option<f64>,
    pub weight: f64,
    pub metric: Option<String>,
    pub reason: String,
    pub parts: Vec<(String, f64)>,
}

/// What is true of one line for now only: kept beside the results and never committed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Moment {
    /// Of the line, as [`About::key`].
    pub key: String,
    pub elapsed_ms: u64,
    /// None if the price is not known.
    pub cost: Option<Money>,
    /// What its judges cost.
    pub judged: Option<Money>,
    /// Whether it was there already, so that nothing was paid now.
    pub kept: bool,
}

/// What a run was of: it takes no more than this and the repository to do it again.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Manifest {
    pub suite: String,
    /// Digest of the suite's file.
    pub suite_digest: String,
    /// Prompts with their ids, contents and fingerprints.
    pub prompts: Vec<Tried>,
    pub models: Vec<String>,
    /// Data files, rubrics and judge prompts, each with the digest of its content.
    pub files: Vec<(String, String)>,
    pub repeat: u32,
    pub cases: u64,
    /// `(i, n)` if this is one share of several.
    pub shard: Option<(u32, u32)>,
    /// Numbers that are computed from the metrics, each with its formula.
    pub derived: Vec<(String, String)>,
    /// Which cases were wanted, in the words of the command; empty if all.
    pub filter: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tried {
    pub prompt: String,
    pub id: String,
    /// The git blob of its file.
    pub blob: String,
}
