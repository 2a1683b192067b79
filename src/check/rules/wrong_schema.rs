//! A schema of the input or output that cannot be understood.

use crate::base::Severity;
use crate::render::schema::normalise;

use crate::check::file::File;
use crate::check::hit::Hit;
use crate::check::rule::{How, Rule};

pub const RULE: Rule = Rule {
    name: "wrong-schema",
    doc: "`input.schema` cannot be understood.",
    why: "It is a JSON Schema, a map of names and types such as `{ticket: string, tone?: string}`, or a list of \
          properties with a `name` each. Values are held against it before rendering.",
    severity: Severity::Error,
    fix: false,
    how: How::File(check),
};

fn check(file: &File<'_>, out: &mut Vec<Hit>) {
    let Some(schema) = file.root().and_then(|root| root.at(["input", "schema"])).filter(|node| !node.is_null()) else {
        return;
    };
    if !schema.entries().is_empty() || !schema.items().is_empty() {
        out.extend(normalise(&schema.value()).err().map(|reason| Hit::at(RULE.name, schema.span, reason)));
    }
}
