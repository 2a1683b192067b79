//! Promote: put one label where another one is.

use std::collections::BTreeMap;

use crate::base::{Error, Result};
use crate::model::labels::label_fault;
use crate::model::{Labels, Pin};

use super::App;
use super::label::{Desk, Moved};
use super::write::Written;

#[derive(Debug)]
pub struct Request {
    pub from: String,
    pub to: String,
    /// These prompts; or all that have the label, if `all` says so.
    pub prompts: Vec<String>,
    pub all: bool,
    /// Take the label away from prompts that do not have the other one.
    pub mirror: bool,
    pub dry_run: bool,
}

#[derive(Debug)]
pub struct Outcome {
    pub plan: Plan,
    pub written: Written,
}

/// What promoting does, in the order of ids.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub added: Vec<Moved>,
    pub changed: Vec<Moved>,
    pub removed: Vec<Moved>,
    /// Those that only the target has, and keeps.
    pub kept: Vec<Moved>,
    /// How many are there already.
    pub same: usize,
}

pub fn promote(app: &App, request: &Request) -> Result<Outcome> {
    let Request { from, to, prompts, all, mirror, dry_run } = request;
    if let Some(fault) = label_fault(to) {
        return Err(Error::usage(format!("`{to}` cannot be a label: {fault}")));
    }
    if from == to {
        return Err(Error::usage(format!("`{from}` is where it is already")).hint("name two labels: --from, --to"));
    }
    if prompts.is_empty() != *all {
        return Err(Error::usage("which prompts?").hint("give names, or --all for every prompt that has the label"));
    }
    let mut desk = Desk::open(app)?;
    let ids = prompts.iter().map(|typed| Ok(desk.prompt(typed)?.1)).collect::<Result<Vec<_>>>()?;
    let wanted = |id: &str| *all || ids.iter().any(|wanted| wanted == id);
    if let Some(id) = ids.iter().find(|id| desk.labels.pin(id, from).is_none()) {
        let name = desk.names()?.remove(id).unwrap_or_else(|| id.clone());
        return Err(Error::no(format!("{name} has no label `{from}`, so there is nothing to promote")));
    }
    if !desk.labels.pins.keys().any(|id| wanted(id) && desk.labels.pin(id, from).is_some()) {
        // With --mirror this would take the target away from everything.
        return Err(Error::no(format!("no prompt has the label `{from}`, so there is nothing to promote")));
    }
    let names = desk.names()?;
    let mut plan = plan(&desk.labels, from, to, &wanted, *mirror);
    plan.lists().into_iter().flatten().for_each(|moved| moved.prompt = names.get(&moved.id).cloned());
    refuse_inactive(&desk.labels, &plan)?;
    for moved in plan.added.iter().chain(&plan.changed).chain(&plan.removed) {
        match &moved.to {
            Some(pin) => drop(desk.labels.set(&moved.id, to, pin.clone())),
            None => drop(desk.labels.remove(&moved.id, to)),
        }
    }
    Ok(Outcome { plan, written: desk.finish(*dry_run)? })
}

/// Compare two labels over the prompts that are wanted.
fn plan(labels: &Labels, from: &str, to: &str, wanted: &dyn Fn(&str) -> bool, mirror: bool) -> Plan {
    let mut plan = Plan::default();
    for id in labels.pins.keys().filter(|id| wanted(id)) {
        let moved = |from: Option<&Pin>, pin: Option<&Pin>| Moved {
            prompt: None,
            id: id.clone(),
            label: Some(to.to_owned()),
            from: from.cloned(),
            to: pin.cloned(),
        };
        match (labels.pin(id, from), labels.pin(id, to)) {
            (None, None) => {}
            (Some(source), None) => plan.added.push(moved(None, Some(source))),
            (Some(source), Some(target)) if source == target => plan.same += 1,
            (Some(source), Some(target)) => plan.changed.push(moved(Some(target), Some(source))),
            (None, Some(target)) if mirror => plan.removed.push(moved(Some(target), None)),
            (None, Some(target)) => plan.kept.push(moved(Some(target), Some(target))),
        }
    }
    plan
}

impl Plan {
    fn lists(&mut self) -> [&mut Vec<Moved>; 4] {
        [&mut self.added, &mut self.changed, &mut self.removed, &mut self.kept]
    }
}

/// What is switched off is not promoted, and nothing else then either.
fn refuse_inactive(labels: &Labels, plan: &Plan) -> Result<()> {
    let off = plan.added.iter().chain(&plan.changed).filter_map(|moved| {
        let pin = moved.to.as_ref().filter(|pin| labels.off(&moved.id).contains(pin))?;
        let name = moved.prompt.as_ref().unwrap_or(&moved.id);
        Some((name.clone(), pin.version))
    });
    let off: BTreeMap<String, u32> = off.collect();
    let Some((first, version)) = off.first_key_value() else { return Ok(()) };
    let names: Vec<String> = off.iter().map(|(name, version)| format!("{name}@{version}")).collect();
    Err(Error::no(format!("switched off, so nothing was promoted: {}", names.join(", ")))
        .hint(format!("switch it on: palc activate {first}@{version}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_mirror_takes_away() {
        let pin = |version| Pin { version, blob: format!("{version:040}") };
        let mut labels = Labels::default();
        for (id, label, version) in [
            ("a", "staging", 2),
            ("b", "staging", 3),
            ("b", "production", 1),
            ("c", "staging", 4),
            ("c", "production", 4),
            ("d", "production", 5),
            ("e", "qa", 6),
        ] {
            labels.set(id, label, pin(version));
        }
        let told = |mirror| {
            let plan = plan(&labels, "staging", "production", &|_| true, mirror);
            let ids = |list: &[Moved]| list.iter().map(|moved| moved.id.clone()).collect::<String>();
            (ids(&plan.added), ids(&plan.changed), ids(&plan.removed), ids(&plan.kept), plan.same)
        };
        let text = |it: &str| it.to_owned();
        assert_eq!(told(false), (text("a"), text("b"), text(""), text("d"), 1));
        assert_eq!(told(true), (text("a"), text("b"), text("d"), text(""), 1));
    }
}
