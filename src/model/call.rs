//! A call to a model and what comes back, in palc's own words. Each service has other words for them; those are
//! `provider`'s business.

use std::time::Duration;

use super::money::Money;
use super::{Map, Value};

/// One question to one model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Call {
    /// The service's name in the settings, such as `anthropic`.
    pub service: String,
    /// The model's name at the service, without the service.
    pub model: String,
    pub messages: Vec<Message>,
    /// `temperature`, `max_tokens` and so on. Those that palc does not know pass as they are.
    pub params: Map,
    pub tools: Vec<Tool>,
    pub tool_choice: ToolChoice,
    pub answer: Answer,
}

impl Call {
    /// The model as people write it: `service/model`.
    pub fn model_name(&self) -> String {
        model_name(&self.service, &self.model)
    }
}

/// `service/model`, or the name of a model inside palc.
pub fn model_name(service: &str, model: &str) -> String {
    match service {
        "echo" => service.to_owned(),
        "replay" => format!("{service}:{model}"),
        _ => format!("{service}/{model}"),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    System,
    Developer,
    User,
    Assistant,
    Tool,
}

impl Role {
    pub const ALL: [Role; 5] = [Role::System, Role::Developer, Role::User, Role::Assistant, Role::Tool];

    pub fn word(self) -> &'static str {
        match self {
            Role::System => "system",
            Role::Developer => "developer",
            Role::User => "user",
            Role::Assistant => "assistant",
            Role::Tool => "tool",
        }
    }

    pub fn from_word(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.word() == word)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub role: Role,
    pub name: Option<String>,
    pub parts: Vec<Part>,
}

impl Message {
    pub fn new(role: Role, text: impl Into<String>) -> Message {
        Message { role, name: None, parts: vec![Part::Text(text.into())] }
    }

    /// Its text, without everything that is none.
    pub fn text(&self) -> String {
        let text = |part: &Part| match part {
            Part::Text(text) => Some(text.clone()),
            _ => None,
        };
        self.parts.iter().filter_map(text).collect()
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    Text(String),
    Media {
        url: String,
        mime: Option<String>,
    },
    ToolCall(ToolCall),
    ToolResult(ToolResult),
    /// What a service gave with an earlier reply and wants back unchanged, such as a signed thought.
    Kept(Value),
}

/// A function that the model may ask for.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    pub name: String,
    pub description: Option<String>,
    /// A JSON Schema.
    pub parameters: Value,
    pub strict: Option<bool>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ToolChoice {
    #[default]
    Auto,
    None,
    Required,
    Named(String),
}

/// The model asks for a function.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolCall {
    pub id: String,
    pub name: String,
    /// What it is to be called with, as the model wrote it: it need not be JSON.
    pub arguments: String,
}

/// What a function answered.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolResult {
    pub id: String,
    pub name: String,
    pub content: String,
    pub failed: bool,
}

/// The form in which the answer is wanted.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Answer {
    #[default]
    Text,
    Json,
    Schema {
        name: String,
        schema: Value,
        strict: bool,
    },
}

/// What a model answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reply {
    pub text: String,
    /// What it thought before, where the service shows it.
    pub thoughts: String,
    /// The words in which it refused. A refusal is an answer, not an error.
    pub refusal: Option<String>,
    pub tool_calls: Vec<ToolCall>,
    /// For [`Part::Kept`] of the next call.
    pub kept: Vec<Value>,
    pub stop: Stop,
    /// The service's own word for why it ended, or its backend's where it passes calls on.
    pub stop_word: Option<String>,
    /// None if the service did not say; that is not the same as nothing.
    pub usage: Option<Usage>,
    /// The model that answered, as the service names it.
    pub model: Option<String>,
    pub id: Option<String>,
    /// Who served it, where a service passes calls on.
    pub backend: Option<String>,
}

/// Why the answer ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Stop {
    #[default]
    Complete,
    /// `max_tokens` was reached.
    Length,
    ToolCalls,
    Refused,
    /// The context window is full.
    ContextFull,
    /// The service's own word for anything else.
    Other(String),
}

