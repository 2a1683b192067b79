//! Media as services take them.

/// A `data:` URL in its parts: the type and the base64 text.
pub fn data_url(url: &str) -> Option<(&str, &str)> {
    let (head, data) = url.strip_prefix("data:")?.split_once(',')?;
    Some((head.strip_suffix(";base64")?, data))
}

/// The type of a file, as far as its name tells.
pub fn mime<'a>(url: &'a str, given: Option<&'a str>) -> &'a str {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let suffix = path.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    given.or(data_url(url).map(|(mime, _)| mime)).unwrap_or(match suffix.as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "pdf" => "application/pdf",
        "mp3" => "audio/mp3",
        "wav" => "audio/wav",
        "mp4" => "video/mp4",
        _ => "image/png",
    })
}
