//! Laws of merging `labels.yaml`, tried on files that palc itself writes: what comes out means what a merge of the labels
//! one by one means, and where two sides moved one label to different versions, neither is taken.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::format::labels;
use crate::model::{Labels, Pin};

use super::*;

const PATH: &str = "labels.yaml";
const LABELS: [&str; 3] = ["canary", "production", "staging"];

fn pin(version: u32) -> Pin {
    Pin { version, blob: format!("a{version:039x}") }
}

fn id(number: u8) -> String {
    format!("k{number}")
}

/// What a side does: to which prompt, with which label (or the list of inactive versions), and to which version (or gone).
type Op = (u8, usize, u32);

fn op() -> impl Strategy<Value = Op> {
    (0..4u8, 0..=LABELS.len(), 0..5u32)
}

fn changed(mut labels: Labels, ops: &[Op]) -> Labels {
    for &(prompt, label, version) in ops {
        let id = id(prompt);
        match (LABELS.get(label), version) {
            (Some(label), 0) => drop(labels.remove(&id, label)),
            (Some(label), version) => drop(labels.set(&id, label, pin(version))),
            (None, version) if labels.off(&id).contains(&pin(version + 1)) => {
                labels.activate(&id, &pin(version + 1));
            }
            (None, version) => drop(labels.deactivate(&id, pin(version + 1))),
        }
    }
    labels
}

fn write(text: &str, labels: &Labels) -> String {
    labels::write(&labels::read(PATH, text), labels, &|id| Some(format!("team/{id}"))).expect("can be written")
}

/// Every label of every prompt, and every inactive version, each merged by itself. The labels that both sides moved
/// to different places have no answer; they come as the set of their prompts.
fn merged(base: &Labels, ours: &Labels, theirs: &Labels) -> (Labels, BTreeSet<String>) {
    let (mut out, mut wrong) = (Labels::default(), BTreeSet::new());
    for id in (0..4).map(id) {
        for label in LABELS {
            let all = Three::new(base, ours, theirs).map(|labels| labels.pin(&id, label));
            match all.settled() {
                Some(Some(pin)) => drop(out.set(&id, label, pin.clone())),
                Some(None) => {}
                None => drop(wrong.insert(id.clone())),
            }
        }
        for pin in (1..=6).map(pin) {
            let is_off = Three::new(base, ours, theirs).map(|labels| labels.off(&id).contains(&pin));
            if is_off.settled() == Some(true) {
                out.deactivate(&id, pin);
            }
        }
    }
    (out, wrong)
}

/// The labels of these prompts, and no label of others.
fn of(labels: &Labels, wanted: impl Fn(&str) -> bool) -> Labels {
    let mut labels = labels.clone();
    labels.pins.retain(|id, _| wanted(id));
    labels
}

/// The text once every conflict in it is settled for ours.
fn settled(text: &str) -> String {
    let (mut out, mut skip) = (String::new(), false);
    for line in text.lines() {
        match line.get(..7) {
            Some("<<<<<<<") => {}
            Some("=======") => skip = true,
            Some(">>>>>>>") => skip = false,
            _ if skip => {}
            _ => out.push_str(&format!("{line}\n")),
        }
    }
    out
}

fn config() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(4), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn labels_are_merged_one_by_one(
        begin in prop::collection::vec(op(), 0..8),
        ours in prop::collection::vec(op(), 1..5),
        theirs in prop::collection::vec(op(), 1..5),
    ) {
        let base = changed(Labels::default(), &begin);
        let (ours, theirs) = (changed(base.clone(), &ours), changed(base.clone(), &theirs));
        let text = if begin.is_empty() { String::new() } else { write("", &base) };
        let files = Three::new(text.clone(), write(&text, &ours), write(&text, &theirs));
        let (expected, wrong) = merged(&base, &ours, &theirs);
        let result = merge(PATH, files.as_ref().map(String::as_bytes), &Options::default());
        let out = String::from_utf8(result.bytes.clone()).expect("text");
        let say = format!("{}\n{}\n{}\n-->\n{out}\n{:?}", files.base, files.ours, files.theirs, result.how);
        prop_assert_eq!(result.is_clean(), wrong.is_empty(), "{}", say);
        for conflict in &result.conflicts {
            let Place::Field(path) = &conflict.place else { panic!("{say}") };
            prop_assert_eq!(path.first().map(String::as_str), Some("labels"), "{}", say);
            prop_assert!(path.get(1).is_none_or(|id| wrong.contains(id)), "{}", say);
            prop_assert!(out.lines().nth(conflict.line - 1).is_some_and(|line| line.starts_with("<<<<<<<")));
        }
        prop_assert_eq!(labels::read(PATH, &out).findings.is_empty(), wrong.is_empty(), "{}", say);
        let whole = result.conflicts.iter().any(|conflict| matches!(&conflict.place, Place::Field(path) if path.len() < 2));
        let read = labels::read(PATH, &settled(&out)).labels();
        prop_assert_eq!(&read.inactive, &expected.inactive, "{}", say);
        if !whole {
            prop_assert_eq!(of(&read, |id| !wrong.contains(id)).pins, of(&expected, |id| !wrong.contains(id)).pins, "{}", say);
        }
        // A label that is in conflict is ours between the upper markers.
        for id in &wrong {
            let sure = ours.of(id).filter(|(label, pin)| base.pin(id, label) != Some(pin));
            for (label, pin) in sure {
                prop_assert_eq!(read.pin(id, label), Some(pin), "{}", say);
            }
        }
    }
}
