//! Phases and personas: prompt files with a `generation` key, and those that come with palc.

use crate::base::Finding;
use crate::model::generation::{InPhase, Source};
use crate::model::{Layout, Map, Persona, Phase, Reasoning};

use super::yaml::{self, Node};
use super::{Dialect, Document, Parsed, parse};

/// A file as palc brings it along: the name of what is in it, and its text.
pub type Asset = (&'static str, &'static str);

macro_rules! assets {
    ($folder:literal: $($name:literal),*) => {
        &[$(($name, include_str!(concat!("../../assets/generation/", $folder, "/", $name, ".md")))),*]
    };
}

/// In the order in which a text goes through them.
pub const PHASES: &[Asset] = assets!("phases": "prima-materia", "solutio", "coagulatio");
pub const PERSONAS: &[Asset] = assets!("personas": "generic", "code", "writing", "analysis");

/// Read a phase, and what is wrong with its file.
pub fn phase(name: &str, source: &Source) -> Result<(Phase, Vec<Finding>), Box<Finding>> {
    let parsed = read(source)?;
    let weights = parsed.fields().and_then(|root| root.at(["generation", "weights"])).map(map).unwrap_or_default();
    let (prompt, findings) = (parsed.prompt, parsed.findings);
    Ok((Phase { name: name.to_owned(), source: source.clone(), prompt, weights }, findings))
}

/// Read a persona, and what is wrong with its file.
pub fn persona(name: &str, source: &Source) -> Result<(Persona, Vec<Finding>), Box<Finding>> {
    let parsed = read(source)?;
    let entries = |key: &str| {
        let node = parsed.fields().and_then(|root| root.at(["generation", key]));
        node.map(|node| node.entries().iter().map(|entry| (entry.key.clone(), &entry.value)).collect::<Vec<_>>())
            .unwrap_or_default()
    };
    let node = |key: &str| parsed.fields().and_then(|root| root.at(["generation", key]));
    let persona = Persona {
        name: name.to_owned(),
        capabilities: node("capabilities").map(texts).unwrap_or_default(),
        reasoning: node("reasoning").and_then(Node::text).and_then(Reasoning::parse),
        weights: node("weights").map(map).unwrap_or_default(),
        use_cases: entries("use_cases").into_iter().map(|(name, node)| (name, texts(node))).collect(),
        phases: entries("phases").into_iter().map(|(name, node)| (name, in_phase(node))).collect(),
        families: entries("families").into_iter().map(|(name, node)| (name, layout(node))).collect(),
        prompt: parsed.prompt.clone(),
        source: source.clone(),
    };
    Ok((persona, parsed.findings))
}

fn read(source: &Source) -> Result<Parsed<'_>, Box<Finding>> {
    Document::split(&source.path, source.text.as_bytes(), Dialect::Native).map(parse)
}

fn text(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(Node::text).map(str::to_owned)
}

fn texts(node: &Node) -> Vec<String> {
    node.items().iter().filter_map(Node::text).map(str::to_owned).collect()
}

fn map(node: &Node) -> Map {
    yaml::map(node.entries())
}

fn in_phase(node: &Node) -> InPhase {
    let params = node.get("params").map(map).unwrap_or_default();
    InPhase { text: text(node, "text"), model: text(node, "model"), params }
}

fn layout(node: &Node) -> Layout {
    Layout {
        structure: text(node, "structure"),
        reasoning: text(node, "reasoning"),
        examples: text(node, "examples"),
        directives: node.get("directives").map(texts).unwrap_or_default(),
    }
}

/// The text of a new persona's file, with everything that it may say.
pub fn new_persona(name: &str, description: Option<&str>) -> String {
    let title: String = {
        let mut letters = name.rsplit('/').next().unwrap_or(name).replace(['-', '_'], " ");
        if let Some(first) = letters.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        letters
    };
    let description = serde_json::Value::from(description.unwrap_or("What it is for, in a sentence"));
    format!(
        "---\nkind: persona\ntitle: {title}\ndescription: {description}\ngeneration:\n  \
         # What it is good for.\n  capabilities: []\n  \
         # How models are brought to think: chain, structured-chain, chain-of-code or direct.\n  reasoning: chain\n  \
         # How much each criterion counts when candidates are judged, where that is not as usual.\n  \
         # weights: {{relevance: 0.5}}\n  \
         # Uses, each with words by which a request for it is known.\n  # use_cases:\n  #   review: [review, audit]\n  \
         # What is added to the system text of one phase, and its parameters.\n  # phases:\n  #   coagulatio:\n  \
         #     text: Cut harder than usual.\n  #     params: {{temperature: 0.2}}\n  \
         # How prompts for a family of models are laid out; what is not said comes from the persona `generic`.\n  \
         # families:\n  #   claude:\n  #     structure: …\n  #     reasoning: …\n  #     examples: …\n  \
         #     directives: [… ]\n---\nYou write prompts for …\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Value;
    use crate::model::generation::FAMILIES;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.into(), built_in: true, text: text.into() }
    }

    fn built_in(name: &str) -> Persona {
        let (_, text) = PERSONAS.iter().find(|(known, _)| *known == name).expect("is there");
        persona(name, &source("x.md", text)).expect("reads").0
    }

    #[test]
    fn what_comes_with_palc_is_in_order() {
        for (name, text) in PHASES {
            let (phase, findings) = phase(name, &source("x.md", text)).expect("reads");
            assert_eq!(findings, [], "{name}");
            let sum: f64 = phase.weights.values().filter_map(Value::as_f64).sum();
            assert!((sum - 1.0).abs() < 1e-9, "{name}");
            assert!(phase.prompt.params.contains_key("temperature") && phase.prompt.description.is_some());
        }
        for (name, text) in PERSONAS {
            let (persona, findings) = persona(name, &source("x.md", text)).expect("reads");
            assert_eq!(findings, [], "{name}");
            assert!(!persona.use_cases.is_empty() && persona.reasoning.is_some(), "{name}");
        }
        let text = new_persona("research", Some("a: \"b\""));
        assert_eq!(persona("research", &source("x.md", &text)).expect("reads").1, []);
    }

    /// The matrix of personas and families has no hole, and no two personas speak alike.
    #[test]
    fn every_persona_lays_out_prompts_for_every_family() {
        let generic = built_in("generic");
        for (name, _) in PERSONAS {
            let persona = built_in(name);
            for family in FAMILIES {
                let layout = persona.layout(family, Some(&generic));
                assert!(layout.structure.is_some() && layout.reasoning.is_some(), "{name} for {family}");
                assert!(layout.examples.is_some() && !layout.directives.is_empty(), "{name} for {family}");
                let other = FAMILIES.iter().find(|other| **other != family).expect("there are five");
                assert_ne!(layout, persona.layout(other, Some(&generic)), "{name} for {family}");
            }
        }
    }

    #[test]
    fn wrong_fields_are_found_at_any_depth() {
        let text =
            "---\ngeneration:\n  weights: {clarity: 2}\n  reasoning: chian\n  families:\n    gpt: {structur: x}\n---\n";
        let (_, findings) = persona("x", &source("x.md", text)).expect("reads");
        let said: Vec<String> =
            findings.iter().map(|f| format!("{}:{} {}", f.place.line, f.place.column, f.message)).collect();
        assert_eq!(
            said,
            [
                "3:22 `generation.weights.clarity` must be 0 to 1, and is 2",
                "4:14 `generation.reasoning` cannot be `chian`",
                "6:11 `generation.families.gpt.structur` is not a key palc knows",
            ]
        );
    }
}
