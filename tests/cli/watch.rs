use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout};

use serde_json::Value;

use crate::harness::{Repo, schemas};

/// Save as editors do: another file takes the place of the old one.
fn save(repo: &Repo, path: &str, content: &str) {
    repo.write("new", content);
    fs::rename(repo.path("new"), repo.path(path)).unwrap();
}

/// A `palc watch` at work; each line is waited for.
struct Watching {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Watching {
    fn start(repo: &Repo, arguments: &[&str]) -> Watching {
        let mut all = vec!["watch", "--json", "--interval", "10"];
        all.extend(arguments);
        let mut child = repo.start(&all);
        let lines = BufReader::new(child.stdout.take().unwrap());
        Watching { child, lines }
    }

    fn next(&mut self) -> Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        let value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        schemas::check(&value);
        value
    }

    /// The next line about changed files, as `path kind`.
    fn changed(&mut self) -> Vec<String> {
        let told = self.next();
        let change = |it: &Value| format!("{} {}", it["path"].as_str().unwrap(), it["kind"].as_str().unwrap());
        told["data"]["changed"].as_array().unwrap().iter().map(change).collect()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn rules(told: &Value) -> Vec<&str> {
    told["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

#[test]
fn tells_what_is_saved_and_what_that_does_elsewhere() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "Hello {% include \"_b.md\" %}\n").write("prompts/_b.md", "there\n");
    let mut watching = Watching::start(&repo, &[]);
    assert_eq!(watching.next()["data"]["checked"], 2);

    save(&repo, "prompts/c.md", "---\ntgas: [x]\n---\nx\n");
    let told = watching.next();
    assert_eq!(told["data"]["changed"][0]["name"], "c");
    assert_eq!(rules(&told), ["unknown-key"]);

    save(&repo, "prompts/c.md", "---\ntags: [x]\n---\nx\n");
    let told = watching.next();
    assert_eq!((rules(&told).len(), &told["data"]["warnings"]), (0, &Value::from(0)));

    fs::remove_file(repo.path("prompts/_b.md")).unwrap();
    let told = watching.next();
    assert_eq!(told["data"]["changed"][0]["kind"], "removed");
    assert_eq!(told["findings"][0]["place"]["path"], "prompts/a.md");

    save(&repo, "prompts/_b.md", "there again\n");
    let told = watching.next();
    assert_eq!((rules(&told).len(), &told["data"]["gone"]), (0, &Value::from(1)));
}

#[test]
fn a_burst_of_saves_ends_in_its_last() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "one\n");
    let mut watching = Watching::start(&repo, &[]);
    watching.next();
    for at in 0..500 {
        save(&repo, "prompts/a.md", &format!("---\ntgas: [{at}]\n---\n{at}\n"));
    }
    save(&repo, "prompts/a.md", "the last\n");
    save(&repo, "prompts/z.md", "---\nstatus: active\n---\nthe end\n");
    let mut lines = 0;
    loop {
        lines += 1;
        let told = watching.next();
        let seen = |path: &str| told["data"]["changed"].as_array().unwrap().iter().any(|it| it["path"] == path);
        if seen("prompts/z.md") {
            assert_eq!(rules(&told), [""; 0]);
            break;
        }
    }
    assert!(lines < 100, "{lines} lines for one burst");
}

#[test]
fn settings_may_be_wrong_for_a_while() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "{{ name }}\n").write("palc.toml", "");
    let mut watching = Watching::start(&repo, &[]);
    watching.next();
    save(&repo, "palc.toml", "[checks\n");
    assert_eq!(watching.next()["schema"], "palc.error.v1");
    save(&repo, "palc.toml", "# right again\n");
    assert_eq!(watching.changed(), ["palc.toml edited"]);
}

#[test]
fn only_what_was_named_is_told() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "one\n").write("prompts/b.md", "one\n");
    let mut watching = Watching::start(&repo, &["b"]);
    watching.next();
    save(&repo, "prompts/a.md", "two, and longer\n");
    save(&repo, "prompts/b.md", "two, and longer\n");
    assert_eq!(watching.changed(), ["prompts/b.md edited"]);
}

#[test]
fn it_ends_with_its_reader() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "one\n");
    let mut child = repo.start(&["watch", "--json", "--interval", "10"]);
    let mut first = [0];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    repo.write("prompts/b.md", "another\n");
    assert!(child.wait().unwrap().success());
}
