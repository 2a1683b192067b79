//! stdout is data, stderr is everything else.

use std::borrow::Cow;
use std::io::{self, BufWriter, IsTerminal, Write};

use clap::ValueEnum;

use super::hidden;
use crate::app::doctor::Terminal;
use crate::base::env::{self, Env};
use crate::base::secret::{self, Secret};
use crate::base::{Error, Finding, Kind, Result};
use crate::config::Color;
use crate::view::{self, Paint};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    Always,
    Never,
}

impl From<Color> for Colour {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Colour::Auto,
            Color::Always => Colour::Always,
            Color::Never => Colour::Never,
        }
    }
}

/// The user's screen.
#[derive(Debug)]
pub struct Ui {
    out: BufWriter<io::Stdout>,
    err: io::Stderr,
    paint_out: Paint,
    paint_err: Paint,
    quiet: bool,
    json: bool,
    /// The reader of stdout went away; from then on nothing is written and nothing is wrong.
    closed: bool,
    /// What may be the beginning of a secret that comes in pieces.
    held: Vec<u8>,
    /// The same of what is shown live.
    held_live: Vec<u8>,
}

impl Ui {
    pub fn new(env: &Env, colour: Colour, quiet: bool, json: bool) -> Ui {
        let wanted = |terminal: bool| match colour {
            Colour::Auto => terminal && env.get(env::NO_COLOR).is_none() && env.get("TERM") != Some("dumb"),
            Colour::Always => true,
            Colour::Never => false,
        };
        let (out, err) = (io::stdout(), io::stderr());
        let paint_out = Paint { colour: wanted(out.is_terminal()) };
        let paint_err = Paint { colour: wanted(err.is_terminal()) };
        Ui {
            out: BufWriter::with_capacity(64 << 10, out),
            err,
            paint_out,
            paint_err,
            quiet,
            json,
            closed: false,
            held: Vec::new(),
            held_live: Vec::new(),
        }
    }

    /// The colours of stdout.
    pub fn paint(&self) -> Paint {
        self.paint_out
    }

    /// The colours of status lines.
    pub fn status_paint(&self) -> Paint {
        self.paint_err
    }

    /// What the screen is, for `palc doctor`.
    pub fn terminal(&self) -> Terminal {
        Terminal {
            output: io::stdout().is_terminal(),
            errors: io::stderr().is_terminal(),
            width: self.width(),
            colour: self.paint_out.colour,
        }
    }

    /// How wide stdout's window is, if it is one.
    pub fn width(&self) -> Option<usize> {
        if !io::stdout().is_terminal() {
            return None;
        }
        terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
    }

    /// Whether a question can be asked.
    pub fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Print data. Secrets that this run knows are not part of it.
    pub fn data(&mut self, text: &str) -> Result<()> {
        let bytes = match self.held.is_empty() {
            true => Cow::Borrowed(text.as_bytes()),
            false => Cow::Owned([&std::mem::take(&mut self.held), text.as_bytes()].concat()),
        };
        let clean = secret::redact_bytes(&bytes);
        let (said, held) = clean.split_at(clean.len() - secret::begun(&clean));
        self.held.extend_from_slice(held);
        self.put(said)
    }

