//! What judges are shown of a case, and the word that fences it.

use serde_json::json;

use crate::base::fence;
use crate::eval::Subject;
use crate::model::call::{Message, Part, Reply, Role};
use crate::model::{Map, Value};

/// What was asked and what was answered, as text.
pub struct Shown {
    request: Vec<(&'static str, String)>,
    answer: String,
    reference: Option<String>,
}

impl Shown {
    pub fn of(subject: &Subject<'_>, reference: Option<&str>) -> Shown {
        Shown {
            request: subject.messages.iter().map(|message| (message.role.word(), spoken(message))).collect(),
            answer: answered(subject.reply),
            reference: reference.map(|text| text.trim().to_owned()),
        }
    }

    /// A task without an answer.
    pub fn task(text: &str) -> Shown {
        Shown { request: vec![(Role::User.word(), text.trim().to_owned())], answer: String::new(), reference: None }
    }

    pub fn answer(&self) -> &str {
        &self.answer
    }

    /// The context of a judge's prompt, and the word: it hangs on everything that is shown, so that none of it has it.
    pub fn context(&self, more: Map) -> (Map, String) {
        let own = Value::Object(more.clone()).to_string();
        let mut all: Vec<&str> = vec![&own, &self.answer];
        all.extend(self.request.iter().map(|(_, text)| text.as_str()));
        all.extend(self.reference.as_deref());
        let nonce = fence::nonce(&all);
        let mut context = more;
        let message = |(role, text): &(&str, String)| json!({"role": role, "text": text});
        context.insert("request".into(), self.request.iter().map(message).collect());
        context.insert("answer".into(), self.answer.clone().into());
        context.insert("reference".into(), self.reference.clone().map_or(Value::Null, Value::from));
        context.insert("nonce".into(), nonce.clone().into());
        (context, nonce)
    }
}

/// All that a message says, with a word for everything that is no text.
fn spoken(message: &Message) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Media { mime, .. } => format!("[not shown: {}]", mime.as_deref().unwrap_or("media")),
        Part::ToolCall(call) => format!("[asks for {} with {}]", call.name, call.arguments),
        Part::ToolResult(result) => format!("[{} answers: {}]", result.name, result.content),
        Part::Kept(_) => String::new(),
    };
    message.parts.iter().map(part).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn answered(reply: &Reply) -> String {
    let refusal =
        reply.refusal.iter().filter(|refusal| **refusal != reply.text).map(|words| format!("[refuses: {words}]"));
    let calls = reply.tool_calls.iter().map(|call| format!("[asks for {} with {}]", call.name, call.arguments));
    let text = Some(reply.text.trim().to_owned()).filter(|text| !text.is_empty());
    text.into_iter().chain(refusal).chain(calls).collect::<Vec<_>>().join("\n")
}