impl Stop {
    pub fn word(&self) -> &str {
        match self {
            Stop::Complete => "complete",
            Stop::Length => "length",
            Stop::ToolCalls => "tool_calls",
            Stop::Refused => "refused",
            Stop::ContextFull => "context_full",
            Stop::Other(word) => word,
        }
    }

    pub fn from_word(word: &str) -> Stop {
        let known = [Stop::Complete, Stop::Length, Stop::ToolCalls, Stop::Refused, Stop::ContextFull];
        known.into_iter().find(|stop| stop.word() == word).unwrap_or_else(|| Stop::Other(word.to_owned()))
    }
}

/// Tokens as they are paid for. `input` has none that came from a cache or went into it; `output` has those of thoughts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage {
    /// None if the service counted one side only.
    pub input: Option<u64>,
    pub output: Option<u64>,
    pub cache_read: u64,
    /// Kept for five minutes, or for as long as the service does by default.
    pub cache_write: u64,
    pub cache_write_hour: u64,
    /// The part of `output` that was thought and not said, where the service tells.
    pub reasoning: Option<u64>,
    /// What the service itself says it costs.
    pub cost: Option<Money>,
    /// As the service said it.
    pub raw: Value,
}

impl Usage {
    /// All tokens that went in, from wherever.
    pub fn input_total(&self) -> Option<u64> {
        self.input.map(|input| input + self.cache_read + self.cache_write + self.cache_write_hour)
    }
}

/// A piece of an answer that is still being given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    Thought(String),
    Refusal(String),
    /// The model began to ask for a function.
    ToolCall {
        name: String,
    },
}

/// Why a call has no answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Trouble {
    pub what: What,
    /// In the service's words, or palc's where it never came so far.
    pub message: String,
    pub status: Option<u16>,
    /// The service's own word for it.
    pub code: Option<String>,
    /// The parameter it complains about.
    pub param: Option<String>,
    /// Whether another try makes sense, if the service says so itself: that beats every rule.
    pub retry: Option<bool>,
    /// When the service says that another try makes sense.
    pub retry_after: Option<Duration>,
    pub request_id: Option<String>,
    /// What had come before it broke off.
    pub partial: Option<Box<Reply>>,
}

impl Trouble {
    pub fn new(what: What, message: impl Into<String>) -> Trouble {
        Trouble {
            what,
            message: message.into(),
            status: None,
            code: None,
            param: None,
            retry: None,
            retry_after: None,
            request_id: None,
            partial: None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What {
    /// No key, or one that is not known there.
    Auth,
    /// The key is good and may not do this.
    Permission,
    /// No such model or address.
    NotFound,
    BadRequest,
    /// The prompt is longer than the model can read.
    ContextLength,
    RateLimited,
    /// Nothing left to spend: waiting does not help.
    Quota,
    Overloaded,
    /// The service failed.
    Server,
    Timeout,
    /// Nobody was reached, or the connection broke before anything was answered.
    Network,
    /// What was answered is no answer. It may well have been paid for.
    Decode,
    /// A stream broke off in the middle.
    Cut,
    /// The answer grew larger than palc takes.
    TooLarge,
    /// Whoever asked did not want to wait any longer. It may have been paid for.
    Late,
    /// Refused by palc itself: offline, not in the cassette, above the limit.
    Refused,
}

impl What {
    pub fn word(self) -> &'static str {
        match self {
            What::Auth => "auth",
            What::Permission => "permission",
            What::NotFound => "not-found",
            What::BadRequest => "bad-request",
            What::ContextLength => "context-length",
            What::RateLimited => "rate-limited",
            What::Quota => "quota",
            What::Overloaded => "overloaded",
            What::Server => "server",
            What::Timeout => "timeout",
            What::Network => "network",
            What::Decode => "decode",
            What::Cut => "cut",
            What::TooLarge => "too-large",
            What::Late => "late",
            What::Refused => "refused",
        }
    }
}
