//! An engine and the world: its calls side by side, their answers in whatever order they come, a journal beside them.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{AbortHandle, LocalSet};
use tokio::time::{Instant, sleep_until};

use crate::base::{Error, Result};
use crate::model::Money;
use crate::model::call::Piece;
use crate::model::engine::{Answered, Ask, Engine, Outcome};

use super::Models;
use super::interrupt::Guard;
use super::journal::Journal;
use super::world::{Done, World};
use crate::app::App;

/// How long calls that are on their way may take to end after Ctrl-C.
const DRAIN: Duration = Duration::from_secs(5);
/// How long a paid answer may wait for the disk.
const COMMIT: Duration = Duration::from_millis(100);
/// Calls that are begun at once. More than the caps allow, as those that wait for another try hold no room.
const BEGUN: usize = 64;

/// How far a run is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Calls that the engine has asked for so far.
    pub asked: usize,
    /// Of these, with an answer, without one, and on their way.
    pub answered: usize,
    pub failed: usize,
    pub on_their_way: usize,
    /// Answers that were there already, from the journal or from what was kept.
    pub kept: usize,
    /// What was paid now.
    pub cost: Money,
    /// Answers whose price is not known.
    pub unpriced: usize,
    /// Somebody asked for the end.
    pub ending: bool,
}

/// What just happened.
#[derive(Debug)]
pub enum Event<'a> {
    Begun(&'a str),
    Piece(&'a str, &'a Piece),
    /// Before the engine hears of it.
    Ended(&'a str, &'a Done),
    /// The first Ctrl-C.
    Ending,
}

/// How a run ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ended {
    pub progress: Progress,
    /// Whether it was broken off, and can be taken up.
    pub interrupted: bool,
    /// Tickets that were sent and not heard of: they may have been paid for.
    pub doubtful: Vec<String>,
}

/// Where a run keeps what it pays for.
pub trait Keep {
    /// The answer to a ticket, if it is there and the request is still the same.
    fn answer(&self, ticket: &str, request: &str) -> Option<Answered>;

    /// A call is about to be sent: this must outlive palc before it is.
    fn intend(&mut self, ticket: &str, request: &str) -> Result<()>;

    /// What came of it: handed over to the system before anybody hears of it.
    fn end(&mut self, ticket: &str, request: &str, outcome: &Outcome) -> Result<()>;

    fn flush(&mut self) -> Result<()>;

    /// See to it that it outlives a power cut, too.
    fn sync(&mut self) -> Result<()>;
}

/// Shared with the calls: they note when they are sent.
pub type Keeper = Rc<RefCell<dyn Keep>>;

enum News {
    Piece(String, Piece),
    Done(String, Box<Done>),
}

