//! What a rule found, before it is known where the file lies and how serious it is.

use crate::base::{Edit, Fix, Span};

#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub rule: &'static str,
    /// Nothing means the file as a whole.
    pub span: Option<Span>,
    pub message: String,
    pub related: Vec<Related>,
    pub hints: Vec<String>,
    pub fix: Option<Fix>,
}

/// Another place that belongs to the story, in the same file or in that of the given number.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    pub file: Option<usize>,
    pub span: Option<Span>,
    pub what: String,
}

impl Hit {
    pub fn at(rule: &'static str, span: impl Into<Span>, message: impl Into<String>) -> Hit {
        Hit { span: Some(span.into()), ..Hit::file(rule, message) }
    }

    pub fn file(rule: &'static str, message: impl Into<String>) -> Hit {
        Hit { rule, span: None, message: message.into(), related: Vec::new(), hints: Vec::new(), fix: None }
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Hit {
        self.hints.push(hint.into());
        self
    }

    #[must_use]
    pub fn hint_if(mut self, hint: Option<impl Into<String>>) -> Hit {
        self.hints.extend(hint.map(Into::into));
        self
    }

    /// A fix that keeps the meaning: `--fix` applies it.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, span: impl Into<Span>, text: impl Into<String>) -> Hit {
        let edits = vec![Edit { span: span.into(), text: text.into() }];
        self.fix = Some(Fix { title: title.into(), edits, safe: true });
        self
    }

    #[must_use]
    pub fn see(mut self, file: usize, span: Option<Span>, what: impl Into<String>) -> Hit {
        self.related.push(Related { file: Some(file), span, what: what.into() });
        self
    }
}
