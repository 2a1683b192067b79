//! The table of keys: what exists, what it may hold, who may set it, and one sentence on what it does.
//!
//! A name in angle brackets stands for any word. Default values are in `defaults.toml`; a key without one there is
//! unset until somebody sets it. To add a key: a row here, a line there, a field in `settings/`.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde_json::Value;

use super::choice::{Color, Engine, FirstRole, Keep, Level, OnMissing, Strategy, Undefined};
use super::feature;
use super::key::Key;
use super::kind::{Fault, Kind};
use super::settings::providers;
use crate::base::near::did_you_mean;

/// Who may set a key. A clone is untrusted, so its `palc.toml` may not set everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Anyone,
    /// A limit that protects the reader, or a feature that they switched off: a repository may lower it, and only the
    /// user may raise it.
    Lower,
    /// Where keys are sent to, and the like: from a repository only once the reader trusts it.
    Trust,
    /// Commands, and what concerns the user's machine: never from a repository.
    User,
}

#[derive(Debug)]
pub struct Row {
    /// `checks.severity.<rule>`
    pub name: Cow<'static, str>,
    pub kind: Kind,
    pub reach: Reach,
    pub doc: &'static str,
}

impl Row {
    /// How well the row fits a key: the number of words that are the same, or none if it does not fit.
    fn fit(&self, key: &[String]) -> Option<usize> {
        let mut pattern = self.name.split('.');
        let mut exact = 0;
        for word in key {
            match pattern.next()? {
                name if name.starts_with('<') => {}
                name if name == word => exact += 1,
                _ => return None,
            }
        }
        pattern.next().is_none().then_some(exact)
    }

    /// Everything that is wrong with a value of this key.
    pub fn faults(&self, key: &Key, value: &Value) -> Vec<Fault> {
        let name = key.words().last().map_or("", String::as_str);
        match self.kind {
            Kind::Header => {
                providers::bad_header_name(name).map_or_else(|| self.kind.faults(value), |fault| vec![fault])
            }
            kind => kind.faults(value),
        }
    }

    /// The name of the word at a place of the key, unless the place is open to any word.
    fn word(&self, index: usize) -> Option<&str> {
        self.name.split('.').nth(index).filter(|word| !word.starts_with('<'))
    }

    fn fits_prefix(&self, prefix: &[String]) -> bool {
        let mut pattern = self.name.split('.');
        prefix.iter().all(|word| pattern.next().is_some_and(|name| name.starts_with('<') || name == word))
            && pattern.next().is_some()
    }
}

/// All rows, in the order in which people read about them.
pub fn rows() -> &'static [Row] {
    &ROWS
}

/// The row of a key; a row that names it beats a row with a pattern.
pub fn row(key: &Key) -> Option<&'static Row> {
    let fit = |row: &'static Row| Some((row.fit(key.words())?, row));
    ROWS.iter().filter_map(fit).max_by_key(|&(exact, _)| exact).map(|(_, row)| row)
}

/// Whether keys exist below these words, so that a file may hold a table there.
pub fn is_table(words: &[String]) -> bool {
    ROWS.iter().any(|row| row.fits_prefix(words))
}

/// The words that may follow these ones, for suggestions and completion.
pub fn next_words(words: &[String]) -> Vec<&'static str> {
    let rows = ROWS.iter().filter(|row| row.fits_prefix(words));
    let mut next = Vec::new();
    for word in rows.filter_map(|row| row.word(words.len())) {
        if !next.contains(&word) {
            next.push(word);
        }
    }
    next
}

/// The full name of a key whose last word is this one: for people who forgot the section.
fn ending_in(word: &str) -> Option<&'static str> {
    let name = |row: &'static Row| (row.name.rsplit('.').next() == Some(word)).then_some(&*row.name);
    ROWS.iter().filter(|row| !row.name.contains('<')).find_map(name)
}

