use insta::assert_snapshot;
use serde_json::Value;

use crate::harness::Repo;

fn repo() -> Repo {
    let repo = Repo::new();
    let long = "Sort the customer's ticket into one queue: billing, bug or other. Answer with the queue's name alone, ";
    repo.write(
        "prompts/sort.md",
        format!("---\nid: sort1\nphase: solutio\nparams: {{temperature: 0.5}}\n---\n{long}in lower case.\n"),
    );
    repo.write("prompts/poem.md", "---\nparams: {temperature: 1.2}\n---\nWrite a poem about the sea.\n");
    repo.write("prompts/short.md", "Sort tickets.\n");
    repo.write("prompts/old.md", "---\nid: old1\n---\nSort a customer's ticket into the queue billing or bug.\n");
    repo.commit("prompts");
    repo.palc(&["label", "set", "production", "old"]).ok();
    repo
}

const TASK: [&str; 2] = ["--task", "sort customer tickets into queues"];

#[test]
fn prompts_are_ranked_and_scores_explained() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["rank", "poem", "short", "sort", TASK[0], TASK[1]]), @"
    0.848  sort   similarity, length
    0.600  short  similarity, history
    0.253  poem   ratio, length
    ");
    assert_snapshot!(repo.palc(&["rank", "sort", "poem", "--explain", TASK[0], TASK[1]]), @"
    sort 0.8478812426
      temperature  0.9000000000 × 0.2000000000 = 0.1800000000  1 - |0.5 - 0.6|, the phase's own
      length       1.0000000000 × 0.2000000000 = 0.2000000000  116 characters; 100 to 2000 are best
      similarity   0.7981098890 × 0.3000000000 = 0.2394329667  the cosine of what it and the task mean
      ratio        0.2844827586 × 0.1000000000 = 0.0284482759  116 and 33 characters
      history      1.0000000000 × 0.2000000000 = 0.2000000000  old 1.00 (alike 0.91)

    poem 0.2528889494
      temperature  unknown × 0.0000000000 = 0.0000000000       it has no phase that wants a temperature
      length       0.2700000000 × 0.3333333333 = 0.0900000000  27 characters; 100 to 2000 are best
      similarity   0.0530506261 × 0.5000000000 = 0.0265253130  the cosine of what it and the task mean
      ratio        0.8181818182 × 0.1666666667 = 0.1363636364  27 and 33 characters
      history      unknown × 0.0000000000 = 0.0000000000       no prompt that resembles it has a label or a score
    ");
    assert_snapshot!(repo.palc(&["rank", "*", "--format", "names", TASK[0], TASK[1]]), @"
    sort
    old
    short
    poem
    ");
}

/// The table can be worked out from the facts beside it.
#[test]
fn scores_are_worked_out_by_hand() {
    let answer = repo().palc(&["rank", "poem", "short", "sort", "old", "--json", TASK[0], TASK[1]]).json();
    let number = |value: &Value| value.as_f64().unwrap();
    let ranked = answer["data"]["ranked"].as_array().unwrap();
    assert_eq!(ranked.len(), 4);
    for prompt in ranked {
        let facts = &prompt["facts"];
        let (characters, task) = (number(&facts["characters"]), number(&facts["task_characters"]));
        let earlier: Vec<(f64, f64)> = facts["earlier"]
            .as_array()
            .unwrap()
            .iter()
            .map(|earlier| (number(&earlier["cosine"]), number(&earlier["success"])))
            .collect();
        let alike: f64 = earlier.iter().map(|(cosine, _)| cosine).sum();
        let by_hand = [
            facts["phase_temperature"].as_f64().map(|phase| (1.0 - (number(&facts["temperature"]) - phase).abs(), 0.2)),
            Some(((characters / 100.0).min(1.0), 0.2)),
            Some((number(&facts["cosine"]).max(0.0), 0.3)),
            Some((characters.min(task) / characters.max(task), 0.1)),
            (alike > 0.0).then(|| (earlier.iter().map(|(cosine, success)| cosine * success).sum::<f64>() / alike, 0.2)),
        ];
        let known: f64 = by_hand.iter().flatten().map(|(_, weight)| weight).sum();
        let score: f64 = by_hand.iter().flatten().map(|(value, weight)| value * weight / known).sum();
        assert!((number(&prompt["score"]) - score).abs() < 1e-9, "{prompt}");
        let points: f64 = prompt["features"].as_array().unwrap().iter().map(|it| number(&it["points"])).sum();
        assert!((points - score).abs() < 1e-9);
    }
}

#[test]
fn weights_come_from_settings_a_file_or_the_command_line() {
    let repo = repo();
    let shares = |more: &[&str]| {
        let arguments = [&["rank", "sort", "poem", "--json", TASK[0], TASK[1]], more].concat();
        let answer = repo.palc(&arguments).json();
        let weights = answer["data"]["weights"].as_array().unwrap().iter().map(|it| it["share"].as_f64().unwrap());
        (weights.map(|share| format!("{share:.3}")).collect::<Vec<_>>().join(" "), answer["findings"].clone())
    };
    assert_snapshot!(shares(&[]).0, @"0.200 0.200 0.300 0.100 0.200");
    repo.write("palc.toml", "[ranking.weights]\nhistory = 1.2\n");
    assert_snapshot!(shares(&[]).0, @"0.100 0.100 0.150 0.050 0.600");
    assert_snapshot!(shares(&["--weights", "history=0,length=0"]).0, @"0.333 0.000 0.500 0.167 0.000");
    let whole = "temperature: 1\nlength: 1\nsimilarity: 1\nratio: 1\nhistory: 4\n";
    repo.write("ranking.yaml", whole);
    assert_snapshot!(shares(&[]).0, @"0.125 0.125 0.125 0.125 0.500");
    // Somebody is writing the file at this moment.
    for end in [whole.len() - 1, whole.len() - 12, 20, 1] {
        repo.write("ranking.yaml", &whole[..end]);
        let (weights, findings) = shares(&[]);
        assert_eq!(weights, "0.100 0.100 0.150 0.050 0.600", "{end}");
        assert_eq!(findings[0]["severity"], "warning", "{end}");
    }
    assert_snapshot!(repo.palc(&["rank", "sort", TASK[0], TASK[1]]), @"
    0.924  sort  history, similarity
    --- stderr
    ranking.yaml: warning: the weights are ignored: the file is not written to its end [ranking]
      hint: those of the settings hold until the file is in order
    ");
}

#[test]
fn wrong_questions() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["rank", "nowhere", TASK[0], TASK[1]]), @"
    --- stderr
    error: there is no prompt `nowhere`
    hint: `palc list` shows all prompts
    --- exit 1
    ");
    assert_snapshot!(repo.palc(&["rank", "sort", "--task", " "]), @r#"
    --- stderr
    error: the task is empty
    hint: say what the prompts are for: --task "…"
    --- exit 2
    "#);
    assert_snapshot!(repo.palc(&["rank", "sort", TASK[0], TASK[1], "--weights", "lenght=1"]), @"
    --- stderr
    error: nothing called `lenght` has a weight
    hint: did you mean `length`?
    hint: these have weights: temperature, length, similarity, ratio, history
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["rank", "sort", TASK[0], TASK[1], "--weights", "nowhere.yaml"]), @"
    --- stderr
    error: there is no file nowhere.yaml with weights
    hint: name a YAML or JSON file, or write them out: --weights clarity=0.5,relevance=2
    --- exit 2
    ");
}