impl Models<'_> {
    /// Drive an engine to its end. Calls that the journal has answers for are not made again.
    pub fn drive(
        &self,
        engine: &mut dyn Engine,
        journal: Option<&mut Journal>,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Ended> {
        self.drive_and_tell(engine, journal, false, &mut |_, now| {
            progress(now);
            Ok(())
        })
    }

    /// The same, with everything that happens on the way. An error of the listener ends the run in order.
    pub fn drive_and_tell(
        &self,
        engine: &mut dyn Engine,
        journal: Option<&mut Journal>,
        stream: bool,
        tell: &mut dyn FnMut(Event<'_>, &Progress) -> Result<()>,
    ) -> Result<Ended> {
        // Calls note in the journal when they are sent, so it is theirs, too, as long as the run lasts.
        let mut lent = journal;
        let shared = lent.as_mut().map(|journal| Rc::new(RefCell::new(std::mem::take(&mut **journal))));
        let keeper = shared.clone().map(|shared| shared as Keeper);
        let ended = self.drive_and_keep(engine, keeper, stream, tell);
        if let (Some(lent), Some(shared)) = (lent, shared) {
            *lent = std::mem::take(&mut *shared.borrow_mut());
        }
        ended
    }

    /// The same, for runs that keep their answers in their own way.
    pub fn drive_and_keep(
        &self,
        engine: &mut dyn Engine,
        keeper: Option<Keeper>,
        stream: bool,
        tell: &mut dyn FnMut(Event<'_>, &Progress) -> Result<()>,
    ) -> Result<Ended> {
        let (sender, receiver) = unbounded_channel();
        let mut drive = Drive {
            app: self.app,
            world: self.world.clone(),
            sender,
            stream,
            keeper: keeper.clone(),
            waiting: VecDeque::new(),
            under_way: HashMap::new(),
            progress: Progress::default(),
            doubtful: Vec::new(),
            commit: None,
        };
        let local = LocalSet::new();
        let interrupted = self.runtime.block_on(local.run_until(drive.run(engine, receiver, tell)));
        drop(local);
        let Drive { progress, under_way, mut doubtful, .. } = drive;
        let synced = keeper.map_or(Ok(()), |keeper| keeper.borrow_mut().sync());
        let interrupted = interrupted?;
        synced?;
        let sent = under_way.into_iter().filter(|(_, under_way)| under_way.sent.get());
        doubtful.extend(sent.map(|(ticket, _)| ticket));
        doubtful.sort();
        Ok(Ended { progress, interrupted, doubtful })
    }
}

/// A call that was begun.
struct UnderWay {
    /// Whether it was sent, and not only waits for its turn.
    sent: Rc<Cell<bool>>,
    task: AbortHandle,
}

struct Drive<'a> {
    app: &'a App,
    world: Rc<World>,
    sender: UnboundedSender<News>,
    stream: bool,
    keeper: Option<Keeper>,
    waiting: VecDeque<Ask>,
    under_way: HashMap<String, UnderWay>,
    progress: Progress,
    /// Calls that nobody waited for any longer.
    doubtful: Vec<String>,
    /// When answers that are not on the disk must be there.
    commit: Option<Instant>,
}

type Tell<'a> = &'a mut dyn FnMut(Event<'_>, &Progress) -> Result<()>;

impl Drive<'_> {
    /// Whether it was broken off.
    async fn run(
        &mut self,
        engine: &mut dyn Engine,
        mut news: UnboundedReceiver<News>,
        tell: Tell<'_>,
    ) -> Result<bool> {
        let guard = Guard::hold();
        let mut until = None;
        loop {
            if until.is_none() {
                self.take_asks(engine, tell)?;
            }
            if self.under_way.is_empty() {
                return Ok(until.is_some());
            }
            tokio::select! {
                biased;
                () = guard.asked(), if until.is_none() => {
                    until = Some(Instant::now() + DRAIN);
                    self.progress.ending = true;
                    self.give_up_unsent();
                    tell(Event::Ending, &self.progress)?;
                }
                () = at(until) => return Ok(true),
                () = at(self.commit) => self.sync()?,
                Some(first) = news.recv() => {
                    self.hear(first, engine, tell)?;
                    while let Ok(next) = news.try_recv() {
                        self.hear(next, engine, tell)?;
                    }
                }
            }
        }
    }

    /// Begin as many of the calls that are wanted as may be under way.
    fn take_asks(&mut self, engine: &mut dyn Engine, tell: Tell<'_>) -> Result<()> {
        loop {
            let asks = engine.asks();
            self.progress.asked += asks.len();
            self.waiting.extend(asks);
            let before = self.progress.kept;
            while self.under_way.len() < BEGUN.max(self.world.most * 2) {
                let Some(ask) = self.waiting.pop_front() else { break };
                self.begin(ask, engine, tell)?;
            }
            // An answer from the journal may bring new questions.
            if self.progress.kept == before {
                return self.flush();
            }
        }
    }

    fn begin(&mut self, ask: Ask, engine: &mut dyn Engine, tell: Tell<'_>) -> Result<()> {
        let mut going = self.world.begin(self.app, &ask.call, self.stream);
        let request = going.name();
        let Ask { ticket, .. } = ask;
        let known = self.keeper.as_ref().and_then(|keeper| keeper.borrow().answer(&ticket, &request));
        if let Some(answered) = known {
            self.progress.kept += 1;
            self.progress.answered += 1;
            let done = Done::kept(answered);
            tell(Event::Ended(&ticket, &done), &self.progress)?;
            engine.answer(&ticket, done.outcome);
            return Ok(());
        }
        if let Some(patience) = engine.patience(&ticket) {
            going.must_end_within(patience);
        }
        self.progress.on_their_way += 1;
        let sent = Rc::new(Cell::new(false));
        tell(Event::Begun(&ticket), &self.progress)?;
        let (world, sender, keeper) = (self.world.clone(), self.sender.clone(), self.keeper.clone());
        let (name, was_sent) = (ticket.clone(), sent.clone());
        let task = tokio::task::spawn_local(async move {
            let mut each = |piece: Piece| drop(sender.send(News::Piece(ticket.clone(), piece)));
            let mut before = || {
                sent.set(true);
                keeper.as_ref().map_or(Ok(()), |keeper| keeper.borrow_mut().intend(&ticket, &request))
            };
            let mut done = world.perform(going, &mut before, &mut each).await;
            // Written before the next call is sent or anybody is told: nothing that was paid for gets lost in between.
            // What is in doubt stays an intent that nothing follows.
            if let Some(keeper) = &keeper
                && !done.in_doubt
                && let Err(error) = keeper.borrow_mut().end(&ticket, &request, &done.outcome)
            {
                done.unkept = Some(error.message().to_owned());
            }
            // Nobody listens any more when the run was broken off.
            let _ = sender.send(News::Done(ticket.clone(), Box::new(done)));
        });
        self.under_way.insert(name, UnderWay { sent: was_sent, task: task.abort_handle() });
        Ok(())
    }

    /// Calls that wait for their turn are not made any more.
    fn give_up_unsent(&mut self) {
        self.waiting.clear();
        self.under_way.retain(|_, call| {
            if !call.sent.get() {
                call.task.abort();
            }
            call.sent.get()
        });
        self.progress.on_their_way = self.under_way.len();
    }

    fn hear(&mut self, news: News, engine: &mut dyn Engine, tell: Tell<'_>) -> Result<()> {
        let (ticket, done) = match news {
            News::Piece(ticket, piece) if self.stream => return tell(Event::Piece(&ticket, &piece), &self.progress),
            News::Piece(..) => return Ok(()),
            News::Done(ticket, done) => (ticket, done),
        };
        self.under_way.remove(&ticket);
        if let Some(why) = &done.unkept {
            return Err(Error::storage(format!("{ticket} was answered, and the answer was not kept: {why}")));
        }
        self.commit.get_or_insert_with(|| Instant::now() + COMMIT);
        self.progress.on_their_way -= 1;
        if done.in_doubt {
            self.doubtful.push(ticket.clone());
        }
        match &done.outcome {
            Ok(answered) => {
                self.progress.answered += 1;
                self.progress.kept += usize::from(answered.kept);
                match answered.cost {
                    Some(cost) if !answered.kept => self.progress.cost = self.progress.cost + cost,
                    Some(_) => {}
                    None => self.progress.unpriced += 1,
                }
            }
            Err(_) => self.progress.failed += 1,
        }
        tell(Event::Ended(&ticket, &done), &self.progress)?;
        engine.answer(&ticket, done.outcome);
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.keeper.as_ref().map_or(Ok(()), |keeper| keeper.borrow_mut().flush())
    }

    fn sync(&mut self) -> Result<()> {
        self.commit = None;
        self.keeper.as_ref().map_or(Ok(()), |keeper| keeper.borrow_mut().sync())
    }
}

/// Never, if there is no such moment.
async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use crate::app::models::How;
    use crate::base::env::Env;
    use crate::model::Call;
    use crate::model::call::{Message, Role};
    use crate::model::engine::Outcome;
    use serde_json::json;

    use super::*;

    /// Says a word to the echo, and says to it what it answered, so many times.
    struct Talk {
        left: u32,
        say: Option<String>,
        heard: Vec<String>,
    }

    impl Engine for Talk {
        fn asks(&mut self) -> Vec<Ask> {
            let Some(word) = self.say.take() else { return Vec::new() };
            let messages = vec![Message::new(Role::User, word)];
            let call = Call { service: "echo".into(), model: "echo".into(), messages, ..Call::default() };
            vec![Ask { ticket: self.left.to_string(), call, purpose: "talk" }]
        }

        fn answer(&mut self, ticket: &str, outcome: Outcome) {
            let text = outcome.expect("an echo").reply.text;
            self.heard.push(format!("{ticket}: {text}"));
            self.left -= 1;
            self.say = (self.left > 0).then(|| format!("{text}!"));
        }
    }

    #[test]
    fn answers_bring_questions_until_there_are_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let fixed = [("PALC_NOW", "2026-01-31T12:00:00Z"), ("PALC_SEED", "1"), ("HOME", "/nowhere")];
        let mut variables: Vec<_> = fixed.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        variables[2].1 = folder.path().join("home").display().to_string();
        let app = App::new(Env::new(folder.path(), variables)).expect("an app");
        let models = Models::open(&app, &How { offline: true, ..How::default() }).expect("open");
        let talk = || Talk { left: 3, say: Some("hi".into()), heard: Vec::new() };

        let mut journal = Journal::create(&app, json!({})).expect("begun");
        let mut first = talk();
        let mut seen = Vec::new();
        let ended = models.drive(&mut first, Some(&mut journal), &mut |now| seen.push(now.answered)).expect("driven");
        assert_eq!(first.heard, ["3: hi", "2: hi!", "1: hi!!"]);
        assert_eq!((ended.progress.answered, ended.progress.kept, ended.interrupted), (3, 0, false));
        assert_eq!(seen.last(), Some(&3));

        let mut journal = Journal::resume(&app, journal.id()).expect("there");
        let mut again = talk();
        let ended = models.drive(&mut again, Some(&mut journal), &mut |_| ()).expect("driven");
        assert_eq!(again.heard, first.heard);
        assert_eq!(ended.progress.kept, 3);
    }
}
