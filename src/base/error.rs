//! One error for the whole program: what happened, of which kind, and what to do next.

use std::fmt;

use super::diag::Finding;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of trouble it is. It decides the exit code, and nothing else does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The answer is no: findings, a failed gate, nothing found.
    No,
    /// The command line cannot be understood.
    Usage,
    /// A configuration or an input file is wrong.
    Invalid,
    /// A model provider refused or failed.
    Provider,
    /// Reading or writing files or git failed.
    Storage,
    /// palc itself is wrong.
    Bug,
    /// Stopped by a signal.
    Interrupted,
}

impl Kind {
    pub fn exit_code(self) -> u8 {
        match self {
            Kind::No => 1,
            Kind::Usage => 2,
            Kind::Invalid => 3,
            Kind::Provider => 4,
            Kind::Storage => 5,
            Kind::Bug => 70,
            Kind::Interrupted => 130,
        }
    }

    /// The stable word for this kind in JSON output.
    pub fn word(self) -> &'static str {
        match self {
            Kind::No => "no",
            Kind::Usage => "usage",
            Kind::Invalid => "invalid",
            Kind::Provider => "provider",
            Kind::Storage => "storage",
            Kind::Bug => "bug",
            Kind::Interrupted => "interrupted",
        }
    }
}

/// An error as a person meets it: a message, the findings that explain it, hints for the next step, and its cause.
#[derive(Debug)]
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Debug)]
struct Inner {
    kind: Kind,
    message: String,
    hints: Vec<String>,
    findings: Vec<Finding>,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        let inner = Inner { kind, message: message.into(), hints: Vec::new(), findings: Vec::new(), cause: None };
        Error { inner: Box::new(inner) }
    }

    pub fn no(message: impl Into<String>) -> Self {
        Error::new(Kind::No, message)
    }

    pub fn usage(message: impl Into<String>) -> Self {
        Error::new(Kind::Usage, message)
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        Error::new(Kind::Invalid, message)
    }

    pub fn storage(message: impl Into<String>) -> Self {
        Error::new(Kind::Storage, message)
    }

    pub fn bug(message: impl Into<String>) -> Self {
        Error::new(Kind::Bug, message)
    }

    /// Input that is wrong at one or more places of a file.
    pub fn findings(message: impl Into<String>, findings: Vec<Finding>) -> Self {
        Error::invalid(message).with_findings(findings)
    }

    /// The findings that explain it.
    #[must_use]
    pub fn with_findings(mut self, findings: Vec<Finding>) -> Self {
        self.inner.findings = findings;
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.inner.hints.push(hint.into());
        self
    }

    #[must_use]
    pub fn hint_if(self, hint: Option<impl Into<String>>) -> Self {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.inner.cause = Some(cause.into());
        self
    }

    pub fn kind(&self) -> Kind {
        self.inner.kind
    }

    pub fn message(&self) -> &str {
        &self.inner.message
    }

    pub fn hints(&self) -> &[String] {
        &self.inner.hints
    }

    pub fn places(&self) -> &[Finding] {
        &self.inner.findings
    }

    /// The messages of the causes, outermost first, without repeating what the message says already.
    pub fn causes(&self) -> Vec<String> {
        let mut causes = Vec::new();
        let mut next = self.inner.cause.as_deref().map(|cause| cause as &dyn std::error::Error);
        while let Some(cause) = next {
            causes.push(cause.to_string());
            next = cause.source();
        }
        causes
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.cause.as_deref().map(|cause| cause as _)
    }
}
