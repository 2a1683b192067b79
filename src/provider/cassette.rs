//! Exchanges as files: canonical, so that the same request always has the same name and a second recording changes only
//! what changed. They hold no key and no account, so they can be committed.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::json;
use similar::{ChangeTag, TextDiff};

use crate::base::hash::sha256;
use crate::base::http::{Request, Response};
use crate::model::{Map, Value};

use super::service::Service;

/// What stands at the beginning of each file.
const FORM: &str = "palc.exchange.v1";
/// Headers that say what is asked. All others may name an account, or change from one machine to the next.
const ASKING: [&str; 3] = ["anthropic-version", "anthropic-beta", "content-type"];
/// Headers that say what to make of an answer.
const ANSWERING: [&str; 4] = ["content-type", "retry-after", "retry-after-ms", "x-should-retry"];

/// A request as all who ask the same thing send it.
#[derive(Debug, Clone, PartialEq)]
pub struct Canonical(Value);

impl Canonical {
    pub fn of(service: &Service, request: &Request) -> Canonical {
        let path = request.url.strip_prefix(service.base_url.as_str()).unwrap_or(&request.url);
        let body = serde_json::from_slice(&request.body).map_or_else(|_| text(&request.body), sorted);
        let mut wanted: Vec<_> = request.headers.iter().filter(|(name, _)| ASKING.contains(&name.as_str())).collect();
        wanted.sort();
        let headers: Map = wanted.into_iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
        Canonical(json!({
            "body": body,
            "headers": headers,
            "method": request.method.word(),
            "path": path,
            "service": service.name,
        }))
    }

    /// The name of what is asked: the same for the same request, on every machine.
    pub fn key(&self) -> String {
        sha256(self.0.to_string().as_bytes())[..16].to_owned()
    }

    pub fn service(&self) -> &str {
        self.0["service"].as_str().unwrap_or_default()
    }

    /// The model, where the body or the path names it.
    pub fn model(&self) -> Option<&str> {
        let in_path = || {
            let (_, rest) = self.0["path"].as_str()?.split_once("models/")?;
            rest.split([':', '/', '?']).next()
        };
        self.0["body"]["model"].as_str().or_else(in_path)
    }

    pub fn value(&self) -> &Value {
        &self.0
    }

    fn text(&self) -> String {
        format!("{:#}", self.0)
    }
}

/// A request and what was answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    pub request: Canonical,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    /// The answer's body; more than one piece if it came in pieces.
    pub frames: Vec<Vec<u8>>,
    pub is_stream: bool,
}

impl Exchange {
    pub fn new(request: Canonical, response: &Response, is_stream: bool) -> Exchange {
        let known = |(name, _): &&(String, String)| ANSWERING.contains(&name.as_str());
        let mut headers: Vec<_> = response.headers.iter().filter(known).cloned().collect();
        headers.sort();
        let kind = response.header("content-type").unwrap_or_default();
        let frames = match is_stream {
            true => frames(&response.body, kind.contains("ndjson")),
            false => vec![response.body.clone()],
        };
        Exchange { request, status: response.status, headers, frames, is_stream }
    }

    pub fn response(&self) -> Response {
        Response { status: self.status, headers: self.headers.clone(), body: self.frames.concat() }
    }

    /// The file: sorted, one thing a line.
    pub fn print(&self) -> String {
        let headers: Map = self.headers.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
        let mut response = json!({"headers": headers, "status": self.status});
        if self.is_stream {
            response["frames"] = self.frames.iter().map(|frame| text(frame)).collect();
        } else {
            let whole = self.frames.concat();
            match serde_json::from_slice::<Value>(&whole) {
                Ok(value) if value.is_object() || value.is_array() => response["json"] = sorted(value),
                _ => response["text"] = text(&whole),
            }
        }
        format!("{:#}\n", sorted(json!({"form": FORM, "request": self.request.0, "response": response})))
    }

