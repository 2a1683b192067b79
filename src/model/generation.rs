//! What generation works with: the phases that a text goes through, and the personas in which it is written.

use std::collections::BTreeMap;

use super::Map;
use super::prompt::Prompt;

/// A step on the way from an idea to a prompt: a system and a user template, and how its model is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Phase {
    pub name: String,
    pub source: Source,
    /// Its description is its intent.
    pub prompt: Prompt,
    /// How much each criterion counts when candidates are judged, where the judge is to be told.
    pub weights: Map,
}

/// Who writes: what is added to the system text, and how prompts for a family of models are laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Persona {
    pub name: String,
    pub source: Source,
    /// Its body is added to the system text.
    pub prompt: Prompt,
    pub capabilities: Vec<String>,
    /// Where a family does not say how thought is asked for.
    pub reasoning: Option<Reasoning>,
    /// How much each criterion counts when candidates are judged, where the judge is to be told.
    pub weights: Map,
    /// Uses, each with the words by which a request for it is known.
    pub use_cases: Vec<(String, Vec<String>)>,
    /// What is done otherwise in a phase.
    pub phases: BTreeMap<String, InPhase>,
    pub families: BTreeMap<String, Layout>,
}

/// The file that something was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// From the repository's root; for what is inside the binary, where it would be.
    pub path: String,
    pub built_in: bool,
    pub text: String,
}

/// What a persona does otherwise in a phase.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InPhase {
    pub text: Option<String>,
    pub model: Option<String>,
    pub params: Map,
}

/// How a model is brought to think.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reasoning {
    Chain,
    StructuredChain,
    ChainOfCode,
    Direct,
}

impl Reasoning {
    pub const ALL: [Reasoning; 4] =
        [Reasoning::Chain, Reasoning::StructuredChain, Reasoning::ChainOfCode, Reasoning::Direct];

    pub fn word(self) -> &'static str {
        match self {
            Reasoning::Chain => "chain",
            Reasoning::StructuredChain => "structured-chain",
            Reasoning::ChainOfCode => "chain-of-code",
            Reasoning::Direct => "direct",
        }
    }

    pub fn parse(word: &str) -> Option<Reasoning> {
        Reasoning::ALL.into_iter().find(|reasoning| reasoning.word() == word)
    }

    /// What it means for the prompt that is written.
    pub fn text(self) -> &'static str {
        match self {
            Reasoning::Chain => {
                "Where the task takes more than one step, have the model think step by step before it answers."
            }
            Reasoning::StructuredChain => {
                "Have the model think in named steps (question, evidence, weighing, conclusion), each with a result of \
                 its own, and let the answer refer to them."
            }
            Reasoning::ChainOfCode => {
                "Where the task can be computed or checked, have the model reason in code or pseudocode: state the \
                 interface, walk through the cases, then write the answer."
            }
            Reasoning::Direct => "Have the model answer directly; ask for no visible reasoning.",
        }
    }
}

/// How prompts for one family of models are laid out. What is not said is taken from elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    pub structure: Option<String>,
    pub reasoning: Option<String>,
    pub examples: Option<String>,
    pub directives: Vec<String>,
}

impl Layout {
    /// With another's word where this one has none.
    #[must_use]
    pub fn or(self, other: &Layout) -> Layout {
        Layout {
            structure: self.structure.or_else(|| other.structure.clone()),
            reasoning: self.reasoning.or_else(|| other.reasoning.clone()),
            examples: self.examples.or_else(|| other.examples.clone()),
            directives: if self.directives.is_empty() { other.directives.clone() } else { self.directives },
        }
    }
}

/// The family of everything that has none of its own.
pub const ANY_FAMILY: &str = "generic";

/// The families that palc knows by the names of their models; a persona's file may name more.
pub const FAMILIES: [&str; 5] = ["claude", "gpt", "gemini", "grok", ANY_FAMILY];

/// The family of a model, by its name: `anthropic/claude-…` is `claude`.
pub fn family_of(model: &str) -> Option<&'static str> {
    let name = model.rsplit('/').next().unwrap_or(model).to_ascii_lowercase();
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
    match () {
        () if starts(&["claude"]) => Some("claude"),
        () if starts(&["gpt", "chatgpt", "o1", "o3", "o4"]) => Some("gpt"),
        () if starts(&["gemini", "gemma"]) => Some("gemini"),
        () if starts(&["grok"]) => Some("grok"),
        () => None,
    }
}

