//! Whether messages are as somebody expects them. No model is asked.

use regex::Regex;

use super::messages::Message;
use super::tokens::Counter;
use crate::base::Error;
use crate::model::scenario::{Check, Expectation};

/// What is wrong with the messages, if they are not as expected; or with there being none.
pub fn judge(expectation: &Expectation, outcome: &Result<Vec<Message>, Error>, counter: Counter) -> Option<String> {
    match (&expectation.check, outcome) {
        (Check::Missing(names), Ok(_)) => Some(format!("it renders, although {} is not given", listed(names))),
        (Check::Missing(names), Err(error)) => not_missing(names, error),
        // Why it cannot be rendered is told once, not for every expectation.
        (_, Err(_)) => None,
        (check, Ok(messages)) => {
            let role = expectation.role.as_deref();
            let seen: Vec<&Message> =
                messages.iter().filter(|message| role.is_none_or(|role| message.role == role)).collect();
            wrong(check, &seen, counter).map(|wrong| match role {
                Some(role) => format!("{wrong} (of the role {role})"),
                None => wrong,
            })
        }
    }
}

fn wrong(check: &Check, messages: &[&Message], counter: Counter) -> Option<String> {
    let holds = |text: &String| messages.iter().find(|message| message.text().contains(text));
    match check {
        Check::Contains(text) if holds(text).is_none() => Some(format!("no message contains `{text}`")),
        Check::NotContains(text) => {
            holds(text).map(|message| format!("a message of the role {} contains `{text}`", message.role))
        }
        Check::Matches(pattern) => {
            let regex = Regex::new(pattern).ok()?;
            let found = messages.iter().any(|message| regex.is_match(&message.text()));
            (!found).then(|| format!("no message matches `{pattern}`"))
        }
        Check::Messages(count) if messages.len() != *count => {
            Some(format!("there are {} messages, not {count}", messages.len()))
        }
        Check::Roles(roles) => {
            let found: Vec<&str> = messages.iter().map(|message| message.role.as_str()).collect();
            (found != *roles).then(|| format!("the roles are {}, not {}", found.join(", "), roles.join(", ")))
        }
        Check::MaxTokens(most) => {
            let owned: Vec<Message> = messages.iter().map(|message| (*message).clone()).collect();
            let count = counter.conversation(&owned).tokens;
            (count > *most).then(|| format!("there are {count} tokens, more than {most}"))
        }
        Check::Contains(_) | Check::Messages(_) | Check::Missing(_) => None,
    }
}

/// The names that the error does not complain of.
fn not_missing(names: &[String], error: &Error) -> Option<String> {
    let complains = |name: &&String| {
        error.places().iter().any(|f| f.rule == "missing-variable" && f.message.starts_with(&format!("`{name}`")))
    };
    let other: Vec<String> = names.iter().filter(|name| !complains(name)).cloned().collect();
    (!other.is_empty()).then(|| format!("{} is not what is missing", listed(&other)))
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Span;
    use crate::render::Turn;

    fn told(check: Check, role: Option<&str>) -> Option<String> {
        let turn =
            |role: &str, content: &str| Message::from(Turn { role: role.into(), content: content.into(), name: None });
        let messages = vec![turn("system", "Be kind."), turn("user", "I was charged twice")];
        let expectation = Expectation { check, role: role.map(str::to_owned), span: Span::default() };
        judge(&expectation, &Ok(messages), Counter::of("openai/gpt-4o"))
    }

    #[test]
    fn says_what_is_not_as_expected() {
        assert_eq!(told(Check::Contains("charged".into()), None), None);
        assert_eq!(
            told(Check::Contains("charged".into()), Some("system")).as_deref(),
            Some("no message contains `charged` (of the role system)")
        );
        assert_eq!(told(Check::NotContains("kind".into()), Some("user")), None);
        assert!(told(Check::NotContains("kind".into()), None).is_some());
        assert_eq!(told(Check::Matches("^I .* twice$".into()), None), None);
        assert_eq!(told(Check::Messages(3), None).as_deref(), Some("there are 2 messages, not 3"));
        assert_eq!(told(Check::Roles(vec!["system".into(), "user".into()]), None), None);
        assert!(told(Check::MaxTokens(3), None).is_some());
        assert!(told(Check::Missing(vec!["x".into()]), None).is_some());
    }
}
