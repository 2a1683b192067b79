//! Which case is in which split. It hangs on what the cases say and not on their order, and cases that are nearly the
//! same are in the same one: whoever improves a prompt on some must not have seen the others.

use std::collections::BTreeMap;

use crate::base::hash::sha256;
use crate::model::{Map, Value};
use crate::search::alike::near;
use crate::search::alike::sketch::Sketch;

/// How much of their runs of words two cases have in common if they are nearly the same.
const NEAR: f64 = 0.8;

/// A case, as far as it matters here.
#[derive(Debug, Clone)]
pub struct Member {
    pub id: String,
    pub text: String,
    /// Where somebody wants it to be.
    pub said: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Splits {
    /// The split of each case, by its id.
    pub of: BTreeMap<String, String>,
    /// Ids of cases that are nearly the same.
    pub together: Vec<Vec<String>>,
}

/// All words of a case's values, in the order of their names.
pub fn text(vars: &Map) -> String {
    let sorted: BTreeMap<&String, &Value> =
        vars.iter().filter(|(name, _)| !["id", "split", "tags"].contains(&name.as_str())).collect();
    let mut text = String::new();
    sorted.values().for_each(|value| words(value, &mut text));
    text
}

fn words(value: &Value, text: &mut String) {
    match value {
        Value::String(said) => *text += said,
        Value::Array(items) => items.iter().for_each(|item| words(item, text)),
        Value::Object(map) => map.values().for_each(|item| words(item, text)),
        other => *text += &other.to_string(),
    }
    text.push('\n');
}

pub fn assign(members: &[Member], shares: &[(String, f64)]) -> Splits {
    let groups = groups(members);
    let mut splits = Splits::default();
    for group in groups {
        let said = group.iter().find_map(|&at| members[at].said.clone());
        // The least of the hashes stands for the group, so that it hangs on no order.
        let least = group.iter().map(|&at| place(&members[at].text)).fold(f64::INFINITY, f64::min);
        let split = said.unwrap_or_else(|| at(shares, least));
        for &at in &group {
            let member = &members[at];
            splits.of.insert(member.id.clone(), member.said.clone().unwrap_or_else(|| split.clone()));
        }
        if group.len() > 1 {
            let mut ids: Vec<String> = group.iter().map(|&at| members[at].id.clone()).collect();
            ids.sort();
            splits.together.push(ids);
        }
    }
    splits.together.sort();
    splits
}

/// Members by their numbers, those that are nearly the same together.
fn groups(members: &[Member]) -> Vec<Vec<usize>> {
    let sketches: Vec<Sketch> = members.iter().map(|member| Sketch::of(&member.text)).collect();
    let mut leader: Vec<usize> = (0..members.len()).collect();
    fn top(leader: &[usize], mut at: usize) -> usize {
        while leader[at] != at {
            at = leader[at];
        }
        at
    }
    let mut join = |one: usize, other: usize| {
        let (one, other) = (top(&leader, one), top(&leader, other));
        leader[one.max(other)] = one.min(other);
    };
    for pair in near::links(&sketches, NEAR) {
        join(pair.one, pair.other);
    }
    // Texts without three words in a row are compared as they are.
    let mut same: BTreeMap<String, usize> = BTreeMap::new();
    for (at, member) in members.iter().enumerate() {
        let first = *same.entry(normal(&member.text)).or_insert(at);
        join(first, at);
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..members.len() {
        groups.entry(top(&leader, at)).or_default().push(at);
    }
    groups.into_values().collect()
}

fn normal(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// From 0 to 1.
fn place(text: &str) -> f64 {
    let number = u64::from_str_radix(&sha256(normal(text).as_bytes())[..13], 16).expect("a hash is digits");
    number as f64 / (1_u64 << 52) as f64
}

fn at(shares: &[(String, f64)], place: f64) -> String {
    let mut sum = 0.0;
    let found = shares.iter().find(|(_, share)| {
        sum += share;
        place < sum
    });
    found.or(shares.last()).map(|(name, _)| name.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(at: usize, text: &str) -> Member {
        Member { id: format!("c{at}"), text: text.to_owned(), said: None }
    }

    fn shares() -> Vec<(String, f64)> {
        vec![("train".into(), 0.6), ("report".into(), 0.4)]
    }

    #[test]
    fn splits_hang_on_texts_and_keep_near_copies_together() {
        let texts: Vec<String> = (0..400)
            .map(|at| format!("the parcel number {} went {} to {}", at * 31, at * 7919, at * 104_729))
            .collect();
        let mut members: Vec<Member> = texts.iter().enumerate().map(|(at, text)| member(at, text)).collect();
        let long = "I ordered the Ardenne boots nine days ago and the tracking page still says packed and we leave on Friday morning";
        members.push(member(1000, long));
        members.push(member(1001, &format!("{long}!")));
        members.push(member(1002, &long.to_uppercase()));
        members.push(member(1003, "Hi"));
        members.push(member(1004, "hi "));
        let splits = assign(&members, &shares());
        let train = splits.of.values().filter(|split| *split == "train").count();
        assert!((200..280).contains(&train), "{train} of 405");
        assert_eq!(splits.together, [vec!["c1000", "c1001", "c1002"], vec!["c1003", "c1004"]]);
        let mut turned = members.clone();
        turned.reverse();
        assert_eq!(assign(&turned, &shares()).of, splits.of);
        members.truncate(10);
        let fewer = assign(&members, &shares());
        assert!(fewer.of.iter().all(|(id, split)| splits.of[id] == *split), "others do not matter");
    }

    #[test]
    fn what_is_said_holds_for_all_that_are_nearly_the_same() {
        let mut members = vec![member(1, "the very same words as below"), member(2, "The very same words, as below.")];
        members[1].said = Some("report".into());
        assert_eq!(assign(&members, &[("train".into(), 1.0)]).of["c1"], "report");
    }
}
