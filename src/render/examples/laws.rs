//! What holds for every set and every case.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn choices() -> impl Strategy<Value = Choice> {
    let by = prop_oneof![Just(By::Alike), Just(By::First), Just(By::Random)];
    (0usize..8, by, 0u64..4).prop_map(|(count, by, seed)| Choice { count, by, seed })
}

fn set(inputs: &[String]) -> Set {
    let one = |(n, input): (usize, &String)| {
        let input = if n % 2 == 0 { json!(input) } else { json!({"text": input, "n": ""}) };
        Example { id: None, input, output: json!(n) }
    };
    Set::new(inputs.iter().enumerate().map(one).collect())
}

/// The same text as somebody else writes it.
fn disguised(text: &str, shout: bool) -> String {
    let text = text.replace(' ', " \n\t");
    format!("\t{} ", if shout { text.to_uppercase() } else { text.to_lowercase() })
}

proptest! {
    #[test]
    fn the_case_never_shows_its_own_answer(
        inputs in vec("[a-cA-Cé?]{1,3}( [a-c]{1,2}){0,2}", 1..8),
        which in any::<prop::sample::Index>(),
        choice in choices(),
        shout: bool,
    ) {
        let set = set(&inputs);
        let text = &inputs[which.index(inputs.len())];
        let variables = Map::from_iter([("anything".to_owned(), json!({"nested": [disguised(text, shout)]}))]);
        for case in [Case::of_values(&variables, &Map::new()), Case::of_text(&disguised(text, shout))] {
            for picked in set.pick(choice, &case) {
                prop_assert!(inputs[picked.at].to_lowercase() != text.to_lowercase());
            }
        }
    }

    #[test]
    fn the_same_question_gets_the_same_examples(
        inputs in vec("[a-d]{1,2}( [a-d]{1,2}){0,3}", 0..9),
        asked in "[a-d]{0,2}( [a-d]{1,2}){0,3}",
        choice in choices(),
    ) {
        let (one, other) = (set(&inputs), set(&inputs));
        let case = Case::of_text(&asked);
        let picked = one.pick(choice, &case);
        prop_assert_eq!(&picked, &other.pick(choice, &case));
        let free = inputs.len() - one.same(&case).len();
        prop_assert_eq!(picked.len(), free.min(choice.count));
        prop_assert!(picked.is_sorted_by(|a, b| a.at < b.at));
    }

    #[test]
    fn nobody_more_alike_is_left_out(
        inputs in vec("[a-d]{1,2}( [a-d]{1,2}){0,3}", 0..9),
        asked in "[a-d]{1,2}( [a-d]{1,2}){0,3}",
        count in 0usize..8,
    ) {
        let set = set(&inputs);
        let case = Case::of_text(&asked);
        let all = set.pick(Choice { count: usize::MAX, ..Choice::default() }, &case);
        let taken = set.pick(Choice { count, ..Choice::default() }, &case);
        for left in all.iter().filter(|one| !taken.contains(one)) {
            let better = |one: &Picked| (one.likeness, left.at) >= (left.likeness, one.at);
            prop_assert!(taken.iter().all(better), "{left:?} instead of {taken:?}");
        }
    }
}