    /// Print the exact bytes of a file.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.release()?;
        self.put(bytes)
    }

    /// What was held back was no secret: nothing follows it.
    fn release(&mut self) -> Result<()> {
        let held = std::mem::take(&mut self.held);
        self.put(&held)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        if self.closed {
            return Ok(());
        }
        let written = self.out.write_all(bytes);
        self.settle(written)
    }

    /// Whether the reader of stdout has gone.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Print a line of status.
    pub fn status(&mut self, text: &str) {
        if !self.quiet {
            // Who looks at both sees them in the order in which they were said.
            let _ = self.out.flush();
            self.say(&format!("{text}\n"));
        }
    }

    /// Everything on stderr goes this way, and no secret does.
    fn say(&mut self, text: &str) {
        let _ = self.err.write_all(secret::redact(text).as_bytes());
    }

    /// Say how far something is, in one line that changes; only where somebody looks.
    pub fn progress(&mut self, text: &str) {
        if !self.quiet && !self.json && self.err.is_terminal() {
            self.say(&format!("\r\u{1b}[K{text}"));
        }
    }

    /// Take the line of progress away.
    pub fn progress_ends(&mut self) {
        self.progress("");
    }

    /// Show on stderr a piece of something that goes on.
    pub fn live(&mut self, text: &str) {
        if self.quiet || self.json {
            return;
        }
        self.held_live.extend_from_slice(text.as_bytes());
        let held = std::mem::take(&mut self.held_live);
        let clean = secret::redact_bytes(&held);
        let (said, rest) = clean.split_at(clean.len() - secret::begun(&clean));
        let _ = self.err.write_all(view::paint::shown(&String::from_utf8_lossy(said)).as_bytes());
        self.held_live.extend_from_slice(rest);
    }

    /// It is over.
    pub fn live_ends(&mut self) {
        let rest = std::mem::take(&mut self.held_live);
        if !self.quiet && !self.json {
            self.say(&format!("{}\n", String::from_utf8_lossy(&rest)));
        }
    }

    pub fn hint(&mut self, text: &str) {
        let label = self.paint_err.cyan("hint:");
        self.status(&format!("{label} {text}"));
    }

    pub fn warn(&mut self, text: &str) {
        let label = self.paint_err.yellow("warning:");
        self.say(&format!("{label} {text}\n"));
    }

    /// Findings that come beside the data: they are part of the JSON already, so only people need them here.
    pub fn findings(&mut self, findings: &[Finding]) {
        if self.json {
            return;
        }
        for finding in findings {
            self.say(&view::finding::text(finding, self.paint_err));
        }
    }

    /// Ask a question that is answered by yes or no; the caller has made sure that someone is there.
    pub fn confirm(&mut self, question: &str) -> bool {
        self.say(&format!("{question} [y/N] "));
        let mut answer = String::new();
        let read = io::stdin().read_line(&mut answer);
        read.is_ok() && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
    }

    /// Ask for a word to be typed, where a slip of the finger must not be an answer.
    pub fn typed(&mut self, question: &str) -> String {
        self.say(&format!("{question}: "));
        let mut answer = String::new();
        let read = io::stdin().read_line(&mut answer);
        read.map_or_else(|_| String::new(), |_| answer.trim().to_owned())
    }

    /// Ask for a line, of a person or of whatever is piped in. None at its end.
    pub fn line(&mut self, question: &str) -> Option<String> {
        self.say(&format!("{question}: "));
        let mut answer = String::new();
        let read = io::stdin().read_line(&mut answer).unwrap_or(0);
        (read > 0).then(|| answer.trim().to_owned())
    }

    /// Ask for a key; nobody sees what is typed. None if it was broken off.
    pub fn hidden(&mut self, question: &str) -> Result<Option<Secret>> {
        self.say(&format!("{question}: "));
        let typed = hidden::line();
        self.say("\n");
        typed.map_err(|error| Error::storage("cannot read from the terminal").because(error))
    }

    /// What was printed can be seen now, and more will follow: what may be the beginning of a secret waits for it.
    pub fn flush(&mut self) -> Result<()> {
        let flushed = self.out.flush();
        self.settle(flushed)
    }

    /// Everything printed has reached its reader.
    pub fn finish(&mut self) -> Result<()> {
        self.release()?;
        self.flush()
    }

    /// Report an error that does not end the command.
    pub fn report(&mut self, error: &Error) {
        let _ = self.finish();
        self.say(&view::finding::error(error, self.paint_err));
    }

    /// Report an error; returns the exit code.
    pub fn fail(&mut self, error: &Error) -> u8 {
        let _ = self.finish();
        if matches!(error.kind(), Kind::Storage | Kind::Provider | Kind::Bug) {
            tracing::error!(kind = error.kind().word(), causes = error.causes().join(": "), "{}", error.message());
        }
        if self.json {
            let _ = self.data(&view::json::error(error));
            let _ = self.finish();
        }
        self.say(&view::finding::error(error, self.paint_err));
        error.kind().exit_code()
    }

    /// A closed pipe (`palc list | head -1`) is not an error.
    fn settle(&mut self, result: io::Result<()>) -> Result<()> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            result => result.map_err(|error| Error::storage("cannot write to standard output").because(error)),
        }
    }
}

/// Report an error before there is a screen.
pub fn fatal(error: &Error) -> u8 {
    let text = view::finding::error(error, Paint::default());
    let _ = io::stderr().write_all(secret::redact(&text).as_bytes());
    error.kind().exit_code()
}
