//! Candidates in the order in which they are likely to be good, by what can be told without asking a model.
//!
//! Everything here is a number from 0 to 1 and can be worked out by hand: a score is the sum of each feature's value
//! times its share. A feature that is not known counts neither for nor against: the shares of the others add up to one.

use crate::base::Result;

use super::weights::Weights;

/// Characters of a prompt that is neither too short nor too long.
pub const BAND: (usize, usize) = (100, 2000);

/// What candidates are ranked by, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// How near the temperature is to the one that its phase wants.
    Temperature,
    /// Whether the text is neither too short nor too long.
    Length,
    /// How much it means the same as the input.
    Similarity,
    /// How long it is beside the input.
    Ratio,
    /// How well earlier prompts did that resemble it.
    History,
}

impl Feature {
    pub const ALL: [Feature; 5] =
        [Feature::Temperature, Feature::Length, Feature::Similarity, Feature::Ratio, Feature::History];

    pub fn word(self) -> &'static str {
        match self {
            Feature::Temperature => "temperature",
            Feature::Length => "length",
            Feature::Similarity => "similarity",
            Feature::Ratio => "ratio",
            Feature::History => "history",
        }
    }

    /// What it counts when nobody says otherwise.
    pub fn weight(self) -> f64 {
        match self {
            Feature::Similarity => 0.3,
            Feature::Temperature | Feature::Length | Feature::History => 0.2,
            Feature::Ratio => 0.1,
        }
    }
}

/// What is known of a candidate.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    pub temperature: Option<f64>,
    /// The temperature that its phase wants.
    pub phase_temperature: Option<f64>,
    pub characters: usize,
    /// Those of the input.
    pub input_characters: usize,
    /// The cosine of its vector and the input's.
    pub cosine: Option<f64>,
    /// Earlier prompts that resemble it and of which it is known how they did.
    pub earlier: Vec<Earlier>,
}

/// An earlier prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    pub name: String,
    pub cosine: f64,
    /// How it did, from 0 to 1.
    pub success: f64,
}

/// A candidate's score, and how it comes about.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Its place among the candidates as they were given.
    pub candidate: usize,
    pub score: f64,
    /// One for each feature, in their order.
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub feature: Feature,
    /// None if it is not known.
    pub value: Option<f64>,
    /// What it counts here; nothing if it is not known.
    pub share: f64,
}

impl Part {
    pub fn points(&self) -> f64 {
        self.value.map_or(0.0, |value| value * self.share)
    }
}

/// The weights that hold when nobody says otherwise.
pub fn default_weights() -> Result<Weights> {
    Weights::new(Feature::ALL.map(|feature| (feature.word().to_owned(), feature.weight())))
}

/// The best first; equals stay in the order in which they were given.
pub fn rank(candidates: &[Facts], weights: &Weights) -> Vec<Ranked> {
    let mut ranked: Vec<Ranked> =
        candidates.iter().enumerate().map(|(candidate, facts)| facts.ranked(candidate, weights)).collect();
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score));
    ranked
}

impl Facts {
    /// A feature's value, if it is known.
    pub fn value(&self, feature: Feature) -> Option<f64> {
        match feature {
            Feature::Temperature => Some(closeness(self.temperature?, self.phase_temperature?)),
            Feature::Length => Some(in_band(self.characters)),
            Feature::Similarity => self.cosine.map(|cosine| cosine.clamp(0.0, 1.0)),
            Feature::Ratio => (self.input_characters > 0).then(|| ratio(self.characters, self.input_characters)),
            Feature::History => success(&self.earlier),
        }
    }

    fn ranked(&self, candidate: usize, weights: &Weights) -> Ranked {
        let values = Feature::ALL.map(|feature| (feature, self.value(feature)));
        let share = |feature: Feature| weights.share(feature.word());
        let known: f64 = values.iter().filter(|(_, value)| value.is_some()).map(|(feature, _)| share(*feature)).sum();
        let part = |(feature, value): (Feature, Option<f64>)| {
            let share = if value.is_some() && known > 0.0 { share(feature) / known } else { 0.0 };
            Part { feature, value, share }
        };
        let parts: Vec<Part> = values.into_iter().map(part).collect();
        Ranked { candidate, score: parts.iter().map(Part::points).sum(), parts }
    }
}

/// 1 for the same temperature, 0 for one that is 1 or more away.
fn closeness(temperature: f64, wanted: f64) -> f64 {
    (1.0 - (temperature - wanted).abs()).max(0.0)
}

/// 1 within the band, and outside as much less as the length is beside it.
fn in_band(characters: usize) -> f64 {
    let (least, most) = BAND;
    match characters {
        0 => 0.0,
        few if few < least => few as f64 / least as f64,
        many if many > most => most as f64 / many as f64,
        _ => 1.0,
    }
}

