//! Means of values that come in clusters: cases that share a document, repeats of one case. Values of one cluster tell
//! much the same, so counting each as evidence of its own makes the error too small.

use std::collections::BTreeMap;

use super::Mean;

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
    fn one_cluster_tells_nothing_and_clusters_of_one_are_none() {
        assert_eq!(Mean::clustered(&values("101")).unwrap().error, None);
        assert_eq!(Mean::clustered(&values("1 0 1")), Mean::of(&[1.0, 0.0, 1.0]));
    }
}
