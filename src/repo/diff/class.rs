//! How much a change matters to those who use the prompt.

/// From what nobody notices to what breaks a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The same request is sent: reflow, comments, key order, words for people.
    Cosmetic,
    /// The model may answer otherwise: instructions, model, parameters.
    Behaviour,
    /// A program that uses the prompt must change too: its name, what must be given, what comes back.
    Breaking,
}

impl Class {
    pub fn word(self) -> &'static str {
        match self {
            Class::Cosmetic => "cosmetic",
            Class::Behaviour => "behaviour",
            Class::Breaking => "breaking",
        }
    }
}
