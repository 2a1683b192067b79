//! Trouble with a call as people meet it: which model, what happened, what to do next.

use crate::base::{Error, Kind};
use crate::model::call::What;
use crate::model::{Call, Trouble};
use crate::provider::Service;

/// The error for a call without an answer. The service is given where it is known.
pub fn error(call: &Call, service: Option<&Service>, trouble: &Trouble) -> Error {
    let model = call.model_name();
    let mut details: Vec<String> = trouble.status.map(|status| format!("status {status}")).into_iter().collect();
    details.extend(trouble.code.clone());
    details.extend(trouble.request_id.as_ref().map(|id| format!("request {id}")));
    let details = if details.is_empty() { String::new() } else { format!(" ({})", details.join(", ")) };
    let message = format!("{model}: {}{details}", trouble.message);
    let hints = hints(&call.service, service, trouble);
    hints.into_iter().fold(Error::new(Kind::Provider, message), Error::hint)
}

fn hints(name: &str, service: Option<&Service>, trouble: &Trouble) -> Vec<String> {
    let variable = service.and_then(|service| service.key_variable.as_deref());
    let auth = || format!("`palc auth set {name}` keeps a key");
    match trouble.what {
        What::Auth if trouble.status.is_none() => {
            vec![
                variable
                    .map_or_else(auth, |variable| format!("set {variable}, or have `palc auth set {name}` keep it")),
            ]
        }
        What::Auth => vec![format!("the service does not know the key: {}", auth())],
        What::Permission => {
            vec!["the key is good and may not do this: the service's own settings say what it may".into()]
        }
        What::NotFound => vec![format!("`palc models {name}` lists what there is")],
        What::ContextLength => vec!["`palc tokens` says how long the prompt is".into()],
        What::Quota => vec!["nothing is left to spend there; waiting does not help".into()],
        What::RateLimited => vec![format!("`providers.{name}.requests_per_minute` keeps palc below the limit")],
        What::Overloaded | What::Server => vec![format!("`providers.{name}.fallback` names who is asked instead")],
        What::Timeout => vec![format!("`providers.{name}.timeout` says how long palc waits")],
        What::Network => {
            service.map(|service| format!("it is looked for at {}", service.base_url)).into_iter().collect()
        }
        What::TooLarge => vec![format!("`providers.{name}.answer_bytes` says how large an answer may be")],
        What::Cut | What::Decode => {
            vec!["the answer may have been paid for, so palc does not ask again by itself".into()]
        }
        What::BadRequest | What::Late | What::Refused => Vec::new(),
    }
}