/// The shorter length in parts of the longer one.
fn ratio(one: usize, other: usize) -> f64 {
    one.min(other) as f64 / one.max(other) as f64
}

/// The mean success of earlier prompts; those that are more alike count more.
fn success(earlier: &[Earlier]) -> Option<f64> {
    let cosines = || earlier.iter().map(|earlier| earlier.cosine.max(0.0));
    let sum: f64 = cosines().sum();
    let weighed = || cosines().zip(earlier).map(|(cosine, earlier)| cosine * earlier.success).sum::<f64>();
    (sum > 0.0).then(|| weighed() / sum)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn facts() -> Facts {
        Facts {
            temperature: Some(0.5),
            phase_temperature: Some(0.3),
            characters: 50,
            input_characters: 25,
            cosine: Some(0.6),
            earlier: vec![
                Earlier { name: "a".into(), cosine: 0.9, success: 1.0 },
                Earlier { name: "b".into(), cosine: 0.6, success: 0.5 },
            ],
        }
    }

    #[test]
    fn a_score_is_worked_out_by_hand() {
        let ranked = rank(&[facts()], &default_weights().expect("right")).remove(0);
        let values: Vec<f64> = ranked.parts.iter().filter_map(|part| part.value).collect();
        let by_hand = [1.0 - 0.2, 50.0 / 100.0, 0.6, 25.0 / 50.0, (0.9 * 1.0 + 0.6 * 0.5) / 1.5];
        for (value, wanted) in values.iter().zip(by_hand) {
            assert!((value - wanted).abs() < 1e-9, "{values:?}");
        }
        let score = 0.2 * 0.8 + 0.2 * 0.5 + 0.3 * 0.6 + 0.1 * 0.5 + 0.2 * 0.8;
        assert!((ranked.score - score).abs() < 1e-9, "{}", ranked.score);
    }

    #[test]
    fn what_is_not_known_counts_for_nobody() {
        let unknown = Facts { temperature: None, earlier: Vec::new(), cosine: None, ..facts() };
        let ranked = rank(&[unknown], &default_weights().expect("right")).remove(0);
        let shares: Vec<f64> = ranked.parts.iter().map(|part| part.share).collect();
        assert_eq!((shares[0], shares[2], shares[4]), (0.0, 0.0, 0.0));
        assert!((shares[1] - 2.0 / 3.0).abs() < 1e-9 && (shares[3] - 1.0 / 3.0).abs() < 1e-9);
        assert!((ranked.score - 0.5).abs() < 1e-9);
        assert_eq!(rank(&[Facts::default()], &default_weights().expect("right"))[0].score, 0.0);
    }

    #[test]
    fn each_feature_moves_the_order() {
        let worse: [fn(&mut Facts); 5] = [
            |facts| facts.temperature = Some(1.3),
            |facts| facts.characters = 49,
            |facts| facts.cosine = Some(0.1),
            |facts| facts.input_characters = 1,
            |facts| facts.earlier[0].success = 0.0,
        ];
        for (at, change) in worse.into_iter().enumerate() {
            let mut other = facts();
            change(&mut other);
            let ranked = rank(&[other, facts()], &default_weights().expect("right"));
            assert_eq!(ranked[0].candidate, 1, "{:?}", Feature::ALL[at]);
        }
    }

    #[test]
    fn a_phase_of_low_temperature_is_not_punished() {
        let own = Facts { temperature: Some(0.2), phase_temperature: Some(0.2), ..facts() };
        let hot = Facts { temperature: Some(0.7), phase_temperature: Some(0.2), ..facts() };
        assert_eq!(rank(&[hot, own], &default_weights().expect("right"))[0].candidate, 1);
    }

    #[test]
    fn lengths_within_the_band_are_all_the_same() {
        let values = [0, 1, 99, 100, 2000, 2001, 20_000].map(in_band);
        assert_eq!(values, [0.0, 0.01, 0.99, 1.0, 1.0, 2000.0 / 2001.0, 0.1]);
    }

    proptest! {
        #[test]
        fn scores_stay_between_zero_and_one(
            temperature in prop::option::of(0.0..2.0), characters in 0_usize..9000, input_characters in 0_usize..9000,
            cosine in prop::option::of(-1.0..1.0), success in 0.0..=1.0, weights in prop::collection::vec(0.0..9.0, 5),
        ) {
            prop_assume!(weights.iter().any(|weight| *weight > 0.0));
            let earlier = vec![Earlier { name: String::new(), cosine: 0.5, success }];
            let facts = Facts { temperature, phase_temperature: Some(0.7), characters, input_characters, cosine, earlier };
            let named = Feature::ALL.iter().zip(weights).map(|(feature, weight)| (feature.word().to_owned(), weight));
            let score = rank(&[facts], &Weights::new(named).expect("right"))[0].score;
            prop_assert!((0.0..=1.0 + 1e-9).contains(&score), "{}", score);
        }
    }
}
