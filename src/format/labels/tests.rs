use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;

const PATH: &str = "labels.yaml";

fn blob(seed: u32) -> String {
    format!("{seed:040x}")
}

fn pin(version: u32) -> Pin {
    Pin { version, blob: blob(version) }
}

fn labels(text: &str) -> Labels {
    read(PATH, text).strict().expect("is in order")
}

fn changed(text: &str, change: impl FnOnce(&mut Labels)) -> String {
    let file = read(PATH, text);
    let mut labels = file.strict().expect("is in order");
    change(&mut labels);
    write(&file, &labels, &|id| (id == "k3v9q2mx").then(|| "support/triage".to_owned())).expect("can be written")
}

#[test]
fn a_new_file_says_what_it_is() {
    let text = changed("", |labels| {
        labels.set("k3v9q2mx", "staging", pin(8));
        labels.set("k3v9q2mx", "production", pin(7));
        labels.deactivate("k3v9q2mx", pin(9));
    });
    let (seven, eight, nine) = (blob(7), blob(8), blob(9));
    assert_eq!(
        text,
        format!(
            "{HEADER}labels:\n  k3v9q2mx: # support/triage\n    production: {{version: 7, blob: \"{seven}\"}}\n    staging: \
             {{version: 8, blob: \"{eight}\"}}\ninactive:\n  k3v9q2mx: # support/triage\n    - {{version: 9, blob: \
             \"{nine}\"}}\n"
        )
    );
}

fn a(version: u32) -> Pin {
    Pin { version, blob: format!("a{version:039x}") }
}

const FILE: &str = "# ours\nlabels:\n  # the router\n  bbbb: # support/triage\n    production: {version: 7, blob: \
                    a000000000000000000000000000000000000007} # since May\n    staging: {version: 8, blob: \
                    a000000000000000000000000000000000000008}\n  # the last\n  ffff:\n    qa: {version: 1, blob: \
                    a000000000000000000000000000000000000001}\ninactive:\n  bbbb:\n    - {version: 9, blob: \
                    a000000000000000000000000000000000000009}\n";

/// The lines that differ, as `git diff` shows them.
fn diff(change: impl FnOnce(&mut Labels)) -> String {
    let text = changed(FILE, change);
    let diff = similar::TextDiff::from_lines(FILE, &text);
    let line = |change: similar::Change<&str>| match change.tag() {
        similar::ChangeTag::Equal => String::new(),
        tag => format!("{tag}{}", change.value().replace("00000000000000000000000000000000000000", "…")),
    };
    diff.iter_all_changes().map(line).collect()
}

#[test]
fn a_move_is_a_difference_of_one_line() {
    assert_eq!(
        diff(|labels| drop(labels.set("bbbb", "production", a(8)))),
        "-    production: {version: 7, blob: a…7} # since May\n+    production: {version: 8, blob: a…8} # since May\n"
    );
    assert_eq!(diff(|labels| drop(labels.set("bbbb", "qa", a(8)))), "+    qa: {version: 8, blob: a…8}\n");
    assert_eq!(diff(|labels| drop(labels.set("bbbb", "canary", a(8)))), "+    canary: {version: 8, blob: a…8}\n");
    assert_eq!(diff(|labels| drop(labels.remove("bbbb", "staging"))), "-    staging: {version: 8, blob: a…8}\n");
    assert_eq!(diff(|labels| assert!(labels.deactivate("bbbb", a(3)))), "+    - {version: 3, blob: a…3}\n");
}

#[test]
fn what_is_new_stands_in_order_and_comments_stay() {
    let text = changed(FILE, |labels| {
        for id in ["aaaa", "cccc", "gggg"] {
            labels.set(id, "qa", a(2));
        }
    });
    let order: Vec<usize> = ["ours", "aaaa", "the router", "bbbb", "cccc", "the last", "ffff", "gggg", "inactive"]
        .iter()
        .map(|word| text.find(word).expect("stands there"))
        .collect();
    assert!(order.is_sorted(), "{text}");
    assert_eq!(
        diff(|labels| assert!(labels.activate("bbbb", &a(9)))),
        "-inactive:\n-  bbbb:\n-    - {version: 9, blob: a…9}\n"
    );
    assert_eq!(diff(|labels| drop(labels.remove("ffff", "qa"))), "-  ffff:\n-    qa: {version: 1, blob: a…1}\n");
}

