//! The fields of the front matter: one table that drives reading, checking, completion and the published schema.

use super::shape::Rest;
use super::shape::Shape::{self, *};

/// A key of the front matter, or of a map inside it.
#[derive(Debug)]
pub struct Field {
    pub name: &'static str,
    pub shape: Shape,
    /// One sentence, shown by editors and in the reference.
    pub doc: &'static str,
}

pub(super) const fn field(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field { name, shape, doc }
}

pub(super) const WORD: Shape = Text { max: 64 };
pub(super) const LINE: Shape = Text { max: 255 };
/// Text of any length.
pub(super) const FREE: Shape = Text { max: usize::MAX };

/// The top level of a native file.
pub const FIELDS: &[Field] = &[
    field("palc", Integer { min: 1, max: 1 }, "Version of this format; 1 if absent."),
    field("id", Id, "Stable id, kept through renames; written by palc."),
    field("name", LINE, "Name, if it is not the file's path."),
    field("title", Text { max: 200 }, "Title for people; the name if absent."),
    field("description", Text { max: 1024 }, "What the prompt is for, in a sentence."),
    field("kind", Choice(KINDS), "What the file is; a prompt if absent."),
    field("type", Vocabulary("type", 32), "A word of the project's type vocabulary."),
    field("phase", OneOrMany(&Vocabulary("phase", 64)), "Phase or phases this prompt serves."),
    field("variant", WORD, "Variant, as in `name.variant.md`."),
    field("version", Text { max: 32 }, "A version of your own; git gives the real one."),
    field("status", Vocabulary("status", 32), "Where the prompt is in its life; active if absent."),
    field("tags", OneOrMany(&Vocabulary("tags", 64)), "Words to find it by."),
    field("authors", List(&AnyOf(&[LINE, Map(PERSON, Rest::Refused)])), "Who wrote it, if git does not know."),
    field("author", LINE, "One author; the same as a list of one in `authors`."),
    field("owners", List(&LINE), "Who answers for it."),
    field("category", Vocabulary("category", 64), "A word of the project's category vocabulary."),
    field("persona", Vocabulary("persona", 255), "The persona it was written in."),
    field("target", Map(TARGET, Rest::Refused), "What it was written for."),
    field("license", LINE, "SPDX expression, if it differs from the repository's."),
    field("compatibility", Text { max: 500 }, "What it needs around it."),
    field("provider", WORD, "Provider, if the model does not name it."),
    field(
        "model",
        AnyOf(&[LINE, List(&LINE), Map(MODEL, Rest::Refused)]),
        "Model to run it on, `provider/model`; a list is a fallback order.",
    ),
    field("params", Map(PARAMS, Rest::Warned), "Parameters sent with the request."),
    field("input", Map(INPUT, Rest::Refused), "The variables the prompt takes."),
    field("output", Map(OUTPUT, Rest::Refused), "What the answer must look like."),
    field("tools", AnyOf(&[LINE, List(&AnyOf(&[LINE, Map(TOOL, Rest::Free)]))]), "Tools the model may call."),
    field(
        "allowed_actions",
        List(&Vocabulary("actions", 64)),
        "Actions the answer may ask for; an empty list allows none.",
    ),
    field("template", Map(TEMPLATE, Rest::Refused), "How the body becomes messages."),
    field("extends", LINE, "A prompt of this repository that this one builds on."),
    field("partials", OneOrMany(&LINE), "Partials that may be included by their short name."),
    field("related", List(&Map(RELATED, Rest::Refused)), "Other prompts that this one has to do with."),
    field("messages", List(&Map(MESSAGE, Rest::Refused)), "Messages as data, in place of a body."),
    field("tests", Any, "Test cases, kept for formats that hold them inline."),
    field("evaluators", Any, "Evaluators, kept for formats that hold them inline."),
    field("host", FreeMap, "Keys that only an editor or agent host reads."),
    field("generation", Map(GENERATION, Rest::Refused), "What generation reads of phases and personas."),
    field("origin", Map(ORIGIN, Rest::Free), "Where it came from; written once."),
    field("custom", FreeMap, "The project's own fields, checked by `custom.schema`."),
    field("ext", FreeMap, "Keys of other formats, kept for the way back."),
];

pub const KINDS: &[&str] = &["prompt", "partial", "judge", "agent", "skill", "command", "rule", "persona", "phase"];

const PERSON: &[Field] = &[field("name", LINE, "Name."), field("email", LINE, "E-mail address.")];

const TARGET: &[Field] = &[
    field("model_family", WORD, "Family of models it was written for."),
    field("use_case", LINE, "Use it was written for."),
    field("host", LINE, "Program it was written for."),
];

const MODEL: &[Field] = &[
    field("id", LINE, "Name of the model at its provider."),
    field("provider", WORD, "Provider."),
    field("api", WORD, "Interface of the provider."),
    field("connection", FreeMap, "Connection; secrets only as ${env:NAME}."),
    field("options", FreeMap, "Options of the connection."),
];

