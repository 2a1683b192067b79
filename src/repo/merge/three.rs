//! The three versions of something, and which of them counts.

/// What both sides came from, and what each made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Three<T> {
    pub base: T,
    pub ours: T,
    pub theirs: T,
}

/// What a comparison of the three says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nobody changed it.
    Same,
    /// Only we changed it.
    Ours,
    /// Only they changed it.
    Theirs,
    /// Both made the same change.
    Both,
    /// Both changed it, each in another way.
    Differ,
}

impl<T> Three<T> {
    pub fn new(base: T, ours: T, theirs: T) -> Self {
        Three { base, ours, theirs }
    }

    pub fn as_ref(&self) -> Three<&T> {
        Three { base: &self.base, ours: &self.ours, theirs: &self.theirs }
    }

    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Three<U> {
        Three { base: f(self.base), ours: f(self.ours), theirs: f(self.theirs) }
    }

    pub fn all(&self, mut is: impl FnMut(&T) -> bool) -> bool {
        is(&self.base) && is(&self.ours) && is(&self.theirs)
    }

    pub(super) fn sides(self) -> [T; 3] {
        [self.base, self.ours, self.theirs]
    }
}

impl<T> Three<Option<T>> {
    /// All three, if there are three.
    pub(super) fn complete(self) -> Option<Three<T>> {
        Some(Three { base: self.base?, ours: self.ours?, theirs: self.theirs? })
    }
}

impl<T: PartialEq> Three<T> {
    pub(super) fn verdict(&self) -> Verdict {
        match (self.ours == self.theirs, self.ours == self.base, self.theirs == self.base) {
            (true, true, _) => Verdict::Same,
            (true, false, _) => Verdict::Both,
            (false, true, _) => Verdict::Theirs,
            (false, false, true) => Verdict::Ours,
            (false, false, false) => Verdict::Differ,
        }
    }

    /// The one that counts, unless the sides disagree.
    pub(super) fn settled(self) -> Option<T> {
        match self.verdict() {
            Verdict::Differ => None,
            Verdict::Theirs => Some(self.theirs),
            Verdict::Same | Verdict::Ours | Verdict::Both => Some(self.ours),
        }
    }
}
