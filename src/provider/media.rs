//! Pictures and other files in a message: where their bytes are, and of what type.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Where the bytes of a file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bytes<'a> {
    /// Here, in base64.
    Here(Cow<'a, str>),
    /// At an address that the service can ask.
    At(&'a str),
    /// Somewhere that only this machine could know.
    Elsewhere,
}

/// A file of a message, and its type.
pub fn media<'a>(url: &'a str, mime: Option<&'a str>) -> (Bytes<'a>, &'a str) {
    let bytes = match data(url) {
        Some((bytes, _)) => Bytes::Here(bytes),
        None if url.contains("://") && !url.starts_with("file:") => Bytes::At(url),
        None => Bytes::Elsewhere,
    };
    (bytes, self::mime(url, mime))
}

/// The type of a file: as it is given, as it says itself, or as its name tells. Most are pictures.
pub fn mime<'a>(url: &'a str, given: Option<&'a str>) -> &'a str {
    given.or(data(url).and_then(|(_, mime)| mime)).or_else(|| by_name(url)).unwrap_or("image/png")
}

/// The type of a file, if its name tells.
pub fn by_name(url: &str) -> Option<&'static str> {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    Some(match path.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "pdf" => "application/pdf",
        "txt" | "md" | "csv" => "text/plain",
        "mp3" => "audio/mp3",
        "wav" => "audio/wav",
        "mp4" => "video/mp4",
        _ => return None,
    })
}

/// A `data:` URL: its bytes in base64, and its type if it says one.
fn data(url: &str) -> Option<(Cow<'_, str>, Option<&str>)> {
    let (head, data) = url.strip_prefix("data:")?.split_once(',')?;
    let mime = head.split(';').next().filter(|mime| !mime.is_empty());
    let bytes = match head.ends_with(";base64") {
        true => data.into(),
        false => STANDARD.encode(unescape(data)).into(),
    };
    Some((bytes, mime))
}

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digit = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &after[2..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_tell_their_bytes_and_type() {
        let here = |data: &'static str| Bytes::Here(data.into());
        assert_eq!(media("data:image/gif;base64,QUJD", None), (here("QUJD"), "image/gif"));
        assert_eq!(media("data:text/plain;charset=utf-8;base64,QUJD", None), (here("QUJD"), "text/plain"));
        assert_eq!(media("data:,A%42C%", Some("text/plain")), (here("QUJDJQ=="), "text/plain"));
        assert_eq!(
            media("https://x.org/a.JPG?b=c.pdf", None),
            (Bytes::At("https://x.org/a.JPG?b=c.pdf"), "image/jpeg")
        );
        assert_eq!(media("a.pdf", None), (Bytes::Elsewhere, "application/pdf"));
        assert_eq!(media("file:///a.pdf", None).0, Bytes::Elsewhere);
    }
}
