//! The new version in a writer's reply.

use crate::model::Reply;
use crate::model::call::Stop;

/// The text between the last pair of tags, or why there is none: a sentence that goes on after "because".
pub fn prompt(reply: &Reply, nonce: &str) -> Result<String, String> {
    if let Some(refusal) = &reply.refusal {
        return Err(format!("the model refused: {refusal}"));
    }
    let (open, close) = (format!("<prompt-{nonce}>"), format!("</prompt-{nonce}>"));
    let inside = reply.text.rfind(&open).map(|at| &reply.text[at + open.len()..]);
    let Some(inside) = inside.and_then(|inside| inside.split_once(&close)).map(|(inside, _)| inside) else {
        let why = match reply.stop {
            Stop::Length => "the model's reply broke off at its longest length",
            _ => "the model's reply has no prompt between the tags that were asked for",
        };
        return Err(why.to_owned());
    };
    let text = inside.trim_matches(['\n', '\r']);
    if text.trim().is_empty() { Err("the model's prompt is empty".to_owned()) } else { Ok(format!("{text}\n")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<String, String> {
        prompt(&Reply { text: text.into(), ..Reply::default() }, "abc")
    }

    #[test]
    fn the_last_pair_of_tags_counts() {
        assert_eq!(of("<prompt-abc>\nDo it.\n</prompt-abc>"), Ok("Do it.\n".to_owned()));
        let twice =
            "I put it between <prompt-abc> and </prompt-abc>:\n<prompt-abc>\n  Do it.\n\nWell.\n</prompt-abc>\nDone.";
        assert_eq!(of(twice), Ok("  Do it.\n\nWell.\n".to_owned()));
    }

    #[test]
    fn without_them_there_is_no_prompt() {
        for text in ["Do it.", "<prompt-abc>\nDo", "</prompt-abc><prompt-abc>", "<prompt-abd>Do</prompt-abd>"] {
            assert!(of(text).expect_err(text).contains("no prompt between the tags"), "{text}");
        }
        assert_eq!(of("<prompt-abc>\n \n</prompt-abc>"), Err("the model's prompt is empty".to_owned()));
        let cut = Reply { text: "<prompt-abc>\nDo".into(), stop: Stop::Length, ..Reply::default() };
        assert!(prompt(&cut, "abc").expect_err("cut").contains("broke off"));
    }
}
