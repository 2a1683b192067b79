use insta::assert_snapshot;
use serde_json::json;

use crate::harness::Repo;

const SUMMARY: &str = r#"{"manifest":{"cases":3,"files":[],"models":["a/big","b/small"],"prompts":[{"blob":"b1","id":"k3v9q2mx","prompt":"triage"}],"repeat":1,"suite":"triage","suite_digest":"s1"},"schema":"palc.results.v1"}"#;

/// An answer with what a judge gives it; None if the judge is undecided.
fn line(case: &str, model: &str, answer: &str, value: Option<f64>) -> String {
    let verdict = match value {
        None => "undecided",
        Some(value) if value >= 0.7 => "pass",
        Some(_) => "fail",
    };
    let mut check = json!({"name": "judge", "verdict": verdict});
    if let Some(value) = value {
        check["value"] = json!(value);
    }
    let line = json!({
        "answer": {"text": answer}, "case": case, "checks": [check], "fingerprint": "f1", "id": "k3v9q2mx",
        "key": format!("{case}-{model}"), "model": model, "prompt": "triage", "repeat": 1, "score": value, "verdict": verdict,
    });
    format!("{line}\n")
}

fn repo() -> Repo {
    let repo = Repo::new();
    let lines = [
        line("crash", "a/big", "It goes to bug.", Some(0.9)),
        line("crash", "b/small", "It goes to billing.", Some(0.3)),
        line("login", "a/big", "It goes to bug.", Some(0.8)),
        line("login", "b/small", "It goes to bug.", Some(0.8)),
        line("refund", "a/big", "It goes to billing.", None),
    ];
    repo.write("results/triage/results.jsonl", lines.concat());
    repo.write("results/triage/summary.json", SUMMARY);
    repo
}

fn piped(repo: &Repo, args: &[&str], text: &str) -> crate::harness::Answer {
    repo.palc_with_input(args, text)
}

