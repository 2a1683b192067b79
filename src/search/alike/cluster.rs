//! Dividing many vectors into clusters, so that what is alike stands together.
//!
//! It is k-means over directions. Where it begins is thrown by dice that the vectors themselves are made of, sums are
//! whole numbers, and what is equal goes together: the same prompts give the same clusters in whatever order they come.

use rayon::prelude::*;

use super::sketch::mix;
use crate::search::meaning::Vector;

/// Where the centres settle is found out with so many vectors at most; all others then go to the nearest centre.
const SAMPLE: usize = 16_384;
/// Centres hardly move any more after so many turns.
const TURNS: usize = 12;

/// Which vector is in which cluster.
#[derive(Debug, Clone)]
pub struct Division {
    pub centres: Vec<Vector>,
    /// The members of each cluster, the nearest to its centre first.
    pub members: Vec<Vec<(usize, f32)>>,
    /// What is common to all vectors, which tells none from another.
    common: Box<[f32]>,
}

/// Divide into at most so many clusters. Vectors without direction are in none.
pub fn divide(vectors: &[&Vector], count: usize) -> Division {
    let common = common(vectors);
    let own: Vec<Vector> = vectors.par_iter().map(|vector| without(vector, &common)).collect();
    let mut some: Vec<(u64, usize)> =
        (0..own.len()).filter(|&at| own[at].inverse_norm > 0.0).map(|at| (digest(&own[at]), at)).collect();
    some.par_sort_unstable();
    let directed: Vec<usize> = some.iter().map(|&(_, at)| at).collect();
    some.truncate(SAMPLE);
    let sample: Vec<&Vector> = some.iter().map(|&(_, at)| &own[at]).collect();
    let mut centres = seeds(&sample, count);
    for _ in 0..TURNS {
        let moved = moved(&sample, &centres);
        if moved == centres {
            break;
        }
        centres = moved;
    }
    let mut members: Vec<Vec<(usize, f32)>> = vec![Vec::new(); centres.len()];
    let nearest: Vec<_> = directed.par_iter().map(|&at| (at, nearest(&own[at], &centres))).collect();
    for (at, (centre, cosine)) in nearest {
        members[centre].push((at, cosine));
    }
    let (centres, mut members): (Vec<_>, Vec<_>) =
        centres.into_iter().zip(members).filter(|(_, members)| !members.is_empty()).unzip();
    members.iter_mut().for_each(|it| it.sort_by(|(a, one), (b, other)| other.total_cmp(one).then(a.cmp(b))));
    Division { centres, members, common }
}

impl Division {
    /// The members of the clusters nearest to a vector.
    pub fn near(&self, vector: &Vector, clusters: usize) -> impl Iterator<Item = usize> {
        let own = without(vector, &self.common);
        let mut order: Vec<(f32, usize)> = self.centres.iter().map(|centre| centre.cosine(&own)).zip(0..).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        order.into_iter().take(clusters).flat_map(|(_, cluster)| self.members[cluster].iter().map(|&(at, _)| at))
    }
}

/// Vectors far from all seeds before are the likelier to be the next seed.
fn seeds(sample: &[&Vector], count: usize) -> Vec<Vector> {
    let dice: Vec<u64> = sample.iter().map(|vector| digest(vector)).collect();
    let mut far = vec![1.0_f64; sample.len()];
    let mut seeds: Vec<Vector> = Vec::new();
    while seeds.len() < count {
        // The least of waiting times, each with its own rate, is how one is drawn by weight.
        let wait = |at: usize| {
            let thrown = (mix(dice[at] ^ mix(seeds.len() as u64)) >> 11) as f64 / (1_u64 << 53) as f64;
            -(1.0 - thrown).ln() / far[at].powi(2)
        };
        let waiting = (0..sample.len()).filter(|&at| far[at] > 1e-6).map(|at| (wait(at), dice[at], at));
        let Some((_, _, next)) = waiting.min_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2)))) else {
            break;
        };
        let seed = sample[next];
        far.par_iter_mut().zip(sample).for_each(|(far, vector)| *far = far.min(1.0 - f64::from(vector.cosine(seed))));
        seeds.push(seed.clone());
    }
    seeds
}

