//! The name of an answer: everything that makes a model give it, and which of several it is.

use serde_json::json;

use crate::base::hash::sha256;
use crate::model::call::{Answer, Message, Part, Tool, ToolCall, ToolChoice};
use crate::model::{Call, Value};
use crate::provider::cassette::sorted;

/// As many digits as no two calls share.
const DIGITS: usize = 32;

/// The key of a call that is made for the so-manieth time.
pub fn of(call: &Call, repeat: u32) -> String {
    let value = json!({
        "answer": answer(&call.answer),
        "messages": call.messages.iter().map(message).collect::<Vec<_>>(),
        "model": call.model,
        "params": call.params,
        "repeat": repeat,
        "service": call.service,
        "tool_choice": choice(&call.tool_choice),
        "tools": call.tools.iter().map(tool).collect::<Vec<_>>(),
    });
    sha256(sorted(value).to_string().as_bytes())[..DIGITS].to_owned()
}

/// What stands behind the key of a call that a judge makes, so that the same question asked twice has two answers.
pub fn of_ticket(ticket: &str) -> String {
    format!("-{}", &sha256(ticket.as_bytes())[..8])
}

fn message(message: &Message) -> Value {
    json!([message.role.word(), message.name, message.parts.iter().map(part).collect::<Vec<_>>()])
}

fn part(part: &Part) -> Value {
    match part {
        Part::Text(text) => json!(text),
        Part::Media { url, mime } => json!({"media": url, "mime": mime}),
        Part::ToolCall(ToolCall { id, name, arguments }) => json!({"call": [id, name, arguments]}),
        Part::ToolResult(result) => json!({"result": [result.id, result.name, result.content, result.failed]}),
        Part::Kept(value) => json!({"kept": value}),
    }
}

fn tool(tool: &Tool) -> Value {
    json!([tool.name, tool.description, tool.parameters, tool.strict])
}

fn choice(choice: &ToolChoice) -> Value {
    match choice {
        ToolChoice::Auto => json!("auto"),
        ToolChoice::None => json!("none"),
        ToolChoice::Required => json!("required"),
        ToolChoice::Named(name) => json!({"named": name}),
    }
}

fn answer(answer: &Answer) -> Value {
    match answer {
        Answer::Text => json!("text"),
        Answer::Json => json!("json"),
        Answer::Schema { name, schema, strict } => json!([name, schema, strict]),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::call::Role;

    use super::*;

    #[test]
    fn whatever_may_change_an_answer_changes_the_key() {
        let base = Call {
            service: "openai".into(),
            model: "m".into(),
            messages: vec![Message::new(Role::User, "hi")],
            params: json!({"temperature": 0, "seed": 1}).as_object().expect("a map").clone(),
            ..Call::default()
        };
        let swapped = json!({"seed": 1, "temperature": 0}).as_object().expect("a map").clone();
        assert_eq!(of(&base, 1), of(&Call { params: swapped, ..base.clone() }, 1));
        let tool = Tool { name: "t".into(), description: None, parameters: json!({}), strict: None };
        let others = [
            Call { service: "other".into(), ..base.clone() },
            Call { model: "n".into(), ..base.clone() },
            Call { messages: vec![Message::new(Role::System, "hi")], ..base.clone() },
            Call { params: crate::model::Map::new(), ..base.clone() },
            Call { tools: vec![tool], ..base.clone() },
            Call { tool_choice: ToolChoice::Required, ..base.clone() },
            Call { answer: Answer::Json, ..base.clone() },
        ];
        let mut keys: Vec<String> = others.iter().map(|call| of(call, 1)).collect();
        keys.extend([of(&base, 1), of(&base, 2)]);
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), others.len() + 2);
    }
}
