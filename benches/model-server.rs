//! A server that answers at once, or after so many milliseconds as its argument says, for the benchmarks:
//! `rustc -O benches/model-server.rs`. It prints its address, answers the same to everything, and ends when its standard
//! input does. A stream's pieces carry the moment they were written.

#[path = "../tests/harness/model_server/http.rs"]
#[allow(dead_code)]
mod http;

use std::io::{Read, Write};

use http::{Answer, Asked, Server};

fn answer(asked: &Asked) -> Answer {
    let usage = r#""usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}"#;
    if asked.body.windows(13).any(|window| window == b"\"stream\":true") {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_micros();
        let chunk = format!(r#"data: {{"choices":[{{"index":0,"delta":{{"content":"{now} "}}}}]}}"#);
        let stop = r#"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;
        let body = format!("{chunk}\n\n{stop}\n\ndata: [DONE]\n\n");
        return Answer { chunked: true, ..Answer::new(200, "text/event-stream", body) };
    }
    let message = r#"{"role":"assistant","content":"A short answer."}"#;
    let body = format!(
        r#"{{"id":"1","model":"tiny","choices":[{{"index":0,"message":{message},"finish_reason":"stop"}}],{usage}}}"#
    );
    Answer::new(200, "application/json", body)
}

fn main() {
    let wait = std::env::args().nth(1).and_then(|typed| typed.parse().ok()).unwrap_or_default();
    let wait = std::time::Duration::from_millis(wait);
    let server = Server::start(0, false, move |asked| {
        std::thread::sleep(wait);
        answer(asked)
    });
    println!("{}", server.url());
    std::io::stdout().flush().expect("somebody listens");
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}