/// Parameters that several providers share, with the ranges all of them accept.
pub const PARAMS: &[Field] = &[
    field("temperature", Number { min: 0.0, max: 2.0 }, "Randomness, 0 to 2."),
    field("max_tokens", Integer { min: -1, max: i64::MAX }, "Longest answer in tokens; -1 means no limit."),
    field("top_p", Number { min: 0.0, max: 1.0 }, "Nucleus sampling, 0 to 1."),
    field("top_k", Integer { min: 1, max: i64::MAX }, "Sample from the k likeliest tokens."),
    field("frequency_penalty", Number { min: -2.0, max: 2.0 }, "Penalty for frequent tokens, -2 to 2."),
    field("presence_penalty", Number { min: -2.0, max: 2.0 }, "Penalty for tokens that occurred, -2 to 2."),
    field("seed", Integer { min: i64::MIN, max: i64::MAX }, "Seed, where the provider honours one."),
    field("stop", OneOrMany(&Text { max: 1024 }), "Texts at which the answer ends."),
    field("reasoning_effort", WORD, "How hard to think, where the model can choose."),
    field("parallel_tool_calls", Bool, "Whether several tools may be called at once."),
];

const INPUT: &[Field] = &[
    field("schema", Schema, "JSON Schema of the variables, or a map of name to type."),
    field("default", FreeMap, "Values for variables that are not given."),
    field("required", List(&Vocabulary("context_keys", 64)), "Variables that must be given."),
    field("examples", List(&Any), "Example values."),
];

const OUTPUT: &[Field] = &[
    field("format", Choice(&["text", "json", "jsonl", "yaml", "enum", "media"]), "Form of the answer."),
    field("schema", Schema, "JSON Schema of the answer."),
    field("strict", Bool, "Whether the provider must enforce the schema."),
];

const TOOL: &[Field] = &[
    field("name", WORD, "Name of the tool."),
    field("description", Text { max: 4096 }, "What it does, for the model."),
];

const TEMPLATE: &[Field] = &[
    field("engine", Choice(ENGINES), "Template language of the body."),
    field("messages", Choice(&["lines", "calls", "xml", "list", "single"]), "How messages are marked."),
    field("undefined", Choice(&["strict", "lenient", "chainable"]), "What an undefined variable does."),
    field("trim_blocks", Bool, "Drop the line break after a block."),
    field("lstrip_blocks", Bool, "Drop the blanks before a block."),
];

pub const ENGINES: &[&str] =
    &["jinja", "none", "brace", "handlebars", "mustache", "nunjucks", "dollar", "fstring", "promptl"];

const RELATED: &[Field] = &[
    field("to", LINE, "The other prompt: its id, or its name if it has none."),
    field("type", Vocabulary("relation", 64), "In which way, such as `complements` or `replaces`."),
    field("strength", Number { min: 0.0, max: 1.0 }, "How much, from 0 to 1."),
    field("context", Text { max: 1024 }, "When, or why."),
];

const MESSAGE: &[Field] = &[
    field("role", Choice(ROLES), "Who speaks."),
    field("content", Text { max: usize::MAX }, "What is said."),
    field("name", WORD, "Name of the speaker or tool."),
];

pub const ROLES: &[&str] = &["system", "developer", "user", "assistant", "tool"];

const GENERATION: &[Field] = &[
    field(
        "weights",
        MapOf(&Number { min: 0.0, max: 1.0 }),
        "How much each criterion counts when candidates are judged; toxicity counts against them.",
    ),
    field("capabilities", List(&LINE), "What a persona is good for."),
    field("reasoning", Choice(REASONING), "How a persona has models think, where a family does not say."),
    field("use_cases", MapOf(&List(&LINE)), "Uses, each with words by which a request for it is known."),
    field("phases", MapOf(&Map(IN_PHASE, Rest::Refused)), "What a persona does otherwise in a phase."),
    field("families", MapOf(&Map(LAYOUT, Rest::Refused)), "How prompts for a family of models are laid out."),
];

pub const REASONING: &[&str] = &["chain", "structured-chain", "chain-of-code", "direct"];

const IN_PHASE: &[Field] = &[
    field("text", FREE, "Added to the system text of the phase."),
    field("model", LINE, "Model of the phase."),
    field("params", Map(PARAMS, Rest::Warned), "Parameters of the phase."),
];

const LAYOUT: &[Field] = &[
    field("structure", FREE, "How the parts of a prompt are marked off and ordered."),
    field("reasoning", FREE, "How thought is asked for."),
    field("examples", FREE, "How examples are given."),
    field("directives", List(&FREE), "What else these models need to be told."),
];

const ORIGIN: &[Field] = &[
    field(
        "source_type",
        Choice(&["manual", "generated", "optimized", "imported", "forked"]),
        "How the file came to be.",
    ),
    field("method", LINE, "Method that made it."),
    field("parent", LINE, "The prompt it was made from: id@revision."),
    field("session", LINE, "Session that made it."),
];
