use insta::assert_snapshot;
use serde_json::json;

use crate::harness::Repo;
use crate::harness::model_server::{Asked, ModelServer, Said, last_user_text, says};

/// What a scripted judge is shown.
struct Shown {
    nonce: String,
    first: String,
    second: String,
}

impl Shown {
    fn of(asked: &Asked) -> Shown {
        let text = last_user_text(asked);
        let (_, word) = text.rsplit_once("The verdict is \"").expect("the word");
        let nonce = word.split('"').next().expect("closed").to_owned();
        let answer = |name: &str| {
            let (_, rest) = text.split_once(&format!("<answer-{name}-{nonce}>\n")).expect("an answer");
            rest.split_once(&format!("\n</answer-{name}-{nonce}>")).expect("closed").0.to_owned()
        };
        Shown { first: answer("first"), second: answer("second"), nonce }
    }
}

fn pairs() -> Vec<serde_json::Value> {
    let text = include_str!("../../assets/judges/pairs.jsonl");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The answer that is better, whatever stands around it.
fn fair(shown: &Shown) -> &'static str {
    let good = |text: &str| pairs().iter().any(|pair| text.contains(pair["better"].as_str().unwrap()));
    match (good(&shown.first), good(&shown.second)) {
        (true, false) => "first",
        (false, true) => "second",
        _ => "tie",
    }
}

fn judge(prefer: impl Fn(&Shown) -> &'static str + Send + Sync + 'static) -> ModelServer {
    ModelServer::start(move |asked| {
        let shown = Shown::of(asked);
        let verdict =
            json!({"verdict": shown.nonce, "reason": "It says more.", "can_tell": true, "choice": prefer(&shown)});
        says(asked, &Said::text(verdict.to_string()))
    })
}

fn audited(server: &ModelServer, more: &[&str]) -> crate::harness::Answer {
    let repo = Repo::new();
    server.serve(&repo, "openai");
    repo.palc(&[&["judge", "audit", "local/grader"], more].concat())
}

#[test]
fn a_fair_judge_passes() {
    let server = judge(fair);
    assert_snapshot!(audited(&server, &[]), @"
    order      fair    0 of 24 pairs hang on the order: the first wins 0, the second 0
    length     fair    of the same answer, padded and not: the padded one wins 0 of 24, the plain one 0, 24 even
    name       fair    its own name wins 0 of 24, another name 0, 24 even
    precision  good    the better answer wins 24 of 24, the worse one 0, 0 even (95 % sure: 86 to 100 %)
    repeats    steady  the same again in 24 of 24 (95 % sure: 86 to 100 %)
    --- stderr
    nothing speaks against local/grader in 24 pairs
    ");
    assert_eq!(server.count(), 9 * pairs().len());
}

#[test]
fn a_judge_that_likes_the_first_place_is_caught() {
    let server = judge(|_| "first");
    assert_snapshot!(audited(&server, &["--tests", "order,precision"]), @"
    order      biased  24 of 24 pairs hang on the order: the first wins 24, the second 0 (p < 0.001)
    precision  poor    the better answer wins 0 of 24, the worse one 0, 24 even (95 % sure: 0 to 14 %)
    --- stderr
    local/grader fails: order, precision
    --- exit 1
    ");
    let answer = audited(&server, &["--tests", "order", "--json"]);
    assert_eq!(answer.code, Some(1));
    assert_eq!(answer.json()["data"]["report"]["tests"][0]["verdict"], "biased");
}

#[test]
fn a_judge_that_likes_many_words_or_its_own_name_is_caught() {
    let longer = judge(|shown| match fair(shown) {
        "tie" if shown.first.len() > shown.second.len() => "first",
        "tie" => "second",
        word => word,
    });
    assert_snapshot!(audited(&longer, &["--tests=length,order"]), @"
    length  biased  of the same answer, padded and not: the padded one wins 24 of 24, the plain one 0, 0 even (p < 0.001)
    order   fair    0 of 24 pairs hang on the order: the first wins 0, the second 0
    --- stderr
    local/grader fails: length
    --- exit 1
    ");
    let vain = judge(|shown| match [&shown.first, &shown.second].map(|text| text.contains("written by grader")) {
        [true, false] => "first",
        [false, true] => "second",
        _ => fair(shown),
    });
    assert_snapshot!(audited(&vain, &["--tests=name,order"]), @"
    name   biased  its own name wins 24 of 24, another name 0, 0 even (p < 0.001)
    order  fair    0 of 24 pairs hang on the order: the first wins 0, the second 0
    --- stderr
    local/grader fails: name
    --- exit 1
    ");
}

#[test]
fn without_verdicts_nothing_is_said_of_a_judge() {
    let server = ModelServer::start(|asked| says(asked, &Said::text("The first one, I think.")));
    assert_snapshot!(audited(&server, &["--tests=order"]), @"
    order  unknown  0 of 0 pairs hang on the order: the first wins 0, the second 0; 24 without a verdict
    --- stderr
    too few replies of local/grader are verdicts to tell
    without a verdict: the judge's reply has no verdict (asked twice)
    --- exit 1
    ");
}

#[test]
fn what_would_be_asked_is_told() {
    let server = judge(fair);
    let answer = audited(&server, &["--dry-run"]);
    assert_snapshot!(answer, @"
    at most 216 calls to local/grader
    the first with about 98195 tokens
    about $0.00 if each answer has 1000 tokens
    ");
    assert_eq!(server.count(), 0);
}

#[test]
fn wrong_pairs_are_told() {
    let repo = Repo::new();
    repo.write("pairs.jsonl", "{\"task\": \"a\", \"better\": \"b\", \"worse\": \"c\"}\n{\"task\": \"a\"}\n");
    assert_snapshot!(repo.palc(&["judge", "audit", "echo", "--pairs", "pairs.jsonl"]), @r#"
    --- stderr
    error: pairs.jsonl is not in order
    pairs.jsonl:2:1: error: `better` must be text that is not empty [pairs]
       2 | {"task": "a"}
           ^
    --- exit 3
    "#);
    repo.write("pairs.jsonl", "{\"task\": \"a\", \"better\": \"b\", \"worse\": \"c\"}\n");
    assert_snapshot!(repo.palc(&["judge", "audit", "echo", "--pairs", "pairs.jsonl"]), @r#"
    --- stderr
    error: pairs.jsonl has 1 pairs, and chance would explain all that they show
    hint: give at least 10, a JSON line each: {"task": …, "better": …, "worse": …}
    --- exit 3
    "#);
    assert_snapshot!(repo.palc(&["judge", "audit"]), @"
    --- stderr
    error: no model is named to judge
    hint: name one: JUDGE, or the key `eval.judge`, or the key `model`
    --- exit 2
    ");
}
