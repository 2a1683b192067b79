//! Rows as calls: rendered when there is room for them, told in their order.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};

use crate::app::App;
use crate::app::render::{self, One};
use crate::base::{Error, Result};
use crate::model::engine::{Ask, Engine, Outcome};

use super::{About, Asked, Ran};

/// Rows that are begun and not told yet. A row that takes long holds up the telling of those behind it, not their calls.
const WINDOW: usize = 256;

/// What the engine and the listener both know.
#[derive(Default)]
pub struct Shared {
    /// Tickets in the order of their rows.
    order: VecDeque<String>,
    abouts: HashMap<String, (usize, About)>,
    ready: HashMap<String, Result<Box<Ran>>>,
    /// Rows that could not be asked about.
    pub broken: usize,
}

impl Shared {
    pub fn about(&mut self, ticket: &str) -> (usize, About) {
        self.abouts.remove(ticket).expect("what is answered was asked")
    }

    pub fn ready(&mut self, ticket: &str, ran: Result<Ran>) {
        self.ready.insert(ticket.to_owned(), ran.map(Box::new));
    }

    /// The next row that can be told; at the end, those too that stand behind one without an answer.
    pub fn next(&mut self, all: bool) -> Option<Result<Box<Ran>>> {
        while let Some(ticket) = self.order.front() {
            let ready = self.ready.remove(ticket);
            if ready.is_none() && !all {
                return None;
            }
            self.order.pop_front();
            if ready.is_some() {
                return ready;
            }
        }
        None
    }
}

/// The engine: every row of every prompt, as there is room.
pub struct Rows<'a> {
    app: &'a App,
    asked: &'a [Asked],
    at: usize,
    rows: Option<Box<dyn Iterator<Item = Result<One>> + 'a>>,
    /// The first, which was looked at already.
    first: Option<Result<(About, Ask)>>,
    shared: &'a RefCell<Shared>,
}

impl<'a> Rows<'a> {
    pub fn new(app: &'a App, asked: &'a [Asked], shared: &'a RefCell<Shared>) -> Result<Rows<'a>> {
        let mut rows = Rows { app, asked, at: 0, rows: None, first: None, shared };
        // What cannot be read is said before anything is begun.
        rows.open()?;
        rows.first = rows.next();
        Ok(rows)
    }

    /// The error of the first, if it is the only one and cannot be asked about.
    pub fn only(&mut self) -> Result<()> {
        match self.first.take() {
            Some(Err(error)) => Err(error),
            first => {
                self.first = first;
                Ok(())
            }
        }
    }

    fn open(&mut self) -> Result<()> {
        self.rows = match self.asked.get(self.at) {
            Some(asked) => Some(render::rows(self.app, &asked.request, &asked.job)?),
            None => None,
        };
        Ok(())
    }

    fn next(&mut self) -> Option<Result<(About, Ask)>> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        loop {
            let Some(one) = self.rows.as_mut()?.next() else {
                self.at += 1;
                match self.open() {
                    Ok(()) => continue,
                    Err(error) => return Some(Err(error)),
                }
            };
            let asked = &self.asked[self.at];
            return Some(one.and_then(|one| asked.call(&one)).map(|(about, call)| {
                let ask = Ask { ticket: about.ticket.clone(), call, purpose: "run" };
                (about, ask)
            }));
        }
    }

    fn fail(&self, error: Error) {
        let mut shared = self.shared.borrow_mut();
        shared.broken += 1;
        let ticket = format!("!{}", shared.broken);
        shared.order.push_back(ticket.clone());
        shared.ready.insert(ticket, Err(error));
    }
}

impl Engine for Rows<'_> {
    fn asks(&mut self) -> Vec<Ask> {
        let mut asks = Vec::new();
        while self.shared.borrow().order.len() < WINDOW {
            match self.next() {
                None => break,
                Some(Err(error)) => self.fail(error),
                Some(Ok((about, ask))) => {
                    let mut shared = self.shared.borrow_mut();
                    shared.order.push_back(ask.ticket.clone());
                    shared.abouts.insert(ask.ticket.clone(), (self.at, about));
                    asks.push(ask);
                }
            }
        }
        asks
    }

    /// Every answer was told already, and brings no question.
    fn answer(&mut self, _: &str, _: Outcome) {}
}
