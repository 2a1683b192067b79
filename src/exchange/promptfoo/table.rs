//! Types of assertions and the kinds of checks that say the same.

pub struct Known {
    pub theirs: &'static str,
    /// None if no kind says it.
    pub ours: Option<&'static str>,
    /// What differs, or why there is none. Empty if nothing does.
    pub says: &'static str,
    /// Whether verdicts may differ so that whoever imports it should look.
    pub warns: bool,
}

const fn same(theirs: &'static str, ours: &'static str) -> Known {
    Known { theirs, ours: Some(ours), says: "", warns: false }
}

const fn near(theirs: &'static str, ours: &'static str, says: &'static str) -> Known {
    Known { theirs, ours: Some(ours), says, warns: false }
}

const fn differs(theirs: &'static str, ours: &'static str, says: &'static str) -> Known {
    Known { theirs, ours: Some(ours), says, warns: true }
}

const fn none(theirs: &'static str, says: &'static str) -> Known {
    Known { theirs, ours: None, says, warns: false }
}

const CODE: &str = "it runs code, which no suite does";
const JUDGE: &str = "palc's judges ask other questions; write a rubric for it";
const TRACE: &str = "it looks at traces of other programs";

#[rustfmt::skip]
pub const TABLE: &[Known] = &[
    same("equals", "equals"),
    same("contains", "contains"),
    same("icontains", "icontains"),
    same("contains-any", "contains-any"),
    same("contains-all", "contains-all"),
    same("icontains-any", "icontains-any"),
    same("icontains-all", "icontains-all"),
    same("starts-with", "starts-with"),
    near("regex", "regex", "patterns are matched in linear time: look-around and backreferences are not imported; a broken pattern is an error and not a failure"),
    same("is-json", "is-json"),
    near("contains-json", "contains-json", "imported with `repair: true`, which says what it mended; lists count as well as objects"),
    near("is-xml", "is-xml", ""),
    near("contains-xml", "contains-xml", "attributes without quotes and unknown entities are no XML"),
    differs("is-html", "is-html", "elements must exist and be closed; two signs of HTML are not enough"),
    differs("contains-html", "contains-html", "an element with its end is wanted; two signs of HTML are not enough"),
    near("levenshtein", "levenshtein", "counted in characters, not in units of UTF-16; `threshold` becomes `max`"),
    near("rouge-n", "rouge-1", "it always was about single words"),
    near("bleu", "bleu", "texts of fewer than four words are compared by what they have"),
    same("gleu", "gleu"),
    differs("similar", "similar", "palc's own vectors give other numbers; look at the threshold"),
    differs("similar:cosine", "similar", "palc's own vectors give other numbers; look at the threshold"),
    near("cost", "cost", "undecided where the price is not known"),
    near("latency", "latency", "of an answer that is known already, the time that it once took"),
    near("word-count", "word-count", ""),
    differs("is-refusal", "is-refusal", "an empty answer is no refusal, and what comes late in an answer is none"),
    near("finish-reason", "finish-reason", "`stop` is `complete`, and `content_filter` is `refused`"),
    near("is-valid-openai-tools-call", "valid-tool-calls", "held against the tools of the prompt; `not-` turns it round"),
    near("is-valid-openai-function-call", "valid-tool-calls", "held against the tools of the prompt; `not-` turns it round"),
    near("is-valid-function-call", "valid-tool-calls", "held against the tools of the prompt; `not-` turns it round"),
    near("tool-call-f1", "tool-call-f1", "`not-` turns the score round too"),
    differs("llm-rubric", "judge", "judged by palc's own prompt: a reply that is no verdict is asked for again and then undecided"),
    near("assert-set", "set", ""),
    none("meteor", "it needs a dictionary of synonyms, and there is none here"),
    none("is-sql", "palc does not read SQL"),
    none("contains-sql", "palc does not read SQL"),
    none("similar:dot", "only the cosine is measured"),
    none("similar:euclidean", "only the cosine is measured"),
    none("perplexity", "services of palc give no log-probabilities"),
    none("perplexity-score", "services of palc give no log-probabilities"),
    none("javascript", CODE),
    none("python", CODE),
    none("ruby", CODE),
    none("webhook", "it sends answers elsewhere"),
    none("guardrails", "it asks another service"),
    none("moderation", "it asks another service"),
    none("classifier", "it asks another service"),
    none("pi", "it asks another service"),
    none("human", "people rate with `palc rate`"),
    none("g-eval", JUDGE),
    none("model-graded-closedqa", JUDGE),
    none("model-graded-factuality", JUDGE),
    none("factuality", JUDGE),
    none("answer-relevance", JUDGE),
    none("context-recall", JUDGE),
    none("context-relevance", JUDGE),
    none("context-faithfulness", JUDGE),
    none("conversation-relevance", JUDGE),
    none("search-rubric", "its judge searches the web"),
    none("agent-rubric", "its judge uses tools"),
    none("select-best", "it compares answers with each other: `palc ab` and `palc compare` do that"),
    none("max-score", "it compares answers with each other: `palc ab` and `palc compare` do that"),
    none("trace-span-count", TRACE),
    none("trace-span-duration", TRACE),
    none("trace-error-spans", TRACE),
    none("trajectory:tool-used", TRACE),
    none("trajectory:tool-args-match", TRACE),
    none("trajectory:tool-sequence", TRACE),
    none("trajectory:step-count", TRACE),
    none("trajectory:goal-success", TRACE),
    none("skill-used", TRACE),
];

pub fn find(theirs: &str) -> Option<&'static Known> {
    TABLE.iter().find(|known| known.theirs == theirs)
}
