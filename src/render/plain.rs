//! Messages as text for people.

use super::messages::{Message, Part};

/// One message is its text; several stand under their roles.
pub fn plain(messages: &[Message]) -> String {
    match messages {
        [one] if one.role == "user" => content(one),
        many => {
            many.iter().map(|message| format!("{}:\n{}", message.role, content(message))).collect::<Vec<_>>().join("\n")
        }
    }
}

fn content(message: &Message) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Media { url, .. } => format!("[{url}]"),
    };
    let mut text: String = message.parts.iter().map(part).collect();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}