/// Each centre in the middle of the vectors nearest to it. Whole numbers add up to the same in any order.
fn moved(sample: &[&Vector], centres: &[Vector]) -> Vec<Vector> {
    let nearest: Vec<usize> = sample.par_iter().map(|vector| nearest(vector, centres).0).collect();
    let dimensions = centres.first().map_or(0, |centre| centre.values.len());
    let mut sums = vec![vec![0_i64; dimensions]; centres.len()];
    for (vector, centre) in sample.iter().zip(nearest) {
        for (sum, value) in sums[centre].iter_mut().zip(evenly(vector)) {
            *sum += value;
        }
    }
    let centre = |(sum, centre): (Vec<i64>, &Vector)| {
        let middle = Vector::of(&sum.into_iter().map(|value| value as f32).collect::<Vec<_>>());
        if middle.inverse_norm > 0.0 { middle } else { centre.clone() }
    };
    sums.into_iter().zip(centres).map(centre).collect()
}

fn nearest(vector: &Vector, centres: &[Vector]) -> (usize, f32) {
    let near = centres.iter().map(|centre| centre.cosine(vector)).enumerate();
    near.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).unwrap_or_default()
}

/// Values of vectors of one length, as whole numbers.
fn evenly(vector: &Vector) -> impl Iterator<Item = i64> {
    let scale = vector.inverse_norm * 65_536.0;
    vector.values.iter().map(move |&value| (f32::from(value) * scale) as i64)
}

fn common(vectors: &[&Vector]) -> Box<[f32]> {
    let mut sum = vec![0_i64; vectors.first().map_or(0, |vector| vector.values.len())];
    for vector in vectors {
        sum.iter_mut().zip(evenly(vector)).for_each(|(sum, value)| *sum += value);
    }
    sum.into_iter().map(|sum| sum as f32 / vectors.len() as f32).collect()
}

fn without(vector: &Vector, common: &[f32]) -> Vector {
    if vector.inverse_norm == 0.0 {
        return vector.clone();
    }
    Vector::of(&evenly(vector).zip(common).map(|(value, common)| value as f32 - common).collect::<Vec<_>>())
}

fn digest(vector: &Vector) -> u64 {
    let eight = |part: &[i8]| part.iter().fold(0, |sum, &value| sum << 8 | u64::from(value as u8));
    vector.values.chunks(8).fold(0, |sum, part| mix(sum ^ eight(part)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Vectors around the axes, each off by a little.
    fn around(axes: &[(usize, u64)]) -> Vec<Vector> {
        let vector = |&(axis, off): &(usize, u64)| {
            let value = |at: usize| (mix(off * 64 + at as u64) % 20) as f32 + if at == axis { 100.0 } else { 0.0 };
            Vector::of(&(0..32).map(value).collect::<Vec<_>>())
        };
        axes.iter().map(vector).collect()
    }

    fn divided(vectors: &[Vector], names: &[usize], count: usize) -> BTreeSet<BTreeSet<usize>> {
        let division = divide(&vectors.iter().collect::<Vec<_>>(), count);
        division.members.into_iter().map(|it| it.into_iter().map(|(at, _)| names[at]).collect()).collect()
    }

    #[test]
    fn what_points_the_same_way_stands_together() {
        let axes: Vec<(usize, u64)> = (0..60).map(|at| (at % 3, at as u64)).collect();
        let found = divided(&around(&axes), &(0..60).collect::<Vec<_>>(), 3);
        assert_eq!(found, (0..3).map(|axis| (0..60).filter(|at| at % 3 == axis).collect()).collect());
    }

    #[test]
    fn few_vectors_make_few_clusters() {
        assert!(divided(&[], &[], 3).is_empty());
        assert!(divided(&[Vector::of(&[0.0; 4])], &[0], 3).is_empty());
        let twice = around(&[(1, 1), (1, 1), (2, 2)]);
        assert_eq!(divided(&twice, &[0, 1, 2], 9).len(), 2);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn order_does_not_matter(axes in prop::collection::vec((0usize..8, 0u64..50), 1..60), keys in prop::collection::vec(any::<u64>(), 60)) {
            let vectors = around(&axes);
            let straight: Vec<usize> = (0..axes.len()).collect();
            let mut shuffled = straight.clone();
            shuffled.sort_by_key(|&at| keys[at]);
            let mixed: Vec<Vector> = shuffled.iter().map(|&at| vectors[at].clone()).collect();
            prop_assert_eq!(divided(&vectors, &straight, 5), divided(&mixed, &shuffled, 5));
        }
    }
}
