//! From a prompt and its rendered messages to the call that asks a model for an answer.

use serde_json::json;

use crate::model::call::{Answer, Message, Part, Role, Tool, ToolChoice, ToolResult};
use crate::model::{Call, Prompt, Value};
use crate::render::{self, schema};

/// A call, and a sentence for everything of the prompt that it does not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Drafted {
    pub call: Call,
    pub notes: Vec<String>,
}

/// The call of a prompt to a model of a service.
pub fn draft(prompt: &Prompt, messages: &[render::Message], service: &str, model: &str) -> Drafted {
    let mut notes = Vec::new();
    let call = Call {
        service: service.to_owned(),
        model: model.to_owned(),
        messages: messages.iter().map(|each| message(each, &mut notes)).collect(),
        params: prompt.params.clone(),
        tools: tools(prompt, &mut notes),
        tool_choice: ToolChoice::Auto,
        answer: answer(prompt),
    };
    Drafted { call, notes }
}

fn message(message: &render::Message, notes: &mut Vec<String>) -> Message {
    let role = Role::from_word(&message.role).unwrap_or(Role::User);
    if role == Role::Tool {
        return Message { role, name: None, parts: vec![Part::ToolResult(tool_result(message, notes))] };
    }
    let part = |part: &render::Part| match part {
        render::Part::Text(text) => Part::Text(text.clone()),
        render::Part::Media { url, mime } => Part::Media { url: url.clone(), mime: mime.clone() },
    };
    Message { role, name: message.name.clone(), parts: message.parts.iter().map(part).collect() }
}

fn tool_result(message: &render::Message, notes: &mut Vec<String>) -> ToolResult {
    let id = message.attribute("id").or(message.attribute("tool_call_id"));
    if id.is_none() {
        notes.push("a `tool` message names no call; write `tool[id=…]:`".to_owned());
    }
    ToolResult {
        id: id.unwrap_or_default().to_owned(),
        name: message.name.clone().unwrap_or_default(),
        content: message.text(),
        failed: message.attribute("failed").is_some_and(|failed| failed == "true"),
    }
}

fn tools(prompt: &Prompt, notes: &mut Vec<String>) -> Vec<Tool> {
    let mut tools = Vec::new();
    for tool in &prompt.tools {
        match definition(tool) {
            Some(tool) => tools.push(tool),
            None => notes.push(format!("the tool {tool} has no definition and is left out")),
        }
    }
    tools
}

/// A tool that has more than a name, in any of the forms in which people write one.
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

fn answer(prompt: &Prompt) -> Answer {
    let output = &prompt.output;
    match &output.schema {
        Some(schema) => {
            let schema = schema::normalise(schema).unwrap_or_else(|_| schema.clone());
            Answer::Schema { name: schema_name(&schema), schema, strict: output.strict }
        }
        None if output.format.as_deref() == Some("json") => Answer::Json,
        None => Answer::Text,
    }
}

/// Services want a name for a schema, of letters, digits and underlines.
fn schema_name(schema: &Value) -> String {
    let title = schema.get("title").and_then(Value::as_str).unwrap_or("answer");
    title.chars().take(64).map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Dialect, Document, parse};
    use crate::render::Turn;

    fn prompt(front: &str) -> Prompt {
        let text = format!("---\n{front}\n---\nHi\n");
        parse(Document::split("p.md", text.as_bytes(), Dialect::Native).expect("splits")).prompt
    }

    fn said(role: &str, text: &str) -> render::Message {
        render::Message::from(Turn { role: role.into(), content: text.into(), name: None })
    }

    fn drafted(front: &str) -> Drafted {
        draft(&prompt(front), &[said("user", "Hi")], "openai", "gpt-4o")
    }

    #[test]
    fn messages_keep_their_roles_names_and_media() {
        let picture = render::Part::Media { url: "data:image/png;base64,QUJD".into(), mime: None };
        let ada = render::Message { name: Some("ada".into()), parts: vec![picture], ..said("user", "") };
        let drafted = draft(&Prompt::default(), &[said("developer", "Be brief."), ada], "openai", "gpt-4o");
        let media = Part::Media { url: "data:image/png;base64,QUJD".into(), mime: None };
        assert_eq!(drafted.call.model_name(), "openai/gpt-4o");
        assert_eq!(
            drafted.call.messages,
            [
                Message::new(Role::Developer, "Be brief."),
                Message { role: Role::User, name: Some("ada".into()), parts: vec![media] }
            ]
        );
    }

    #[test]
    fn a_tools_answer_names_its_call() {
        let attributes = vec![("id".to_owned(), "c1".to_owned()), ("failed".to_owned(), "true".to_owned())];
        let found = render::Message { name: Some("search".into()), attributes, ..said("tool", "nothing") };
        let drafted = draft(&Prompt::default(), &[found, said("tool", "lost")], "openai", "gpt-4o");
        let result = |id: &str, name: &str, content: &str, failed| {
            let result = ToolResult { id: id.into(), name: name.into(), content: content.into(), failed };
            Message { role: Role::Tool, name: None, parts: vec![Part::ToolResult(result)] }
        };
        assert_eq!(drafted.call.messages, [result("c1", "search", "nothing", true), result("", "", "lost", false)]);
        assert_eq!(drafted.notes, ["a `tool` message names no call; write `tool[id=…]:`"]);
    }

    #[test]
    fn tools_in_every_form() {
        let drafted = drafted(
            "tools:\n- {name: a, description: A, parameters: {type: object}, strict: true}\n- {type: function, function: {name: b, input_schema: {type: object}}}\n- {name: c}\n- grep",
        );
        let names: Vec<_> = drafted.call.tools.iter().map(|tool| (tool.name.as_str(), tool.strict)).collect();
        assert_eq!(names, [("a", Some(true)), ("b", None), ("c", None)]);
        assert_eq!(drafted.call.tools[2].parameters, json!({"type": "object", "properties": {}}));
        assert_eq!(drafted.notes, ["the tool \"grep\" has no definition and is left out"]);
    }

    #[test]
    fn the_form_of_the_answer() {
        let answer = |front: &str| drafted(front).call.answer;
        assert_eq!(answer("title: x"), Answer::Text);
        assert_eq!(answer("output: {format: json}"), Answer::Json);
        let schema = json!({"type": "object", "properties": {"queue": {"type": "string"}}, "required": ["queue"]});
        assert_eq!(
            answer("output: {schema: {queue: string}, strict: true}"),
            Answer::Schema { name: "answer".into(), schema, strict: true }
        );
        let named = answer("output: {schema: {type: object, title: Ticket route!}}");
        assert!(matches!(named, Answer::Schema { name, .. } if name == "Ticket_route_"));
    }

    #[test]
    fn parameters_pass_as_they_are() {
        let params = drafted("params: {temperature: 0.2, max_tokens: -1, custom: [1]}").call.params;
        assert_eq!(Value::Object(params), json!({"temperature": 0.2, "max_tokens": -1, "custom": [1]}));
    }
}
