//! What a check is. A kind of check reads its value once, before anything is paid, and then looks at one answer after
//! the other: at once, or by asking a judge.

use std::sync::Arc;
use std::time::Duration;

use crate::base::Result;
use crate::model::call::{Message, Tool};
use crate::model::engine::Engine;
use crate::model::{Map, Money, Reply, Score, Value};

/// An answer, and all that a check may look at.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    pub reply: &'a Reply,
    /// What was sent.
    pub messages: &'a [Message],
    /// The case's variables.
    pub vars: &'a Map,
    /// What the prompt lets the model ask for.
    pub tools: &'a [Tool],
    /// None if the price is not known.
    pub cost: Option<Money>,
    /// How long the answer took when it was given. None if nobody knows any more.
    pub elapsed: Option<Duration>,
}

/// What a check may need of its surroundings while it reads its value.
pub trait Around {
    /// A file that a suite names, from the suite's folder: its text. It never lies outside of the repository.
    fn file(&self, path: &str) -> Result<String>;

    /// The schema that the prompt gives for its answers.
    fn output_schema(&self) -> Option<Value>;

    /// The service and the model that judge: those that the check names, or those of the suite or the settings.
    fn judge(&self, named: Option<&str>) -> Result<(String, String)>;

    /// `service/model` of everyone whose answers are checked.
    fn tested(&self) -> Vec<String> {
        Vec::new()
    }

    /// What gives texts their directions in the space of meanings.
    fn meaning(&self) -> Result<Directions>;
}

/// Directions of texts in the space of meanings, each of length 1.
pub type Directions = Arc<dyn Fn(&[&str]) -> Result<Vec<Vec<f32>>> + Send + Sync>;

/// One kind of check, as the registry lists it.
pub struct Kind {
    /// As suites write it.
    pub name: &'static str,
    /// One sentence about what passes.
    pub about: &'static str,
    /// A value for the documentation: `contains: billing`.
    pub example: &'static str,
    /// A JSON Schema of the value.
    pub schema: fn() -> Value,
    /// The least value that passes, for kinds that give a number.
    pub threshold: Option<f64>,
    /// Read the value. What is wrong with it is said in a sentence.
    pub compile: fn(&Value, &dyn Around) -> Result<Compiled, String>,
}

/// A check that has read its value.
pub enum Compiled {
    Plain(Box<dyn Plain>),
    Judged(Box<dyn Judged>),
}

/// Looks at an answer and says at once. It knows nothing of thresholds that stand beside it, of weights or of `not-`.
pub trait Plain {
    fn look(&self, subject: &Subject<'_>) -> Score;
}

/// Asks models before it says anything.
pub trait Judged {
    fn begin(&self, subject: &Subject<'_>) -> Result<Box<dyn Trial>>;

    /// What it says hangs on these besides its value: prompts and rubrics, each with the digest of its content.
    fn files(&self) -> Vec<(String, String)>;

    /// And on these: `service/model` of everyone who judges.
    fn judges(&self) -> Vec<String>;
}

/// One answer before a judge: an engine whose tickets are its own, and a score once it asks for nothing more.
pub trait Trial: Engine {
    fn score(&self) -> Option<Score>;
}
