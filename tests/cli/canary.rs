//! Keys of this run appear nowhere: not on the screen, not in files, not in logs, in no form in which they come back.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use crate::harness::Repo;
use crate::harness::model_server::{Answer, ModelServer};

/// Letters that look different in JSON, in URLs and in both alphabets of base64.
const CANARIES: [&str; 2] = ["sk-Canary\"env\\9/+%=~x7Q2?>>", "sk-Canary-in-the-file-4711"];

/// Every form of a key that would tell it.
fn forms(key: &str) -> Vec<Vec<u8>> {
    let json = serde_json::to_string(key).unwrap();
    let mut forms = vec![key.to_owned(), json[1..json.len() - 1].to_owned(), percent(key, true), percent(key, false)];
    for alphabet in [STANDARD, URL_SAFE] {
        for before in 0..3 {
            let encoded = alphabet.encode(format!("{}{key}", &"uu"[..before]));
            // Without the letters that depend on what stands around the key.
            forms.push(encoded[4..encoded.len() - 4].to_owned());
        }
    }
    forms.into_iter().map(String::into_bytes).collect()
}

fn percent(key: &str, upper: bool) -> String {
    let encode = |byte: u8| match (byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte), upper) {
        (true, _) => char::from(byte).to_string(),
        (false, true) => format!("%{byte:02X}"),
        (false, false) => format!("%{byte:02x}"),
    };
    key.bytes().map(encode).collect()
}

fn assert_clean(what: &str, bytes: &[u8]) {
    for form in CANARIES.iter().flat_map(|key| forms(key)) {
        let found = bytes.windows(form.len()).any(|window| window == form);
        assert!(!found, "{what} tells a key:\n{}", String::from_utf8_lossy(bytes));
    }
}

/// Every file below a folder but the user's own file of keys.
fn assert_files_clean(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => assert_files_clean(&path),
            false if path.ends_with(".config/palc/keys.toml") => {}
            false => assert_clean(&path.display().to_string(), &fs::read(&path).unwrap()),
        }
    }
}

/// A repository whose user has keys in the environment and in a file.
fn repo() -> Repo {
    let mut repo = Repo::new();
    repo.set("OPENAI_API_KEY", CANARIES[0]).set("PALC_LOG", "trace");
    repo.write("prompts/a.md", "---\nmodel: openai/gpt-4o-mini\n---\nSay {{ it }}.\n").commit("first");
    let keys = repo.home().join(".config/palc/keys.toml");
    fs::create_dir_all(keys.parent().unwrap()).unwrap();
    fs::write(&keys, format!("xai = \"{}\"\nlocal = '{}'\n", CANARIES[1], CANARIES[0])).unwrap();
    fs::set_permissions(&keys, fs::Permissions::from_mode(0o600)).unwrap();
    repo
}

/// All commands with what stands below them, as typed.
fn commands() -> Vec<Vec<String>> {
    fn below(command: &clap::Command, path: &[String], all: &mut Vec<Vec<String>>) {
        let inner: Vec<&clap::Command> = command.get_subcommands().filter(|sub| sub.get_name() != "help").collect();
        if !path.is_empty() && (inner.is_empty() || !command.is_subcommand_required_set()) {
            all.push(path.to_vec());
        }
        for sub in inner {
            below(sub, &[path, &[sub.get_name().to_owned()]].concat(), all);
        }
    }
    let mut all = Vec::new();
    below(&palc::cli::command(), &[], &mut all);
    // It goes on until it is stopped.
    all.retain(|path| path[0] != "watch");
    all
}

#[test]
fn no_command_tells_a_key() {
    let all = commands();
    assert!(all.len() > 80);
    let (plain, failing) = (repo(), repo());
    let (next, ran) = (AtomicUsize::new(0), Mutex::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(path) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let path: Vec<&str> = path.iter().map(String::as_str).collect();
                    // As it is, and with the key where none is expected.
                    let says = |repo: &Repo, more: &[&str]| {
                        let answer = repo.palc(&[&path[..], more].concat());
                        assert_clean(&format!("{path:?} {more:?}"), answer.to_string().as_bytes());
                        *ran.lock().unwrap() += 1;
                    };
                    says(&plain, &[]);
                    says(&plain, &["--json", "--debug"]);
                    says(&failing, &["--profile", CANARIES[1], CANARIES[0], "--no-such-option"]);
                }
            });
        }
    });
    assert_eq!(*ran.lock().unwrap(), all.len() * 3);
    assert_files_clean(&plain.root());
    assert_files_clean(&plain.home());
}

/// A service that hands back in its complaints what it was sent, in every form.
fn telltale(status: u16) -> ModelServer {
    ModelServer::start(move |asked| {
        let key = asked.header("authorization").unwrap_or_default().trim_start_matches("Bearer ").to_owned();
        let json = serde_json::to_string(&key).unwrap();
        let encoded = [STANDARD.encode(&key), URL_SAFE.encode(&key), STANDARD.encode(format!("user:{key}"))];
        let message = format!("Incorrect key: {key} or {json} or {} or {}", percent(&key, true), encoded.join(" or "));
        let body = serde_json::json!({"error": {"message": message, "type": "x", "code": key, "param": key}});
        Answer::new(status, "application/json", body.to_string())
    })
}