#[test]
fn other_ways_of_writing_are_kept_or_refused() {
    let seven = "{version: 7, blob: a000000000000000000000000000000000000007}";
    let flow = format!("labels: {{bbbb: {{production: {seven}}}}} # all");
    let moved = changed(&flow, |labels| drop(labels.set("bbbb", "production", a(8))));
    assert_eq!(labels(&moved).pin("bbbb", "production"), Some(&a(8)));
    let long = "labels:\r\n    bbbb:\r\n        production:\r\n            version: 7\r\n            blob: a000000000000000000000000000000000000007";
    let moved = changed(long, |labels| drop(labels.set("bbbb", "production", a(8))));
    assert_eq!(moved, long.replace("version: 7", "version: 8").replace("0007", "0008"));
    let more = changed(long, |labels| drop(labels.set("bbbb", "qa", a(1))));
    assert_eq!(more, format!("{long}\r\n        qa: {{version: 1, blob: a000000000000000000000000000000000000001}}"));
    let empty = changed("labels: {} # none\ninactive:\n", |labels| drop(labels.set("bbbb", "qa", a(1))));
    assert!(empty.starts_with("labels: # none\n  bbbb:\n    qa: {"), "{empty}");
}

/// The quick way is taken for what palc writes, and for nothing that YAML might take otherwise.
#[test]
fn only_the_layout_of_palc_is_read_by_lines() {
    let pin = "{version: 7, blob: a000000000000000000000000000000000000007}";
    let ours = format!("# ours\nlabels:\n  bbbb: # support/größe\n    qa: {pin}\ninactive:\n  bbbb:\n    - {pin}\n");
    let layout = lines::read(&ours).expect("is palc's");
    assert_eq!(layout.entries, read_yaml(PATH, &ours).entries);
    let others = [
        ours.replace("qa", "\"qa\""),
        ours.replace("bbbb", "1e5"),
        ours.replace("version: 7", "version: 07"),
        ours.replace("version: 7", "version: 0"),
        ours.replace("}\n", "} # why\n"),
        ours.replace("    qa", "   qa"),
        ours.replace("inactive", "labels"),
        ours.replace("größe", "\u{7f}"),
        ours.replace('\n', "\r\n"),
        format!("{ours}  bbbb:\n    - {pin}\n"),
        format!("{ours}    - {pin}\n"),
        format!("{ours}  cccc:\n"),
        format!("{ours}more: 1\n"),
        ours.trim_end().to_owned(),
    ];
    for other in others {
        assert!(lines::read(&other).is_none(), "{other}");
    }
    assert!(lines::read("").is_some() && lines::read("labels:\n").is_none());
}

#[test]
fn everything_wrong_is_told_with_its_place() {
    let text = "lables: {}\nlabels:\n  bbbb:\n    production: {version: 0, blob: abc}\n    qa: 7\n    x: {version: 1, \
                blop: 1}\ninactive: [1]\npalc: 2\n";
    let file = read(PATH, text);
    let shown: Vec<String> =
        file.findings.iter().map(|f| format!("{}:{} {} {}", f.place.line, f.place.column, f.rule, f.message)).collect();
    assert_eq!(
        shown,
        [
            "1:1 unknown-key unknown key `lables`",
            "4:27 wrong-value `version` must be a whole number from 1 on",
            "4:36 wrong-value `blob` must be git's id of the content, 40 or 64 digits in hex",
            "5:9 wrong-type this must be `{version: …, blob: …}`, and is a whole number",
            "6:21 unknown-key unknown key `blop`",
            "6:5 wrong-value `blob` is missing here: git's id of the content, 40 or 64 digits in hex",
            "7:11 wrong-type this must be a map of prompt ids, and is a list",
            "8:7 wrong-value this palc knows version 1 of the format only",
        ]
    );
    assert!(file.strict().is_err());
}

