use std::fmt::Write as _;

use insta::assert_snapshot;

use crate::harness::Repo;

/// A line of results. `verdict` is p, f or u.
fn line(case: &str, model: &str, repeat: u32, verdict: char, answer: &str) -> String {
    let (word, value, score) = match verdict {
        'p' => ("pass", r#""value":1.0,"#, "1.0"),
        'f' => ("fail", r#""value":0.0,"#, "0.0"),
        _ => ("undecided", "", "null"),
    };
    let reason = match verdict {
        'p' => "",
        'f' => r#""reason":"`billing` is not in it","#,
        _ => r#""reason":"the judge's reply is no verdict","#,
    };
    let check = format!(r#"{{"metric":"kind","name":"contains",{reason}{value}"verdict":"{word}"}}"#);
    let answer = serde_json::to_string(answer).expect("text is JSON");
    format!(
        r#"{{"answer":{{"input_tokens":12,"output_tokens":3,"text":{answer}}},"case":"{case}","checks":[{check}],"fingerprint":"f1","id":"k3v9q2mx","key":"{case}-{model}-{repeat}","model":"{model}","prompt":"triage","repeat":{repeat},"score":{score},"verdict":"{word}"}}"#
    ) + "\n"
}

const SUMMARY: &str = r#"{"manifest":{"cases":3,"files":[],"models":["a/big","b/small"],"prompts":[{"blob":"b1","id":"k3v9q2mx","prompt":"triage"}],"repeat":1,"suite":"triage","suite_digest":"s1"},"schema":"palc.results.v1"}"#;

fn results(verdicts: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (case, models) in verdicts {
        for (model, verdict) in ["a/big", "b/small"].iter().zip(models.chars()) {
            let _ = write!(out, "{}", line(case, model, 1, verdict, &format!("it is {case}")));
        }
    }
    out
}

fn keep(repo: &Repo, verdicts: &[(&str, &str)]) {
    repo.write("results/triage/results.jsonl", results(verdicts));
    repo.write("results/triage/summary.json", SUMMARY);
}

/// A repository in which results of a suite were kept twice.
fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/triage.md", "---\nid: k3v9q2mx\n---\nSort {{ ticket }}.\n");
    keep(&repo, &[("crash", "pf"), ("login", "ff"), ("refund", "pu")]);
    repo.commit("Keep what is known");
    keep(&repo, &[("crash", "pp"), ("login", "pf"), ("refund", "pu")]);
    repo.commit("Answer login better");
    repo
}

#[test]
fn shows_sums_and_what_did_not_pass() {
    assert_snapshot!(repo().palc(&["report", "run"]), @"
    triage: 4 of 5 pass (80 %, 95 % 36–97 %), 1 undecided

    prompt  model    pass  rate   95 %      score  undecided  tokens
    triage  a/big    3/3   100 %  43–100 %  1.00   0          36 → 9
    triage  b/small  1/2   50 %   9–91 %    0.50   1          36 → 9

    failed
      login  triage  b/small  contains: `billing` is not in it

    undecided
      refund  triage  b/small  contains: the judge's reply is no verdict
    ");
    let before = repo().palc(&["report", "run", "triage@HEAD~1", "--limit", "1"]);
    assert_snapshot!(before, @"
    triage: 2 of 5 pass (40 %, 95 % 10–80 %), 1 undecided

    prompt  model    pass  rate  95 %     score  undecided  tokens
    triage  a/big    2/3   67 %  20–94 %  0.67   0          36 → 9
    triage  b/small  0/2   0 %   0–66 %   0.00   1          36 → 9

    failed
      crash  triage  b/small  contains: `billing` is not in it

    3 more did not pass
    ");
}

#[test]
fn all_formats_have_the_same_totals() {
    let repo = repo();
    let json = repo.palc(&["report", "run", "triage", "--json"]).json();
    let total = &json["data"]["total"];
    assert_eq!([&total["passed"], &total["failed"], &total["undecided"]], [4, 1, 1]);
    let junit = repo.palc(&["report", "run", "triage", "--format", "junit"]).stdout;
    assert!(junit.contains(r#"<testsuite name="triage" tests="6" failures="1" errors="1">"#), "{junit}");
    assert_eq!((junit.matches("<failure").count(), junit.matches("<error").count()), (1, 1));
    let csv = repo.palc(&["report", "run", "triage", "--format", "csv"]).stdout;
    let count = |word: &str| csv.lines().filter(|line| line.contains(&format!(",{word},"))).count();
    assert_eq!([count("pass"), count("fail"), count("undecided")], [4, 1, 1]);
    let lines = repo.palc(&["report", "run", "triage", "--format", "jsonl"]).json_lines();
    assert_eq!(lines.iter().filter(|line| line["data"]["verdict"] == "pass").count(), 4);
    let sarif = repo.palc(&["report", "run", "triage", "--format", "sarif"]).stdout;
    let sarif: serde_json::Value = serde_json::from_str(&sarif).expect("SARIF is JSON");
    assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(2));
    assert_snapshot!(repo.palc(&["report", "run", "triage", "--format", "markdown"]), @"
    ## Evaluation of `triage`: 4 of 5 pass (80 %, 95 % 36–97 %), 1 undecided

    | prompt | model | pass | rate | 95 % | score | undecided | tokens |
    |---|---|---:|---:|---|---:|---:|---|
    | `triage` | `a/big` | 3/3 | 100 % | 43–100 % | 1.00 | 0 | 36 → 9 |
    | `triage` | `b/small` | 1/2 | 50 % | 9–91 % | 0.50 | 1 | 36 → 9 |

    <details><summary>2 answers did not pass</summary>

    | | case | prompt | model | why |
    |---|---|---|---|---|
    | ✗ | `login` | `triage` | `b/small` | `contains` `` `billing` is not in it `` |
    | ? | `refund` | `triage` | `b/small` | `contains` `the judge's reply is no verdict` |

    </details>
    ");
    assert_snapshot!(repo.palc(&["report", "run", "triage", "--format", "github"]), @"
    ::error title=palc eval::triage: 4 of 5 pass (80 %25, 95 %25 36–97 %25), 1 undecided
    ::error file=evals/triage.eval.yaml,title=evaluation-failed::case `login`, triage with b/small, fails: contains: `billing` is not in it
    ::warning file=evals/triage.eval.yaml,title=evaluation-undecided::case `refund`, triage with b/small, is undecided: contains: the judge's reply is no verdict
    ");
}

#[test]
fn a_page_holds_everything_and_runs_nothing_of_an_answer() {
    let repo = repo();
    let evil = "</script><img src=x onerror=alert(1)> <!--<script>";
    let text = results(&[("crash", "pp")]) + &line("evil", "a/big", 1, 'f', evil);
    repo.write("results/triage/results.jsonl", &text);
    let answer = repo.palc(&["report", "run", "--against", "HEAD~1", "--html", "out.html"]);
    assert_snapshot!(answer, @"
    --- stderr
    wrote out.html
    ");
    let page = repo.read("out.html");
    assert_eq!(page.matches("<script").count(), page.matches("</script>").count(), "{page}");
    assert!(!page.contains("<img") && !page.contains("http://") && !page.contains("https://"));
    assert!(page.contains("\\u003c/script>\\u003cimg"));
    assert!(page.contains("<svg") && page.contains(r#""base":"HEAD~1""#));
    let csv = repo.palc(&["report", "run", "--format", "csv"]).stdout;
    assert!(csv.lines().count() == 4, "{csv}");
}

#[test]
fn a_grid_says_the_same_in_every_format() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["report", "heatmap"]), @"
    triage, share of answers that pass

            a/big  b/small
    triage  100 %  50 % ?

    ?: some or all could not be decided
    ");
    let json = repo.palc(&["report", "heatmap", "--json"]).json();
    assert_eq!(json["data"]["cells"][0][0]["value"], 1.0);
    assert_eq!(json["data"]["cells"][0][1]["undecided"], 1);
    let html = repo.palc(&["report", "heatmap", "--format", "html"]).stdout;
    assert!(html.contains(">100 %</td>") && html.contains(">50 % ?</td>"), "{html}");
    assert_snapshot!(repo.palc(&["report", "heatmap", "--value", "kinf"]), @"
    --- stderr
    error: no check of these results has the metric `kinf`
    hint: what there is: pass, score, kind
    --- exit 2
    ");
}

#[test]
fn a_trend_follows_the_commits() {
    let repo = repo();
    let answer = repo.palc(&["report", "trend"]);
    assert!(answer.stdout.contains("100 %") && answer.stdout.contains("Answer login better"), "{}", answer.stdout);
    let json = repo.palc(&["report", "trend", "triage", "--json"]).json();
    let rate = |point: usize, row: usize| json["data"]["points"][point]["rows"][row]["passed"].clone();
    assert_eq!([rate(0, 0), rate(0, 1), rate(1, 0), rate(1, 1)], [2, 0, 3, 1]);
    assert_snapshot!(repo.palc(&["report", "trend", "other"]), @"
    --- stderr
    error: no results of `other` were committed
    hint: `palc results keep` puts the results of a run where git sees them
    --- exit 1
    ");
}

#[test]
fn says_what_is_missing_or_wrong() {
    let empty = Repo::new();
    assert_snapshot!(empty.palc(&["report", "run"]), @"
    --- stderr
    error: there are no results here yet
    hint: `palc eval` makes some, `palc results keep` keeps them
    --- exit 1
    ");
    assert_snapshot!(empty.palc(&["report", "trend"]), @"
    --- stderr
    error: no results were kept here yet
    hint: `palc eval` makes some, `palc results keep` puts them where git sees them
    --- exit 1
    ");
    let repo = repo();
    assert_snapshot!(repo.palc(&["report", "run", "triag"]), @"
    --- stderr
    error: there are no results `triag`
    hint: did you mean `triage`?
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["report", "run", "triage@nowhere"]), @"
    --- stderr
    error: git knows no revision `nowhere`
    --- exit 1
    ");
    repo.write("results/triage/results.jsonl", "{\"case\":1}\n");
    assert_snapshot!(repo.palc(&["report", "run", "triage"]), @"
    --- stderr
    error: results/triage/results.jsonl:1: this is no line of results: invalid type: integer `1`, expected a string at line 1 column 9
    hint: results are made by `palc eval`; run it again, or take the file from git
    --- exit 3
    ");
    repo.write("results/triage/summary.json", "[]");
    assert_snapshot!(repo.palc(&["report", "run", "triage"]), @"
    --- stderr
    error: results/triage/summary.json is no summary of results: invalid type: null, expected struct ManifestV1
    hint: `palc eval` and `palc results keep` write it
    --- exit 3
    ");
}

#[test]
fn only_a_page_shows_two_sides() {
    assert_snapshot!(repo().palc(&["report", "run", "--against", "HEAD~1"]), @"
    --- stderr
    error: only a page shows results side by side
    hint: write one with --html FILE; `palc compare` says how two sets of results differ
    --- exit 2
    ");
}