#[test]
fn a_key_that_comes_back_is_not_told() {
    for status in [200, 400, 401, 404, 429, 500] {
        let (server, repo) = (telltale(status), repo());
        server.serve_as(&repo, "local", "openai", "model = \"m\"\nembedding_model = \"e\"\nretries = 0");
        for more in [&[][..], &["--json"], &["--debug"]] {
            let answer = repo.palc(&[&["providers", "test", "local", "--live"], more].concat());
            assert_eq!(answer.code, Some(1), "{answer}");
            assert_clean(&format!("status {status}"), answer.to_string().as_bytes());
        }
        let sent = server.asked();
        assert!(sent.iter().all(|asked| asked.header("authorization") == Some(&format!("Bearer {}", CANARIES[0]))));
        assert!(sent.len() >= 3);
        assert_files_clean(&repo.root());
        assert_files_clean(&repo.home());
    }
}

#[test]
fn a_run_keeps_no_key_whatever_comes_back() {
    for status in [200, 401, 500] {
        let (server, repo) = (telltale(status), repo());
        server.serve_as(&repo, "local", "openai", "model = \"m\"\nretries = 0");
        for more in [&["--stream"][..], &["--json", "--record", "cassette"], &["--debug"]] {
            let answer = repo.palc(&[&["run", "a", "--var", "it=x", "--model", "local/m"], more].concat());
            assert_clean(&format!("status {status} {more:?}"), answer.to_string().as_bytes());
        }
        assert!(server.count() >= 3);
        assert_files_clean(&repo.root());
        assert_files_clean(&repo.home());
    }
}

#[test]
fn a_key_in_an_answer_is_not_told_even_in_pieces() {
    let server = ModelServer::start(|asked| {
        let key = asked.header("authorization").unwrap_or_default().trim_start_matches("Bearer ").to_owned();
        if !asked.text().contains("\"stream\":true") {
            let message = serde_json::json!({"role": "assistant", "content": format!("before {key} after")});
            let body = serde_json::json!({"choices": [{"index": 0, "finish_reason": "stop", "message": message}]});
            return Answer::new(200, "application/json", body.to_string());
        }
        let mut body = String::new();
        let pieces = ["before ".to_owned()].into_iter().chain(key.chars().map(String::from));
        for piece in pieces.chain([" after".to_owned()]) {
            let choice = serde_json::json!({"choices": [{"index": 0, "delta": {"content": piece}}]});
            body += &format!("data: {choice}\n\n");
        }
        body += "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
        Answer::new(200, "text/event-stream", body)
    });
    let repo = repo();
    server.serve_as(&repo, "local", "openai", "model = \"m\"");
    for more in [&[][..], &["--stream"], &["--json", "--record", "cassette"]] {
        let answer = repo.palc(&[&["run", "a", "--var", "it=x", "--model", "local/m"], more].concat());
        assert_eq!(answer.code, Some(0), "{answer}");
        assert!(answer.stdout.contains("before [redacted] after"), "{answer}");
        assert_clean(&format!("{more:?}"), answer.to_string().as_bytes());
    }
    assert_files_clean(&repo.root());
    assert_files_clean(&repo.home());
}

#[test]
fn what_git_runs_gets_no_key() {
    let mut repo = repo();
    repo.set("MINE", "sk-Canary-mine-0815").set("HEADED", "sk-Canary-head-0815").set("FILED", "sk-Canary-file-0815");
    repo.set("COPY", CANARIES[0]).set("PLAIN", "stays");
    let acme = "base_url = \"https://acme.example\"\nkey_env = \"MINE\"\nheaders.x-team = \"${HEADED}\"";
    let folder = repo.home().join(".config/palc");
    fs::write(folder.join("config.toml"), format!("[providers.acme]\n{acme}\n")).unwrap();
    fs::write(folder.join("keys.toml"), "other = '${FILED}'\n").unwrap();
    for hook in ["pre-commit", "post-commit"] {
        let path = repo.path(".git/hooks").join(hook);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "#!/bin/sh\nenv >>.git/seen.hook\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    repo.git(&["config", "filter.tell.clean", "env >>.git/seen.filter; cat"]);
    repo.write(".gitattributes", "*.md filter=tell\n").commit("filters").write("prompts/a.md", "Wrong {{ it }}.\n");
    for seen in ["hook", "filter"] {
        let _ = fs::remove_file(repo.path(&format!(".git/seen.{seen}")));
    }
    repo.palc(&["commit", "a", "-m", "second"]).ok();
    for seen in ["hook", "filter"] {
        let seen = repo.read(&format!(".git/seen.{seen}"));
        assert!(seen.contains("PLAIN=stays\n") && seen.contains("PALC_NOW="), "{seen}");
        assert!(!seen.contains("Canary"), "{seen}");
    }
    // What the user names has them.
    let line = "test -n \"$OPENAI_API_KEY$MINE\" && ! grep -q Wrong prompts/a.md";
    let answer = repo.palc(&["bisect", "--good", "HEAD~1", "--bad", "HEAD", "--run", line]);
    assert!(answer.stdout.contains("second"), "{answer}");
}
