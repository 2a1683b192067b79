//! What a bad answer means, as far as its status and headers tell. Each language adds what its body says.

use serde_json::Value;

use crate::base::http::Response;
use crate::model::Trouble;
use crate::model::call::What;

use super::wait;

/// A trouble from status and headers. Its message is the body's text, if that is short and none for machines.
pub fn of(response: &Response) -> Trouble {
    let what = what(response.status);
    let mut trouble = Trouble::new(what, message(response));
    trouble.status = Some(response.status);
    trouble.request_id = request_id(response);
    trouble.retry = wait::should_retry(response);
    trouble.retry_after = wait::retry_after(response);
    if what == What::RateLimited {
        trouble.retry_after = trouble.retry_after.or_else(|| wait::allowance(response));
    }
    trouble
}

/// The JSON of an answer whose status was good.
pub fn json(response: &Response) -> Result<Value, Trouble> {
    serde_json::from_slice(&response.body).map_err(|error| {
        let shown = excerpt(&response.body);
        let message = match shown.as_str() {
            "" => "the answer is empty".to_owned(),
            shown => format!("the answer is not JSON ({error}): {shown}"),
        };
        undecodable(response, message)
    })
}

/// An answer that came well and says nothing that can be read.
pub fn undecodable(response: &Response, message: impl Into<String>) -> Trouble {
    let status = Some(response.status);
    Trouble { status, request_id: request_id(response), ..Trouble::new(What::Decode, message) }
}

pub fn request_id(response: &Response) -> Option<String> {
    let known = ["x-request-id", "request-id", "x-goog-request-id", "cf-ray"];
    known.into_iter().find_map(|name| response.header(name)).map(str::to_owned)
}

pub fn what(status: u16) -> What {
    match status {
        401 | 407 => What::Auth,
        402 => What::Quota,
        403 | 451 => What::Permission,
        404 | 405 | 410 | 300..400 => What::NotFound,
        408 | 504 | 522 | 524 => What::Timeout,
        409 | 425 | 503 | 529 => What::Overloaded,
        429 => What::RateLimited,
        400..500 => What::BadRequest,
        _ => What::Server,
    }
}

fn message(response: &Response) -> String {
    if (300..400).contains(&response.status) {
        let place = response.header("location").unwrap_or("another address");
        return format!("the service says to go to {place}; palc does not follow with a key");
    }
    match excerpt(&response.body).as_str() {
        "" => format!("status {}, and nothing said", response.status),
        text => text.to_owned(),
    }
}

/// The beginning of a body for people: the title of a page, else its text on one line.
pub fn excerpt(body: &[u8]) -> String {
    const LONGEST: usize = 200;
    let text = String::from_utf8_lossy(&body[..body.len().min(64 << 10)]);
    let text = if text.trim_start().starts_with('<') { page(&text) } else { text.into_owned() };
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}

/// What an HTML page is called, or else what it says without its tags.
fn page(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let title = || {
        let start = lower.find("<title")?;
        let start = start + lower[start..].find('>')? + 1;
        let end = start + lower[start..].find("</title")?;
        Some(html[start..end].trim().to_owned()).filter(|title| !title.is_empty())
    };
    let words = || {
        let plain = html.split('<').map(|piece| piece.split_once('>').map_or("", |(_, text)| text));
        plain.collect::<Vec<_>>().join(" ")
    };
    format!("a page for people: {}", title().unwrap_or_else(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
        let headers = headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        Response { status, headers, body: body.into() }
    }

    #[test]
    fn a_page_is_named_by_its_title() {
        let page = "<!DOCTYPE html><html><head><TITLE>502 Bad\n Gateway</TITLE></head><body>x</body></html>";
        let trouble = of(&response(502, &[("cf-ray", "8f")], page));
        assert_eq!(trouble.message, "a page for people: 502 Bad Gateway");
        assert_eq!((trouble.what, trouble.request_id.as_deref()), (What::Server, Some("8f")));
        assert_eq!(of(&response(503, &[], "<p>Back <b>soon</b></p>")).message, "a page for people: Back soon");
        assert_eq!(of(&response(500, &[], "")).message, "status 500, and nothing said");
    }

    #[test]
    fn a_redirect_is_not_followed() {
        let trouble = of(&response(307, &[("location", "https://other.example/")], ""));
        assert!(trouble.message.contains("https://other.example/"), "{}", trouble.message);
        assert_eq!(trouble.what, What::NotFound);
    }

    #[test]
    fn headers_say_when_to_try_again() {
        let trouble =
            of(&response(429, &[("x-should-retry", "false"), ("x-ratelimit-reset-tokens", "6m0s")], "slow down"));
        assert_eq!(trouble.retry, Some(false));
        assert_eq!(trouble.retry_after.map(|wait| wait.as_secs()), Some(360));
        assert_eq!(trouble.message, "slow down");
    }

    #[test]
    fn wrong_json_is_told_with_its_beginning() {
        let trouble = json(&response(200, &[], &format!("{{\"a\": {}", "x".repeat(300)))).expect_err("no JSON");
        assert_eq!(trouble.what, What::Decode);
        assert!(trouble.message.ends_with("xx…"), "{}", trouble.message);
        assert_eq!(json(&response(200, &[], "")).expect_err("nothing").message, "the answer is empty");
    }
}
