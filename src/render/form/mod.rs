//! Messages in the words of a provider: the body of the request that would be sent, and what it cannot say.

mod anthropic;
mod google;
mod openai;
mod parts;
#[cfg(test)]
mod tests;
mod text;

pub use text::text;

use serde_json::json;

use crate::model::{Map, Prompt, Value};

use super::messages::Message;
use super::schema;

/// Whose request body is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    OpenAi,
    Anthropic,
    Google,
}

/// A request body, and a sentence for everything of the prompt that it does not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Wire {
    pub body: Value,
    pub notes: Vec<String>,
}

impl Form {
    /// The form of the service that the prompt's model belongs to; most others speak OpenAI's.
    pub fn of(prompt: &Prompt) -> Form {
        let model = prompt.model().and_then(|model| model.split_once('/')).map(|(provider, _)| provider);
        match prompt.provider.as_deref().or(model) {
            Some(provider) => Form::from_word(provider).unwrap_or(Form::OpenAi),
            None => Form::OpenAi,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Form::OpenAi => "openai",
            Form::Anthropic => "anthropic",
            Form::Google => "google",
        }
    }

    pub fn from_word(word: &str) -> Option<Form> {
        [Form::OpenAi, Form::Anthropic, Form::Google].into_iter().find(|form| form.word() == word)
    }

    /// The body that asks `prompt.model` for an answer to these messages.
    pub fn body(self, prompt: &Prompt, messages: &[Message]) -> Wire {
        let mut draft = Draft { prompt, messages, notes: Vec::new() };
        let body = match self {
            Form::OpenAi => openai::body(&mut draft),
            Form::Anthropic => anthropic::body(&mut draft),
            Form::Google => google::body(&mut draft),
        };
        Wire { body: Value::Object(body), notes: draft.notes }
    }
}

/// Providers whose models no other has.
const PROVIDERS: &[&str] = &["openai", "anthropic", "google"];

/// What a body is made from.
struct Draft<'a> {
    prompt: &'a Prompt,
    messages: &'a [Message],
    notes: Vec<String>,
}

/// A tool that has more than a name.
struct Tool {
    name: String,
    description: Option<String>,
    parameters: Value,
    strict: Option<bool>,
}

impl Draft<'_> {
    fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// The model's name at its provider, without the provider.
    fn model(&mut self, provider: &str) -> Option<String> {
        if self.prompt.model().is_none() {
            self.note("the prompt names no model");
        }
        let asked = self.prompt.provider.as_deref().or(self.prompt.model()?.split_once('/').map(|(first, _)| first));
        if let Some(other) = asked.filter(|asked| *asked != provider && PROVIDERS.contains(asked)) {
            self.note(format!("the prompt's model is one of {other}, not of {provider}"));
        }
        self.prompt.model().map(|model| model.split_once('/').map_or(model, |(_, name)| name).to_owned())
    }

    /// Parameters under the provider's names. `None` says that it has no such parameter; unknown ones pass as they are.
    fn params(&mut self, name: impl Fn(&str) -> Option<&'static str>, known: &[&str]) -> Map {
        let mut params = Map::new();
        for (key, value) in &self.prompt.params {
            if value.is_null() || (key == "max_tokens" && value.as_i64().is_some_and(|limit| limit < 0)) {
                continue;
            }
            match name(key) {
                Some(theirs) => drop(params.insert(theirs.to_owned(), value.clone())),
                None if known.contains(&key.as_str()) => {
                    self.notes.push(format!("`params.{key}` has no place in this request and is left out"));
                }
                None => drop(params.insert(key.clone(), value.clone())),
            }
        }
        params
    }

    fn tools(&mut self) -> Vec<Tool> {
        let mut tools = Vec::new();
        for tool in &self.prompt.tools {
            match definition(tool) {
                Some(tool) => tools.push(tool),
                None => self.notes.push(format!("the tool {tool} has no definition and is left out")),
            }
        }
        tools
    }

    /// The schema of the answer, if the prompt asks for one.
    fn schema(&mut self) -> Option<Value> {
        let schema = self.prompt.output.schema.as_ref()?;
        match schema::normalise(schema) {
            Ok(schema) => Some(schema),
            Err(_) => Some(schema.clone()),
        }
    }

    fn wants_json(&self) -> bool {
        self.prompt.output.format.as_deref() == Some("json")
    }
}

fn definition(tool: &Value) -> Option<Tool> {
    let tool = tool.get("function").unwrap_or(tool);
    let text = |key: &str| tool.get(key).and_then(Value::as_str).map(str::to_owned);
    let parameters = ["parameters", "input_schema", "inputSchema"].into_iter().find_map(|key| tool.get(key));
    Some(Tool {
        name: text("name")?,
        description: text("description"),
        parameters: parameters.cloned().unwrap_or_else(|| json!({"type": "object", "properties": {}})),
        strict: tool.get("strict").and_then(Value::as_bool),
    })
}

/// Texts for `stop`, which may be one text.
fn list(value: &Value) -> Value {
    if value.is_array() { value.clone() } else { json!([value]) }
}