/// What was probably meant by a key that does not exist.
pub fn suggestion(key: &Key) -> Option<String> {
    let (last, before) = key.words().split_last()?;
    let siblings = next_words(before);
    let near = did_you_mean(last, siblings.iter().copied());
    let elsewhere = || ending_in(last).map(|name| format!("did you mean `{name}`?"));
    near.or_else(elsewhere).or_else(|| (!siblings.is_empty()).then(|| format!("known here: {}", siblings.join(", "))))
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let prompt_defaults = [
        ("model", Kind::Text, "The model, as `provider/model`."),
        ("provider", Kind::Text, "The provider, where the model does not name it."),
        ("params.temperature", Kind::Number { min: 0.0, max: 2.0 }, "How freely the model chooses its words."),
        ("params.top_p", Kind::Number { min: 0.0, max: 1.0 }, "The share of likely words the model chooses from."),
        ("params.top_k", Kind::Whole { min: 1, max: i64::MAX }, "How many likely words the model chooses from."),
        ("params.max_tokens", Kind::Whole { min: 1, max: i64::MAX }, "The longest answer, in tokens."),
        ("params.frequency_penalty", Kind::Number { min: -2.0, max: 2.0 }, "How strongly repeated words are avoided."),
        ("params.presence_penalty", Kind::Number { min: -2.0, max: 2.0 }, "How strongly new words are preferred."),
        ("params.seed", Kind::Whole { min: i64::MIN, max: i64::MAX }, "The seed for models that take one."),
        ("params.stop", Kind::List, "Texts at which the answer ends."),
        ("params.<name>", Kind::Any, "Any other parameter, passed on as it is."),
    ];
    let of_repository =
        prompt_defaults.iter().map(|&(name, kind, doc)| Row { name: name.into(), kind, reach: Reach::Anyone, doc });
    let of_project = prompt_defaults.iter().map(|&(name, kind, doc)| Row {
        name: format!("projects.<folder>.{name}").into(),
        kind,
        reach: Reach::Anyone,
        doc,
    });
    let features = feature::ALL.iter().map(|feature| Row {
        name: feature.key.into(),
        kind: Kind::Bool,
        reach: Reach::Lower,
        doc: feature.doc,
    });
    let plain = PLAIN.iter().map(|&(name, kind, reach, doc)| Row { name: name.into(), kind, reach, doc });
    of_repository.chain(plain).chain(features).chain(of_project).collect()
});

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

/// The languages that palc speaks; `provider::Protocol` has the same words.
pub const PROTOCOLS: &[&str] = &["openai", "responses", "openrouter", "anthropic", "google", "ollama"];

