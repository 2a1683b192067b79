//! In which order keys stand when both sides added, removed and moved some.

use std::collections::HashSet;

use super::three::Three;

/// The keys of both sides in one order: that of the side that moved keys, or ours, with what only the other side has put
/// where it stood there.
pub(super) fn merged<'k>(keys: Three<&[&'k str]>) -> Vec<&'k str> {
    let moved = |side: &[&str]| common(keys.base, side) != common(side, keys.base);
    let (main, other) =
        if moved(keys.theirs) && !moved(keys.ours) { (keys.theirs, keys.ours) } else { (keys.ours, keys.theirs) };
    let mut order: Vec<&str> = main.to_vec();
    let known: HashSet<&str> = main.iter().copied().collect();
    let placed = |order: &[&str], key: &str| order.iter().position(|other| *other == key);
    for (at, key) in other.iter().enumerate().filter(|(_, key)| !known.contains(*key)) {
        let before = other[..at].iter().rev().find_map(|key| placed(&order, key));
        let place = match before {
            // What the main side added at the same place stays before it.
            Some(before) => {
                let after = &order[before + 1..];
                let own = after.iter().take_while(|key| !other.contains(key) && !keys.base.contains(key)).count();
                before + 1 + own
            }
            None => other[at..].iter().find_map(|key| placed(&order, key)).unwrap_or(order.len()),
        };
        order.insert(place, key);
    }
    order
}

/// The keys of one side that the other has too.
fn common<'k>(side: &[&'k str], other: &[&str]) -> Vec<&'k str> {
    let other: HashSet<&str> = other.iter().copied().collect();
    side.iter().filter(|key| other.contains(*key)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(base: &str, ours: &str, theirs: &str) -> String {
        let words = |text: &'static str| text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>();
        let leak = |text: &str| words(Box::leak(text.to_owned().into_boxed_str()));
        let (base, ours, theirs) = (leak(base), leak(ours), leak(theirs));
        merged(Three::new(&base[..], &ours, &theirs)).join(" ")
    }

    #[test]
    fn additions_stand_where_they_were_added() {
        assert_eq!(order("a b c", "a b c", "a x b c"), "a x b c");
        assert_eq!(order("a b c", "a o b c", "a t b c"), "a o t b c");
        assert_eq!(order("a b", "a b", "t a b"), "t a b");
        assert_eq!(order("a b", "b", "a t b"), "a t b");
        assert_eq!(order("", "o", "t"), "o t");
    }

    #[test]
    fn the_side_that_moved_keys_decides() {
        assert_eq!(order("a b c", "a b c", "c a b"), "c a b");
        assert_eq!(order("a b c", "a b c d", "c b a"), "c d b a");
        assert_eq!(order("a b c", "b a c", "c a b"), "b a c");
    }
}