#[test]
fn a_prompt_is_found_in_any_layout() {
    let of = |text: &str, id: &str| find(PATH, text.as_bytes(), id).expect("is in order");
    let all = labels(FILE);
    assert_eq!(of(FILE, "bbbb").pins["bbbb"], all.pins["bbbb"]);
    assert_eq!(of(FILE, "bbbb").inactive, all.inactive);
    assert_eq!(of(FILE, "zzzz"), Labels::default());
    let odd = "inactive: {bbbb: [{version: 9, blob: a000000000000000000000000000000000000009}]}\nlabels:\n    bbbb:\n        \
               qa: {version: 1, blob: a000000000000000000000000000000000000001}\n";
    assert_eq!(of(odd, "bbbb"), labels(odd));
    assert!(find(PATH, format!("{FILE}labels: {{}}\n").as_bytes(), "zzzz").is_err());
}

fn some_labels() -> impl Strategy<Value = Labels> {
    let id = || prop::sample::select(vec!["aaaa", "bbbb", "cccc", "k3v9q2mx", "ffff", "1e5", "zz"]);
    let label = prop::sample::select(vec!["canary", "production", "qa", "staging"]);
    let pins = prop::collection::vec((id(), label, 1..9u32), 0..8);
    let off = prop::collection::vec((id(), 1..9u32), 0..5);
    (pins, off).prop_map(|(pins, off)| {
        let mut labels = Labels::default();
        pins.into_iter().for_each(|(id, label, version)| drop(labels.set(id, label, a(version))));
        off.into_iter().for_each(|(id, version)| _ = labels.deactivate(id, a(version)));
        labels
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400, rng_seed: RngSeed::Fixed(11), failure_persistence: None, ..ProptestConfig::default()
    })]

    /// From any file to any other: it says what it should, lines that need not change stay, and the way there does
    /// not matter for what it says of one prompt.
    #[test]
    fn a_file_says_what_was_written(old in some_labels(), new in some_labels(), crlf: bool) {
        let first = write(&read(PATH, ""), &old, &|_| None).expect("writes");
        let first = if crlf { first.replace('\n', "\r\n") } else { first };
        let second = write(&read(PATH, &first), &new, &|_| None).expect("writes");
        prop_assert_eq!(&labels(&second), &new);
        let (quick, whole) = (read(PATH, &second), read_yaml(PATH, &second));
        prop_assert_eq!((&quick.entries, &quick.findings), (&whole.entries, &whole.findings));
        let slow = write(&read_yaml(PATH, &first), &new, &|_| None).expect("writes");
        prop_assert_eq!(&second, &slow);
        let fresh = write(&read(PATH, ""), &new, &|_| None).expect("writes");
        if !old.pins.is_empty() && !new.pins.is_empty() && !crlf {
            prop_assert_eq!(&second, &fresh);
        }
        for id in ["aaaa", "bbbb", "1e5", "zz"] {
            let found = find(PATH, second.as_bytes(), id).expect("reads");
            prop_assert_eq!(found.pins.get(id), new.pins.get(id));
            prop_assert_eq!(found.inactive.get(id), new.inactive.get(id));
        }
    }
}

fn some_value() -> impl Strategy<Value = Value> {
    let text = prop::sample::select(vec!["a000000000000000000000000000000000000007", "abc", "x", ""]);
    let leaf = prop_oneof![(-1..3i64).prop_map(Value::from), text.prop_map(Value::from), Just(Value::Null)];
    leaf.prop_recursive(4, 16, 3, |inner| {
        let key = prop::sample::select(vec!["labels", "inactive", "version", "blob", "bbbb", "qa", "palc"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..4).prop_map(|pairs| Value::Object(
                pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400, rng_seed: RngSeed::Fixed(12), failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn the_schema_and_the_reader_agree(labels in some_value(), inactive in some_value()) {
        let value = json!({"labels": labels, "inactive": inactive});
        let text = value.to_string();
        let valid = jsonschema::validator_for(&schema()).expect("is a schema").is_valid(&value);
        prop_assert_eq!(read(PATH, &text).findings.is_empty(), valid, "{}", text);
    }
}
