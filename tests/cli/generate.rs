use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::Repo;
use crate::harness::model_server::{self as harness, Asked, ModelServer, Said, error, last_user_text, says};

/// One short phase, so that what the echo says can be read.
fn short() -> Repo {
    let repo = Repo::new();
    repo.write("phases/a.md", "---\nkind: phase\ndescription: First\nparams: {temperature: 0.9}\n---\nsystem:\nBegin.\n\nuser:\nA {{ input }}\n");
    repo.write("phases/b.md", "---\nkind: phase\ndescription: Then\nparams: {temperature: 0.1}\n---\nsystem:\nGo on.\n\nuser:\nB {{ input }}\n");
    repo.write("palc.toml", "[generation]\nmodel = \"echo\"\nphases = [\"a\", \"b\"]\n");
    repo
}

#[test]
fn every_text_becomes_a_prompt_of_a_session() {
    let repo = short();
    assert_snapshot!(repo.palc(&["generate", "Sort tickets", "-n", "2", "--tag", "support", "--target-model", "claude-x"]), @"
    generated/sort-tickets/b-1 # rntm2xs2, echo, $0.00
    B A Sort tickets

    generated/sort-tickets/b-2 # rmtf6vzn, echo, $0.00
    B A Sort tickets
    --- stderr
    wrote 4 prompts and the session p9fw61ps
    ");
    assert_snapshot!(repo.git(&["status", "--short", "--untracked-files=all", "prompts", "sessions"]), @"
    ?? prompts/generated/sort-tickets/a-1.md
    ?? prompts/generated/sort-tickets/a-2.md
    ?? prompts/generated/sort-tickets/b-1.md
    ?? prompts/generated/sort-tickets/b-2.md
    ?? sessions/p9fw61ps.yaml
    ");
    assert_snapshot!(repo.read("prompts/generated/sort-tickets/b-2.md"), @r#"
    ---
    id: rmtf6vzn
    description: Sort tickets
    phase: b
    status: draft
    tags: [support]
    persona: generic
    target:
      model_family: claude
    origin:
      source_type: generated
      method: generate all
      session: p9fw61ps
      parent: a0yaqzjy@36a5d6d060b6
      variant: 2
      input: Sort tickets
      family: claude
      inferred:
        use_case: classification
      model: echo
      cost: "0"
    ---
    B A Sort tickets
    "#);
    // The same answers make the same files, so nothing changes.
    assert_snapshot!(repo.palc(&["generate", "Sort tickets", "-n", "2", "--tag", "support", "--target-model", "claude-x", "-q"]), @"
    generated/sort-tickets/b-1 # rntm2xs2, echo, $0.00
    B A Sort tickets

    generated/sort-tickets/b-2 # rmtf6vzn, echo, $0.00
    B A Sort tickets
    ");
    repo.commit("all");
    let again = repo.palc(&["generate", "Sort tickets", "-n", "2", "--tag", "support", "--target-model", "claude-x"]);
    assert!(again.to_string().contains("everything is there already, as it was"), "{again}");
    assert_eq!(repo.git(&["status", "--short"]), "");
}

#[test]
fn an_idea_is_taken_word_for_word() {
    let repo = short();
    let idea = "---\nid: x\n---\nuser:\nKeep {{ this }} and {% that %} 🜁\n";
    let answer = repo.palc_with_input(&["generate", "-", "--json"], idea).json();
    assert_eq!(answer["data"]["session"]["request"]["idea"], idea);
    assert_eq!(answer["data"]["texts"][1]["text"], format!("B A {}", idea.trim_end()));
    let id = answer["data"]["session"]["id"].as_str().unwrap();
    let path = answer["data"]["texts"][1]["path"].as_str().unwrap();
    let prompt = repo.read(path);
    assert!(prompt.ends_with(&format!("---\nB A {idea}")), "{prompt}");
    assert!(prompt.contains("template:\n  engine: none\n"), "it is no template: {prompt}");
    assert!(repo.read(&format!("sessions/{id}.yaml")).contains("{% that %} 🜁"));
    repo.palc(&["check"]).ok();
}

#[test]
fn without_saving_nothing_is_touched() {
    let repo = short();
    repo.commit("begin");
    let all = |folder: &str| {
        let listed = std::process::Command::new("find").arg(repo.path(folder)).arg("-type").arg("f").output().unwrap();
        String::from_utf8(listed.stdout).unwrap()
    };
    repo.palc(&["list"]).ok();
    let before = (all("."), all(".git"));
    assert_snapshot!(repo.palc(&["generate", "Sort tickets", "--no-save", "--phases", "a"]), @"
    a 1 # b6nbs0r4, echo, $0.00
    A Sort tickets
    ");
    assert_eq!((all("."), all(".git")), before);
    assert_eq!(repo.git(&["status", "--short"]), "");
}

#[test]
fn what_is_out_of_bounds_is_told_at_once() {
    let repo = short();
    assert_snapshot!(repo.palc(&["generate", " ", "-n", "101", "--temperature", "2.1", "--max-tokens", "0", "--tag", "a\tb", "--into", "a/../b", "--phases", "a,a"]), @r"
    --- stderr
    error: this cannot be asked for
    idea: error: the idea is empty [request]
    --count: error: 101 variants: 1 to 100 can be made [request]
    --phases: error: `a` stands here twice [request]
    --temperature: error: a temperature is from 0 to 2, and this is 2.1 [request]
    --max-tokens: error: an answer has 1 to 1000000 tokens, and this is 0 [request]
    --tag: error: `a\tb` has a control character [request]
    --into: error: `a/../b` cannot be a folder of prompts: `..` starts or ends with a dot [request]
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["generate", "a\u{7}b", "-n", "0"]), @r"
    --- stderr
    error: this cannot be asked for
    idea: error: character 2 is the control character \u{7} [request]
    --count: error: 0 variants: 1 to 100 can be made [request]
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["generate", "x", "--phases", "idee"]), @"
    --- stderr
    error: there is no phase `idee`
    hint: there are prima-materia, solutio, coagulatio, a, b; phases/idee.md would add it
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["generate", "x", "--strategy", "worst"]), @"
    --- stderr
    error: invalid value 'worst' for '--strategy <all|cascade|best>': there are all, cascade, best

    For more information, try '--help'.
    --- exit 2
    ");
    repo.write("palc.toml", "");
    assert_snapshot!(repo.palc(&["generate", "x"]), @"
    --- stderr
    error: no model is named for the phase `prima-materia`
    hint: --model PROVIDER/MODEL names one; `palc config set generation.model …` keeps it
    hint: --model echo tries it without any: it repeats what it is told
    --- exit 2
    ");
    repo.palc(&["generate", "x", "-n", "100", "--temperature", "2", "--max-tokens", "1", "-m", "echo", "--dry-run"])
        .ok();
}

#[test]
fn a_dry_run_says_what_would_be_asked() {
    let repo = short();
    repo.write("notes.md", "The queues are billing and bugs.\n");
    repo.write("phases/a.md", "---\nkind: phase\nmodel: nowhere/x\n---\nuser:\nA {{ input }}\n");
    assert_snapshot!(repo.palc(&["generate", "Write tests", "--persona", "code", "--context", "notes.md", "--dry-run", "-n", "3", "--strategy", "cascade", "--temperature", "0.4"]), @"
    phase  model  calls  params
    a      echo   3      temperature 0.4
    b      echo   3      temperature 0.4
    strategy  cascade
    persona   code, for any model
    use       testing (guessed)
    judge     echo
    context   notes.md
    --- stderr
    warning: a is for nowhere/x, but there is no provider `nowhere`; echo is asked instead
    nothing was asked and nothing was written
    ");
    let planned = repo.palc(&["generate", "Write tests", "--context", "notes.md", "--dry-run", "--json"]).json();
    let asked = planned["data"]["planned"][0]["messages"][1]["content"].as_str().unwrap();
    assert!(asked.contains("<context name=\"notes.md\">\nThe queues are billing and bugs.\n</context>"), "{asked}");
    assert!(!repo.exists("sessions") && !repo.exists("prompts"));
    assert_snapshot!(repo.palc(&["generate", "x", "--context", "notes.md", "--config", "generation.context_tokens=3"]), @"
    --- stderr
    error: the context has 9 tokens, and 3 are allowed
    hint: notes.md has 9
    hint: leave something out, or raise `generation.context_tokens`
    --- exit 3
    ");
}

#[test]
fn earlier_prompts_that_proved_themselves_are_shown() {
    let repo = short();
    repo.write("prompts/triage.md", "---\nid: triage01\ndescription: Sort an incoming ticket into one queue\n---\nSort this ticket into a queue: {{ ticket }}\n");
    repo.write("prompts/draft.md", "---\nid: draft001\nstatus: draft\n---\nSort an incoming ticket into one queue.\n");
    repo.write("prompts/poem.md", "---\nid: poem0001\n---\nWrite a poem about the sea.\n");
    let asked = |more: &[&str]| {
        let begin = ["generate", "Sort incoming tickets into queues", "--dry-run", "--json"];
        let planned = repo.palc(&[&begin[..], more].concat()).json();
        (
            planned["data"]["planned"][0]["messages"][1]["content"].as_str().unwrap().to_owned(),
            planned["data"]["session"]["settled"]["examples"].clone(),
        )
    };
    let (text, shown) = asked(&[]);
    assert!(
        text.contains("<example name=\"triage\">\nSort this ticket into a queue: {{ ticket }}\n</example>"),
        "{text}"
    );
    assert_eq!(shown.as_array().unwrap().len(), 1, "no draft, and nothing about something else: {shown}");
    assert_eq!(shown[0]["id"], "triage01");
    assert_eq!(asked(&["--no-history"]).1, Value::Null);
    assert_eq!(asked(&["--config", "generation.min_relevance=1"]).1, Value::Null);
    assert_eq!(asked(&["--config", "generation.max_examples=0"]).1, Value::Null);
}

/// A server that writes what it is asked for, and a judge who is for whatever ends with a two.
fn writers() -> ModelServer {
    ModelServer::start(|asked| {
        let text = last_user_text(asked);
        let Some(nonce) = text.split_once("<task-").and_then(|(_, rest)| Some(rest.split_once('>')?.0.to_owned()))
        else {
            let system = text_of_system(asked);
            let number = system.split_once("variant ").map_or("1", |(_, rest)| &rest[..1]).to_owned();
            return says(asked, &Said::text(format!("{} > {number}", text.lines().last().unwrap_or_default())));
        };
        let mut candidates = Vec::new();
        while let Some((_, rest)) = text.split_once(&format!("<candidate-{}-{nonce}>\n", candidates.len() + 1)) {
            let score = if rest.split_once("\n</").is_some_and(|(body, _)| body.ends_with('2')) { 9 } else { 3 };
            let names = ["relevance", "clarity", "completeness", "conciseness", "toxicity"];
            let scores: serde_json::Map<_, _> = names
                .map(|name| (name.to_owned(), json!(if name == "toxicity" { 0 } else { score })))
                .into_iter()
                .collect();
            candidates.push(json!({"candidate": candidates.len() + 1, "reason": "It ends well.", "scores": scores}));
        }
        says(asked, &Said::text(json!({"verdict": nonce, "candidates": candidates, "confidence": 0.75}).to_string()))
    })
}

fn text_of_system(asked: &Asked) -> String {
    let body = harness::json(asked);
    body["messages"][0]["content"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn recorded_answers_make_the_same_session_everywhere() {
    let server = writers();
    let repo = short();
    server.serve(&repo, "openai");
    let arguments = ["generate", "Sort tickets", "-n", "3", "--strategy", "cascade", "--auto-select", "-m", "local/m"];
    let live = repo.palc(&[&arguments[..], &["--record", "cassette"]].concat()).ok();
    assert_eq!(server.count(), 6 + 4);
    assert!(live.contains("chosen"), "{live}");
    let replayed = |seed: &str| {
        let mut other = short();
        other.set("PALC_SEED", seed);
        server.serve(&other, "openai");
        for entry in std::fs::read_dir(repo.path("cassette")).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("cassette/{}", path.file_name().unwrap().to_str().unwrap());
            other.write(&name, std::fs::read(&path).unwrap());
        }
        let replay = [&arguments[..], &["--replay", "cassette"]].concat();
        let told = other.palc(&replay).to_string();
        let id = other.palc(&["session", "list", "--json"]).json()["data"][0]["id"].as_str().unwrap().to_owned();
        (told, other.read(&format!("sessions/{id}.yaml")), other.read("prompts/generated/sort-tickets/b-2.md"))
    };
    let one = replayed("1");
    assert_eq!(one, replayed("2"));
    assert_eq!(server.count(), 10, "nothing was asked again");
    assert_snapshot!(one.0, @"
    generated/sort-tickets/b-2 chosen # sqn0mq9b, local/m, 10 + 5 tokens, $0.00
    B A Sort tickets > 2 > 2
    --- stderr
    warning: local/m judges what it wrote itself; --judge names another model
    best of a: a 2 (75 % sure): It ends well.
    best of b: b 2 (75 % sure): It ends well.
    wrote 6 prompts and the session bkg9tn3e
    ");
    assert_snapshot!(one.1.split_once("\nmembers:").unwrap().1, @r#"

      - id: wvbrnfaz
        phase: a
        variant: 1
        file: true
        model: local/m
        tokens:
          input: 10
          output: 5
        cost: "0"
      - id: cja8rqae
        phase: a
        variant: 2
        file: true
        model: local/m
        tokens:
          input: 10
          output: 5
        cost: "0"
      - id: w2he4er8
        phase: a
        variant: 3
        file: true
        model: local/m
        tokens:
          input: 10
          output: 5
        cost: "0"
      - id: vjhb37ee
        phase: b
        variant: 1
        parent: cja8rqae
        file: true
        model: local/m
        tokens:
          input: 10
          output: 5
        cost: "0"
      - id: sqn0mq9b
        phase: b
        variant: 2
        parent: cja8rqae
        file: true
        result: true
        model: local/m
        tokens:
          input: 10
          output: 5
        cost: "0"
      - id: wgrdb84a
        phase: b
        variant: 3
        parent: cja8rqae
        file: true
        model: local/m
        tokens:
          input: 10
          output: 5
        cost: "0"
    choices:
      - phase: a
        best: cja8rqae
        why: It ends well.
        confidence: 0.75
        cost: "0"
        candidates:
          - id: wvbrnfaz
            total: 0.37
          - id: cja8rqae
            total: 0.91
          - id: w2he4er8
            total: 0.37
      - phase: b
        best: sqn0mq9b
        why: It ends well.
        confidence: 0.75
        cost: "0"
        candidates:
          - id: vjhb37ee
            total: 0.37
          - id: sqn0mq9b
            total: 0.91
          - id: wgrdb84a
            total: 0.37
    "#);
}

#[test]
fn what_failed_can_be_taken_up_and_nothing_is_paid_twice() {
    let down = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let is_down = down.clone();
    let server = ModelServer::start(move |asked| {
        let text = last_user_text(asked);
        let second = text_of_system(asked).contains("variant 2") && text.starts_with("B ");
        match second && is_down.load(std::sync::atomic::Ordering::SeqCst) {
            true => error(asked, 400, "invalid_request_error", "down"),
            false => says(asked, &Said::text(text)),
        }
    });
    let repo = short();
    server.serve(&repo, "openai");
    let failed = repo.palc(&["generate", "Sort tickets", "-n", "2", "-m", "local/m", "--json"]);
    assert_eq!(failed.code, Some(4));
    let data = failed.json()["data"].clone();
    assert_eq!(data["failures"].as_array().unwrap().len(), 1);
    assert!(
        repo.exists("prompts/generated/sort-tickets/a-2.md") && !repo.exists("prompts/generated/sort-tickets/b-2.md")
    );
    assert_eq!(server.count(), 4);
    down.store(false, std::sync::atomic::Ordering::SeqCst);
    let resumed = repo.palc(&["generate", "--resume", data["run"].as_str().unwrap(), "--json"]).json();
    assert_eq!(resumed["data"]["complete"], true);
    assert_eq!(server.count(), 5, "only what was missing was asked");
    assert_eq!(resumed["data"]["session"]["id"], data["session"]["id"]);
    assert_eq!(repo.read("prompts/generated/sort-tickets/b-2.md").lines().last(), Some("B A Sort tickets"));
    assert_eq!(std::fs::read_dir(repo.path("sessions")).unwrap().count(), 1);
}

#[test]
fn each_phase_asks_in_its_own_way_unless_a_flag_says_otherwise() {
    let server = ModelServer::echoing();
    let repo = short();
    server.serve(&repo, "openai");
    repo.write(
        "phases/b.md",
        "---\nkind: phase\nmodel: local/small\nparams: {temperature: 0.1, max_tokens: 7}\n---\nuser:\nB {{ input }}\n",
    );
    repo.palc(&["generate", "x", "--config", "generation.model=local/large", "--no-save"]).ok();
    repo.palc(&["generate", "x", "-m", "local/one", "--temperature", "0.3", "--no-save"]).ok();
    let asked: Vec<_> =
        server.bodies().iter().map(|body| (body["model"].clone(), body["temperature"].clone())).collect();
    let told = |model: &str, temperature: f64| (json!(model), json!(temperature));
    assert_eq!(asked, [told("large", 0.9), told("small", 0.1), told("one", 0.3), told("one", 0.3)]);
}

#[test]
fn a_session_made_again_asks_the_same_bytes() {
    let server = ModelServer::echoing();
    let repo = short();
    server.serve(&repo, "openai");
    repo.write("notes.md", "The queues are billing and bugs.\n");
    repo.palc(&["generate", "Sort tickets", "-m", "local/m", "--context", "notes.md"]).ok();
    repo.write("notes.md", "Something else.\n");
    repo.palc(&["regenerate", "generated/sort-tickets/b-1"]).ok();
    let bodies: Vec<Vec<u8>> = server.asked().into_iter().map(|asked| asked.body).collect();
    assert_eq!(bodies.len(), 4);
    assert_eq!((&bodies[0], &bodies[1]), (&bodies[2], &bodies[3]));
    assert_eq!(repo.palc(&["session", "list", "--json"]).json()["data"].as_array().unwrap().len(), 2);
}

#[test]
fn a_judge_that_does_not_judge_makes_nobody_the_winner() {
    let repo = short();
    // The echo is no judge.
    assert_snapshot!(repo.palc(&["generate", "Sort tickets", "-n", "2", "--auto-select", "--optimize", "--phases", "a"]), @"
    generated/sort-tickets/a-1 # y0en0v8n, echo, $0.00, not improved: undecided: the judge's reply has no verdict
    A Sort tickets

    generated/sort-tickets/a-2 # nvy3w2yc, echo, $0.00, not improved: undecided: the judge's reply has no verdict
    A Sort tickets
    --- stderr
    best of all: undecided: the judge's reply has no verdict; all are kept
    wrote 2 prompts and the session cw9n9w2m
    ");
    let session =
        repo.palc(&["generate", "Sort tickets", "-n", "2", "--auto-select", "--phases", "a", "--format", "yaml"]).ok();
    assert!(session.starts_with("schema: palc.generate.v1\n"), "{session}");
}

#[test]
fn texts_can_be_read_as_they_come() {
    let repo = short();
    assert_snapshot!(repo.palc(&["generate", "Sort tickets", "--stream", "--no-save"]), @"
    b 1 # rs06myvy, echo, $0.00
    B A Sort tickets
    --- stderr
    # a
    A Sort tickets
    # b
    B A Sort tickets
    ");
    assert_snapshot!(repo.palc(&["generate", "Sort tickets", "-n", "2", "--phases", "a", "--stream", "--no-save"]), @"
    a 1 # pqv2ax14, echo, $0.00
    A Sort tickets

    a 2 # nn1yq3b5, echo, $0.00
    A Sort tickets
    --- stderr
    hint: --stream shows what comes one after the other; several texts at once are shown when they are whole
    ");
    // What came before an answer broke off was shown: nobody waited for the whole.
    let server = ModelServer::start(|asked| says(asked, &Said::text("Half of it")).end(harness::End::Break(450)));
    server.serve(&repo, "openai");
    assert_snapshot!(repo.palc(&["generate", "Sort tickets", "-m", "local/m", "--phases", "a", "--stream"]), @"
    --- stderr
    # a
    Half 
    error: a/1: local/m: the answer broke off: unexpected EOF during chunk size line
    hint: the answer may have been paid for, so palc does not ask again by itself
    hint: `palc generate --resume 20260131-120000-xyn2` goes on where it stopped
    --- exit 4
    ");
}

#[test]
fn a_judge_who_compares_is_part_of_what_a_session_cost() {
    let server = ModelServer::echoing();
    let repo = short();
    server.serve(&repo, "openai");
    repo.write("palc.toml", format!("{}\n[prices.\"local/m\"]\ninput = 1000\noutput = 1000\n", repo.read("palc.toml")));
    repo.palc(&["generate", "Sort tickets", "-m", "local/m", "--judge", "local/m", "--phases", "a", "--optimize"]).ok();
    let shown = repo.palc(&["session", "show", "generated/sort-tickets/a-1", "--json"]).json();
    let member = &shown["data"]["session"]["members"][0];
    assert_eq!((server.count(), &member["cost"], &member["improvement"]["cost"]), (4, &json!("0.03"), &json!("0.03")));
    let text = repo.palc(&["session", "show", "generated/sort-tickets/a-1"]).ok();
    assert!(text.contains("cost      $0.060\n"), "{text}");
}

#[test]
fn stages_may_be_kept_in_one_file() {
    let repo = short();
    repo.palc(&["generate", "Sort tickets", "--keep", "stages", "--into", "new/ones"]).ok();
    assert_snapshot!(repo.read("prompts/new/ones/sort-tickets/b-1.md"), @r#"
    ---
    id: nqn0nsb8
    description: Sort tickets
    phase: b
    status: draft
    persona: generic
    origin:
      source_type: generated
      method: generate all
      session: jqfzyhzd
      variant: 1
      input: Sort tickets
      family: generic
      inferred:
        use_case: classification
      model: echo
      cost: "0"
      stages:
        - phase: a
          variant: 1
          text: A Sort tickets
    ---
    B A Sort tickets
    "#);
    assert!(!repo.exists("prompts/new/ones/sort-tickets/a-1.md"));
}