#[rustfmt::skip]
const PLAIN: &[(&str, Kind, Reach, &str)] = &[
    ("prompts.roots", Kind::Folders, Reach::Anyone, "Folders that hold prompts. A prompt's name is its path below one of them, without the suffix."),
    ("prompts.include", Kind::Globs, Reach::Anyone, "Which files below the roots are prompts."),
    ("prompts.exclude", Kind::Globs, Reach::Anyone, "Which files below the roots are not prompts, although they look like it."),

    ("files.examples", Kind::Path, Reach::Anyone, "The folder of example sets that are called by name."),
    ("files.forms", Kind::Path, Reach::Anyone, "The folder of what judges and writers are asked, as prompt files: judge.md and refine.md there win over those that come with palc."),
    ("files.labels", Kind::Path, Reach::Anyone, "The file of labels and inactive versions."),
    ("files.ranking", Kind::Path, Reach::Anyone, "The file of weights for ranking, which wins over `ranking.weights` where it is there and whole."),

    ("ranking.weights.temperature", Kind::Number { min: 0.0, max: 1000.0 }, Reach::Anyone, "How much it counts that a prompt's temperature is near the one that its phase wants."),
    ("ranking.weights.length", Kind::Number { min: 0.0, max: 1000.0 }, Reach::Anyone, "How much it counts that a prompt is neither too short nor too long."),
    ("ranking.weights.similarity", Kind::Number { min: 0.0, max: 1000.0 }, Reach::Anyone, "How much it counts that a prompt means what the task means."),
    ("ranking.weights.ratio", Kind::Number { min: 0.0, max: 1000.0 }, Reach::Anyone, "How much it counts that a prompt is about as long as the task."),
    ("ranking.weights.history", Kind::Number { min: 0.0, max: 1000.0 }, Reach::Anyone, "How much it counts how earlier prompts did that resemble a prompt."),

    ("eval.evidence", Kind::Choice(&["kept", "off", "note", "warning", "error"]), Reach::Anyone, "How serious it is before a commit and in a review that a suite's kept results are not of the prompts as they are; `kept`: a warning, and only where results were kept."),
    ("eval.folder", Kind::Path, Reach::Anyone, "The folder of suites."),
    ("eval.results", Kind::Path, Reach::Anyone, "The folder of results that are kept, a folder a suite."),
    ("eval.judge", Kind::Text, Reach::Anyone, "The model that judges, where neither the check nor the suite names one."),

    ("files.personas", Kind::Path, Reach::Anyone, "The folder of personas; a file there wins over the one that comes with palc."),
    ("files.phases", Kind::Path, Reach::Anyone, "The folder of phases; a file there wins over the one that comes with palc."),
    ("files.sessions", Kind::Path, Reach::Anyone, "The folder of what was asked for in generation, a file a session."),

    ("generation.phases", Kind::List, Reach::Anyone, "The phases that an idea goes through, in order."),
    ("generation.persona", Kind::Text, Reach::Anyone, "The persona in which prompts are written."),
    ("generation.strategy", Kind::Choice(Strategy::WORDS), Reach::Anyone, "What moves on from phase to phase: every variant, the best, or the idea itself."),
    ("generation.count", Kind::Whole { min: 1, max: 100 }, Reach::Anyone, "How many variants are made."),
    ("generation.target", Kind::Text, Reach::Anyone, "The family of models that prompts are written for."),
    ("generation.model", Kind::Text, Reach::Anyone, "The model that writes, where a phase names none; the general `model` if this is unset."),
    ("generation.judge", Kind::Text, Reach::Anyone, "The model that judges; the one that writes if this is unset."),
    ("generation.into", Kind::Text, Reach::Anyone, "The folder of new prompts, as their names say it."),
    ("generation.keep", Kind::Choice(Keep::WORDS), Reach::Anyone, "What is kept of the phases before the last: files, stages in the last one's front matter, or nothing."),
    ("generation.history", Kind::Bool, Reach::Anyone, "Whether earlier prompts that resemble the idea are shown to the model."),
    ("generation.min_relevance", Kind::Number { min: 0.0, max: 1.0 }, Reach::Anyone, "How much an earlier prompt must resemble the idea to be shown, from 0 to 1."),
    ("generation.max_examples", Kind::Whole { min: 0, max: 20 }, Reach::Anyone, "How many earlier prompts are shown at most."),
    ("generation.context_tokens", Kind::Whole { min: 0, max: 10_000_000 }, Reach::Anyone, "How many tokens context files may have in all."),
    ("generation.idea_characters", Kind::Whole { min: 1, max: 4_000_000 }, Reach::Anyone, "How many characters an idea may have."),

    ("render.on_missing", Kind::Choice(OnMissing::WORDS), Reach::Anyone, "What to do about a variable that is required and not given."),
    ("render.undefined", Kind::Choice(Undefined::WORDS), Reach::Anyone, "How templates treat undefined values."),
    ("render.engine", Kind::Choice(Engine::WORDS), Reach::Anyone, "The template language of a native prompt that names none."),
    ("render.first_role", Kind::Choice(FirstRole::WORDS), Reach::Anyone, "Who speaks the text before the first message marker."),
    ("render.trim_blocks", Kind::Bool, Reach::Anyone, "Remove the line break after a block tag."),
    ("render.lstrip_blocks", Kind::Bool, Reach::Anyone, "Remove the blanks before a block tag that starts its line."),
    ("render.fuel", Kind::Whole { min: 1, max: 1_000_000_000_000 }, Reach::Lower, "How many steps a template may take."),
    ("render.recursion", Kind::Whole { min: 1, max: 500 }, Reach::Lower, "How deep macros and blocks may nest while rendering."),
    ("render.include_depth", Kind::Whole { min: 1, max: 128 }, Reach::Lower, "How deep includes may nest."),
    ("render.output_bytes", Kind::Bytes { max: 1024 * MIB }, Reach::Lower, "The largest rendered prompt."),

    ("search.embedder", Kind::Embedder, Reach::User, "What makes the vectors for search by meaning: the ones built in, none, a model in a folder, run by ONNX Runtime, or a model of a provider, which is then sent your prompts and questions."),
    ("search.onnxruntime", Kind::OwnPath, Reach::User, "The shared library of ONNX Runtime, if it is not in one of the usual places."),

    ("models.concurrency", Kind::Whole { min: 1, max: 1000 }, Reach::Anyone, "How many calls to models may be on their way at once, over all providers."),
    ("models.cache", Kind::Bool, Reach::Anyone, "Keep answers, and give them again for the same question."),
    ("models.cache_ttl", Kind::Duration, Reach::Anyone, "How long an answer is kept."),
    ("models.offline", Kind::Bool, Reach::User, "Connect to no service: answers come from what is kept or recorded, or not at all."),

    ("providers.<name>.protocol", Kind::Choice(PROTOCOLS), Reach::Trust, "The language the provider speaks."),
    ("providers.<name>.base_url", Kind::Url, Reach::Trust, "Where the provider is. Requests go there, with the key."),
    ("providers.<name>.key_env", Kind::Variable, Reach::Trust, "The environment variable that holds the key."),
    ("providers.<name>.headers.<name>", Kind::Header, Reach::Trust, "A header that is sent with every request, never a key; `${NAME}` stands for what that variable holds."),
    ("providers.<name>.answer_bytes", Kind::Bytes { max: 1024 * MIB }, Reach::Trust, "The largest answer that is taken."),
    ("providers.<name>.model", Kind::Text, Reach::Anyone, "The model that is meant where only the provider is named."),
    ("providers.<name>.embedding_model", Kind::Text, Reach::Anyone, "The model that makes vectors where only the provider is named."),
    ("providers.<name>.options.<name>", Kind::Any, Reach::Trust, "What this provider alone knows, sent with every call: routing, data policy, safety settings."),
    ("providers.<name>.fallback", Kind::List, Reach::Anyone, "Who is asked next if the provider cannot answer, as `provider` or `provider/model`, in order."),
    ("providers.<name>.timeout", Kind::Duration, Reach::Anyone, "The longest silence within an answer."),
    ("providers.<name>.connect_timeout", Kind::Duration, Reach::Anyone, "How long connecting may take."),
    ("providers.<name>.embedding_timeout", Kind::Duration, Reach::Anyone, "How long a request for vectors may take."),
    ("providers.<name>.retries", Kind::Whole { min: 0, max: 20 }, Reach::Anyone, "How often a call is tried again that failed in passing."),
    ("providers.<name>.concurrency", Kind::Whole { min: 1, max: 1000 }, Reach::Anyone, "How many calls to the provider may be on their way at once."),
    ("providers.<name>.requests_per_minute", Kind::Whole { min: 1, max: i64::MAX }, Reach::Anyone, "How many calls the provider takes a minute."),
    ("providers.<name>.tokens_per_minute", Kind::Whole { min: 1, max: i64::MAX }, Reach::Anyone, "How many tokens the provider takes a minute."),

    ("prices.<model>.input", Kind::Price, Reach::Anyone, "US dollars for a million tokens that go in. A model is named as `model` or `provider/model`, in quotes."),
    ("prices.<model>.output", Kind::Price, Reach::Anyone, "US dollars for a million tokens that come out, thoughts among them."),
    ("prices.<model>.cache_read", Kind::Price, Reach::Anyone, "US dollars for a million tokens read from the provider's cache."),
    ("prices.<model>.cache_write", Kind::Price, Reach::Anyone, "US dollars for a million tokens written to the provider's cache."),
    ("prices.<model>.cache_write_hour", Kind::Price, Reach::Anyone, "US dollars for a million tokens written to the provider's cache for an hour."),

    ("tokens.model", Kind::Text, Reach::Anyone, "The model whose tokens are counted when a prompt names none."),

    ("vocabulary.type", Kind::Words, Reach::Anyone, "The prompt types, as a list of words or a table of words; without words, any is good."),
    ("vocabulary.phase", Kind::Words, Reach::Anyone, "The phases, in order. `user = false` keeps people's state from naming one."),
    ("vocabulary.status", Kind::Words, Reach::Anyone, "The statuses a prompt can have."),
    ("vocabulary.category", Kind::Words, Reach::Anyone, "The categories."),
    ("vocabulary.persona", Kind::Words, Reach::Anyone, "The personas that prompts may name."),
    ("vocabulary.tags", Kind::Words, Reach::Anyone, "The tags, with description and colour."),
    ("vocabulary.context_keys", Kind::Words, Reach::Anyone, "The context keys that prompts may require."),
    ("vocabulary.relation", Kind::Words, Reach::Anyone, "The ways in which prompts may be related; any, where the list is empty."),
    ("vocabulary.actions", Kind::Words, Reach::Anyone, "The actions that prompts may allow. `offered = false` keeps one from the model."),

    ("checks.severity.<rule>", Kind::Choice(&["off", "note", "warning", "error"]), Reach::Anyone, "How serious the findings of a rule are."),
    ("checks.ignore.<glob>", Kind::List, Reach::Anyone, "The rules that are silent in files of this pattern; `*` is all of them."),
    ("checks.fail_on", Kind::Choice(&["never", "note", "warning", "error"]), Reach::Anyone, "The least severity that makes `palc check` answer no."),

    ("fmt.sort_keys", Kind::Bool, Reach::Anyone, "Put front matter keys in the usual order."),
    ("fmt.trim_trailing_space", Kind::Bool, Reach::Anyone, "Remove blanks at the ends of front matter lines."),
    ("fmt.final_newline", Kind::Bool, Reach::Anyone, "End every file with a line break."),

    ("custom.schema", Kind::Path, Reach::Anyone, "The JSON Schema file for `custom` in front matter."),

    ("projects.<folder>.title", Kind::Text, Reach::Anyone, "The name of the project in this folder of prompts."),
    ("projects.<folder>.description", Kind::Text, Reach::Anyone, "What the project is for."),
    ("projects.<folder>.owners", Kind::List, Reach::Anyone, "Who answers for the prompts in the folder."),
    ("projects.<folder>.tags", Kind::List, Reach::Anyone, "Tags of prompts in the folder that set none."),
    ("projects.<folder>.type", Kind::Text, Reach::Anyone, "Type of prompts in the folder that set none."),
    ("projects.<folder>.category", Kind::Text, Reach::Anyone, "Category of prompts in the folder that set none."),
    ("projects.<folder>.persona", Kind::Text, Reach::Anyone, "Persona of prompts in the folder that set none."),

    ("ui.color", Kind::Choice(Color::WORDS), Reach::User, "When output is coloured."),
    ("ui.editor", Kind::Text, Reach::User, "The command that edits a file."),

    ("log.level", Kind::Choice(Level::WORDS), Reach::User, "How much is written to the log, which never holds prompt texts or keys."),
    ("log.keep_days", Kind::Whole { min: 1, max: 3650 }, Reach::User, "For how many days logs are kept."),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn name(key: &str) -> Option<&'static str> {
        row(&Key::parse(key).expect("a key")).map(|row| &*row.name)
    }

    #[test]
    fn a_named_row_beats_a_pattern() {
        assert_eq!(name("params.temperature"), Some("params.temperature"));
        assert_eq!(name("params.mirostat"), Some("params.<name>"));
        assert_eq!(name("projects.a/b.params.seed"), Some("projects.<folder>.params.seed"));
        assert_eq!(name("render"), None);
        assert_eq!(name("render.fuel.x"), None);
    }

    #[test]
    fn names_are_distinct_and_no_key_is_also_a_table() {
        for (index, row) in rows().iter().enumerate() {
            assert!(rows()[..index].iter().all(|other| other.name != row.name), "{}", row.name);
            assert!(row.doc.ends_with('.'), "{}", row.name);
            assert!(!is_table(Key::parse(&row.name).expect("a key").words()), "{}", row.name);
        }
    }

    #[test]
    fn knows_what_may_follow() {
        let words = |key: &str| next_words(Key::parse(key).expect("a key").words());
        assert_eq!(words("ui"), ["color", "editor"]);
        assert_eq!(words("checks"), ["severity", "ignore", "fail_on"]);
        assert_eq!(ending_in("on_missing"), Some("render.on_missing"));
    }
}