impl Persona {
    /// How it lays out prompts for a family. Gaps are filled from what it says for any family, then from what `others`
    /// (the persona for everything) says for this family, then for any. Its own way of reasoning comes before theirs.
    pub fn layout(&self, family: &str, others: Option<&Persona>) -> Layout {
        let of = |persona: &Persona, family: &str| persona.families.get(family).cloned().unwrap_or_default();
        let mut own = of(self, family).or(&of(self, ANY_FAMILY));
        if own.reasoning.is_none() {
            own.reasoning = self.reasoning.map(|reasoning| reasoning.text().to_owned());
        }
        match others.filter(|others| others.name != self.name) {
            Some(others) => own.or(&others.layout(family, None)),
            None => own,
        }
    }

    /// What the request is probably for: the use whose words it has most of, and of equals the first. None where it has
    /// none of any.
    pub fn use_case(&self, idea: &str) -> Option<&str> {
        let idea = idea.to_lowercase();
        let words: Vec<&str> = idea.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let has = |phrase: &&String| {
            let phrase = phrase.to_lowercase();
            let phrase: Vec<&str> =
                phrase.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
            !phrase.is_empty() && words.windows(phrase.len()).any(|window| window == phrase)
        };
        let hits = |(_, phrases): &(String, Vec<String>)| phrases.iter().filter(has).count();
        let best = self.use_cases.iter().map(hits).max().filter(|hits| *hits > 0)?;
        self.use_cases.iter().find(|case| hits(case) == best).map(|(name, _)| name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(structure: &str) -> Layout {
        Layout { structure: Some(structure.into()), ..Layout::default() }
    }

    fn persona(name: &str, families: &[(&str, Layout)]) -> Persona {
        Persona {
            name: name.into(),
            source: Source { path: String::new(), built_in: true, text: String::new() },
            prompt: Prompt::default(),
            capabilities: Vec::new(),
            reasoning: None,
            weights: Map::new(),
            use_cases: Vec::new(),
            phases: BTreeMap::new(),
            families: families.iter().map(|(name, layout)| ((*name).to_owned(), layout.clone())).collect(),
        }
    }

    #[test]
    fn gaps_in_the_matrix_are_filled_from_near_to_far() {
        let direct = Layout { directives: vec!["d".into()], ..Layout::default() };
        let all = Layout { examples: Some("e".into()), reasoning: Some("r".into()), ..layout("any") };
        let others = persona("generic", &[("claude", direct), ("generic", all)]);
        let mut own = persona("code", &[("generic", layout("own"))]);
        let found = own.layout("claude", Some(&others));
        assert_eq!((found.structure.as_deref(), found.examples.as_deref()), (Some("own"), Some("e")));
        assert_eq!((found.reasoning.as_deref(), found.directives.len()), (Some("r"), 1));
        own.reasoning = Some(Reasoning::Direct);
        assert_eq!(own.layout("claude", Some(&others)).reasoning.as_deref(), Some(Reasoning::Direct.text()));
        assert_eq!(own.layout("unheard-of", Some(&others)).directives, Vec::<String>::new());
    }

    #[test]
    fn a_use_is_inferred_from_whole_words_only() {
        let mut own = persona("code", &[]);
        let case =
            |name: &str, words: &[&str]| (name.to_owned(), words.iter().map(|word| (*word).to_owned()).collect());
        own.use_cases = vec![case("testing", &["test", "mock"]), case("docs", &["release notes", "git log"])];
        assert_eq!(own.use_case("Release notes from a git-log, and a test"), Some("docs"));
        assert_eq!(own.use_case("mock the clock"), Some("testing"));
        assert_eq!(own.use_case("the greatest latest thing"), None);
    }

    #[test]
    fn families_are_known_by_the_names_of_models() {
        let families = ["anthropic/claude-x", "gpt-4o", "openrouter/x-ai/grok-4", "llama3"].map(family_of);
        assert_eq!(families, [Some("claude"), Some("gpt"), Some("grok"), None]);
    }
}
