//! From a reply to the text that was asked for.

use crate::model::Reply;

/// The text of a reply, or why it has none. A fence around the whole is taken off: models add one although they are asked
/// not to.
pub fn of_reply(reply: &Reply) -> Result<String, String> {
    if let Some(refusal) = &reply.refusal {
        return Err(format!("the model refused: {}", refusal.trim()));
    }
    let text = unfenced(reply.text.trim()).trim();
    match text {
        "" => Err(format!("the model answered with no text (it stopped: {})", reply.stop.word())),
        text => Ok(text.to_owned()),
    }
}

fn unfenced(text: &str) -> &str {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let fence = &text[..ticks];
    let inner = || {
        let (info, rest) = text[ticks..].split_once('\n')?;
        let body = rest.strip_suffix(fence)?;
        // A fence that ends within the text is none around it.
        let ends_early = body.lines().any(|line| line.trim_end() == fence);
        (ticks >= 3 && !info.contains(' ') && !ends_early && (body.is_empty() || body.ends_with('\n'))).then_some(body)
    };
    inner().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(of: &str) -> Result<String, String> {
        of_reply(&Reply { text: of.into(), ..Reply::default() })
    }

    #[test]
    fn only_a_fence_around_the_whole_is_taken_off() {
        assert_eq!(text("```markdown\n# Hi\n```\n").as_deref(), Ok("# Hi"));
        assert_eq!(text("````\n```\nx\n```\n````").as_deref(), Ok("```\nx\n```"));
        let two = "```\na\n```\nand\n```\nb\n```";
        assert_eq!(text(two).as_deref(), Ok(two));
        assert_eq!(text("``` not a fence\nx\n```").as_deref(), Ok("``` not a fence\nx\n```"));
        assert_eq!(text("  --- \n🜁 ").as_deref(), Ok("--- \n🜁"));
    }

    #[test]
    fn a_refusal_and_silence_are_no_text() {
        assert!(text(" \n").unwrap_err().contains("no text"));
        let refused = Reply { text: "No.".into(), refusal: Some("I will not.".into()), ..Reply::default() };
        assert_eq!(of_reply(&refused).unwrap_err(), "the model refused: I will not.");
    }
}
