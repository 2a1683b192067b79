//! Token counts without a network: exact where a model's vocabulary is published, an honest estimate elsewhere.

use crate::repo::diff::whole;

use super::messages::Message;

/// How many tokens a text has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub tokens: usize,
    /// Whether the model's own vocabulary was used. If not, expect an error of a fifth or so.
    pub exact: bool,
    /// The vocabulary, or `estimate`.
    pub encoding: &'static str,
}

/// A way to count for one family of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counter {
    encoding: Encoding,
    exact: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    O200k,
    Cl100k,
    /// Tenths of characters of English a token has.
    Estimate(usize),
}

impl Counter {
    /// The counter for a model as prompts name it: `openai/gpt-4o-mini`, `ft:gpt-4o:…`, `claude-sonnet-5`.
    pub fn of(model: &str) -> Self {
        let name = model.rsplit('/').next().unwrap_or(model).to_ascii_lowercase();
        let name = name.strip_prefix("ft:").unwrap_or(&name);
        let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
        if starts(&["gpt-4o", "chatgpt-4o", "gpt-4.1", "gpt-4.5", "gpt-5", "gpt-oss", "o1", "o3", "o4"]) {
            Counter { encoding: Encoding::O200k, exact: true }
        } else if starts(&["gpt-4", "gpt-3.5", "gpt-35", "text-embedding-3", "text-embedding-ada-002"]) {
            Counter { encoding: Encoding::Cl100k, exact: true }
        } else if starts(&["gpt", "chatgpt"]) {
            // Newer than this list: the newest vocabulary is the best guess.
            Counter { encoding: Encoding::O200k, exact: false }
        } else {
            Counter { encoding: Encoding::Estimate(if name.contains("claude") { 35 } else { 40 }), exact: false }
        }
    }

    pub fn count(self, text: &str) -> Count {
        let (tokens, encoding) = match self.encoding {
            Encoding::O200k => (bpe_openai::o200k_base().count(text), "o200k_base"),
            Encoding::Cl100k => (bpe_openai::cl100k_base().count(text), "cl100k_base"),
            Encoding::Estimate(tenths) => (estimate(text, tenths), "estimate"),
        };
        Count { tokens, exact: self.exact, encoding }
    }

    /// The text cut into its tokens, for looking at them; none ends within what a reader takes for one character. Where
    /// no vocabulary is published, those of a common one. Nothing where the vocabulary changes the text first.
    pub fn pieces(self, text: &str) -> Option<Vec<&str>> {
        let tokenizer = match self.encoding {
            Encoding::O200k | Encoding::Estimate(_) => bpe_openai::o200k_base(),
            Encoding::Cl100k => bpe_openai::cl100k_base(),
        };
        let lengths: Vec<usize> =
            tokenizer.encode(text).into_iter().map(|token| tokenizer.bpe.token_len(token)).collect();
        (lengths.iter().sum::<usize>() == text.len()).then(|| whole(lengths.into_iter(), text))
    }

    /// Tokens of a conversation, with those that the service puts around each message. It is exact as far as the
    /// service is known: three a message and one for a name, and three to begin the answer. Media are not counted.
    pub fn conversation(self, messages: &[Message]) -> Count {
        let mut sum = Count { tokens: 3, ..self.count("") };
        for message in messages {
            let name = message.name.as_ref().map_or(0, |name| self.count(name).tokens + 1);
            sum.tokens += 3 + name + self.count(&message.role).tokens + self.count(&message.text()).tokens;
            sum.exact &= !message.parts.iter().any(|part| matches!(part, super::Part::Media { .. }));
        }
        sum
    }
}

/// English has so many tenths of characters a token; other alphabets have about two characters a token, and scripts
/// without an alphabet one.
fn estimate(text: &str, tenths: usize) -> usize {
    let weight = |c: char| match c {
        '\0'..='\u{7f}' => 100 / tenths,
        '\u{80}'..='\u{24ff}' => 5,
        _ => 10,
    };
    let ascii = text.bytes().filter(u8::is_ascii).count() * 100 / tenths;
    let rest: usize = text.chars().filter(|c| !c.is_ascii()).map(weight).sum();
    (ascii + rest).div_ceil(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(model: &str, text: &str) -> String {
        let Count { tokens, exact, encoding } = Counter::of(model).count(text);
        format!("{}{tokens} {encoding}", if exact { "" } else { "~" })
    }

    #[test]
    fn models_have_their_vocabulary() {
        assert_eq!(count("openai/gpt-4o-mini", "hello world"), "2 o200k_base");
        assert_eq!(count("openrouter/openai/o3", "Grüße, 世界!"), "6 o200k_base");
        assert_eq!(count("gpt-4-turbo", "Grüße, 世界!"), "9 cl100k_base");
        assert_eq!(count("ft:gpt-4o:acme", "  a\n\n  b"), "5 o200k_base");
        assert_eq!(count("gpt-6", "hello world"), "~2 o200k_base");
        assert_eq!(count("anthropic/claude-sonnet-5", "hello world, how are you"), "~7 estimate");
        assert_eq!(count("gemini-3-pro", "世界"), "~2 estimate");
        assert_eq!(count("llama3", ""), "~0 estimate");
    }

    #[test]
    fn the_service_adds_tokens_around_messages() {
        let message = |text: &str| Message {
            role: "user".into(),
            parts: vec![super::super::Part::Text(text.into())],
            ..Message::default()
        };
        let count = Counter::of("gpt-4o").conversation(&[message("hello world"), message("hi")]);
        assert_eq!((count.tokens, count.exact), (3 + (3 + 1 + 2) + (3 + 1 + 1), true));
    }
}
