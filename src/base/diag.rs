//! Findings: what is wrong, where, and how to mend it. Parsing, checking and scanning all speak this one type.

use super::text::Lines;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Note,
    Warning,
    Error,
}

impl Severity {
    pub fn word(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A range of bytes in a file, counted from the file's first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        Span { start, end: end.max(start) }
    }

    pub fn at(offset: usize) -> Self {
        Span { start: offset, end: offset }
    }

    pub fn range(self) -> std::ops::Range<usize> {
        self.start..self.end
    }

    pub fn text(self, source: &str) -> &str {
        source.get(self.range()).unwrap_or("")
    }
}

/// A place in a file as people and editors name it. Lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    /// Path from the repository's root, with forward slashes.
    pub path: String,
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
    pub span: Span,
    /// The source line, so that showing the place needs no second read.
    pub source: String,
}

impl Place {
    /// A file as a whole.
    pub fn file(path: impl Into<String>) -> Self {
        Place { path: path.into(), ..Place::default() }
    }

    pub fn in_text(path: impl Into<String>, text: &str, span: Span) -> Self {
        Place::in_lines(path, &Lines::new(text), span)
    }

    /// As [`Place::in_text`], for callers that find many places in one text.
    pub fn in_lines(path: impl Into<String>, lines: &Lines<'_>, span: Span) -> Self {
        let (line, column) = lines.position(span.start);
        let (end_line, end_column) = lines.position(span.end);
        let source = lines.line(line).to_owned();
        Place { path: path.into(), line, column, end_line, end_column, span, source }
    }

    /// Whether it names a point in the file and not the file as a whole.
    pub fn is_exact(&self) -> bool {
        self.line > 0
    }
}

/// Replace the bytes of `span` by `text`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    pub span: Span,
    pub text: String,
}

/// A change to the file of the finding that removes the finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    pub title: String,
    pub edits: Vec<Edit>,
    /// Safe fixes keep the meaning and are applied by `--fix`; the others are only shown.
    pub safe: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's name as users write it in settings: `unknown-key`.
    pub rule: String,
    pub severity: Severity,
    pub message: String,
    pub place: Place,
    /// Other places that belong to the story, each with what it shows.
    pub related: Vec<(Place, String)>,
    pub hints: Vec<String>,
    pub fix: Option<Fix>,
}

impl Finding {
    pub fn new(rule: impl Into<String>, severity: Severity, place: Place, message: impl Into<String>) -> Self {
        Finding {
            rule: rule.into(),
            severity,
            message: message.into(),
            place,
            related: Vec::new(),
            hints: Vec::new(),
            fix: None,
        }
    }

    pub fn error(rule: impl Into<String>, place: Place, message: impl Into<String>) -> Self {
        Finding::new(rule, Severity::Error, place, message)
    }

    pub fn warning(rule: impl Into<String>, place: Place, message: impl Into<String>) -> Self {
        Finding::new(rule, Severity::Warning, place, message)
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
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
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    #[must_use]
    pub fn related(mut self, place: Place, what: impl Into<String>) -> Self {
        self.related.push((place, what.into()));
        self
    }

    /// The order in which findings are reported.
    pub fn sort(findings: &mut [Finding]) {
        findings.sort_by(|a, b| (&a.place, &a.rule, &a.message).cmp(&(&b.place, &b.rule, &b.message)));
    }
}
