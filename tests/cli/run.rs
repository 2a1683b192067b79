use std::io::{BufRead, BufReader, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, mpsc};

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::Repo;
use crate::harness::model_server::{Answer, Asked, End, ModelServer, Said, error, fails_within, last_user_text, says};

const GREET: &str = "---\nid: greet001\ndescription: Say hello\ninput: {required: [who]}\n---\nsystem:\nBe kind.\n\nuser:\nGreet {{ who }}\n";

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/greet.md", GREET);
    repo.write("people.csv", "who\nAda\nBob\nCy\n");
    repo
}

/// A repository whose user has the provider `local`, which answers so.
fn served(protocol: &str, reply: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> (Repo, ModelServer) {
    let (repo, server) = (repo(), ModelServer::start(reply));
    server.serve_as(&repo, "local", protocol, "timeout = \"5s\"");
    (repo, server)
}

fn says_back(asked: &Asked) -> Answer {
    says(asked, &Said::text(format!("You said: {}", last_user_text(asked))))
}

const ASK: [&str; 6] = ["run", "greet", "--var", "who=Ada", "--model", "local/tiny"];

fn ask(more: &[&'static str]) -> Vec<&'static str> {
    [&ASK[..], more].concat()
}

#[test]
fn the_echo_needs_nobody() {
    let repo = repo();
    let answer = repo.palc(&["run", "greet", "--var", "who=Ada", "--model", "echo", "--offline"]);
    assert_snapshot!(answer, @"
    Greet Ada
    --- stderr
    echo: $0.00, 0.0 s, run 20260131-120000-adkc
    ");
}

#[test]
fn every_language_is_spoken_whole_and_in_pieces() {
    for protocol in ["openai", "responses", "openrouter", "anthropic", "google", "ollama"] {
        let (repo, server) = served(protocol, |asked| says_back(asked).cut(1));
        let whole = repo.palc(&ask(&["--max-tokens", "50"]));
        assert_eq!(whole.stdout, "You said: Greet Ada\n", "{protocol}: {whole}");
        assert!(whole.stderr.contains("10 + 5 tokens"), "{protocol}: {whole}");
        let streamed = repo.palc(&ask(&["--max-tokens", "50", "--stream"]));
        assert_eq!((streamed.stdout, streamed.code), (whole.stdout, Some(0)), "{protocol}: {}", streamed.stderr);
        assert_eq!(server.count(), 2);
    }
}

#[test]
fn a_model_is_spoken_to_in_the_language_that_it_answers_in() {
    let (repo, server) = (repo(), ModelServer::start(says_back));
    server.serve_as(&repo, "openai", "openai", "");
    for (model, path) in [("openai/gpt-5-pro", "/responses"), ("openai/gpt-5", "/chat/completions")] {
        repo.palc(&["run", "greet", "--var", "who=Ada", "--model", model]).ok();
        let asked = server.asked();
        assert!(asked.last().unwrap().path.ends_with(path), "{model}: {}", asked.last().unwrap().path);
    }
}

#[test]
fn pictures_of_the_repository_are_sent_themselves() {
    let (repo, server) = served("openai", says_back);
    repo.write("prompts/cat.png", "ABC");
    repo.write("prompts/look.md", "---\nid: k3v9q2mx\n---\n{{ media(\"cat.png\") }}What is it?\n");
    repo.palc(&["run", "look", "--model", "local/tiny"]).ok();
    let content = &server.bodies()[0]["messages"][0]["content"];
    assert_eq!(content[0]["image_url"]["url"], "data:image/png;base64,QUJD");
}

#[test]
fn the_record_holds_what_was_sent_and_what_came() {
    let (repo, server) = served("openai", says_back);
    let answer = repo.palc(&ask(&["--json", "--temperature", "0.5", "--param", "seed=7"])).json();
    let data = &answer["data"];
    assert_eq!(data["answer"]["text"], "You said: Greet Ada");
    assert_eq!(data["answer"]["usage"]["raw"]["prompt_tokens"], 10);
    assert_eq!(data["answer"]["cost"], "0", "a provider on this machine costs nothing");
    assert_eq!(data["attempts"].as_array().map(Vec::len), Some(1));
    let sent = &server.bodies()[0];
    assert_eq!((&sent["temperature"], &sent["seed"]), (&json!(0.5), &json!(7)));

    let run = data["run"].as_str().unwrap();
    let record = repo.read(&format!(".git/palc/runs/{run}/calls.jsonl"));
    let record: Value = serde_json::from_str(record.trim()).unwrap();
    assert_eq!(record["request"]["body"], *sent);
    assert_eq!(record["answered"]["reply"]["text"], data["answer"]["text"]);
    for name in ["blob", "fingerprint", "inputs", "name"] {
        assert_eq!(record[name], data[name], "{name}");
    }
    let blob = repo.git(&["hash-object", "prompts/greet.md"]);
    assert_eq!(data["blob"], blob.trim());
}

#[test]
fn a_description_changes_no_fingerprint_and_a_parameter_does() {
    let repo = repo();
    let fingerprint = || {
        let answer = repo.palc(&["run", "greet", "--var", "who=Ada", "--model", "echo", "--json"]).json();
        answer["data"]["fingerprint"].as_str().unwrap().to_owned()
    };
    let before = fingerprint();
    repo.write("prompts/greet.md", GREET.replace("Say hello", "Say hello to somebody").replace('\n', "\r\n"));
    assert_eq!(fingerprint(), before);
    repo.write("prompts/greet.md", GREET.replace("---\nsystem", "params: {top_p: 0.5}\n---\nsystem"));
    assert_ne!(fingerprint(), before);
}

#[test]
fn rows_are_answered_side_by_side_and_told_in_order() {
    let (repo, server) = served("openai", |asked| {
        // The first is answered last.
        if last_user_text(asked).contains("Ada") {
            std::thread::sleep(std::time::Duration::from_millis(30));
        }
        says_back(asked)
    });
    let answer = repo.palc(&["run", "greet", "--data", "people.csv", "--model", "local/tiny"]);
    let stderr = answer.stderr.clone();
    let lines = answer.json_lines();
    let texts: Vec<_> = lines.iter().map(|line| line["data"]["answer"]["text"].as_str().unwrap().to_owned()).collect();
    assert_eq!(texts, ["You said: Greet Ada", "You said: Greet Bob", "You said: Greet Cy"]);
    assert!(stderr.contains("3 answers, $0.00, run "), "{stderr}");
    assert_eq!(server.count(), 3);
}

#[test]
fn no_more_calls_at_once_than_allowed() {
    let (repo, server) = served("openai", |asked| {
        std::thread::sleep(std::time::Duration::from_millis(5));
        says_back(asked)
    });
    repo.write("people.csv", format!("who\n{}", "Ada\n".repeat(30)));
    repo.palc(&["run", "greet", "--data", "people.csv", "--model", "local/tiny", "--workers", "3"]).ok();
    assert!(server.most_at_once() <= 3, "{}", server.most_at_once());
    assert!(server.connections() <= 3, "connections are used again: {}", server.connections());
}

#[test]
fn a_refused_call_is_tried_again_when_the_service_says() {
    let (repo, server) = served("openai", |asked| match asked.number {
        0 => error(asked, 429, "rate_limit_exceeded", "slow down").header("retry-after-ms", "5"),
        _ => says_back(asked),
    });
    let answer = repo.palc(&ask(&["--json"])).json();
    let attempts = &answer["data"]["attempts"];
    assert_eq!((&attempts[0]["trouble"], &attempts[0]["status"]), (&json!("rate-limited"), &json!(429)));
    assert_eq!(attempts[1]["trouble"], Value::Null);
    assert_eq!(server.count(), 2);
}

#[test]
fn what_is_a_mistake_is_not_tried_again() {
    let (repo, server) = served("openai", |asked| error(asked, 401, "invalid_api_key", "no such key"));
    assert_snapshot!(repo.palc(&ASK), @"
    --- stderr
    error: local/tiny: no such key (status 401, invalid_api_key)
    hint: the service does not know the key: `palc auth set local` keeps a key
    --- exit 4
    ");
    assert_eq!(server.count(), 1);
}

#[test]
fn an_answer_that_is_none_was_paid_for_and_is_not_asked_again() {
    for body in ["<h1>Bad gateway</h1>", "{\"choices\": 7}", "{", ""] {
        let (repo, server) = served("openai", move |_| Answer::new(200, "application/json", body));
        let answer = repo.palc(&ASK);
        assert_eq!((answer.code, server.count()), (Some(4), 1), "{body}: {answer}");
    }
}

#[test]
fn errors_in_html_are_errors() {
    let (repo, server) = served("openai", |_| Answer::new(400, "text/html", "<h1>Bad request</h1>"));
    let answer = repo.palc(&ASK);
    assert_eq!((answer.code, server.count()), (Some(4), 1), "{answer}");
}

#[test]
fn a_stream_that_breaks_off_is_not_begun_again() {
    let breaks = |asked: &Asked| says_back(asked).end(End::Break(220));
    let fails = |asked: &Asked| fails_within(asked, "You said a lot", "the machine is on fire");
    for reply in [breaks, fails] {
        let (repo, server) = served("openai", reply);
        let answer = repo.palc(&ask(&["--stream"]));
        assert_eq!((answer.code, server.count()), (Some(4), 1), "{answer}");
    }
}

#[test]
fn silence_ends_the_call_and_the_connection() {
    let (repo, server) = (repo(), ModelServer::start(|_| Answer::never()));
    server.serve_as(&repo, "local", "openai", "timeout = \"100ms\"\nretries = 0");
    let answer = repo.palc(&ASK);
    assert_snapshot!(answer, @"
    --- stderr
    error: local/tiny: nothing came for 0.1 s
    hint: `providers.local.timeout` says how long palc waits
    --- exit 4
    ");
    assert_eq!(server.left(), 1);
}

#[test]
fn another_provider_answers_for_one_that_is_down() {
    let (repo, down) = (repo(), ModelServer::start(|asked| error(asked, 503, "overloaded", "too busy")));
    let up = ModelServer::start(says_back);
    down.serve_as(&repo, "local", "openai", "retries = 0\nfallback = [\"other/large\"]");
    up.serve_as(&repo, "other", "anthropic", "");
    let answer = repo.palc(&ask(&["--json", "--max-tokens", "9"])).json();
    assert_eq!(answer["data"]["answer"]["model"], "other/large");
    let models: Vec<_> = answer["data"]["attempts"].as_array().unwrap().iter().map(|it| &it["model"]).collect();
    assert_eq!(models, ["local/tiny", "other/large"]);
}

#[test]
fn mistakes_do_not_fail_over() {
    for status in [400, 401, 403, 404] {
        let (repo, down) = (repo(), ModelServer::start(move |asked| error(asked, status, "wrong", "that is wrong")));
        let up = ModelServer::start(says_back);
        down.serve_as(&repo, "local", "openai", "fallback = [\"other/large\"]");
        up.serve_as(&repo, "other", "openai", "");
        assert_eq!((repo.palc(&ASK).code, down.count(), up.count()), (Some(4), 1, 0), "{status}");
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = ModelServer::echoing();
    let to = format!("{}/v1/chat/completions", elsewhere.url());
    let (repo, _server) = served("openai", move |_| Answer::new(307, "text/plain", "").header("location", &to));
    let answer = repo.palc(&ASK);
    assert_eq!((answer.code, elsewhere.connections()), (Some(4), 0), "{answer}");
}

#[test]
fn what_is_too_large_is_not_taken() {
    let (repo, server) = (repo(), ModelServer::start(|asked| says(asked, &Said::text("x".repeat(5000)))));
    server.serve_as(&repo, "local", "openai", "answer_bytes = 2000");
    let answer = repo.palc(&ASK);
    assert_eq!(answer.code, Some(4));
    assert!(answer.stderr.contains("larger than 2000 bytes"), "{answer}");
}

#[test]
fn offline_nobody_is_connected_to() {
    let (repo, server) = served("openai", says_back);
    let answer = repo.palc(&ask(&["--offline"]));
    assert_snapshot!(answer, @"
    --- stderr
    error: local/tiny: palc is offline, and local is elsewhere
    --- exit 4
    ");
    assert_eq!(repo.palc(&ask(&["--config", "models.offline=true"])).code, Some(4));
    assert_eq!(server.connections(), 0);
}

#[test]
fn what_is_recorded_is_replayed_byte_for_byte() {
    for stream in [&["--stream"][..], &[]] {
        let (repo, server) = served("openai", |asked| says_back(asked).cut(3));
        let recorded = repo.palc(&[&ask(&["--record", "cassette"])[..], stream].concat());
        assert_eq!(server.count(), 1);
        let files: Vec<_> = std::fs::read_dir(repo.path("cassette")).unwrap().collect();
        assert_eq!(files.len(), 1);
        let replayed = repo.palc(&[&ask(&["--replay", "cassette", "--offline"])[..], stream].concat());
        assert_eq!((replayed.stdout, replayed.code), (recorded.stdout.clone(), Some(0)), "{}", replayed.stderr);
        let mut by_model = vec!["run", "greet", "--var", "who=Ada", "--model", "replay:cassette"];
        by_model.extend(stream);
        let by_model = repo.palc(&by_model);
        assert_eq!((by_model.stdout, by_model.code), (recorded.stdout, Some(0)), "{}", by_model.stderr);
        assert_eq!(server.count(), 1);
    }
}

#[test]
fn a_miss_says_what_is_nearest() {
    let (repo, _server) = served("openai", says_back);
    repo.palc(&ask(&["--record", "cassette"])).ok();
    let answer = repo.palc(&["run", "greet", "--var", "who=Bob", "--model", "local/tiny", "--replay", "cassette"]);
    assert_snapshot!(answer, @r#"
    --- stderr
    error: local/tiny: cassette has no answer to this request; the nearest is 909562b3b83bee0d.json, and this differs:
    - "content": "Greet Ada",
    + "content": "Greet Bob",
    --- exit 4
    "#);
    assert_snapshot!(repo.palc(&ask(&["--replay", "nowhere"])), @"
    --- stderr
    error: there is no folder nowhere
    hint: `--record FOLDER` makes one from real answers
    --- exit 3
    ");
}

#[test]
fn what_was_kept_is_given_again() {
    let (repo, server) = served("openai", says_back);
    let first = repo.palc(&ask(&["--cache"])).ok();
    let again = repo.palc(&ask(&["--cache"]));
    assert!(again.stderr.contains("kept from before"), "{again}");
    assert_eq!((again.ok(), server.count()), (first, 1));
    repo.palc(&ask(&["--cache", "--max-tokens", "7"])).ok();
    repo.palc(&ask(&["--no-cache", "--config", "models.cache=true"])).ok();
    assert_eq!(server.count(), 3);
    // Only what is asked for without chance is kept if the settings say so.
    for _ in 0..2 {
        repo.palc(&ask(&["--config", "models.cache=true", "--temperature", "0.7"])).ok();
    }
    assert_eq!(server.count(), 5);
    for _ in 0..2 {
        repo.palc(&ask(&["--config", "models.cache=true", "--temperature", "0"])).ok();
    }
    assert_eq!(server.count(), 6);
}

#[test]
fn an_answer_is_held_against_its_schema() {
    let (repo, _server) = served("openai", |asked| says(asked, &Said::text("{\"queue\": 7}")));
    let schema = "output: {schema: {type: object, required: [queue], properties: {queue: {type: string}}}}";
    repo.write("prompts/greet.md", GREET.replace("---\nsystem", &format!("{schema}\n---\nsystem")));
    let answer = repo.palc(&ASK);
    assert_snapshot!(answer, @r#"
    {"queue": 7}
    --- stderr
    the answer to greet: error: /queue: 7 is not of type "string" [response-schema]
    local/tiny: 10 + 5 tokens, $0.00, 0.0 s, run 20260131-120000-adkc
    --- exit 1
    "#);
}

#[test]
fn functions_that_are_asked_for_are_shown() {
    let (repo, server) = served("openai", |asked| says(asked, &Said::call("find", json!({"name": "Ada"}))));
    repo.write("tools.yaml", "- {name: find, description: Find somebody, parameters: {type: object}}\n");
    let answer = repo.palc(&ask(&["--tools", "tools.yaml"]));
    assert_eq!(answer.ok(), "find({\"name\":\"Ada\"})\n");
    assert_eq!(server.bodies()[0]["tools"][0]["function"]["name"], "find");
}

#[test]
fn a_rehearsal_sends_nothing() {
    let (repo, server) = served("openai", says_back);
    let answer = repo.palc(&ask(&["--dry-run", "--json"])).json();
    assert_eq!(answer["data"]["request"]["body"]["model"], "tiny");
    assert_eq!((answer["data"]["name"].as_str(), server.connections()), (Some("greet"), 0));
    assert!(!repo.exists(".git/palc/runs"));
}

#[test]
fn a_run_that_was_stopped_goes_on_and_pays_nothing_twice() {
    let asked_before = AtomicBool::new(false);
    let (repo, server) = served("openai", move |asked| {
        // The fourth is not answered until the client goes, when it asks for the first time.
        match last_user_text(asked).contains("P03") && !asked_before.swap(true, Ordering::SeqCst) {
            true => Answer::never(),
            false => says_back(asked),
        }
    });
    let people: String = (0..12).map(|number| format!("P{number:02}\n")).collect();
    repo.write("people.csv", format!("who\n{people}"));
    let mut child = repo.start(&["run", "greet", "--data", "people.csv", "--model", "local/tiny", "--workers", "2"]);
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    // Answers are told in order, so when the third is told the fourth was sent.
    for _ in 0..3 {
        out.read_line(&mut first).unwrap();
    }
    let run = serde_json::from_str::<Value>(first.lines().next().unwrap()).unwrap()["data"]["run"].clone();
    child.kill().unwrap();
    child.wait().unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();

    let again = repo.palc(&["run", "--resume", run.as_str().unwrap()]);
    assert!(again.stderr.contains("it may be paid for twice"), "{again}");
    assert_eq!(again.json_lines().len(), 12);
    let mut asked: Vec<String> = server.asked().iter().map(last_user_text).collect();
    let all = asked.len();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), 12);
    assert!(all <= 14, "no more than the two that were on their way are asked twice: {all}");
}

#[test]
fn what_cannot_be_run_is_said() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["run", "greet", "--var", "who=Ada"]), @"
    --- stderr
    error: greet names no model
    hint: name one with --model, in the prompt, or as the key `model`; `echo` needs no provider
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["run", "greet", "--var", "who=Ada", "--model", "nobody/x"]), @"
    --- stderr
    error: there is no provider `nobody`
    hint: there are: anthropic, google, mistral, ollama, openai, openrouter, xai
    hint: any other needs its address: palc config set providers.nobody.base_url https://…
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["run", "greet", "--var", "who=Ada", "--model", "openai/gpt-4o-mini"]), @"
    --- stderr
    error: openai/gpt-4o-mini: there is no key for openai
    hint: set OPENAI_API_KEY, or have `palc auth set openai` keep it
    --- exit 4
    ");
    assert_snapshot!(repo.palc(&["run", "greet", "--model", "echo"]), @"
    --- stderr
    error: cannot render `prompts/greet.md`
    prompts/greet.md:10:10: error: `who` is required and not given [missing-variable]
      10 | Greet {{ who }}
                    ^^^
      hint: give it with --var who=…
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["run", "--resume", "2026"]), @r#"
    {"schema":"palc.run.v1","data":{"name":"greet","path":"prompts/greet.md","id":"greet001","blob":"86e50c4adc1a443938a79042175f2495584bbcf6","fingerprint":"397a721cfd2f59b990708e8d0c828a95","inputs":"217381563d31ebf307682ecc2324f87ae517252c7a8aef7919cc521b1f8ce7cc","row":null,"model":"openai/gpt-4o-mini","run":"20260131-120000-adkc","answer":null,"error":{"kind":"provider","message":"openai/gpt-4o-mini: there is no key for openai","causes":[],"hints":["set OPENAI_API_KEY, or have `palc auth set openai` keep it"]},"attempts":[{"model":"openai/gpt-4o-mini","trouble":"auth","message":"there is no key for openai","status":null,"request_id":null}],"notes":[]},"findings":[]}
    --- stderr
    0 answers, $0.00, run 20260131-120000-adkc
    error: 1 of 1 have no answer
    hint: `palc run --resume 20260131-120000-adkc` asks for these again and for no others
    --- exit 4
    "#);
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_is_paid_and_says_how_to_go_on() {
    let (here, was_here) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let (here, may_go) = (Mutex::new(here), Mutex::new(may_go));
    let (repo, server) = served("openai", move |asked| {
        if last_user_text(asked).contains("P0002") {
            here.lock().unwrap().send(()).unwrap();
            may_go.lock().unwrap().recv().unwrap();
        }
        says_back(asked)
    });
    let people: String = (0..4000).map(|number| format!("P{number:04}\n")).collect();
    repo.write("people.csv", format!("who\n{people}"));
    let mut child = repo.start(&["run", "greet", "--data", "people.csv", "--model", "local/tiny", "--workers", "1"]);
    was_here.recv().unwrap();
    let asked_to_end = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(asked_to_end.unwrap().success());
    go.send(()).unwrap();
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    // Whatever was sent was waited for, told and kept.
    let answers = out.lines().filter(|line| line.contains("\"palc.run.v1\"")).count();
    assert_eq!(answers, server.count());
    let run = serde_json::from_str::<Value>(out.lines().next().unwrap()).unwrap()["data"]["run"].clone();
    let journal = repo.read(&format!(".git/palc/runs/{}/journal.jsonl", run.as_str().unwrap()));
    assert_eq!(journal.matches("\"line\":\"result\"").count(), answers);
}
