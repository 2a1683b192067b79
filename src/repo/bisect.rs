//! Finding the change that broke something, as a machine that says what to try next. It tries nothing itself.

/// A line of changes, oldest first: before the first of them all was well, after the last it is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bisect {
    answers: Vec<Option<Answer>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Good,
    Bad,
    /// It could not be told.
    Skip,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Try(usize),
    /// This one did it.
    Found(usize),
    /// One of these did it; those between could not be tried.
    Among(std::ops::Range<usize>),
}

impl Bisect {
    /// The last of the changes is known to be bad. None if there are none.
    pub fn new(count: usize) -> Option<Bisect> {
        let mut answers = vec![None; count];
        *answers.last_mut()? = Some(Answer::Bad);
        Some(Bisect { answers })
    }

    pub fn next(&self) -> Step {
        let (start, bad) = self.open();
        if start == bad {
            return Step::Found(bad);
        }
        let middle = start + (bad - start) / 2;
        let untried = (start..bad).filter(|&at| self.answers[at].is_none());
        match untried.min_by_key(|at| at.abs_diff(middle)) {
            Some(at) => Step::Try(at),
            None => Step::Among(start..bad + 1),
        }
    }

    pub fn answer(&mut self, at: usize, answer: Answer) {
        self.answers[at] = Some(answer);
    }

    /// How many changes may still have done it, and about how many tries that takes.
    pub fn left(&self) -> (usize, u32) {
        let (start, bad) = self.open();
        let count = bad - start + 1;
        (count, count.next_power_of_two().trailing_zeros())
    }

    /// The first change that may have done it, and the first that is known to be bad.
    fn open(&self) -> (usize, usize) {
        let bad = self.answers.iter().position(|answer| *answer == Some(Answer::Bad)).unwrap_or(self.answers.len() - 1);
        let good = self.answers[..bad].iter().rposition(|answer| *answer == Some(Answer::Good));
        (good.map_or(0, |good| good + 1), bad)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Search until the machine says something; gives that and how often something was tried.
    fn search(count: usize, culprit: usize, skipped: &[usize]) -> (Step, usize) {
        let mut bisect = Bisect::new(count).expect("there are changes");
        for tries in 0.. {
            match bisect.next() {
                Step::Try(at) if skipped.contains(&at) => bisect.answer(at, Answer::Skip),
                Step::Try(at) => bisect.answer(at, if at >= culprit { Answer::Bad } else { Answer::Good }),
                end => return (end, tries),
            }
        }
        unreachable!("a search over finitely many changes ends")
    }

    proptest! {
        #[test]
        fn the_culprit_is_found_in_few_tries(count in 1..300usize, pick in any::<prop::sample::Index>()) {
            let culprit = pick.index(count);
            let (end, tries) = search(count, culprit, &[]);
            prop_assert_eq!(end, Step::Found(culprit));
            prop_assert!(tries as u32 <= count.next_power_of_two().trailing_zeros());
        }

        #[test]
        fn what_cannot_be_told_widens_the_answer(
            count in 1..40usize,
            pick in any::<prop::sample::Index>(),
            skipped in prop::collection::vec(0..39usize, 0..20),
        ) {
            let culprit = pick.index(count);
            match search(count, culprit, &skipped).0 {
                Step::Found(at) => prop_assert_eq!(at, culprit),
                Step::Among(range) => {
                    prop_assert!(range.contains(&culprit));
                    prop_assert!(range.clone().all(|at| at == range.end - 1 || skipped.contains(&at)));
                }
                Step::Try(_) => unreachable!("the search has ended"),
            }
        }
    }

    #[test]
    fn no_change_is_no_search() {
        assert_eq!(Bisect::new(0), None);
        assert_eq!(Bisect::new(1).expect("one").next(), Step::Found(0));
    }
}
