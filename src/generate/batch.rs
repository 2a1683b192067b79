//! Many jobs, a few at a time: each is an engine of its own, and all of them together are one.
//!
//! Jobs are begun in their order and known by their numbers, from 0; their tickets begin with the number, counted from 1.
//! Whoever drives it makes the engines when they are wanted and takes them back when they are through, so that never more
//! of them are there than are worked on.

use std::collections::{BTreeSet, VecDeque};

use crate::model::engine::{Ask, Engine, Outcome};

pub struct Batch<E> {
    /// Those that have not begun, in order.
    waiting: VecDeque<usize>,
    running: Vec<Running<E>>,
    through: Vec<(usize, E)>,
    workers: usize,
}

struct Running<E> {
    job: usize,
    engine: E,
    /// Calls that are on their way, by the engine's own names for them.
    calls: BTreeSet<String>,
    /// Nothing more is asked for it.
    broken_off: bool,
}

impl<E: Engine> Batch<E> {
    pub fn new(jobs: impl IntoIterator<Item = usize>, workers: usize) -> Batch<E> {
        let waiting = jobs.into_iter().collect();
        Batch { waiting, running: Vec::new(), through: Vec::new(), workers: workers.max(1) }
    }

    /// The next job to be begun, if there is room for one. Either it is begun, or it is over.
    pub fn next_job(&mut self) -> Option<usize> {
        if self.running.len() < self.workers { self.waiting.pop_front() } else { None }
    }

    pub fn begin(&mut self, job: usize, engine: E) {
        self.running.push(Running { job, engine, calls: BTreeSet::new(), broken_off: false });
    }

    /// Jobs that are being worked on.
    pub fn running(&self) -> impl Iterator<Item = usize> {
        self.running.iter().map(|running| running.job)
    }

    /// Ask nothing more for a job. It is through when its calls have come back.
    pub fn break_off(&mut self, job: usize) {
        if let Some(running) = self.running.iter_mut().find(|running| running.job == job) {
            running.broken_off = true;
        }
    }

    /// The job that a ticket belongs to.
    pub fn job_of(ticket: &str) -> Option<usize> {
        parts(ticket).map(|(job, _)| job)
    }

    /// Begin no more jobs.
    pub fn stop(&mut self) {
        self.waiting.clear();
    }

    /// Jobs that are through since the last time, with their engines.
    pub fn through(&mut self) -> Vec<(usize, E)> {
        std::mem::take(&mut self.through)
    }
}

impl<E: Engine> Engine for Batch<E> {
    fn asks(&mut self) -> Vec<Ask> {
        let mut asks = Vec::new();
        let mut at = 0;
        while at < self.running.len() {
            let running = &mut self.running[at];
            let own = if running.broken_off { Vec::new() } else { running.engine.asks() };
            let job = running.job;
            running.calls.extend(own.iter().map(|ask| ask.ticket.clone()));
            asks.extend(own.into_iter().map(|ask| Ask { ticket: ticket(job, &ask.ticket), ..ask }));
            if running.calls.is_empty() {
                let Running { job, engine, .. } = self.running.remove(at);
                self.through.push((job, engine));
            } else {
                at += 1;
            }
        }
        asks
    }

    fn answer(&mut self, ticket: &str, outcome: Outcome) {
        let Some((job, own)) = parts(ticket) else { return };
        let Some(running) = self.running.iter_mut().find(|running| running.job == job) else { return };
        if running.calls.remove(own) {
            running.engine.answer(own, outcome);
        }
    }
}

fn ticket(job: usize, own: &str) -> String {
    format!("{}/{own}", job + 1)
}

