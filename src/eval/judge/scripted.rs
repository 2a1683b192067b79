//! A judge that answers by a script.

use std::time::Duration;

use serde_json::{Value, json};

use crate::base::{Error, Result};
use crate::eval::{Around, Compiled, Directions, Judged, Kind, Subject};
use crate::model::call::{Message, Reply, Role};
use crate::model::engine::{Answered, Outcome};
use crate::model::{Call, Map, Score};

/// Surroundings with files, and with a judge.
#[derive(Default)]
pub struct Room {
    pub files: Vec<(&'static str, &'static str)>,
    pub tested: Vec<&'static str>,
}

impl Around for Room {
    fn file(&self, path: &str) -> Result<String> {
        let found = self.files.iter().find(|(name, _)| *name == path);
        found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| Error::invalid(format!("there is no file {path}")))
    }

    fn output_schema(&self) -> Option<Value> {
        None
    }

    fn judge(&self, named: Option<&str>) -> Result<(String, String)> {
        let (service, model) = named.unwrap_or("test/judge").split_once('/').expect("a service");
        Ok((service.to_owned(), model.to_owned()))
    }

    fn tested(&self) -> Vec<String> {
        self.tested.iter().map(|&name| name.to_owned()).collect()
    }

    fn meaning(&self) -> Result<Directions> {
        Err(Error::invalid("nothing has a meaning here"))
    }
}

/// What a scripted judge is asked.
pub struct Seen {
    pub judge: String,
    pub ticket: String,
    pub nonce: String,
    pub system: String,
    pub user: String,
}

impl Seen {
    pub fn of(ticket: &str, call: &Call) -> Seen {
        let [system, user] = &call.messages[..] else { panic!("two messages: {:?}", call.messages) };
        let user = user.text();
        let (_, word) = user.rsplit_once("The verdict is \"").expect("the word");
        let nonce = word.split('"').next().expect("closed").to_owned();
        Seen { judge: call.model_name(), ticket: ticket.to_owned(), nonce, system: system.text(), user }
    }

    /// What stands between the tags of this name.
    pub fn fenced(&self, name: &str) -> &str {
        let (open, close) = (format!("<{name}-{}>\n", self.nonce), format!("\n</{name}-{}>", self.nonce));
        let (_, rest) = self.user.split_once(&open).unwrap_or_else(|| panic!("no {name} in {}", self.user));
        rest.split_once(&close).expect("closed").0
    }

    /// A verdict with these keys.
    pub fn verdict(&self, more: &Value) -> String {
        let mut verdict = json!({"verdict": self.nonce, "reason": "So it is.", "can_tell": true});
        verdict.as_object_mut().expect("a map").extend(more.as_object().expect("a map").clone());
        verdict.to_string()
    }
}

pub fn answered(text: String) -> Outcome {
    let reply = Reply { text, ..Reply::default() };
    Ok(Answered { reply, model: "test/judge".into(), cost: None, elapsed: Duration::ZERO, attempts: 1, kept: false })
}

pub fn compiled(kind: &Kind, value: &Value, room: &Room) -> Result<Box<dyn Judged>, String> {
    match (kind.compile)(value, room)? {
        Compiled::Judged(judged) => Ok(judged),
        Compiled::Plain(_) => panic!("it asks a judge"),
    }
}

/// The score of an answer, with everything that was asked. The last question is answered first.
pub fn heard(kind: &Kind, value: &Value, answer: &str, mut script: impl FnMut(&Seen) -> Outcome) -> (Score, Vec<Seen>) {
    let judged = compiled(kind, value, &Room::default()).expect("compiles");
    let reply = Reply { text: answer.to_owned(), ..Reply::default() };
    let messages = [Message::new(Role::User, "Where is my parcel?")];
    let vars = Map::new();
    let subject = Subject { reply: &reply, messages: &messages, vars: &vars, tools: &[], cost: None, elapsed: None };
    let mut trial = judged.begin(&subject).expect("begins");
    let mut seen = Vec::new();
    for _ in 0..9 {
        let asks = trial.asks();
        for ask in asks.iter().rev() {
            assert!(trial.score().is_none(), "no score before all is told");
            let one = Seen::of(&ask.ticket, &ask.call);
            trial.answer(&ask.ticket, script(&one));
            seen.push(one);
        }
        if asks.is_empty() {
            return (trial.score().expect("a score"), seen);
        }
    }
    panic!("it never ends");
}