    /// What a file says, or a sentence on what is wrong with it.
    pub fn parse(file: &str) -> Result<Exchange, String> {
        let value: Value = serde_json::from_str(file).map_err(|error| error.to_string())?;
        if value["form"] != FORM {
            return Err(format!("it does not say `\"form\": \"{FORM}\"`"));
        }
        let response = &value["response"];
        let status = response["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        let header = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
        let headers = response["headers"].as_object().into_iter().flatten().filter_map(header).collect();
        let frames = response["frames"].as_array();
        let whole = || match &response["json"] {
            Value::Null => bytes(&response["text"]),
            value => Some(value.to_string().into_bytes()),
        };
        let body = match frames {
            Some(frames) => frames.iter().map(bytes).collect(),
            None => whole().map(|whole| vec![whole]),
        };
        Ok(Exchange {
            request: Canonical(sorted(value["request"].clone())),
            status: status.ok_or("its response has no status")?,
            headers,
            frames: body.ok_or("its response has no body")?,
            is_stream: frames.is_some(),
        })
    }
}

/// Of these requests the one that is most like the wanted one, and the lines by which they differ.
pub fn nearest<'a, T>(wanted: &Canonical, all: &'a [(T, Canonical)]) -> Option<(&'a T, Vec<String>)> {
    let text = wanted.text();
    let lines: HashSet<&str> = text.lines().collect();
    let shared = |other: &Canonical| {
        let other = other.text();
        let same = other.lines().filter(|line| lines.contains(line)).count() * 2;
        same * 1000 / (lines.len() + other.lines().count()).max(1)
    };
    // The first of those that are equally near, whatever the order of the folder was.
    let (name, request) = all.iter().rev().max_by_key(|(_, request)| shared(request))?;
    Some((name, differences(&request.text(), &text)))
}

/// `- what was recorded`, `+ what is asked`.
fn differences(recorded: &str, wanted: &str) -> Vec<String> {
    const MOST: usize = 24;
    let diff = TextDiff::from_lines(recorded, wanted);
    let changes = diff.iter_all_changes().filter_map(|change| match change.tag() {
        ChangeTag::Equal => None,
        ChangeTag::Delete => Some(('-', change.value().trim())),
        ChangeTag::Insert => Some(('+', change.value().trim())),
    });
    let changes: Vec<(char, &str)> = changes.collect();
    let mut lines: Vec<String> = Vec::new();
    for (at, &(sign, line)) in changes.iter().take(MOST).enumerate() {
        let other = match sign {
            '-' => changes.get(at + 1).filter(|(sign, _)| *sign == '+'),
            _ => at.checked_sub(1).and_then(|before| changes.get(before)).filter(|(sign, _)| *sign == '-'),
        };
        lines.push(format!("{sign} {}", around(line, other.map_or("", |(_, line)| line))));
    }
    if changes.len() > MOST {
        lines.push(format!("… and {} lines more", changes.len() - MOST));
    }
    lines
}

/// A long line, cut to where it begins to differ from the other one.
fn around(line: &str, other: &str) -> String {
    const BEFORE: usize = 30;
    const MOST: usize = 110;
    let same = line.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let skipped = if line.chars().count() > MOST { same.saturating_sub(BEFORE) } else { 0 };
    let shown: String = line.chars().skip(skipped).take(MOST).collect();
    let (before, after) = (if skipped > 0 { "…" } else { "" }, skipped + MOST < line.chars().count());
    format!("{before}{shown}{}", if after { "…" } else { "" })
}

/// Keys in order, at every depth.
pub fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.into_iter().collect();
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(entries.into_iter().map(|(key, value)| (key, sorted(value))).collect())
        }
        Value::Array(values) => values.into_iter().map(sorted).collect(),
        value => value,
    }
}

/// A stream cut where its events end, however the network cut it.
fn frames(body: &[u8], is_lines: bool) -> Vec<Vec<u8>> {
    let ends = |at: usize| match is_lines {
        true => body[at] == b'\n',
        false => body[..=at].ends_with(b"\n\n") || body[..=at].ends_with(b"\r\n\r\n"),
    };
    let mut frames = Vec::new();
    let mut start = 0;
    for at in 0..body.len() {
        if ends(at) {
            frames.push(body[start..=at].to_vec());
            start = at + 1;
        }
    }
    if start < body.len() {
        frames.push(body[start..].to_vec());
    }
    frames
}

