//! What makes two prompts the same for results: everything that can change a model's answer, and nothing else. Not its
//! description, not its tags, not a commit.

use serde_json::json;

use crate::base::Result;
use crate::base::hash::sha256;
use crate::model::{Prompt, Value};
use crate::provider::cassette::sorted;
use crate::render::Rendered;

use super::render::Job;

/// The fingerprint of a prompt as it was rendered for a model of a service. Files that it took in count by their content.
pub fn of(job: &Job, rendered: &Rendered, model: &str) -> Result<String> {
    let prompt = &job.loaded.prompt;
    let mut files: Vec<_> = rendered.edges.iter().map(|edge| (&edge.to, edge.version.as_deref())).collect();
    files.sort_unstable();
    files.dedup();
    let mut included = Vec::new();
    for (path, version) in files {
        let content = job.files().read(path, version)?;
        included.push(json!([path, content.map(|content| sha256(&content))]));
    }
    let mut value = of_prompt(prompt);
    value["included"] = json!(included);
    value["model"] = json!(model);
    Ok(sha256(sorted(value).to_string().as_bytes())[..32].to_owned())
}

/// What is the same for two versions of a prompt if only words about it changed: a part of [`of`] that hangs on neither
/// model nor variables nor included files.
pub fn meaning(prompt: &Prompt) -> String {
    let mut value = of_prompt(prompt);
    value["extends"] = json!(prompt.extends);
    sha256(sorted(value).to_string().as_bytes())[..32].to_owned()
}

fn of_prompt(prompt: &Prompt) -> Value {
    let messages: Vec<Value> =
        prompt.messages.iter().map(|message| json!([message.role, normal(&message.content)])).collect();
    let template = &prompt.template;
    json!({
        "body": normal(&prompt.body),
        "messages": messages,
        "output": {"format": prompt.output.format, "schema": prompt.output.schema, "strict": prompt.output.strict},
        "params": prompt.params,
        "template": [
            template.engine, template.messages, template.undefined, template.trim_blocks, template.lstrip_blocks,
        ],
        "tools": prompt.tools,
    })
}

/// Line ends and blanks at the end are nothing that a model sees.
fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end().to_owned()
}