#[test]
fn answers_are_rated_without_knowing_whose_they_are() {
    let repo = repo();
    let answer = piped(&repo, &["rate", "triage", "--blind", "--rater", "Ada Lovelace"], "p\nwell\nf too short\n?\n");
    assert_snapshot!(answer, @"
    --- stderr

    1 of 4, case login
    It goes to bug.

    p, f, ?, s or q: 
    2 of 4, case crash
    It goes to bug.

    p, f, ?, s or q: type p for pass, f for fail, ? if you cannot tell, s to skip, q to end
    p, f, ?, s or q: 
    3 of 4, case refund
    It goes to billing.

    p, f, ?, s or q: 
    4 of 4, case crash
    It goes to billing.

    p, f, ?, s or q: 3 answers rated in events/2026-01/ada-lovelace.jsonl; 1 answer of the results of triage is left for ada-lovelace
    ");
    let json = repo.palc(&["rate", "triage", "--blind", "--rater", "ada-lovelace", "--list", "--json"]).json();
    assert_eq!((&json["data"]["rated"], &json["data"]["all"]), (&json!(3), &json!(4)));
    assert_snapshot!(repo.read("events/2026-01/ada-lovelace.jsonl"), @r#"
    {"at":"2026-01-31T12:00:00Z","blind":true,"case":"login","event":"rating","item":"f68a9482747f615c","rater":"ada-lovelace","suite":"triage","value":1.0,"verdict":"pass"}
    {"at":"2026-01-31T12:00:00Z","blind":true,"case":"crash","comment":"too short","event":"rating","item":"296365391c97d223","rater":"ada-lovelace","suite":"triage","value":0.0,"verdict":"fail"}
    {"at":"2026-01-31T12:00:00Z","blind":true,"case":"refund","event":"rating","item":"05c3bdbfc3410c56","rater":"ada-lovelace","suite":"triage","verdict":"undecided"}
    "#);
    // Whoever rates blindly sees no name anywhere; whoever does not, does.
    let blind = repo.palc(&["rate", "triage", "--blind", "--list", "--json"]).ok();
    assert!(!blind.contains("a/big") && !blind.contains("b/small") && !blind.contains("\"triage\",\"model"), "{blind}");
    let seen = repo.palc(&["rate", "triage", "--list"]).ok();
    assert!(seen.contains("(triage by a/big)"), "{seen}");
}

#[test]
fn everybody_has_an_order_of_their_own_and_the_same_one_again() {
    let repo = repo();
    let order = |rater: &str, seed: &str| {
        let json =
            repo.palc(&["rate", "triage", "--blind", "--list", "--json", "--rater", rater, "--seed", seed]).json();
        let items = json["data"]["queue"].as_array().unwrap().clone();
        items.iter().map(|item| item["item"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(order("ada", "0"), order("ada", "0"));
    let orders: std::collections::HashSet<Vec<String>> = (0..6).map(|seed| order("ada", &seed.to_string())).collect();
    assert!(orders.len() > 1);
    assert_ne!((order("ada", "0"), order("ada", "1")), (order("ben", "0"), order("ben", "1")));
}

/// The queue of somebody, as case and answer with the item.
fn queue(repo: &Repo, rater: &str) -> Vec<(String, String, String)> {
    let json = repo.palc(&["rate", "triage", "--blind", "--list", "--json", "--rater", rater]).json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let items = json["data"]["queue"].as_array().unwrap().clone();
    items.iter().map(|it| (text(&it["case"]), text(&it["answer"]), text(&it["item"]))).collect()
}

fn rate(repo: &Repo, rater: &str, say: impl Fn(&str, &str) -> &'static str) {
    let line = |(case, answer, item): &(String, String, String)| {
        format!("{}\n", json!({"item": item, "said": say(case, answer)}))
    };
    let lines: String = queue(repo, rater).iter().map(line).collect();
    repo.write("ratings.jsonl", &lines);
    repo.palc(&["rate", "triage", "--blind", "--rater", rater, "--from", "ratings.jsonl"]).ok();
}

#[test]
fn ratings_come_from_elsewhere_all_or_none() {
    let repo = repo();
    let item = queue(&repo, "ada")[0].2.clone();
    repo.write(
        "ratings.jsonl",
        format!("{}\n{{\"item\": \"x\", \"said\": \"p\"}}\n{{\"said\": 1}}\n", json!({"item": item, "said": "p"})),
    );
    let args = ["rate", "triage", "--blind", "--rater", "ada", "--from", "ratings.jsonl"];
    let answer = repo.palc(&args);
    assert_eq!(answer.code, Some(3));
    assert_snapshot!(answer.stderr.replace(&item, "ITEM"), @r#"
    error: ratings.jsonl is not in order, and nothing was kept
    ratings.jsonl:2:1: error: `x` is not in the queue, or is rated already [rating]
       2 | {"item": "x", "said": "p"}
           ^
    ratings.jsonl:3:1: error: a rating has `item` and `said`, and here is no `item` [rating]
       3 | {"said": 1}
           ^
    "#);
    assert!(!repo.path("events").exists());
    repo.write("ratings.jsonl", format!("{}\n", json!({"item": item, "said": "p so it is"})));
    assert_snapshot!(repo.palc(&args), @"
    --- stderr
    1 answer rated in events/2026-01/ada.jsonl; 3 answers of the results of triage are left for ada
    ");
    assert_snapshot!(repo.palc(&["rate", "triage", "--blind", "--rater", "!"]), @"
    --- stderr
    error: `!` is no name for who rates
    hint: it needs a letter or a digit
    --- exit 2
    ");
}

#[test]
fn a_judge_is_compared_with_people() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["judge", "calibrate", "triage"]), @"
    --- stderr
    error: nobody has rated answers of the results of triage
    hint: `palc rate --blind triage` shows them to people, one by one
    --- exit 1
    ");
    for rater in ["ada", "ben"] {
        rate(&repo, rater, |case, answer| if answer.contains("bug") || case == "refund" { "p" } else { "f" });
    }
    assert_snapshot!(repo.palc(&["judge", "calibrate", "triage"]), @"
    4 answers of the results of triage rated by 2 people, who agree among themselves with alpha 1.00

    judge
      compared     3 answers; left out: 1 where the judge is undecided, 0 where people are
      agreement    100 %, kappa 1.00, alpha 0.92
      people pass  the judge passes 2, fails 0
      people fail  the judge passes 0, fails 1
      offset       +0.00 (95 %: -0.66 to +0.66)
      pass rate    75 % of 4; as people would see it 75 % (95 %: 33 % to 100 %)
    ");
    let json = repo.palc(&["judge", "calibrate", "triage", "--json"]).json();
    assert_eq!(json["data"]["judges"][0]["confusion"]["both_pass"], 2);
    assert_snapshot!(repo.palc(&["judge", "calibrate", "triage", "--check", "contains"]), @"
    --- stderr
    error: `contains` judges no answer of the results of triage
    hint: checks that judge are classify, closed-qa, factuality, g-eval, judge, pairwise; these are there: judge
    --- exit 1
    ");
}

/// A judge that gives everybody two tenths too much is found out.
#[test]
fn a_known_offset_is_found() {
    let repo = repo();
    let said = |number: usize| (number % 8) as f64 / 10.0;
    let lines: String =
        (0..40).map(|at| line(&format!("c{at}"), "a/big", &format!("answer {at}"), Some(said(at) + 0.2))).collect();
    repo.write("results/triage/results.jsonl", &lines);
    repo.write("rubrics/one.yaml", "criteria: {good: It is good.}\n");
    let queue = queue(&repo, "ada");
    let rating = |(_, answer, item): &(String, String, String)| {
        let number: usize = answer.rsplit(' ').next().unwrap().parse().unwrap();
        format!("{}\n", json!({"item": item, "said": format!("{}", said(number) * 10.0)}))
    };
    repo.write("ratings.jsonl", queue.iter().map(rating).collect::<String>());
    repo.palc(&["rate", "triage", "--blind", "--rater", "ada", "--rubric", "one", "--from", "ratings.jsonl"]).ok();
    let json = repo.palc(&["judge", "calibrate", "triage", "--json"]).json();
    let offset = json["data"]["judges"][0]["offset"].as_f64().unwrap();
    assert!((offset - 0.2).abs() < 1e-9, "{offset}");
    assert_snapshot!(repo.palc(&["judge", "calibrate", "triage"]), @"
    40 answers of the results of triage rated by ada

    judge
      compared     40 answers
      agreement    75 %, kappa 0.38, alpha 0.68
      people pass  the judge passes 5, fails 0
      people fail  the judge passes 10, fails 25
      offset       +0.20 (95 %: +0.20 to +0.20): the judge gives more than people
      pass rate    38 % of 40; as people would see it 13 % (95 %: 0 % to 40 %)
    ");
}