fn parts(ticket: &str) -> Option<(usize, &str)> {
    let (number, own) = ticket.split_once('/')?;
    Some((number.parse::<usize>().ok()?.checked_sub(1)?, own))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::model::call::{Call, Reply, Trouble, What};
    use crate::model::engine::Answered;

    /// Two calls side by side, then one more; a failed call ends it.
    #[derive(Default)]
    struct Two {
        asked: usize,
        answers: BTreeSet<String>,
        failed: bool,
    }

    impl Engine for Two {
        fn asks(&mut self) -> Vec<Ask> {
            let ready = self.asked == 0 || (self.asked == 2 && self.answers.len() == 2 && !self.failed);
            let new = if !ready {
                0..0
            } else if self.asked == 0 {
                0..2
            } else {
                2..3
            };
            self.asked = self.asked.max(new.end);
            new.map(|at| Ask { ticket: format!("phase/{at}"), call: Call::default(), purpose: "test" }).collect()
        }

        fn answer(&mut self, ticket: &str, outcome: Outcome) {
            self.failed |= outcome.is_err();
            self.answers.insert(ticket.to_owned());
        }
    }

    struct Told {
        asked: BTreeSet<String>,
        through: Vec<(usize, bool)>,
        most: usize,
    }

    /// Answers come in an order that the seed decides.
    fn drive(jobs: usize, workers: usize, mut seed: u64, fails: impl Fn(&str) -> bool, stop_at: Option<usize>) -> Told {
        let mut batch: Batch<Two> = Batch::new(0..jobs, workers);
        let mut told = Told { asked: BTreeSet::new(), through: Vec::new(), most: 0 };
        let mut under_way: Vec<String> = Vec::new();
        loop {
            while let Some(job) = batch.next_job() {
                batch.begin(job, Two::default());
            }
            told.most = told.most.max(batch.running().count());
            for ask in batch.asks() {
                assert!(told.asked.insert(ask.ticket.clone()), "{} is asked twice", ask.ticket);
                under_way.push(ask.ticket);
            }
            let through = batch.through();
            if !through.is_empty() {
                told.through.extend(through.into_iter().map(|(job, two)| (job, two.failed)));
                if stop_at.is_some_and(|at| told.through.len() >= at) {
                    batch.stop();
                }
                continue;
            }
            if under_way.is_empty() {
                return told;
            }
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let ticket = under_way.swap_remove((seed >> 33) as usize % under_way.len());
            let reply = Answered {
                reply: Reply::default(),
                model: String::new(),
                cost: None,
                elapsed: Duration::ZERO,
                attempts: 1,
                kept: false,
            };
            let outcome = if fails(&ticket) { Err(Trouble::new(What::Server, "down")) } else { Ok(reply) };
            batch.answer(&ticket, outcome);
        }
    }

    #[test]
    fn a_hundred_jobs_of_which_seven_fail() {
        let bad: Vec<String> = (1..=7).map(|at| format!("{}/phase/1", at * 13)).collect();
        let mut told = drive(100, 8, 1, |ticket| bad.iter().any(|bad| bad == ticket), None);
        told.through.sort_unstable();
        assert_eq!(told.through.len(), 100);
        let failed: Vec<usize> = told.through.iter().filter(|(_, failed)| *failed).map(|(job, _)| job + 1).collect();
        assert_eq!(failed, [13, 26, 39, 52, 65, 78, 91]);
        assert_eq!(told.asked.len(), 93 * 3 + 7 * 2);
        assert_eq!(told.most, 8);
    }

    #[test]
    fn a_job_that_is_broken_off_asks_nothing_more() {
        let mut batch: Batch<Two> = Batch::new(0..1, 3);
        let job = batch.next_job().expect("there is one");
        batch.begin(job, Two::default());
        assert_eq!(batch.asks().len(), 2);
        batch.break_off(job);
        for ticket in ["1/phase/0", "1/phase/1"] {
            assert!(batch.through().is_empty());
            batch.answer(ticket, Err(Trouble::new(What::Timeout, "late")));
            assert_eq!(batch.asks(), []);
        }
        assert_eq!(batch.through().len(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn every_job_comes_through_once(jobs in 0_usize..40, workers in 1_usize..9, seed in any::<u64>()) {
            let mut told = drive(jobs, workers, seed, |ticket| ticket.ends_with("7/phase/2"), None);
            prop_assert!(told.most <= workers);
            told.through.sort_unstable();
            let numbers: Vec<usize> = told.through.iter().map(|(job, _)| *job).collect();
            prop_assert_eq!(numbers, (0..jobs).collect::<Vec<_>>());
        }

        #[test]
        fn those_that_have_begun_come_through_when_no_more_begin(seed in any::<u64>()) {
            let told = drive(40, 4, seed, |_| false, Some(5));
            prop_assert!((5..=5 + 2 * 4).contains(&told.through.len()), "{}", told.through.len());
            prop_assert_eq!(told.asked.len(), told.through.len() * 3);
        }
    }
}
