//! What reading a file reports. The checks are in `format`; here they get their names, severities and docs.

use crate::base::Severity::{self, Error, Warning};

use crate::check::rule::{How, Rule};

const fn rule(name: &'static str, severity: Severity, doc: &'static str, why: &'static str) -> Rule {
    Rule { name, doc, why, severity, fix: false, how: How::Reading }
}

pub const RULES: &[Rule] = &[
    rule(
        "duplicate-key",
        Error,
        "A key stands twice in one map.",
        "Readers disagree about which one counts, and nobody sees that the other is dead. Keep one.",
    ),
    rule(
        "encoding",
        Error,
        "The file is not text: it is not UTF-8, or holds a NUL character.",
        "Nothing else can be said about such a file. Save it as UTF-8.",
    ),
    rule(
        "front-matter",
        Error,
        "The front matter is not closed, or is not a map of keys.",
        "It starts at a first line that is exactly `---` and ends at the next such line. Between them stand keys and \
         values.",
    ),
    rule(
        "loose-yaml",
        Warning,
        "The front matter is no valid YAML, and is read line by line as its own program does.",
        "Cursor's rules often hold `globs: *.ts`, which YAML reads as something else. Quotes make it right for everyone.",
    ),
    rule(
        "merge-conflict",
        Error,
        "A merge left a conflict in the file.",
        "Both versions stand between the markers, and neither counts until a person has chosen. Nothing is read from the \
         front matter of such a file.",
    ),
    rule(
        "out-of-range",
        Error,
        "A number is outside of what the field allows.",
        "Providers refuse such a request, or quietly use another value.",
    ),
    rule(
        "skipped-file",
        Warning,
        "A file looks like a prompt and cannot be one.",
        "It is a link that leads nowhere or out of the repository, has a name that is not Unicode, or cannot be read. It \
         is left out of every list.",
    ),
    rule(
        "too-large",
        Error,
        "The file or its front matter is larger than any prompt should be.",
        "A file has at most 4 MiB and a front matter 256 KiB. Data belongs in a dataset beside the prompt.",
    ),
    rule(
        "too-long",
        Warning,
        "A text has more characters than the field allows.",
        "Other programs cut it or refuse it. Lengths count characters, not bytes.",
    ),
    rule(
        "unknown-key",
        Warning,
        "The front matter has a key that palc does not know.",
        "It is kept and has no effect. Most often it is a slip in a known key; fields of your own belong under `custom`, \
         and keys of another format under `ext`.",
    ),
    rule(
        "wrong-form",
        Error,
        "A form of generation, such as the sheet of a judge, lacks what it needs.",
        "Commands that use it refuse to: a judge without a scale or criteria scores nothing. It is told here, before \
         anybody waits for an answer.",
    ),
    rule(
        "wrong-type",
        Error,
        "A field holds the wrong kind of value.",
        "Text where a number is needed, a map where a list is: the field is left out, as if it were not written.",
    ),
    rule(
        "wrong-value",
        Error,
        "A field holds a word that is not one of its choices.",
        "These choices are part of the format. Words of the project's own are vocabularies, which `unknown-word` checks.",
    ),
    rule(
        "yaml",
        Error,
        "The front matter is not valid YAML, or uses what palc refuses: anchors, aliases, tags, merge keys.",
        "One public prompt file in eight has this fault, most often a `: ` in an unquoted text. Such a file is reported \
         and never skipped. What is refused means different things to different readers.",
    ),
];