/// Text as text, and what is none in base64.
fn text(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => json!({"base64": BASE64.encode(bytes)}),
    }
}

fn bytes(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::String(text) => Some(text.clone().into_bytes()),
        value => BASE64.decode(value.get("base64")?.as_str()?).ok(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::base::http::Method;
    use crate::provider::Protocol;

    use super::*;

    fn service(base_url: &str) -> Service {
        Service::new("local", Protocol::OpenAi, base_url)
    }

    fn canonical(base_url: &str, body: &str) -> Canonical {
        let headers = [("openai-organization", "org-secret"), ("content-type", "application/json")];
        let request = Request {
            method: Method::Post,
            url: format!("{base_url}/chat/completions"),
            headers: headers.map(|(name, value)| (name.into(), value.into())).into(),
            body: body.into(),
        };
        Canonical::of(&service(base_url), &request)
    }

    #[test]
    fn the_same_question_has_the_same_name_wherever_it_is_asked() {
        let one = canonical("http://127.0.0.1:4001/v1", r#"{"model": "m", "messages": [{"role":"user"}]}"#);
        let same = canonical("https://elsewhere/v1", r#"{"messages":[{"role":"user"}],"model":"m"}"#);
        let other = canonical("https://elsewhere/v1", r#"{"messages":[{"role":"user"}],"model":"n"}"#);
        assert_eq!(one.key(), same.key());
        assert_ne!(one.key(), other.key());
        assert_eq!(one.model(), Some("m"));
        assert!(!one.text().contains("org-secret"));
    }

    #[test]
    fn what_is_printed_is_read_again() {
        let request = canonical("http://x", "{}");
        let response = |kind: &str, body: &[u8]| {
            let headers = [("content-type", kind), ("x-request-id", "req_1"), ("retry-after", "1")];
            let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            Response { status: 200, headers, body: body.into() }
        };
        for (kind, body, is_stream) in [
            ("application/json", &br#"{"a":1,"b":[]}"#[..], false),
            ("text/html", b"<h1>Bad gateway</h1>", false),
            ("text/plain", b"\xff\xfe", false),
            ("text/event-stream", b"data: 1\n\ndata: 2\r\n\r\ndata: [DONE]", true),
            ("application/x-ndjson", b"{}\n{}\n", true),
        ] {
            let exchange = Exchange::new(request.clone(), &response(kind, body), is_stream);
            let again = Exchange::parse(&exchange.print()).expect("its own form");
            assert_eq!(again, exchange);
            assert_eq!(again.response().body, body);
            assert!(!exchange.print().contains("req_1"));
        }
        assert_eq!(Exchange::parse("{}").expect_err("no form"), "it does not say `\"form\": \"palc.exchange.v1\"`");
    }

    #[test]
    fn a_miss_is_told_by_what_differs() {
        let body = |text: &str, heat: f64| {
            json!({"model": "m", "messages": [{"role": "user", "content": text}], "temperature": heat}).to_string()
        };
        let long = "a sentence that is rather long and goes on, ".repeat(8);
        let known = [
            (1, canonical("x", &body("Something else", 0.9))),
            (2, canonical("x", &body(&format!("{long}blue"), 0.2))),
        ];
        let wanted = canonical("x", &body(&format!("{long}red"), 0.2));
        let (name, lines) = nearest(&wanted, &known).expect("some");
        assert_eq!(*name, 2);
        assert_eq!(lines, [r#"- …t is rather long and goes on, blue","#, r#"+ …t is rather long and goes on, red","#,]);
        assert_eq!(nearest::<u8>(&wanted, &[]), None);
    }

    proptest! {
        #[test]
        fn cutting_into_frames_loses_nothing(body in "[ab\r\n]{0,60}", is_lines: bool) {
            prop_assert_eq!(frames(body.as_bytes(), is_lines).concat(), body.as_bytes());
        }
    }
}
