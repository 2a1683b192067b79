//! Secrets: a text that is not printed, not written and not left in memory, and the one place that keeps them out of
//! everything palc says.
//!
//! Every sink (the screen, the log, journals, recorded answers, a panic) asks [`redact`]. It knows each secret that this
//! run has met, as it is and in the forms in which services and URLs hand it back.

use std::borrow::Cow;
use std::fmt;
use std::sync::{PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use memchr::memmem;
use zeroize::Zeroizing;

/// What stands where a secret was.
pub const REDACTED: &str = "[redacted]";

/// Shorter texts are no keys, and would be found inside of other words.
const SHORTEST: usize = 8;

/// A key. It has no form in which it could be printed or written by accident, and memory forgets it.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Blanks around it are not part of it. From now on no sink tells it.
    pub fn new(text: impl Into<String>) -> Secret {
        let text = Zeroizing::new(text.into());
        let text = Zeroizing::new(text.trim().to_owned());
        know(&text);
        Secret(text)
    }

    /// The key itself, for the header that carries it. The only way to it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Keep a text out of everything that palc says from now on.
pub fn know(secret: &str) {
    let secret = secret.trim();
    if secret.len() < SHORTEST {
        return;
    }
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if !known.iter().any(|form| form.bytes() == secret.as_bytes()) {
        known.extend(forms(secret).iter().map(|form| Form(memmem::Finder::new(form).into_owned())));
        // The longest first: a form may be part of another one.
        known.sort_by(|one, other| {
            let longer = other.bytes().len().cmp(&one.bytes().len());
            longer.then_with(|| one.bytes().cmp(other.bytes()))
        });
        known.dedup_by(|one, other| one.bytes() == other.bytes());
    }
}

/// Whether a text is a secret that this run knows, and nothing besides.
pub fn is_known(text: &[u8]) -> bool {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    known.iter().any(|form| form.bytes() == text.trim_ascii())
}

/// A text without the secrets that this run knows.
pub fn redact(text: &str) -> Cow<'_, str> {
    match redact_bytes(text.as_bytes()) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        // Whole forms went, and all of them are text.
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// As [`redact`], for what need not be text.
pub fn redact_bytes(bytes: &[u8]) -> Cow<'_, [u8]> {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    let mut clean = Cow::Borrowed(bytes);
    for form in known.iter() {
        if let Some(first) = form.0.find(&clean) {
            clean = Cow::Owned(form.replaced(&clean, first));
        }
    }
    clean
}

/// How many bytes at the end of a text may be the beginning of a secret whose rest has not come yet.
pub fn begun(bytes: &[u8]) -> usize {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    let Some(&last) = bytes.last() else { return 0 };
    known.iter().map(|form| form.begun(bytes, last)).max().unwrap_or(0)
}

/// A form of a secret, ready to be looked for.
struct Form(memmem::Finder<'static>);

impl Form {
    fn bytes(&self) -> &[u8] {
        self.0.needle()
    }

    /// The length of its longest beginning at the end of a text. Few of its places hold the text's last byte.
    fn begun(&self, bytes: &[u8], last: u8) -> usize {
        let form = self.bytes();
        let ends = memchr::memrchr_iter(last, &form[..form.len() - 1]).map(|at| at + 1);
        ends.into_iter().find(|&end| bytes.ends_with(&form[..end])).unwrap_or(0)
    }

    fn replaced(&self, bytes: &[u8], first: usize) -> Vec<u8> {
        let mut clean = Vec::with_capacity(bytes.len());
        let mut from = 0;
        let mut next = Some(first);
        while let Some(at) = next {
            clean.extend_from_slice(&bytes[from..at]);
            clean.extend_from_slice(REDACTED.as_bytes());
            from = at + self.bytes().len();
            next = self.0.find(&bytes[from..]).map(|at| from + at);
        }
        clean.extend_from_slice(&bytes[from..]);
        clean
    }
}

static KNOWN: RwLock<Vec<Form>> = RwLock::new(Vec::new());

/// A secret as it is, in URLs, in JSON, and within texts in base64.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let json = serde_json::to_string(secret).unwrap_or_default();
    let json = json.trim_matches('"');
    let mut forms = vec![secret.as_bytes().to_vec(), json.as_bytes().to_vec(), json.replace('/', "\\/").into_bytes()];
    forms.extend([percent(secret, true), percent(secret, false)].map(String::into_bytes));
    forms.extend([STANDARD, URL_SAFE].iter().flat_map(|alphabet| {
        (0..3).map(move |before| {
            // Letters that depend on the neighbours, at either end, are not part of the form.
            let padded = Zeroizing::new([vec![0; before], secret.as_bytes().to_vec()].concat());
            let encoded = alphabet.encode(&*padded);
            let end = padded.len() * 8 / 6;
            encoded.as_bytes()[(before * 8).div_ceil(6)..end].to_vec()
        })
    }));
    forms.sort();
    forms.dedup();
    forms
}

/// Percent-encoded, with everything encoded that URLs do not take as it is.
fn percent(secret: &str, upper: bool) -> String {
    let encode = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) => char::from(byte).to_string(),
        byte if upper => format!("%{byte:02X}"),
        byte => format!("%{byte:02x}"),
    };
    secret.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ODD: &str = "k\"ey/with+odd=\\letters ä";

    #[test]
    fn every_form_of_a_secret_goes() {
        let secret = Secret::new(format!(" {ODD}\n"));
        assert_eq!(secret.expose(), ODD);
        assert_eq!(format!("{secret:?}"), "Secret");
        let json = serde_json::to_string(ODD).unwrap();
        for text in [ODD.to_owned(), json, percent(ODD, true), percent(ODD, false)] {
            let clean = redact(&text).into_owned();
            assert!(clean.trim_matches('"') == REDACTED, "{clean}");
        }
        assert_eq!(redact("nothing"), "nothing");
    }

    #[test]
    fn a_secret_within_base64_goes() {
        know(ODD);
        for before in ["", "u", "us", "user:", "some user:"] {
            for after in ["", "x", "xy", "xyz"] {
                for alphabet in [STANDARD, URL_SAFE] {
                    let clean = redact(&alphabet.encode(format!("{before}{ODD}{after}"))).into_owned();
                    assert!(clean.contains(REDACTED), "{before} {after}");
                    // What is left beside it tells at most a letter at either end.
                    assert!(clean.len() <= REDACTED.len() + (before.len() + after.len()) * 4 / 3 + 8, "{clean}");
                }
            }
        }
    }

    #[test]
    fn one_secret_inside_another_leaves_nothing() {
        know("abcdefgh-first");
        know("abcdefgh-first-and-second");
        assert_eq!(redact("x abcdefgh-first-and-second, abcdefgh-first"), "x [redacted], [redacted]");
        assert_eq!(redact_bytes(b"\xff abcdefgh-first \xfe").as_ref(), b"\xff [redacted] \xfe");
    }

    #[test]
    fn a_beginning_is_known_as_one() {
        know("zzsecret-begun");
        assert_eq!((begun(b"a zzsec"), begun(b"a z"), begun(b"a b")), (5, 1, 0));
        assert_eq!(begun(b"zzsecret-begun"), 0);
    }

    #[test]
    fn short_words_are_no_secrets() {
        know("short");
        assert_eq!(redact("a short text"), "a short text");
    }
}
