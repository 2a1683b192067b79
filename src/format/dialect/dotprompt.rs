//! Google's dotprompt: Handlebars with `{{role "user"}}`, keys with a dot are open to everyone.

use crate::format::fields::{FREE, Field, LINE, WORD, field};
use crate::format::shape::{Rest, Shape::*};
use crate::model::Kind;

use super::spec::{Key, Others, Spec, Split, as_it_is, rest, whole};

pub(super) static SPEC: Spec = Spec {
    word: "dotprompt",
    suffixes: &[".prompt"],
    split: Split::FencesAfterComments,
    kind: Kind::Prompt,
    engine: "handlebars",
    messages: "calls",
    fields: FIELDS,
    unknown: Rest::NearMiss,
    keys: |_| KEYS,
    reshape: as_it_is,
    others: Others::Dotted,
};

const FIELDS: &[Field] = &[
    field("name", LINE, "Name, if it is not the file's."),
    field("variant", WORD, "Variant, as in `name.variant.prompt`."),
    field("version", LINE, "Version of the content."),
    field("description", FREE, "What the prompt is for."),
    field("model", LINE, "Model, `provider/model`."),
    field("tools", List(&LINE), "Names of tools."),
    field("toolDefs", List(&FreeMap), "Tools defined here."),
    field("config", Map(CONFIG, Rest::Free), "Parameters of the model."),
    field("input", Map(INPUT, Rest::NearMiss), "Variables."),
    field("output", Map(OUTPUT, Rest::NearMiss), "Form of the answer."),
    field("metadata", FreeMap, "Anything else."),
];

const CONFIG: &[Field] = &[
    field("temperature", Number { min: 0.0, max: 2.0 }, "Randomness, 0 to 2."),
    field("maxOutputTokens", Integer { min: -1, max: i64::MAX }, "Longest answer in tokens."),
    field("topP", Number { min: 0.0, max: 1.0 }, "Nucleus sampling, 0 to 1."),
    field("topK", Integer { min: 1, max: i64::MAX }, "Sample from the k likeliest tokens."),
    field("stopSequences", List(&FREE), "Texts at which the answer ends."),
];

const INPUT: &[Field] =
    &[field("default", FreeMap, "Default values."), field("schema", Any, "Schema of the variables.")];
const OUTPUT: &[Field] = &[field("format", LINE, "Form of the answer."), field("schema", Any, "Schema of the answer.")];

const KEYS: &[Key] = &[
    whole("title", "name"),
    whole("variant", "variant"),
    whole("version", "version"),
    whole("description", "description"),
    whole("model", "model"),
    whole("params.max_tokens", "config.maxOutputTokens"),
    whole("params.top_p", "config.topP"),
    whole("params.top_k", "config.topK"),
    whole("params.stop", "config.stopSequences"),
    whole("params.frequency_penalty", "config.frequencyPenalty"),
    whole("params.presence_penalty", "config.presencePenalty"),
    rest("params", "config"),
    whole("input.default", "input.default"),
    whole("input.schema", "input.schema"),
    whole("output.format", "output.format"),
    whole("output.schema", "output.schema"),
    whole("tools", "tools"),
    whole("tags", "metadata.tags"),
    rest("custom", "metadata"),
];
