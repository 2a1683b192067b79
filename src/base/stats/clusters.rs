//! Means of values that come in clusters: cases that share a document, repeats of one case. Values of one cluster tell
//! much the same, so counting each as evidence of its own makes the error too small.

use std::collections::BTreeMap;

use super::{Interval, Mean, intervals};

impl Mean {
    /// Of values each with its cluster. If no two values share one, this is [`Mean::of`].
    pub fn clustered<C: Ord>(values: &[(f64, C)]) -> Option<Mean> {
        let plain: Vec<f64> = values.iter().map(|(value, _)| *value).collect();
        let mean = Mean::of(&plain)?;
        let mut sums: BTreeMap<&C, f64> = BTreeMap::new();
        for (value, cluster) in values {
            *sums.entry(cluster).or_default() += value - mean.mean;
        }
        if sums.len() == values.len() {
            return Some(mean);
        }
        let clusters = sums.len() as f64;
        let squares: f64 = sums.values().map(|sum| sum * sum).sum();
        // Few clusters look more alike than they are, hence the last factor.
        let error = squares.sqrt() / mean.n as f64 * (clusters / (clusters - 1.0)).sqrt();
        Some(Mean { error: (sums.len() > 1).then_some(error), freedom: clusters - 1.0, ..mean })
    }
}

/// The interval of a share of passes that come in clusters: Wilson's, for as many independent cases as tell as much.
pub fn rate_interval<C: Ord>(passes: &[(bool, C)], confidence: f64) -> Option<Interval> {
    let values: Vec<(f64, &C)> = passes.iter().map(|(pass, cluster)| (f64::from(u8::from(*pass)), cluster)).collect();
    let mean = Mean::clustered(&values)?;
    let clusters = mean.freedom + 1.0;
    if clusters == mean.n as f64 {
        return Some(intervals::wilson(passes.iter().filter(|(pass, _)| *pass).count() as u64, mean.n, confidence));
    }
    // Clusters that all came out alike show no error, and tell as much as one case each.
    let worth = match mean.error {
        Some(error) if error > 0.0 => (mean.mean * (1.0 - mean.mean) / error.powi(2)).clamp(1.0, mean.n as f64),
        _ => clusters,
    };
    Some(intervals::wilson_of(mean.mean, worth, confidence))
}

#[cfg(test)]
mod tests {
    use super::super::close;
    use super::*;

    fn values(text: &str) -> Vec<(f64, usize)> {
        let clusters = text.split(' ').enumerate();
        clusters.flat_map(|(at, cluster)| cluster.bytes().map(move |b| (f64::from(b - b'0'), at))).collect()
    }

    #[test]
    fn values_of_one_cluster_are_little_evidence() {
        let values = values("111 000 110 111");
        let plain = Mean::of(&values.iter().map(|(value, _)| *value).collect::<Vec<_>>()).unwrap();
        let mean = Mean::clustered(&values).unwrap();
        close(mean.mean, 0.666667);
        close(plain.error.unwrap(), 0.142134);
        close(mean.error.unwrap(), 0.235702);
        close(mean.error.unwrap() / (4.0_f64 / 3.0).sqrt(), 0.204124);
        assert_eq!((mean.n, mean.freedom), (12, 3.0));
    }

    #[test]
    fn differences_in_clusters() {
        let values = values("100 100 100 000");
        let mean = Mean::clustered(&values).unwrap();
        close(mean.mean, 0.25);
        close(mean.error.unwrap(), 0.083333);
        close(Mean::of(&values.iter().map(|(value, _)| *value).collect::<Vec<_>>()).unwrap().error.unwrap(), 0.130558);
    }

    #[test]
    fn rates_of_clusters() {
        let passes = |text: &str| -> Vec<(bool, usize)> {
            values(text).into_iter().map(|(value, cluster)| (value == 1.0, cluster)).collect()
        };
        assert_eq!(rate_interval(&passes("1 1 0 1"), 0.95), Some(intervals::wilson(3, 4, 0.95)));
        assert_eq!(rate_interval(&passes("111 111 111"), 0.95), Some(intervals::wilson(3, 3, 0.95)));
        let interval = rate_interval(&passes("111 000 110 111"), 0.95).unwrap();
        let alone = intervals::wilson(8, 12, 0.95);
        assert!(interval.low < alone.low && interval.high > alone.high);
        assert_eq!(rate_interval::<u8>(&[], 0.95), None);
    }

    #[test]
    fn one_cluster_tells_nothing_and_clusters_of_one_are_none() {
        assert_eq!(Mean::clustered(&values("101")).unwrap().error, None);
        assert_eq!(Mean::clustered(&values("1 0 1")), Mean::of(&[1.0, 0.0, 1.0]));
    }
}
