//! Commit messages as git cleans them, and trailers at their end.

/// Git's own cleaning: no space at the ends of lines, no empty lines at the ends or twice in a row. Lines that start
/// with `#` go too where the message comes from an editor, because that is how the editor is told what to do.
pub fn clean(text: &str, comments: bool) -> String {
    let lines = text.lines().filter(|line| !(comments && line.starts_with('#'))).map(str::trim_end);
    let mut out = String::new();
    let mut gap = false;
    for line in lines {
        if line.is_empty() {
            gap = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Add trailers to a clean message: to the block at its end if there is one, else as a block of their own. One that
/// is there already is not repeated.
pub fn with_trailers(message: &str, trailers: &[String]) -> String {
    let block = message.rsplit("\n\n").next().filter(|block| block.len() < message.len());
    let has_block = block.is_some_and(|block| block.lines().all(is_trailer));
    let known = |trailer: &&String| has_block && block.is_some_and(|block| block.lines().any(|line| line == **trailer));
    let new: Vec<&String> = trailers.iter().filter(|trailer| !known(trailer)).collect();
    if new.is_empty() || message.is_empty() {
        return message.to_owned();
    }
    let mut out = message.to_owned();
    if !has_block {
        out.push('\n');
    }
    for trailer in new {
        out.push_str(trailer);
        out.push('\n');
    }
    out
}

fn is_trailer(line: &str) -> bool {
    let word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    line.split_once(": ").is_some_and(|(key, value)| word(key) && !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_cleaned_as_git_does() {
        assert_eq!(clean("\n\n a  \n\n\n# b\nc\n\n", false), " a\n\n# b\nc\n");
        assert_eq!(clean("a\n# no\nb", true), "a\nb\n");
        assert_eq!(clean("# only\n\n", true), "");
    }

    #[test]
    fn trailers_join_their_block() {
        let add = |message: &str| with_trailers(message, &["Palc-Prompt: x".to_owned()]);
        assert_eq!(add("a\n"), "a\n\nPalc-Prompt: x\n");
        assert_eq!(add("fix: a\n"), "fix: a\n\nPalc-Prompt: x\n");
        assert_eq!(add("a\n\nb c: d\n"), "a\n\nb c: d\n\nPalc-Prompt: x\n");
        assert_eq!(add("a\n\nSigned-off-by: A <a@b>\n"), "a\n\nSigned-off-by: A <a@b>\nPalc-Prompt: x\n");
        assert_eq!(add("a\n\nPalc-Prompt: x\n"), "a\n\nPalc-Prompt: x\n");
    }
}
